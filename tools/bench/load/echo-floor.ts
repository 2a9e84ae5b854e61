import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { cpuSeconds } from '../../testbed/process-figures.ts';

/**
 * CPU that a bare Node process needs to take in one datagram of a SIP message's size and send one back.
 * @returns microseconds a pair
 */
export async function echoFloorUs(pairs = 60_000): Promise<number> {
  const echo = spawn(process.execPath, ['-e', ECHO], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = await once(echo.stdout, 'data');
  const port = Number(String(said));
  const socket = createSocket({ type: 'udp4', recvBufferSize: 4_000_000 });
  const payload = Buffer.alloc(600, 'x');
  let received = 0;
  let sent = 0;
  const before = cpuSeconds(echo.pid!);
  await new Promise<void>((resolve) => {
    const sendNext = () => {
      if (sent < pairs) socket.send(payload, port, '127.0.0.1', () => {});
      sent += 1;
    };
    socket.on('message', () => {
      received += 1;
      if (received >= pairs) resolve();
      else sendNext();
    });
    // A window of 50: the echo is never idle, and no buffer overflows.
    for (let n = 0; n < 50; n += 1) sendNext();
  });
  const used = cpuSeconds(echo.pid!) - before;
  socket.close();
  echo.kill('SIGKILL');
  await once(echo, 'exit');
  return (used * 1e6) / pairs;
}

const ECHO = `
const socket = require('dgram').createSocket({ type: 'udp4', recvBufferSize: 4000000 });
socket.on('message', (bytes, from) => socket.send(bytes, from.port, from.address));
socket.bind(0, '127.0.0.1', () => console.log(socket.address().port));
`;

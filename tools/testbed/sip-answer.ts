import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { RunningPbx } from './pbx.ts';

/**
 * Asks by OPTIONS every 5 ms until the PBX answers.
 * @returns milliseconds from now to the first answer
 * @throws {Error} when none comes in time
 */
export async function firstSipAnswerMs(pbx: RunningPbx, timeoutMs = 30_000): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, pbx.host);
  await once(socket, 'listening');
  const { port } = socket.address();
  const began = performance.now();
  let asked = 0;
  const asking = setInterval(() => {
    asked += 1;
    const lines = [
      `OPTIONS sip:${pbx.host}:${pbx.ports.sip} SIP/2.0`, `Via: SIP/2.0/UDP ${pbx.host}:${port};branch=z9hG4bKask${asked};rport`, 'Max-Forwards: 70', `From: <sip:ask@${pbx.host}>;tag=a`,
      `To: <sip:${pbx.host}>`, `Call-ID: ask-${port}-${asked}`, 'CSeq: 1 OPTIONS', 'Content-Length: 0', '', '',
    ];
    socket.send(lines.join('\r\n'), pbx.ports.sip, pbx.host, () => {});
  }, 5);
  try {
    return await new Promise((resolve, reject) => {
      socket.once('message', () => resolve(performance.now() - began));
      setTimeout(() => reject(new Error(`no SIP answer within ${timeoutMs} ms:\n${pbx.controller.tail()}`)), timeoutMs).unref();
    });
  } finally {
    clearInterval(asking);
    socket.close();
  }
}

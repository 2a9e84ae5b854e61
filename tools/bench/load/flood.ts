import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/**
 * A process that floods: `node flood.ts HOST PORT FROM_ADDRESS PER_SECOND SECONDS`. A third is no SIP at all, a third are
 * REGISTERs of users that do not exist, a third INVITEs without credentials. Prints how many were sent.
 */
const [host = '127.0.0.1', port = '0', from = '127.0.0.2', perSecond = '0', seconds = '0'] = process.argv.slice(2);
const socket = createSocket('udp4');
socket.bind(0, from);
await once(socket, 'listening');
const own = socket.address().port;
let sent = 0;
const began = performance.now();
const end = began + Number(seconds) * 1000;
const ticking = setInterval(() => {
  const due = (Math.min(performance.now(), end) - began) * (Number(perSecond) / 1000);
  for (; sent < due; sent += 1) socket.send(datagram(sent), Number(port), host, () => {});
  if (performance.now() < end) return;
  clearInterval(ticking);
  process.stdout.write(`${sent}\n`);
  socket.close();
}, 2);

function datagram(n: number): string {
  if (n % 3 === 0) return `\u0000junk ${n} `.repeat(20);
  const method = n % 3 === 1 ? 'REGISTER' : 'INVITE';
  return [
    `${method} sip:${method === 'INVITE' ? `9${n}@` : ''}${host} SIP/2.0`, `Via: SIP/2.0/UDP ${from}:${own};branch=z9hG4bKflood${n};rport`, 'Max-Forwards: 70', `From: <sip:u${n}@${host}>;tag=${n}`,
    `To: <sip:u${n}@${host}>`, `Call-ID: flood-${n}`, `CSeq: 1 ${method}`, `Contact: <sip:u${n}@${from}:${own}>`, 'Content-Length: 0', '', '',
  ].join('\r\n');
}

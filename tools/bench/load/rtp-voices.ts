import { createSocket, type Socket } from 'node:dgram';

/** What `process.send` brings: how many far ends, and where they send. Answered with their ports; then each says a voice of its own, until the end. */
export interface VoicesWanted {
  readonly voices: number;
  readonly address: string;
  readonly port: number;
}

process.once('message', (wanted: VoicesWanted) => void begin(wanted));
process.on('disconnect', () => process.exit(0));

async function begin({ voices, address, port }: VoicesWanted): Promise<void> {
  const ends = await Promise.all(Array.from({ length: voices }, open));
  process.send?.(ends.map(({ socket }) => socket.address().port));
  let next = performance.now();
  const turn = (): void => {
    for (; next <= performance.now(); next += 20) for (const end of ends) say(end, address, port);
    setTimeout(turn, Math.max(1, next - performance.now()));
  };
  turn();
}

interface End {
  readonly socket: Socket;
  readonly packet: Buffer;
  sequence: number;
}

function open(_: unknown, index: number): Promise<End> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 65_536 });
  socket.on('message', () => {});
  socket.on('error', () => {});
  const packet = Buffer.alloc(172);
  packet[0] = 0x80;
  packet.writeUInt32BE(index + 1, 8);
  return new Promise((resolve) => socket.bind(0, '127.0.0.1', () => resolve({ socket, packet, sequence: 7 * index })));
}

/** Half a second of noise that swells and falls, half a second of silence, by turns: enough to keep a canceller learning. */
function say(end: End, address: string, port: number): void {
  const { packet } = end;
  const at = end.sequence++;
  packet.writeUInt16BE(at & 0xffff, 2);
  packet.writeUInt32BE((at * 160) >>> 0, 4);
  const isSpeech = Math.floor(at / 25) % 2 === 0;
  // µ-law: 0x90 … 0xff are smaller and smaller, with the sign in the highest bit.
  for (let n = 12; n < 172; n++) packet[n] = isSpeech ? ((0x28 + Math.floor(Math.random() * 0x40)) ^ (Math.random() < 0.5 ? 0x80 : 0)) : 0xff;
  end.socket.send(Buffer.from(packet), port, address);
}

import { type AudioCodec, Dsp, G711Codec, G722Codec } from '@tipring/dsp';
import { readDspModule } from '@tipring/dsp/node';
import { createSocket, type Socket } from 'node:dgram';

/** Asks for so many far ends, each with a tone of its own; answered with their ports. */
export interface PartiesWanted {
  readonly address: string;
  readonly parties: readonly { readonly codec: 'PCMU' | 'G722'; readonly payloadType: number; readonly frequencyHz: number }[];
}

/** Then: where each sends to, and from now on it does. */
export interface PartiesBegin {
  readonly ports: readonly number[];
}

/** Answer to `'hear'`: of each party, the level of each party's tone in what it heard last, dBm0; and how many packets each heard. */
export interface PartiesHeard {
  readonly levels: readonly (readonly number[])[];
  readonly packets: readonly number[];
}

const levelDbm0 = Number(process.argv[2]);
/** Whole periods in 200 ms: multiples of 5 Hz. */
const windowPackets = 10;
/** A decoder of G.722 begins from nothing, and knows the signal after some. */
const settling = 10;
const dsp = new Dsp(readDspModule(), { memoryBytes: 64 * 2 ** 20 });
let address = '';
let parties: Party[] = [];

process.on('message', (message: PartiesWanted | PartiesBegin | 'hear') => {
  if (message === 'hear') process.send?.(heard());
  else if ('parties' in message) void open(message);
  else begin(message);
});
process.on('disconnect', () => process.exit(0));

interface Party {
  readonly socket: Socket;
  readonly frequencyHz: number;
  readonly codec: AudioCodec;
  readonly row: Int16Array;
  /** A second of its tone. */
  readonly payloads: readonly Buffer[];
  readonly packet: Buffer;
  readonly last: Buffer[];
  packets: number;
  said: number;
}

async function open(wanted: PartiesWanted): Promise<void> {
  address = wanted.address;
  parties = await Promise.all(wanted.parties.map((party, index) => openParty(party, index)));
  process.send?.(parties.map(({ socket }) => socket.address().port));
}

async function openParty({ codec: name, payloadType, frequencyHz }: PartiesWanted['parties'][number], index: number): Promise<Party> {
  const codec = name === 'G722' ? new G722Codec(dsp) : new G711Codec(dsp, name);
  const row = dsp.rows(1, codec.sampleRateHz / 50).row(0);
  const amplitude = 16_141 * Math.SQRT2 * 10 ** (levelDbm0 / 20);
  const payloads: Buffer[] = [];
  // Twice: the second second is what goes on from itself.
  for (let packet = 0; packet < 100; packet++) {
    for (let n = 0; n < row.length; n++) row[n] = Math.round(amplitude * Math.sin((2 * Math.PI * frequencyHz * (packet * row.length + n)) / codec.sampleRateHz));
    const payload = Buffer.alloc(160);
    codec.encode(row, payload);
    if (packet >= 50) payloads.push(payload);
  }
  const socket = createSocket({ type: 'udp4', recvBufferSize: 262_144 });
  const packet = Buffer.alloc(172);
  packet[0] = 0x80;
  packet[1] = payloadType;
  packet.writeUInt32BE(index + 1, 8);
  const party: Party = { socket, frequencyHz, codec, row, payloads, packet, last: [], packets: 0, said: index % 50 };
  socket.on('message', (received: Buffer) => {
    if (received.length !== 172) return;
    party.packets++;
    party.last.push(received.subarray(12));
    if (party.last.length > windowPackets + settling) party.last.shift();
  });
  socket.on('error', () => {});
  await new Promise<void>((resolve) => socket.bind(0, address, resolve));
  return party;
}

function begin({ ports }: PartiesBegin): void {
  let next = performance.now();
  const turn = (): void => {
    for (; next <= performance.now(); next += 20) parties.forEach((party, index) => say(party, ports[index]!));
    setTimeout(turn, Math.max(1, next - performance.now()));
  };
  turn();
}

function say(party: Party, port: number): void {
  const { packet } = party;
  const at = party.said++;
  packet.writeUInt16BE(at & 0xffff, 2);
  packet.writeUInt32BE((at * 160) >>> 0, 4);
  party.payloads[at % party.payloads.length]!.copy(packet, 12);
  party.socket.send(Buffer.from(packet), port, address);
}

function heard(): PartiesHeard {
  return { levels: parties.map(levelsOf), packets: parties.map(({ packets }) => packets) };
}

function levelsOf({ codec, row, last }: Party): number[] {
  codec.reset();
  const samples = new Float64Array(windowPackets * row.length);
  last.forEach((payload, packet) => {
    codec.decode(payload, row);
    if (packet >= settling) samples.set(row, (packet - settling) * row.length);
  });
  return parties.map(({ frequencyHz }) => {
    let re = 0;
    let im = 0;
    for (let n = 0; n < samples.length; n++) {
      const phase = (2 * Math.PI * frequencyHz * n) / codec.sampleRateHz;
      re += samples[n]! * Math.cos(phase);
      im += samples[n]! * Math.sin(phase);
    }
    return 20 * Math.log10(((Math.hypot(re, im) / samples.length) * Math.SQRT2) / 16_141 + 1e-9);
  });
}

import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { waitFor } from '../wait-for.ts';
import { decodeMuLawRecording, type Recording, writeToneMuLaw } from '../tone.ts';

/**
 * The media end of a party whose signalling sipp does: plays its own PCMU tone (50 packets/s) to wherever RTP comes
 * from and keeps what it hears, with arrival times.
 */
export class RtpParty {
  readonly port: number;
  readonly #socket: Socket;
  readonly #tone: Uint8Array;
  readonly #heard: Buffer[] = [];
  readonly #arrivals: number[] = [];
  readonly #ssrc = Math.floor(Math.random() * 2 ** 32);
  #remote: { address: string; port: number } | undefined;
  #source: { address: string; port: number } | undefined;
  #sequence = 0;
  #pacing: NodeJS.Timeout;

  private constructor(socket: Socket, tone: Uint8Array) {
    this.#socket = socket;
    this.#tone = tone;
    this.port = socket.address().port;
    socket.on('message', (packet, from) => {
      this.#source ??= from;
      this.#arrivals.push(performance.now());
      if (packet.length > 12 && (packet[1]! & 0x7f) === 0) this.#heard.push(Buffer.from(packet.subarray(12)));
    });
    const start = performance.now();
    // Catches up after a late timer, so that the mean rate is exact.
    this.#pacing = setInterval(() => {
      while (this.#sequence * 20 < performance.now() - start) this.#sendNext();
    }, 10);
  }

  static async start(toneHz: number, scratchFile: string): Promise<RtpParty> {
    writeToneMuLaw(scratchFile, toneHz, 1);
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new RtpParty(socket, readFileSync(scratchFile));
  }

  /** Plays to where packets come from, as soon as one came: for a party whose signalling keeps the SDP to itself. */
  async answering(): Promise<void> {
    this.#remote = await waitFor('a first RTP packet', () => this.#source);
  }

  /** Plays to where this session description wants its audio. */
  sendToSdp(sdp: string): void {
    const address = /^c=IN IP4 ([\d.]+)/m.exec(sdp)?.[1];
    const port = /^m=audio (\d+)/m.exec(sdp)?.[1];
    if (address !== undefined && port !== undefined) this.sendTo(address, Number(port));
  }

  sendTo(address: string, port: number): void {
    this.#remote = { address, port };
  }

  heard(): Recording {
    return decodeMuLawRecording(Buffer.concat(this.#heard));
  }

  /** The longest time without a packet since `sinceMs` (performance.now()), in ms. */
  longestGapMs(sinceMs = 0): number {
    const times = this.#arrivals.filter((at) => at >= sinceMs);
    return times.slice(1).reduce((longest, at, index) => Math.max(longest, at - times[index]!), 0);
  }

  stop(): void {
    clearInterval(this.#pacing);
    this.#socket.close();
  }

  #sendNext(): void {
    const packet = Buffer.alloc(172);
    packet.writeUInt8(0x80, 0);
    packet.writeUInt8(0, 1);
    packet.writeUInt16BE(this.#sequence & 0xffff, 2);
    packet.writeUInt32BE((this.#sequence * 160) >>> 0, 4);
    packet.writeUInt32BE(this.#ssrc, 8);
    packet.set(this.#tone.subarray((this.#sequence % 50) * 160, (this.#sequence % 50) * 160 + 160), 12);
    this.#sequence += 1;
    if (this.#remote !== undefined) this.#socket.send(packet, this.#remote.port, this.#remote.address);
  }
}

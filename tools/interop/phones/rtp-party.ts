import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { digitOfEvent, eventOfDigit, markerOf, payloadOffset, payloadTypeOf, TelephoneEventReader, TelephoneEventWriter, timestampOf, writeHeader } from '@tipring/rtp';
import { waitFor } from '../wait-for.ts';
import { decodeMuLawRecording, type Recording, toneMuLaw, tonesHeard } from '../tone.ts';

/**
 * The media end of a party whose signalling somebody else does: plays its own PCMU tone (50 packets/s) to wherever RTP comes
 * from, or is wanted, and keeps what it hears, with arrival times. Digits are RFC 4733, payload type 101.
 */
export class RtpParty {
  readonly port: number;
  /** By RFC 4733, each once. */
  digits = '';
  readonly #socket: Socket;
  readonly #tone: Uint8Array;
  readonly #heard: Buffer[] = [];
  readonly #arrivals: number[] = [];
  readonly #ssrc = Math.floor(Math.random() * 2 ** 32);
  readonly #events = new TelephoneEventReader();
  readonly #toPress: string[] = [];
  #pressing: { readonly writer: TelephoneEventWriter; readonly timestamp: number } | null = null;
  #pressedAt = -packetsBetweenDigits;
  #isSilent: boolean;
  #remote: { readonly address: string; readonly port: () => number } | undefined;
  #source: { address: string; port: number } | undefined;
  #sequence = 0;
  #pacing: NodeJS.Timeout;

  private constructor(socket: Socket, tone: Uint8Array, isSilent: boolean) {
    this.#isSilent = isSilent;
    this.#socket = socket;
    this.#tone = tone;
    this.port = socket.address().port;
    socket.on('message', (packet, from) => this.#receive(packet, from));
    const start = performance.now();
    // Catches up after a late timer, so that the mean rate is exact.
    this.#pacing = setInterval(() => {
      while (this.#sequence * 20 < performance.now() - start) this.#sendNext();
    }, 10);
  }

  /** On a port that is free, when none is named. `isSilent`: until `speak`. */
  static async start(toneHz: number, { port = 0, levelDbm0 = -6, isSilent = false }: { readonly port?: number; readonly levelDbm0?: number; readonly isSilent?: boolean } = {}): Promise<RtpParty> {
    const socket = createSocket('udp4');
    socket.bind(port, '127.0.0.1');
    await once(socket, 'listening');
    return new RtpParty(socket, toneMuLaw(toneHz, 1, levelDbm0), isSilent);
  }

  /** Plays to where packets come from, as soon as one came: for a party whose signalling keeps the SDP to itself. */
  async answering(): Promise<void> {
    const { address, port } = await waitFor('a first RTP packet', () => this.#source);
    this.sendTo(address, () => port);
  }

  /** Plays to where this session description wants its audio. */
  sendToSdp(sdp: string): void {
    const address = /^c=IN IP4 ([\d.]+)/m.exec(sdp)?.[1];
    const port = /^m=audio (\d+)/m.exec(sdp)?.[1];
    if (address !== undefined && port !== undefined) this.sendTo(address, () => Number(port));
  }

  /** `port` is asked for each packet: an offer may change it. */
  sendTo(address: string, port: () => number): void {
    this.#remote = { address, port };
  }

  speak(): void {
    this.#isSilent = false;
  }

  /** One after the other, 100 ms each; the tone is not played meanwhile. */
  press(digits: string): void {
    this.#toPress.push(...digits);
  }

  heard(): Recording {
    return decodeMuLawRecording(Buffer.concat(this.#heard));
  }

  /** Tones of the last 400 ms; none while nothing comes. */
  hears(): ReturnType<typeof tonesHeard> {
    const last = this.#arrivals.at(-1) ?? -Infinity;
    if (performance.now() - last > 200 || this.#heard.length < 20) return [];
    return tonesHeard(decodeMuLawRecording(Buffer.concat(this.#heard.slice(-20))).samples);
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

  #receive(packet: Buffer, from: { readonly address: string; readonly port: number }): void {
    this.#source ??= from;
    this.#arrivals.push(performance.now());
    if (packet.length <= 12) return;
    const type = payloadTypeOf(packet, 0);
    if (type === 0) this.#heard.push(Buffer.from(packet.subarray(payloadOffset(packet, 0, packet.length))));
    if (type === eventType) this.#events.receive(packet, payloadOffset(packet, 0, packet.length), timestampOf(packet, 0), markerOf(packet, 0), ({ event }) => (this.digits += digitOfEvent(event) ?? '?'));
  }

  #sendNext(): void {
    const timestamp = (this.#sequence * 160) >>> 0;
    if (this.#pressing?.writer.done === true) {
      this.#pressing = null;
      this.#pressedAt = this.#sequence;
    }
    if (this.#pressing === null && this.#toPress.length > 0 && this.#sequence >= this.#pressedAt + packetsBetweenDigits) this.#pressing = { writer: new TelephoneEventWriter(eventOfDigit(this.#toPress.shift()!) ?? 0, 800, 160), timestamp };
    const packet = this.#pressing === null ? this.#audio(timestamp) : this.#event(this.#pressing);
    this.#sequence += 1;
    const port = this.#remote?.port() ?? 0;
    if (this.#remote !== undefined && port > 0) this.#socket.send(packet, port, this.#remote.address);
  }

  #audio(timestamp: number): Buffer {
    const packet = Buffer.alloc(172);
    writeHeader(packet, 0, false, 0, this.#sequence, timestamp, this.#ssrc);
    if (this.#isSilent) packet.fill(0xff, 12);
    else packet.set(this.#tone.subarray((this.#sequence % 50) * 160, (this.#sequence % 50) * 160 + 160), 12);
    return packet;
  }

  #event({ writer, timestamp }: { readonly writer: TelephoneEventWriter; readonly timestamp: number }): Buffer {
    const packet = Buffer.alloc(16);
    const isFirst = writer.write(packet, 12);
    writeHeader(packet, 0, isFirst, eventType, this.#sequence, timestamp, this.#ssrc);
    return packet;
  }
}

const eventType = 101;
const packetsBetweenDigits = 5;

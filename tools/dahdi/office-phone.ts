import { createSocket, type Socket } from 'node:dgram';
import { digitOfEvent, eventOfDigit, markerOf, payloadOffset, payloadTypeOf, TelephoneEventReader, TelephoneEventWriter, timestampOf, writeHeader } from '@tipring/rtp';
import { decodeMuLawRecording, toneShare } from '../interop/tone.ts';
import { waitFor } from '../interop/wait-for.ts';
import type { BankParty } from '../testbed/bank-party.ts';
import type { DemoDevice } from '../testbed/pbx.ts';
import type { PhoneBank } from '../testbed/phone-bank.ts';

/** A SIP phone in one call: it speaks a tone of its own (PCMU), keeps the last that it hears, and sends and takes digits by RFC 4733. */
export class OfficePhone {
  readonly name: string;
  readonly hz: number;
  /** Each once. */
  digits = '';
  readonly #bank: PhoneBank;
  readonly #device: DemoDevice;
  readonly #take: () => BankParty | undefined;
  readonly #tone: Uint8Array;
  readonly #heard: Buffer[] = [];
  readonly #events = new TelephoneEventReader();
  readonly #toPress: string[] = [];
  #pressing: { readonly writer: TelephoneEventWriter; readonly timestamp: number } | null = null;
  #pauseUntil = 0;
  #party: BankParty | undefined;
  #socket: Socket | undefined;
  #pacing: NodeJS.Timeout | undefined;
  #sent = 0;

  /** `take`: the call that has come for this device, once there is one. */
  constructor(bank: PhoneBank, device: DemoDevice, hz: number, take: () => BankParty | undefined) {
    this.#bank = bank;
    this.#device = device;
    this.#take = take;
    this.#tone = toneMuLaw(hz);
    this.name = `phone ${device.extension}`;
    this.hz = hz;
  }

  call(number: string): void {
    this.#party = this.#bank.place(this.#device, number).caller;
  }

  /** Until it rings and has answered, which it does by itself. */
  async answers(): Promise<void> {
    const party = await waitFor(`${this.name} to be called`, this.#take);
    this.#party = party;
    await waitFor(`${this.name} to have answered`, () => party.session.phase === 'confirmed' || undefined);
  }

  /** Its tone from now on, once its call is up. */
  async speak(): Promise<void> {
    const party = this.#its;
    await waitFor(() => `${this.name}'s call to be up; it had ${party.events.join(' ')}`, () => (party.pbxRtpPort > 0 && party.endedBy === undefined) || undefined);
    const socket = createSocket('udp4');
    this.#socket = socket;
    socket.on('message', (packet) => this.#receive(packet));
    await new Promise<void>((resolve) => socket.bind(party.rtpPort, '127.0.0.1', resolve));
    const start = performance.now();
    // Catches up after a late timer, so that the mean rate is exact.
    this.#pacing = setInterval(() => {
      while (this.#sent * 20 < performance.now() - start) socket.send(this.#next(), party.pbxRtpPort, '127.0.0.1');
    }, 10);
  }

  /** How much of each 100 ms of the last 600 ms is this tone, 0 to 1: the least. */
  hears(hz: number): number {
    return this.#heard.length < kept ? 0 : toneShare(decodeMuLawRecording(Buffer.concat(this.#heard)), hz);
  }

  /** One after the other; its tone is not heard meanwhile. */
  press(digits: string): void {
    this.#toPress.push(...digits);
  }

  hangUp(): void {
    if (this.#party !== undefined && this.#party.endedBy === undefined) this.#party.session.end();
    this.#silence();
  }

  async isTold(): Promise<void> {
    const party = this.#its;
    await party.heard(['ended', 'rejected'], 0, 40_000);
    this.#silence();
    if (party.endedBy !== 'remote') throw new Error(`${this.name} was not told that its call is over: ${party.events.join(' ')}`);
  }

  #silence(): void {
    clearInterval(this.#pacing);
    this.#socket?.close();
    this.#socket = undefined;
  }

  get #its(): BankParty {
    if (this.#party === undefined) throw new Error(`${this.name} has no call`);
    return this.#party;
  }

  #receive(packet: Buffer): void {
    const payload = payloadOffset(packet, 0, packet.length);
    const type = payloadTypeOf(packet, 0);
    if (type === eventType) this.#events.receive(packet, payload, timestampOf(packet, 0), markerOf(packet, 0), ({ event }) => (this.digits += digitOfEvent(event) ?? '?'));
    if (type !== 0) return;
    this.#heard.push(Buffer.from(packet.subarray(payload)));
    if (this.#heard.length > kept) this.#heard.shift();
  }

  #next(): Buffer {
    const sequence = this.#sent++;
    const timestamp = (sequence * 160) >>> 0;
    if (this.#pressing?.writer.done === true) {
      this.#pressing = null;
      this.#pauseUntil = sequence + betweenDigits;
    }
    if (this.#pressing === null && this.#toPress.length > 0 && sequence >= this.#pauseUntil) this.#pressing = { writer: new TelephoneEventWriter(eventOfDigit(this.#toPress.shift()!) ?? 0, 800, 160), timestamp };
    if (this.#pressing !== null) {
      const event = Buffer.alloc(16);
      writeHeader(event, 0, this.#pressing.writer.write(event, 12), eventType, sequence, this.#pressing.timestamp, ssrc);
      return event;
    }
    const audio = Buffer.alloc(172);
    writeHeader(audio, 0, false, 0, sequence, timestamp, ssrc);
    audio.set(this.#tone.subarray((sequence % 50) * 160, (sequence % 50) * 160 + 160), 12);
    return audio;
  }
}

/** A second of it, -9 dBFS: each sample is the octet whose level is nearest. */
function toneMuLaw(hz: number): Uint8Array {
  const levels = decodeMuLawRecording(Uint8Array.from({ length: 256 }, (_, octet) => octet)).samples;
  return Uint8Array.from({ length: 8_000 }, (_, n) => {
    const sample = 11_000 * Math.sin((2 * Math.PI * hz * n) / 8_000);
    return levels.reduce((best, level, octet) => (Math.abs(level - sample) < Math.abs(levels[best]! - sample) ? octet : best), 0);
  });
}

const eventType = 101;
const betweenDigits = 5;
/** Packets: 600 ms. */
const kept = 30;
const ssrc = 0x7469_7072;

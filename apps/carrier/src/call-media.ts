import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { digitOfEvent, eventOfDigit, markerOf, payloadOffset, payloadTypeOf, rtpHeaderLength, TelephoneEventReader, TelephoneEventWriter, telephoneEventLength, timestampOf, writeHeader } from '@tipring/rtp';
import { aLaw, type CompandingLaw, muLaw } from './g711.ts';
import { Hearing } from './hearing.ts';
import { sampleOf, silence, type Voice } from './voice.ts';

/** Where a call's audio goes, as agreed on. */
export interface MediaAgreement {
  readonly address: string;
  readonly port: number;
  readonly codec: 'PCMU' | 'PCMA';
  /** null: the other side takes no telephone-events. */
  readonly eventType: number | null;
  readonly sends: boolean;
}

/** The RTP of one call: 50 packets a second out of a voice or an echo, and what is heard. */
export class CallMedia {
  readonly port: number;
  /** By telephone-event, each once. */
  digits = '';
  sent = 0;
  received = 0;
  /** Where nothing is sent and nothing heard, though everything was agreed on: a carrier that is dead. */
  isDead = false;
  readonly #socket: Socket;
  readonly #hearing = new Hearing();
  readonly #events = new TelephoneEventReader();
  readonly #ssrc = Math.floor(Math.random() * 2 ** 32);
  readonly #block = new Uint8Array(samplesPerPacket);
  readonly #toPress: string[] = [];
  #agreed: MediaAgreement | null = null;
  #law: CompandingLaw = muLaw;
  #voice: Voice | 'echo' = silence;
  #levelDbm0 = usualDbm0;
  #spokenSamples = 0;
  #startedAt: number | null = null;
  /** Packets that are due since `#startedAt`, whether they were sent or not. */
  #ticks = 0;
  #lastTimestamp = 0;
  #sequence = Math.floor(Math.random() * 2 ** 15);
  #pressing: { readonly writer: TelephoneEventWriter; readonly timestamp: number } | null = null;
  #restTicks = 0;

  /** On a free port of that address. Rejects with the system's error. */
  static async open(address: string): Promise<CallMedia> {
    const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
    const listening = once(socket, 'listening');
    socket.bind(0, address);
    await listening;
    return new CallMedia(socket);
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.port = socket.address().port;
    socket.on('message', (packet) => this.#receive(packet));
    // A far end whose port is closed: it will be heard of by SIP.
    socket.on('error', () => {});
  }

  get agreed(): MediaAgreement | null {
    return this.#agreed;
  }

  agree(agreed: MediaAgreement): void {
    this.#agreed = agreed;
    this.#law = agreed.codec === 'PCMU' ? muLaw : aLaw;
  }

  speak(voice: Voice | 'echo', levelDbm0 = usualDbm0): void {
    this.#voice = voice;
    this.#levelDbm0 = levelDbm0;
    this.#spokenSamples = 0;
  }

  press(digits: string): void {
    this.#toPress.push(...digits);
  }

  hears(): ReturnType<Hearing['tones']> {
    return this.#hearing.tones(performance.now());
  }

  /** Sends what is due; whoever calls may be late, the mean rate is exact. */
  tick(now: number): void {
    this.#startedAt ??= now;
    for (const due = (now - this.#startedAt) / packetMs; this.#ticks < due; this.#ticks += 1) this.#sendNext();
  }

  close(): void {
    this.#socket.close();
  }

  #receive(packet: Buffer): void {
    if (this.isDead || packet.length <= rtpHeaderLength) return;
    this.received += 1;
    const type = payloadTypeOf(packet, 0);
    const from = payloadOffset(packet, 0, packet.length);
    if (from < 0 || from >= packet.length) return;
    // RFC 3264 6.1: any codec of our answer may come, whichever we send.
    const law = type === muLaw.payloadType ? muLaw : type === aLaw.payloadType ? aLaw : null;
    if (law !== null) {
      this.#hearing.push(packet, from, packet.length, law.decode, performance.now());
      if (this.#voice === 'echo') this.#send(packet.subarray(from), type, false, this.#nextTimestamp());
    } else if (type === eventType && packet.length - from >= telephoneEventLength) {
      this.#events.receive(packet, from, timestampOf(packet, 0), markerOf(packet, 0), ({ event }) => {
        if (this.digits.length < mostDigits) this.digits += digitOfEvent(event) ?? '?';
      });
    }
  }

  #sendNext(): void {
    const voice = this.#voice;
    if (this.#pressNext()) return;
    if (voice === 'echo') return;
    for (let n = 0; n < samplesPerPacket; n += 1) this.#block[n] = this.#law.encode(sampleOf(voice, this.#spokenSamples + n, this.#levelDbm0));
    this.#spokenSamples += samplesPerPacket;
    this.#send(this.#block, this.#law.payloadType, this.#spokenSamples === samplesPerPacket, this.#nextTimestamp());
  }

  /** Digits go before everything else that is to be heard. */
  #pressNext(): boolean {
    const type = this.#agreed?.eventType ?? null;
    if (this.#restTicks > 0) this.#restTicks -= 1;
    if (this.#pressing === null) {
      const digit = type === null || this.#restTicks > 0 ? undefined : this.#toPress.shift();
      if (digit === undefined || type === null) return false;
      this.#pressing = { writer: new TelephoneEventWriter(eventOfDigit(digit) ?? 0, 800, samplesPerPacket), timestamp: (this.#lastTimestamp + samplesPerPacket) >>> 0 };
    }
    const { writer, timestamp } = this.#pressing;
    this.#nextTimestamp();
    const payload = new Uint8Array(telephoneEventLength);
    const isFirst = writer.write(payload, 0);
    this.#send(payload, type ?? eventType, isFirst, timestamp);
    if (writer.done) {
      this.#pressing = null;
      this.#restTicks = ticksBetweenDigits;
    }
    return true;
  }

  /** Goes on from packet to packet, also where an echo comes by another clock; after a pause, by the time that passed. */
  #nextTimestamp(): number {
    const next = this.#lastTimestamp + samplesPerPacket;
    const due = this.#ticks * samplesPerPacket;
    this.#lastTimestamp = Math.abs(next - due) > strayedSamples ? due : next;
    return this.#lastTimestamp >>> 0;
  }

  #send(payload: Uint8Array, type: number, marker: boolean, timestamp: number): void {
    const agreed = this.#agreed;
    if (agreed === null || !agreed.sends || this.isDead || agreed.port === 0) return;
    const packet = Buffer.alloc(rtpHeaderLength + payload.length);
    writeHeader(packet, 0, marker, type, this.#sequence, timestamp, this.#ssrc);
    packet.set(payload, rtpHeaderLength);
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.sent += 1;
    this.#socket.send(packet, agreed.port, agreed.address);
  }
}

/** Payload type of telephone-event in what a carrier offers and answers. */
export const eventType = 101;
const samplesPerPacket = 160;
const packetMs = 20;
const strayedSamples = 800;
const ticksBetweenDigits = 5;
const mostDigits = 256;
/** As telephones and exchanges speak. */
const usualDbm0 = -13;

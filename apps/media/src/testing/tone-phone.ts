import { type AudioCodec, type Dsp, G711Codec, G722Codec } from '@tipring/dsp';
import { sine } from '@tipring/dsp/test-support';
import type { PayloadCodec, RemoteMedia } from '@tipring/gateway';
import { openPhone, type RtpPhone } from './rtp-phone.ts';

/** A phone that says its own tone in real time and can tell which tones it hears. */
export class TonePhone {
  readonly phone: RtpPhone;
  readonly codecs: readonly PayloadCodec[];
  readonly #codec: AudioCodec;
  readonly #payloadType: number;
  readonly #row: Int16Array;
  readonly #tone: Float64Array;
  #said = 0;
  #pace: NodeJS.Timeout | null = null;

  private constructor(phone: RtpPhone, codecs: readonly PayloadCodec[], frequencyHz: number, dsp: Dsp) {
    this.phone = phone;
    this.codecs = codecs;
    const { name, payloadType } = codecs[0]!;
    this.#codec = name === 'G722' ? new G722Codec(dsp) : new G711Codec(dsp, name as 'PCMA' | 'PCMU');
    const rate = this.#codec.sampleRateHz;
    this.#payloadType = payloadType;
    this.#row = dsp.rows(1, rate / 50).row(0);
    // Whole periods in a second.
    this.#tone = Float64Array.from(sine(frequencyHz, -16, rate, { rate }));
  }

  /** `codecs`: the first is spoken, G.711 or G.722. */
  static async open(dsp: Dsp, frequencyHz: number, codecs: readonly PayloadCodec[]): Promise<TonePhone> {
    return new TonePhone(await openPhone(Math.round(frequencyHz)), codecs, frequencyHz, dsp);
  }

  get remote(): RemoteMedia {
    return { rtp: { address: this.phone.address, port: this.phone.port }, codecs: this.codecs };
  }

  /** Until `close`: a packet whenever 20 ms have passed. */
  talkTo(local: { readonly address: string; readonly rtpPort: number }): void {
    this.phone.talkTo(local);
    const from = performance.now();
    let packets = 0;
    this.#pace ??= setInterval(() => {
      for (; packets < (performance.now() - from) / 20; packets++) this.#say();
    }, 20);
  }

  /** Of what came in the last 200 ms of packets of its codec: the level of a frequency that has whole periods in 50 ms, dBm0. */
  level(frequencyHz: number): number {
    const { sampleRateHz: rate } = this.#codec;
    const packets = this.phone.heard.filter(({ payloadType, payload }) => payloadType === this.#payloadType && payload.length === 160).slice(-counted - settling);
    if (packets.length < counted + settling) return -Infinity;
    let re = 0;
    let im = 0;
    this.#codec.reset();
    packets.forEach(({ payload }, packet) => {
      this.#codec.decode(payload, this.#row);
      if (packet < settling) return;
      for (let n = 0; n < this.#row.length; n++) {
        const phase = (2 * Math.PI * frequencyHz * (packet * this.#row.length + n)) / rate;
        re += this.#row[n]! * Math.cos(phase);
        im += this.#row[n]! * Math.sin(phase);
      }
    });
    return 20 * Math.log10(((Math.hypot(re, im) / (counted * this.#row.length)) * Math.SQRT2) / 16_141 + 1e-9);
  }

  /** Resolves when it hears all of these frequencies, and none of the others. One may wait at a time. */
  async hears(frequenciesHz: readonly number[], others: readonly number[] = []): Promise<void> {
    await this.phone.until(() => frequenciesHz.every((frequency) => this.level(frequency) > -35) && others.every((other) => this.level(other) < -45));
  }

  /** It goes on listening. */
  fallSilent(): void {
    if (this.#pace !== null) clearInterval(this.#pace);
    this.#pace = null;
  }

  /** One packet of an RFC 4733 event that has lasted for `units` so far. */
  sayEvent(payloadType: number, event: number, units: number, last: 'last' | 'goesOn', timestamp: number, marker: boolean): void {
    this.phone.say(Uint8Array.of(event, (last === 'last' ? 0x80 : 0) | 10, units >> 8, units & 255), payloadType, { marker, timestamp });
  }

  close(): void {
    this.fallSilent();
    this.phone.close();
  }

  #say(): void {
    for (let n = 0; n < this.#row.length; n++) this.#row[n] = this.#tone[(this.#said * this.#row.length + n) % this.#tone.length]!;
    this.#said++;
    const bytes = new Uint8Array(160);
    this.#codec.encode(this.#row, bytes);
    this.phone.say(bytes, this.#payloadType);
  }
}

/** Packets: a decoder of G.722 begins from nothing each time, and knows the signal after some. */
const [settling, counted] = [4, 10];

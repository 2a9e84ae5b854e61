import { G711Codec, type Dsp } from '@tipring/dsp';
import { sine } from '@tipring/dsp/test-support';
import type { PayloadCodec, RemoteMedia } from '@tipring/gateway';
import { openPhone, type RtpPhone } from './rtp-phone.ts';

/** A phone that says its own tone in real time and can tell which tones it hears. */
export class TonePhone {
  readonly phone: RtpPhone;
  readonly codecs: readonly PayloadCodec[];
  readonly #codec: G711Codec;
  readonly #payloadType: number;
  readonly #row: Int16Array;
  readonly #tone: Float64Array;
  #said = 0;
  #pace: NodeJS.Timeout | null = null;

  private constructor(phone: RtpPhone, codecs: readonly PayloadCodec[], frequencyHz: number, dsp: Dsp) {
    this.phone = phone;
    this.codecs = codecs;
    this.#codec = new G711Codec(dsp, codecs[0]!.name as 'PCMA' | 'PCMU');
    this.#payloadType = codecs[0]!.payloadType;
    this.#row = dsp.rows(1, 160).row(0);
    // Whole periods in a second.
    this.#tone = Float64Array.from(sine(frequencyHz, -16, 8000));
  }

  /** `codecs`: the first is spoken, G.711. */
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
    const packets = this.phone.heard.filter(({ payloadType, payload }) => payloadType === this.#payloadType && payload.length === 160).slice(-10);
    if (packets.length < 10) return -Infinity;
    let re = 0;
    let im = 0;
    packets.forEach(({ payload }, packet) => {
      this.#codec.decode(payload, this.#row);
      for (let n = 0; n < 160; n++) {
        const phase = (2 * Math.PI * frequencyHz * (packet * 160 + n)) / 8000;
        re += this.#row[n]! * Math.cos(phase);
        im += this.#row[n]! * Math.sin(phase);
      }
    });
    return 20 * Math.log10(((Math.hypot(re, im) / 1600) * Math.SQRT2) / 16_141 + 1e-9);
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
    for (let n = 0; n < 160; n++) this.#row[n] = this.#tone[(this.#said * 160 + n) % 8000]!;
    this.#said++;
    const bytes = new Uint8Array(160);
    this.#codec.encode(this.#row, bytes);
    this.phone.say(bytes, this.#payloadType);
  }
}

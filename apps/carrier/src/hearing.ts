import { zeroDbm0 } from './voice.ts';

/** The last 400 ms that were heard, and which tones are in them. */
export class Hearing {
  readonly #samples = new Float64Array(windowSamples);
  #at = 0;
  #lastAt = -Infinity;

  /** One packet's audio, decoded. */
  push(octets: Uint8Array, from: number, to: number, decode: (octet: number) => number, now: number): void {
    // Who was silent for a while is heard anew.
    if (now - this.#lastAt > forgottenMs) this.#samples.fill(0);
    this.#lastAt = now;
    for (let index = from; index < to; index += 1) {
      this.#samples[this.#at] = decode(octets[index] as number);
      this.#at = this.#at + 1 === windowSamples ? 0 : this.#at + 1;
    }
  }

  /** Multiples of 20 Hz from 300 to 3400, the strongest first; what is fainter than -45 dBm0, or than the strongest by 30 dB, is left out. */
  tones(now: number): readonly { readonly hz: number; readonly dbm0: number }[] {
    if (now - this.#lastAt > forgottenMs) return [];
    const heard: { readonly hz: number; readonly dbm0: number }[] = [];
    const windowed = new Float64Array(windowSamples);
    // The oldest first.
    for (let n = 0; n < windowSamples; n += 1) windowed[n] = (this.#samples[(this.#at + n) % windowSamples] as number) * (hann[n] as number);
    for (let hz = 300; hz <= 3_400; hz += 20) {
      const dbm0 = 20 * Math.log10((2 * Math.sqrt(goertzelPower(windowed, hz))) / windowSamples / zeroDbm0 + 1e-9);
      if (dbm0 > -45) heard.push({ hz, dbm0: Math.round(dbm0 * 10) / 10 });
    }
    heard.sort((a, b) => b.dbm0 - a.dbm0);
    return heard.filter(({ dbm0 }) => dbm0 > heard[0]!.dbm0 - 30);
  }
}

function goertzelPower(samples: Float64Array, hz: number): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * hz) / 8_000);
  let s1 = 0;
  let s2 = 0;
  for (let n = 0; n < samples.length; n += 1) {
    const s0 = (samples[n] as number) + coefficient * s1 - s2;
    s2 = s1;
    s1 = s0;
  }
  return s1 * s1 + s2 * s2 - coefficient * s1 * s2;
}

const windowSamples = 3_200;
/** Under it a tone at another multiple is not seen. */
const hann = Float64Array.from({ length: windowSamples }, (_, n) => 1 - Math.cos((2 * Math.PI * (n + 0.5)) / windowSamples));
const forgottenMs = 200;

import { encodings } from './codec.ts';
import type { AudioCodec, Encoding } from './codec.ts';
import { CodecMemory, longestPayload } from './codec-memory.ts';
import { Concealment } from './concealment.ts';
import type { Dsp } from './dsp.ts';
import { G711 } from './g711.ts';
import type { G711Law } from './g711.ts';

/** ITU-T G.711 of one leg, with the concealment of Appendix I, which delays what is decoded by 3.75 ms. */
export class G711Codec implements AudioCodec {
  readonly encoding: Encoding;
  readonly sampleRateHz = 8_000;
  readonly #g711: G711;
  readonly #memory: CodecMemory;
  readonly #concealment: Concealment;

  constructor(dsp: Dsp, law: G711Law) {
    this.encoding = encodings[law];
    this.#memory = new CodecMemory(dsp);
    this.#g711 = new G711(dsp, this.#memory);
    this.#concealment = new Concealment(dsp, this.sampleRateHz);
  }

  accepts(samples: number): boolean {
    return Number.isInteger(samples) && samples > 0 && samples <= longestPayload;
  }

  encode(samples: Int16Array, payload: Uint8Array): number {
    if (!this.accepts(samples.length) || payload.length < samples.length) throw new RangeError(`${samples.length} samples of G.711 into ${payload.length} bytes.`);
    return this.#g711.encode(this.#law, samples, payload);
  }

  decode(payload: Uint8Array, into: Int16Array): number {
    const count = this.#g711.decode(this.#law, payload, into);
    this.#concealment.received(this.#memory.samples(into), count);
    return count;
  }

  conceal(into: Int16Array): void {
    this.#concealment.missing(this.#memory.samples(into), into.length);
  }

  reset(): void {
    this.#concealment.reset();
  }

  get #law(): G711Law {
    return this.encoding.name as G711Law;
  }
}

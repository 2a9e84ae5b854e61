import { encodings } from './codec.ts';
import type { AudioCodec } from './codec.ts';
import { CodecMemory, longestPayload } from './codec-memory.ts';
import { Concealment } from './concealment.ts';
import type { Address, Dsp } from './dsp.ts';

/**
 * ITU-T G.722 at 64 kbit/s of one leg: 16 kHz, two samples a byte. Lost packets are concealed by the method of G.711 Appendix I at
 * 16 kHz, which delays what is decoded by 3.75 ms; the decoder is left where it was, and its state leaks towards the encoder's.
 */
export class G722Codec implements AudioCodec {
  readonly encoding = encodings.G722;
  readonly sampleRateHz = 16_000;
  readonly #c: G722Exports;
  readonly #memory: CodecMemory;
  readonly #concealment: Concealment;
  readonly #encoder: Address;
  readonly #decoder: Address;

  constructor(dsp: Dsp) {
    this.#c = dsp.exports as G722Exports;
    this.#memory = new CodecMemory(dsp);
    this.#concealment = new Concealment(dsp, this.sampleRateHz);
    this.#encoder = dsp.allocate(this.#c.g722_size());
    this.#decoder = dsp.allocate(this.#c.g722_size());
    this.reset();
  }

  /** Pairs. */
  accepts(samples: number): boolean {
    return Number.isInteger(samples) && samples > 0 && samples % 2 === 0 && samples <= 2 * longestPayload;
  }

  encode(samples: Int16Array, payload: Uint8Array): number {
    const bytes = samples.length / 2;
    if (!this.accepts(samples.length) || payload.length < bytes) throw new RangeError(`${samples.length} samples of G.722 into ${payload.length} bytes.`);
    this.#c.g722_encode(this.#encoder, this.#memory.samples(samples), this.#memory.write(payload), bytes);
    this.#memory.written(payload, bytes);
    return bytes;
  }

  decode(payload: Uint8Array, into: Int16Array): number {
    const bytes = Math.min(payload.length, into.length >> 1, longestPayload);
    const audio = this.#memory.samples(into);
    this.#c.g722_decode(this.#decoder, this.#memory.read(payload), audio, bytes);
    this.#concealment.received(audio, bytes * 2);
    return bytes * 2;
  }

  conceal(into: Int16Array): void {
    this.#concealment.missing(this.#memory.samples(into), into.length);
  }

  reset(): void {
    this.#c.g722_init(this.#encoder);
    this.#c.g722_init(this.#decoder);
    this.#concealment.reset();
  }
}

interface G722Exports {
  g722_size(): number;
  g722_init(state: Address): void;
  g722_encode(state: Address, samples: Address, payload: Address, bytes: number): void;
  g722_decode(state: Address, payload: Address, samples: Address, bytes: number): void;
}

import { CodecMemory, longestPayload } from './codec-memory.ts';
import type { Address, Dsp } from './dsp.ts';

/** The two laws of ITU-T G.711, by their RTP names. */
export type G711Law = 'PCMA' | 'PCMU';

/** ITU-T G.711 without memory of the past: one for a Dsp, for any number of channels. */
export class G711 {
  readonly #c: G711Exports;
  readonly #memory: CodecMemory;

  constructor(dsp: Dsp, memory: CodecMemory = new CodecMemory(dsp)) {
    this.#c = dsp.exports as G711Exports;
    this.#memory = memory;
  }

  /** Rows of the Dsp to bytes. @returns bytes written: a byte a sample, as many as fit */
  encode(law: G711Law, samples: Int16Array, payload: Uint8Array): number {
    const count = Math.min(samples.length, payload.length, longestPayload);
    const from = this.#memory.samples(samples);
    const to = this.#memory.write(payload);
    if (law === 'PCMA') this.#c.g711_encode_alaw(from, to, count);
    else this.#c.g711_encode_mulaw(from, to, count);
    this.#memory.written(payload, count);
    return count;
  }

  /** Bytes to rows of the Dsp. @returns samples written: as many as fit */
  decode(law: G711Law, payload: Uint8Array, into: Int16Array): number {
    const count = Math.min(payload.length, into.length, longestPayload);
    const from = this.#memory.read(payload);
    if (law === 'PCMA') this.#c.g711_decode_alaw(from, this.#memory.samples(into), count);
    else this.#c.g711_decode_mulaw(from, this.#memory.samples(into), count);
    return count;
  }

  /** Between the laws by tables 3 and 4, without decoding. @returns bytes written */
  convert(from: G711Law, payload: Uint8Array, into: Uint8Array): number {
    const count = Math.min(payload.length, into.length, longestPayload);
    const source = this.#memory.read(payload);
    const target = this.#memory.write(into);
    if (from === 'PCMA') this.#c.g711_alaw_to_mulaw(source, target, count);
    else this.#c.g711_mulaw_to_alaw(source, target, count);
    this.#memory.written(into, count);
    return count;
  }
}

interface G711Exports {
  g711_encode_alaw(samples: Address, payload: Address, count: number): void;
  g711_decode_alaw(payload: Address, samples: Address, count: number): void;
  g711_encode_mulaw(samples: Address, payload: Address, count: number): void;
  g711_decode_mulaw(payload: Address, samples: Address, count: number): void;
  g711_alaw_to_mulaw(from: Address, to: Address, count: number): void;
  g711_mulaw_to_alaw(from: Address, to: Address, count: number): void;
}

import type { Address, Dsp } from './dsp.ts';

/** Where a codec finds audio and payloads inside its Dsp's memory. */
export class CodecMemory {
  readonly #memory: ArrayBufferLike;
  readonly #staged: Address;
  readonly #staging: Uint8Array;
  /** Views of the beginning of the staging, by length: made once each. */
  readonly #views: (Uint8Array | undefined)[] = [];

  constructor(dsp: Dsp) {
    this.#staged = dsp.allocate(longestPayload);
    this.#staging = dsp.bytes(this.#staged, longestPayload);
    this.#memory = this.#staging.buffer;
  }

  /** @throws {TypeError} when they are no part of the Dsp's memory */
  samples(row: Int16Array): Address {
    if (row.buffer !== this.#memory) throw new TypeError('These samples lie outside of the memory of the Dsp that the codec was made with.');
    return row.byteOffset;
  }

  /** Where native code reads a payload: in place, or a copy of its first 1,500 bytes. Valid until the next call. */
  read(payload: Uint8Array): Address {
    if (payload.buffer === this.#memory) return payload.byteOffset;
    if (payload.length <= longestPayload) this.#staging.set(payload);
    else this.#staging.set(payload.subarray(0, longestPayload));
    return this.#staged;
  }

  /** Where native code writes a payload; then call `written`. */
  write(payload: Uint8Array): Address {
    return payload.buffer === this.#memory ? payload.byteOffset : this.#staged;
  }

  written(payload: Uint8Array, bytes: number): void {
    if (payload.buffer === this.#memory) return;
    payload.set((this.#views[bytes] ??= this.#staging.subarray(0, bytes)));
  }
}

/** Bytes; an Ethernet frame carries no longer one. */
export const longestPayload = 1_500;

import { webAssembly, type WebAssemblyModule } from './web-assembly.ts';

/** A place in a Dsp's memory, in bytes. */
export type Address = number;

/**
 * One instance of native-dsp and its memory, which is sized once: views of it never detach. One for each worker.
 * Memory is given out and never taken back: banks of primitives are made at the start and their channels reused.
 */
export class Dsp {
  readonly #memory: ArrayBuffer;
  #next: Address;
  /** The functions of native-dsp's headers, by their C names. */
  readonly exports: object;

  /** `memoryBytes` is rounded up to whole pages of 64 KiB. */
  constructor(module: WebAssemblyModule, { memoryBytes }: { readonly memoryBytes: number }) {
    const pages = Math.ceil(memoryBytes / pageBytes);
    const memory = new webAssembly.Memory({ initial: pages, maximum: pages });
    this.exports = new webAssembly.Instance(module, { env: { memory } }).exports;
    this.#memory = memory.buffer;
    this.#next = (this.exports as { readonly __heap_base: { readonly value: number } }).__heap_base.value;
  }

  get freeBytes(): number {
    return this.#memory.byteLength - this.#next;
  }

  /** Zeroed, aligned for vectors. Throws RangeError when the memory that was sized at the start is used up: our own mistake in sizing. */
  allocate(bytes: number): Address {
    const address = (this.#next + 15) & ~15;
    if (address + bytes > this.#memory.byteLength) {
      throw new RangeError(`The DSP memory of ${this.#memory.byteLength} bytes is full: ${bytes} more were asked for, ${this.freeBytes} are left.`);
    }
    this.#next = address + bytes;
    return address;
  }

  /** Planar 16-bit audio: `rows` channels of `samples` each. Rows 4g … 4g+3 are the four lanes of group g. */
  rows(rows: number, samples: number): AudioRows {
    const address = this.allocate(rows * samples * 2);
    return new AudioRows(this, address, rows, samples);
  }

  int16(address: Address, length: number): Int16Array {
    return new Int16Array(this.#memory, address, length);
  }

  int32(address: Address, length: number): Int32Array {
    return new Int32Array(this.#memory, address, length);
  }

  float32(address: Address, length: number): Float32Array {
    return new Float32Array(this.#memory, address, length);
  }

  bytes(address: Address, length: number): Uint8Array {
    return new Uint8Array(this.#memory, address, length);
  }
}

/** Planar audio inside a Dsp's memory, where the primitives work on it in place. */
export class AudioRows {
  readonly address: Address;
  readonly count: number;
  /** Samples a row, which is also the distance between rows. */
  readonly samples: number;
  readonly #rows: readonly Int16Array[];

  constructor(dsp: Dsp, address: Address, count: number, samples: number) {
    this.address = address;
    this.count = count;
    this.samples = samples;
    this.#rows = Array.from({ length: count }, (_, row) => dsp.int16(address + row * samples * 2, samples));
  }

  row(index: number): Int16Array {
    return this.#rows[index]!;
  }

  /** Where row `index` begins. */
  addressOf(index: number): Address {
    return this.address + index * this.samples * 2;
  }
}

/** Channels that are worked on together, by one vector instruction. */
export const lanes = 4;

const pageBytes = 65_536;

/**
 * A ring of 32-bit words from one thread to another, each record a length and that many words. One writer, one reader, no
 * locks: the writer alone moves the tail, the reader alone the head. A worker that sits in `poll` cannot receive messages,
 * and structured clones of many small objects would cost more than carrying them out.
 */
export class CommandRing {
  readonly #indices: Int32Array;
  readonly #words: Int32Array;

  constructor(memory: SharedArrayBuffer) {
    this.#indices = new Int32Array(memory, 0, reserved);
    this.#words = new Int32Array(memory, reserved * 4);
  }

  /** False when there is no room now. */
  write(record: Int32Array, length: number): boolean {
    const tail = Atomics.load(this.#indices, tailIndex);
    // The indices only grow, modulo 2³².
    const used = (tail - Atomics.load(this.#indices, headIndex)) | 0;
    if (used + length + 1 > this.#words.length) return false;
    this.#put(tail, length);
    for (let i = 0; i < length; i++) this.#put(tail + 1 + i, record[i] as number);
    Atomics.store(this.#indices, tailIndex, (tail + 1 + length) | 0);
    return true;
  }

  /** The next record's length, 0 when there is none. */
  read(into: Int32Array): number {
    const head = Atomics.load(this.#indices, headIndex);
    if (head === Atomics.load(this.#indices, tailIndex)) return 0;
    const length = this.#get(head);
    for (let i = 0; i < length; i++) into[i] = this.#get(head + 1 + i);
    Atomics.store(this.#indices, headIndex, (head + 1 + length) | 0);
    return length;
  }

  #put(index: number, word: number): void {
    this.#words[index & (this.#words.length - 1)] = word;
  }

  #get(index: number): number {
    return this.#words[index & (this.#words.length - 1)] as number;
  }
}

/** Memory for a ring of `words`, a power of two. */
export function ringMemory(words: number): SharedArrayBuffer {
  return new SharedArrayBuffer((reserved + words) * 4);
}

const headIndex = 0;
const tailIndex = 1;
const reserved = 2;

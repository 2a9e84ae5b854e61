/**
 * Frames of the agent's protocol (agent/README.md): length of the payload (4 octets, little-endian), type, 0, channel (2), payload.
 */
export const headerOctets = 8;
const longestFrame = 64 * 1024;

/** What is asked of the agent. */
export const ask = { hello: 1, open: 2, close: 3, command: 4, gains: 5, measure: 6, block: 7, ping: 8 } as const;

/** What the agent says. */
export const say = { hello: 1, card: 2, gone: 3, ready: 4, answer: 5, reading: 6, event: 7, block: 8, patch: 9, pong: 10, refused: 11 } as const;

/** `payload` is good until return: from `at`, so many octets. */
export type FrameListener = (type: number, channel: number, payload: Buffer, at: number, length: number) => void;

/** Cuts what arrives into frames. Its memory is taken once. */
export class FrameReader {
  readonly #kept = Buffer.allocUnsafe(2 * longestFrame);
  readonly #listener: FrameListener;
  #length = 0;

  constructor(listener: FrameListener) {
    this.#listener = listener;
  }

  /** @returns false for what is no frame: the connection is of no use any more */
  take(octets: Buffer, count: number): boolean {
    for (let from = 0; from < count; ) {
      const part = Math.min(count - from, this.#kept.length - this.#length);
      octets.copy(this.#kept, this.#length, from, from + part);
      this.#length += part;
      from += part;
      if (!this.#cut()) return false;
    }
    return true;
  }

  reset(): void {
    this.#length = 0;
  }

  #cut(): boolean {
    let at = 0;
    while (this.#length - at >= headerOctets) {
      const length = this.#kept.readUInt32LE(at);
      if (length > longestFrame - headerOctets) return false;
      if (this.#length - at < headerOctets + length) break;
      this.#listener(this.#kept[at + 4]!, this.#kept.readUInt16LE(at + 6), this.#kept, at + headerOctets, length);
      // A listener that has given up the connection has reset its reader.
      if (this.#length === 0) return true;
      at += headerOctets + length;
    }
    this.#kept.copyWithin(0, at, this.#length);
    this.#length -= at;
    return true;
  }
}

/** Gathers frames to be written at once. */
export class FrameWriter {
  #buffer = Buffer.allocUnsafe(longestFrame);
  #length = 0;

  add(type: number, channel: number, payload: Uint8Array): void {
    this.#begin(type, channel, payload.length);
    this.#buffer.set(payload, this.#length);
    this.#length += payload.length;
  }

  /** A number and octets: a block, or what follows the number of a question. */
  addNumbered(type: number, channel: number, number: number, rest: Uint8Array): void {
    this.#begin(type, channel, 4 + rest.length);
    this.#length = this.#buffer.writeUInt32LE(number >>> 0, this.#length);
    this.#buffer.set(rest, this.#length);
    this.#length += rest.length;
  }

  get empty(): boolean {
    return this.#length === 0;
  }

  /** What was gathered; `write` says whether it was taken at once. Its memory is used again only then. */
  flush(write: (octets: Buffer) => boolean): void {
    if (this.#length === 0) return;
    const octets = this.#buffer.subarray(0, this.#length);
    this.#length = 0;
    if (!write(octets)) this.#buffer = Buffer.allocUnsafe(longestFrame);
  }

  #begin(type: number, channel: number, length: number): void {
    if (this.#length + headerOctets + length > this.#buffer.length) {
      const longer = Buffer.allocUnsafe(2 * this.#buffer.length + length);
      this.#buffer.copy(longer, 0, 0, this.#length);
      this.#buffer = longer;
    }
    this.#length = this.#buffer.writeUInt32LE(length, this.#length);
    this.#length = this.#buffer.writeUInt8(type, this.#length);
    this.#length = this.#buffer.writeUInt8(0, this.#length);
    this.#length = this.#buffer.writeUInt16LE(channel, this.#length);
  }
}

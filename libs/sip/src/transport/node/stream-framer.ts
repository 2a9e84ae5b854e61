import { frame } from '../../message/frame.ts';
import { defaultLimits } from '../../message/limits.ts';
import type { MessageLimits } from '../../message/limits.ts';

export type StreamEvent =
  /** One message, the owner's to keep. */
  | { readonly kind: 'message'; readonly bytes: Uint8Array }
  | { readonly kind: 'ping' }
  | { readonly kind: 'pong' }
  /** The stream cannot be followed any more. `message` is what can still be answered. */
  | { readonly kind: 'garbage'; readonly reason: string; readonly message: Uint8Array | undefined }
  /** More bytes are needed; `midMessage` when a message has begun. */
  | { readonly kind: 'wait'; readonly midMessage: boolean };

/** Cuts a byte stream into messages (RFC 3261 18.3), whatever the chunks are. Costs linear time and one message of memory. */
export class StreamFramer {
  readonly #limits: MessageLimits;
  /** What is held: bytes [#start, #end) of #buffer. */
  #buffer: Uint8Array = EMPTY;
  #start = 0;
  #end = 0;
  /** Whether #buffer is ours to write behind #end, or a chunk that was handed in. */
  #owned = false;
  #need = 1;
  #scanned = 0;

  constructor(messageBytes: number) {
    this.#limits = { ...defaultLimits, messageBytes };
  }

  /** The chunk is the framer's from now on. */
  push(chunk: Uint8Array): void {
    const held = this.#end - this.#start;
    if (held === 0) {
      this.#buffer = chunk;
      this.#start = 0;
      this.#end = chunk.length;
      this.#owned = false;
      return;
    }
    this.#reserve(held, chunk.length);
    this.#buffer.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /** Call until it says `wait` or `garbage`. */
  poll(): StreamEvent {
    const held = this.#end - this.#start;
    if (held < this.#need) return this.#wait(held);
    const bytes = this.#buffer.subarray(this.#start, this.#end);
    const found = frame(bytes, this.#scanned, this.#limits);
    switch (found.kind) {
      case 'message': {
        // A chunk may be shared by the messages in it, for it is never written to again; our own buffer is.
        const message = this.#owned ? bytes.slice(found.start, found.end) : bytes.subarray(found.start, found.end);
        this.#consume(found.end);
        return { kind: 'message', bytes: message };
      }
      case 'ping':
        this.#consume(found.end);
        return { kind: 'ping' };
      case 'pong':
        // The second half of a ping may be on its way.
        if (held < PING_LENGTH && bytes.every(isLineEnd)) {
          this.#need = held + 1;
          return this.#wait(held);
        }
        this.#consume(found.end);
        return { kind: 'pong' };
      case 'more':
        this.#need = Math.max(found.need, held + 1);
        this.#scanned = found.scanned;
        return this.#wait(held);
      case 'garbage':
        return { kind: 'garbage', reason: found.reason, message: found.start === undefined ? undefined : bytes.slice(found.start, found.end) };
    }
  }

  #wait(held: number): StreamEvent {
    return this.#buffer.subarray(this.#start, this.#start + Math.min(held, PING_LENGTH)).every(isLineEnd) ? BETWEEN_MESSAGES : MID_MESSAGE;
  }

  #consume(bytes: number): void {
    this.#start += bytes;
    this.#need = 1;
    this.#scanned = 0;
    if (this.#start < this.#end) return;
    this.#buffer = EMPTY;
    this.#start = this.#end = 0;
    this.#owned = false;
  }

  #reserve(held: number, more: number): void {
    if (this.#owned && this.#end + more <= this.#buffer.length) return;
    const grown = new Uint8Array(Math.max(1024, 2 * (held + more), Math.min(this.#need, this.#limits.messageBytes)));
    grown.set(this.#buffer.subarray(this.#start, this.#end));
    this.#buffer = grown;
    this.#owned = true;
    this.#start = 0;
    this.#end = held;
  }
}

function isLineEnd(byte: number): boolean {
  return byte === CR || byte === LF;
}

/** CRLFCRLF, RFC 5626 3.5.1. */
const PING_LENGTH = 4;
const CR = 13;
const LF = 10;
const EMPTY = new Uint8Array(0);
const MID_MESSAGE: StreamEvent = { kind: 'wait', midMessage: true };
const BETWEEN_MESSAGES: StreamEvent = { kind: 'wait', midMessage: false };

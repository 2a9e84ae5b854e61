import type { MessageLimits } from './limits.ts';
/** What stands at the start of a stream's buffered bytes. */
export type Frame =
  /** bytes[start, end) is one message (leading CRLFs skipped); consume `end` bytes. */
  | { readonly kind: 'message'; readonly start: number; readonly end: number }
  /** RFC 5626 3.5.1 CRLFCRLF: answer CRLF; consume `end` bytes. */
  | { readonly kind: 'ping'; readonly end: number }
  /** A lone CRLF: consume `end` bytes. When it is all that is buffered it may be half a ping; a side that sent no ping may wait for more. */
  | { readonly kind: 'pong'; readonly end: number }
  /** Call again when at least `need` bytes are buffered, passing `scanned`, so that slow senders cost linear time. */
  | { readonly kind: 'more'; readonly need: number; readonly scanned: number }
  /** Not SIP, too large, or unframeable: close the connection. */
  | { readonly kind: 'garbage'; readonly reason: string };
export declare function frame(bytes: Uint8Array, scanned?: number, limits?: MessageLimits): Frame;

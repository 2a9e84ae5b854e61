import type { MessageLimits } from './limits.ts';
import type { ParseOutcome } from './message.ts';
import type { Source } from './stateless.ts';
export interface ParseOptions {
  readonly limits?: MessageLimits;
  /** Where the bytes came from: a refusal's response then carries received/rport in its top Via (RFC 3261 18.2.1, RFC 3581 4). */
  readonly source?: Source;
}
/** One whole message (a datagram, a WebSocket message, or what `frame` cut from a stream). Never throws; linear time. Keeps `bytes`: do not overwrite them. */
export declare function parseMessage(bytes: Uint8Array, options?: ParseOptions): ParseOutcome;

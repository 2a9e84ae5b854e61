import type { SocketAddress, TransportName } from '../transport/flow.ts';

/** One message of a call as it was on the wire; a repetition of it is counted, not kept again. */
export interface CapturedMessage {
  /** Of the first, ms since the epoch. */
  readonly at: number;
  readonly direction: 'received' | 'sent';
  readonly transport: TransportName;
  /** Null: sent to an address; which of our sockets it left by was the transport's choice. */
  readonly local: SocketAddress | null;
  readonly remote: SocketAddress;
  readonly bytes: Uint8Array;
  /** 1, and one more for every repetition (RFC 3261 17: timers A, E, G). */
  readonly times: number;
  /** Of the last of them; `at` when there is but one. */
  readonly lastAt: number;
}

/** The messages of one Call-ID or of several, in the order in which they came by. */
export interface CapturedLadder {
  readonly messages: readonly CapturedMessage[];
  /** How many more there were, which are not kept: the limit of a call, or of the memory of all. */
  readonly omitted: number;
}

/** A message as people read it. Header names are in their long form. */
export interface LadderMessage extends Omit<CapturedMessage, 'bytes'> {
  readonly callId: string;
  /** `INVITE sip:102@pbx SIP/2.0`, `SIP/2.0 200 OK`. */
  readonly start: string;
  /** The request's, and of a response CSeq's. */
  readonly method: string;
  /** Null: a request. */
  readonly status: number | null;
  readonly cseq: number;
  /** All lines in their order; folded ones are one. */
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly body: string;
  /** Of all of it, as it was on the wire, secrets crossed out. */
  readonly text: string;
}

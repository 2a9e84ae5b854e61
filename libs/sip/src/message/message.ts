/**
 * The message contract of this library. The parser fills it lazily from the wire's bytes; senders build it with
 * `createRequest` / `createResponse`. Text is held as latin1 (one character is one byte), so that what we do not touch
 * is forwarded byte for byte; `displayText()` decodes UTF-8 where a person is to read it.
 */
export interface HeaderFields {
  /** Value of the first field of that name (any case, compact form too), unfolded and trimmed. */
  get(name: string): string | undefined;
  /** One entry per field line. */
  lines(name: string): string[];
  /** One entry per element; comma lists are split where the header's grammar allows (RFC 3261 7.3.1). */
  list(name: string): string[];
  has(name: string): boolean;
  /** Replaces all fields of that name, at the place of the first. */
  set(name: string, value: string): void;
  /** Replaces the first field line of that name only (a topmost Via among several); adds it when there is none. */
  replaceFirst(name: string, value: string): void;
  append(name: string, value: string): void;
  /** Before the first field of that name, or at the top. */
  prepend(name: string, value: string): void;
  remove(name: string): void;
  /** All field lines in wire order. */
  [Symbol.iterator](): IterableIterator<readonly [name: string, value: string]>;
}

/** `"Display" <sip:user@host>;tag=x` (RFC 3261 20.10). */
export interface NameAddress {
  readonly displayName: string | undefined;
  /** The URI as written; `parseUri` takes it apart. */
  readonly uri: string;
  readonly tag: string | undefined;
  /** A header parameter by lower-case name; '' for one without value. */
  parameter(name: string): string | undefined;
}

export interface Via {
  readonly transport: string;
  readonly host: string;
  readonly port: number | undefined;
  readonly branch: string | undefined;
  /** RFC 3581: undefined = absent, '' = asked for, otherwise the value. */
  readonly rport: string | undefined;
  readonly received: string | undefined;
  /** As written. */
  readonly text: string;
}

interface MessageParts {
  readonly headers: HeaderFields;
  readonly body: Uint8Array;
  /** Topmost Via. */
  readonly via: Via;
  readonly from: NameAddress;
  readonly to: NameAddress;
  readonly callId: string;
  readonly cseq: { readonly number: number; readonly method: string };
}

/** A request whose mandatory headers are there and well formed (the parser refuses it otherwise). */
export interface SipRequest extends MessageParts {
  readonly kind: 'request';
  readonly method: string;
  /** Request-URI as written. */
  readonly uri: string;
}

export interface SipResponse extends MessageParts {
  readonly kind: 'response';
  readonly status: number;
  readonly reason: string;
}

export type SipMessage = SipRequest | SipResponse;

/**
 * Bad input. `respond`: enough could be read to say so to the sender (the fields are copied into the response as
 * written); `drop`: counted under `reason`, nothing is sent.
 */
export type ParseRefusal =
  | { readonly kind: 'respond'; readonly status: number; readonly reason: string; readonly response: Uint8Array }
  | { readonly kind: 'drop'; readonly reason: string };

export type ParseOutcome = { readonly ok: true; readonly message: SipMessage } | { readonly ok: false; readonly refusal: ParseRefusal };

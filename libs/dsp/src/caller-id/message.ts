/** What a network tells about a call or about waiting messages. */
export type CallerIdMessage = CallSetup | MessageWaiting;

/** `sdmf`: Bellcore's single data message, time and number only. `mdmf`: parameters (Bellcore GR-30, ETSI EN 300 659-3). */
export type CallerIdFormat = 'sdmf' | 'mdmf';

export interface CallSetup {
  readonly type: 'call-setup';
  readonly format: CallerIdFormat;
  /** An SDMF message always has one. */
  readonly time?: CallerIdTime;
  /** An SDMF message always has one. */
  readonly number?: Presented;
  readonly name?: Presented;
  /** What the caller dialled: the dialable directory number of GR-30, the called line identity of EN 300 659-3 5.4. */
  readonly calledNumber?: string;
  /** Further numbers of EN 300 659-3 5.4. */
  readonly complementaryNumber?: string;
  readonly firstCalledNumber?: string;
  readonly redirectingNumber?: string;
  /** GR-30: a long-distance call. */
  readonly isLongDistance?: boolean;
  /** EN 300 659-3 5.4: 0x01 voice call, 0x02 ring-back when free, 0x81 message waiting call, … */
  readonly callType?: number;
  /** EN 300 659-3: 0x01 on busy, 0x02 on no reply, 0x03 unconditional, … */
  readonly forwardingType?: number;
  /** EN 300 659-3: 0x01 voice, 0x04 mobile, 0x0f payphone, … */
  readonly callerType?: number;
  /** GR-30: reason for redirection. */
  readonly redirectionReason?: number;
  /** Parameters that are none of these, in their order. */
  readonly others?: readonly CallerIdParameter[];
}

/** Message waiting: SDMF 0x06, MDMF 0x82 (the visual indicator of a telephone). */
export interface MessageWaiting {
  readonly type: 'message-waiting';
  readonly format: CallerIdFormat;
  readonly isWaiting: boolean;
  /** The rest in MDMF only: EN 300 659-3 5.2.2. */
  readonly time?: CallerIdTime;
  readonly number?: Presented;
  readonly name?: Presented;
  /** How many. */
  readonly count?: number;
  readonly others?: readonly CallerIdParameter[];
}

/** Local time; the network tells no year. */
export interface CallerIdTime {
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

/** Shown, or why not: the network does not know it (`unavailable`, "out of area"), or the caller withheld it (`private`). */
export type Presented = { readonly shown: string } | { readonly absent: 'unavailable' | 'private' };

export interface CallerIdParameter {
  readonly type: number;
  readonly value: readonly number[];
}

/** Why bytes are no message. */
export type CallerIdRefusal =
  /** Fewer than a type, a length and a checksum. */
  | { readonly reason: 'short' }
  /** The length says otherwise. */
  | { readonly reason: 'length'; readonly expected: number; readonly actual: number }
  | { readonly reason: 'checksum' }
  /** Neither caller ID nor message waiting; 0x86 is advice of charge, 0x89 a short message. */
  | { readonly reason: 'message-type'; readonly value: number }
  | { readonly reason: 'parameter'; readonly parameter: number; readonly problem: ParameterProblem }
  /** A number and a reason why there is none, or the same with a name. */
  | { readonly reason: 'contradiction'; readonly parameter: number }
  /** A call without number and name, message waiting without its indicator. */
  | { readonly reason: 'missing'; readonly parameter: number }
  | { readonly reason: 'parity' };

/** `overrun`: it ends after the message; `repeated`: of two it is not known which holds. */
export type ParameterProblem = 'overrun' | 'length' | 'characters' | 'value' | 'repeated';

/** Characters of 7 bits with a parity bit, where a network still sends such; `ignored` takes the eighth bit away. */
export type CallerIdParity = 'none' | 'even' | 'odd' | 'ignored';

export type CallerIdResult<Value, Failure> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly error: Failure };

/** Message types. */
export const sdmfCallSetup = 0x04;
export const sdmfMessageWaiting = 0x06;
export const mdmfCallSetup = 0x80;
export const mdmfMessageWaiting = 0x82;

/** Two's complement of the sum: with it all bytes add up to 0 modulo 256. */
export function checksumOf(bytes: ArrayLike<number>, length: number = bytes.length): number {
  let sum = 0;
  for (let n = 0; n < length; n++) sum += bytes[n]!;
  return -sum & 0xff;
}

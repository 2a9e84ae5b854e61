import type { Flow } from '../transport/flow.ts';

/** Where a device can be reached now (RFC 3261 10). */
export interface Binding {
  /** Address of record: the key the caller registers under. */
  readonly aor: string;
  readonly device: string;
  /** Contact URI as written, without brackets. */
  readonly contact: string;
  /** 0–1000; 1000 when the Contact says nothing. */
  readonly q: number;
  /** `Timers.now()` milliseconds. */
  readonly expiresAt: number;
  /** `Timers.now()` of the first REGISTER of this contact. */
  readonly since: number;
  readonly callId: string;
  readonly cseq: number;
  /** +sip.instance (RFC 5626 4.1), with its angle brackets; undefined when the phone has none. */
  readonly instance: string | undefined;
  readonly regId: number | undefined;
  /** Path (RFC 3327) values, topmost first: the Route of requests to this contact. Empty for nearly all. */
  readonly path: readonly string[];
  /** The REGISTER came by it, and requests to the phone go back by it. */
  readonly flow: Flow;
  readonly userAgent: string | undefined;
}

/** Why a binding came or went. 'replaced': the same phone registered another contact; 'evicted': more contacts than permitted. */
export type BindingReason = 'registered' | 'unregistered' | 'expired' | 'replaced' | 'evicted' | 'flowClosed' | 'imported' | 'administrative';

export interface BindingChange {
  readonly aor: string;
  readonly what: 'added' | 'refreshed' | 'removed';
  readonly why: BindingReason;
  readonly binding: Binding;
}

/** A binding as plain JSON, for persistence; times are wall-clock epoch milliseconds. */
export interface BindingRow {
  readonly aor: string;
  readonly device: string;
  readonly contact: string;
  readonly q: number;
  readonly expiresAtEpochMs: number;
  readonly sinceEpochMs: number;
  readonly callId: string;
  readonly cseq: number;
  readonly instance: string | null;
  readonly regId: number | null;
  readonly path: readonly string[];
  readonly flow: Flow;
  readonly userAgent: string | null;
}

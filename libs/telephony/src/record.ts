import type { Cause } from './cause.ts';
import type { EndpointId } from './endpoint.ts';
import type { Evidence, LegId, Party } from './leg.ts';
import type { MediaQuality } from './media.ts';

export type CallId = string;

/** `observer`: who supervises. */
export type LegRole = 'caller' | 'called' | 'observer';

/** As seen from this PBX: between two of its own, from outside to one of its own, or out of it. */
export type CallDirection = 'internal' | 'inbound' | 'outbound';

/**
 * One event of the story, in the order it happened. `at`: ms since the epoch. `leg` is absent when it is the call's own.
 * `type` is the LegEvent's type, or one of the call's own: 'offered', 'routed', 'refused', 'originated', 'commanded',
 * 'joined', 'parted', 'rerouted', 'asked', 'transcoded', 'timeout', 'hangUp', 'recovered', 'restored', 'bug', 'ended'. The `data.explanation` of 'routed'
 * and 'refused' is how routing came to it (`RouteExplanation`); a call that was taken back after a restart has none. `text` is a sentence for people.
 */
export interface StoryEntry {
  readonly at: number;
  readonly leg?: LegId;
  readonly type: string;
  readonly text: string;
  /** Plain JSON; machine-readable details of this event (cause, evidence kind, digit …). */
  readonly data?: Readonly<Record<string, unknown>>;
}

/** One leg as the record tells it. Instants are ms since the epoch; null = did not happen. */
export interface LegRecord {
  readonly id: LegId;
  readonly endpoint: EndpointId;
  readonly role: LegRole;
  /** The adapter's own name of it (a SIP Call-ID); '' when it has none. */
  readonly reference: string;
  readonly startedAt: number;
  readonly answeredAt: number | null;
  readonly endedAt: number | null;
  readonly cause: Cause | null;
  readonly evidence: Evidence | null;
  /** null: no media was measured, or the gateway was gone. */
  readonly quality: MediaQuality | null;
  /** It went on as this leg of another call, whose record has its quality. */
  readonly movedTo?: LegId;
}

/**
 * A stretch of a call in which the same were in it and the same was going on: `setup` somebody is called, `talking` at least two hear each other, `held`
 * nobody does, `parked` one waits, `ending` the last answers are awaited. Segments follow each other without gap from the call's begin to its end.
 */
export interface CallSegment {
  /** Ms since the epoch. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly is: 'setup' | 'talking' | 'held' | 'parked' | 'ending';
  /** Who was in it; not those that were rung. */
  readonly legs: readonly LegId[];
  /** What was recorded in it. `file`: relative to the gateway's folder. */
  readonly recordings: readonly { readonly file: string; readonly ms: number }[];
}

/**
 * One attempt of the route, as it was made. `cause` and `evidence` say how it went: of one that failed why, of the one that was answered, or that was
 * going on when the call ended, how the call ended. Instants are ms since the epoch.
 */
export interface AttemptRecord {
  /** For people: `trunk carrier`, `line main`; null: routing gave it none. */
  readonly name: string | null;
  /** Rung together. */
  readonly endpoints: readonly EndpointId[];
  /** What they were given. */
  readonly number: string;
  readonly startedAt: number;
  readonly answeredAt: number | null;
  readonly endedAt: number;
  readonly cause: Cause;
  readonly evidence: Evidence;
  /** At least one. */
  readonly legs: readonly LegId[];
}

/** What is kept of one attempt to call, also of a refused one. Plain JSON: it goes through the journal and the blob as it is. */
export interface CallRecord {
  readonly id: CallId;
  readonly direction: CallDirection;
  /** Ms since the epoch. */
  readonly startedAt: number;
  readonly answeredAt: number | null;
  readonly endedAt: number;
  readonly from: Party;
  /** The number as dialled. */
  readonly to: string;
  readonly legs: readonly LegRecord[];
  /** The ways that were tried, in their order; empty: it was refused, or its first party never answered. */
  readonly attempts: readonly AttemptRecord[];
  /** The emergency number it went to; null: an ordinary call. */
  readonly emergency: string | null;
  readonly cause: Cause;
  readonly evidence: Evidence;
  /** The endpoint that answered; null when nobody did. */
  readonly answeredBy: EndpointId | null;
  readonly story: readonly StoryEntry[];
  /** True when the controller was restarted while the call lived. */
  readonly recovered: boolean;
  readonly segments: readonly CallSegment[];
  /** Calls of which parties came into this one. */
  readonly continues: readonly CallId[];
  /** The call into which its last party went; null: it ended here. */
  readonly continuedIn: CallId | null;
}

/** The least that must survive a crash of an attempt: written before anything is sent for it. */
export interface CallBegun {
  readonly id: CallId;
  /** Ms since the epoch. */
  readonly startedAt: number;
  readonly from: Party;
  readonly to: string;
  readonly endpoint: EndpointId;
  readonly reference: string;
}

/**
 * Where attempts are written down. Every `begun` is followed by exactly one `ended` of the same id, unless the process
 * dies in between; a `begun` that `Exchange.adopt` did not continue or end is then closed by the journal itself
 * (recovered: true, cause temporaryFailure, evidence 'controller restarted during set-up').
 * Both return at once and never throw; the call path does not wait for the disk.
 */
export interface CallJournal {
  begun(line: CallBegun): void;
  ended(record: CallRecord): void;
}

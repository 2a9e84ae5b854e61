import type { CallJournal, CallId, StoryEntry } from './record.ts';
import type { CallMedia } from './call-media.ts';
import type { Codec, ContextId, MediaProfile } from './media.ts';
import type { RouteDestination } from './route-destination.ts';
import type { Endpoints, Routes } from './route.ts';

/** What the exchange needs of the world, beside `Timers`. */
export interface ExchangePorts {
  readonly routes: Routes;
  readonly endpoints: Endpoints;
  readonly media: CallMedia;
  readonly records: CallJournal;
  /** Absent: nobody can be parked. */
  readonly lots?: ParkingLots;
}

/** Port. Synchronous; undefined: there is no such lot. */
export interface ParkingLots {
  lot(id: string): ParkingLot | undefined;
}

export interface ParkingLot {
  /** Numbers of its slots, in the order in which they are taken. */
  readonly slots: readonly string[];
  /** How long somebody waits there before whoever parked is called back. */
  readonly timeoutMs: number;
  /** How long that one is called. */
  readonly returnMs: number;
  /** Who is called when that one does not answer; null: nobody, and the call ends. */
  readonly fallback: { readonly number: string } | { readonly destination: RouteDestination } | null;
  /** What those hear who wait there: the class's id; null: the site's. */
  readonly music: string | null;
}

export interface ExchangeSettings {
  /** Wall clock, ms since the epoch. */
  readonly wallClock: () => number;
  /** A new unique id for calls (it is the context's id too); unique across restarts. */
  readonly newId: () => string;
  /** What the first party of an originated call is offered. */
  readonly media: MediaProfile;
  /** Of those, what the media gateway decodes: ends without a codec in common talk by it. */
  readonly transcoded: readonly Codec[];
  /** From the start to the answer, over all attempts. */
  readonly setupMs: number;
  /** How long nothing may come from either party before the call is released; 0: for ever. May change. */
  readonly silenceMs: number;
  /** How long legs and statistics are waited for at the end before the record is closed without them. */
  readonly releasingMs: number;
  /** A bug of ours was caught; the call was released. For the log and an alarm. */
  readonly bug: (report: BugReport) => void;
}

/** `last`: the call's last events, oldest first. */
export interface BugReport {
  readonly call: CallId | null;
  readonly error: unknown;
  readonly last: readonly StoryEntry[];
}

/** What a gateway held when it was audited. */
export interface HeldContext {
  readonly context: ContextId;
  readonly blob: string | null;
}

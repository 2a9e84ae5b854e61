import type { ArrivalAs, SupervisionMode } from './call-operations.ts';
import type { EndpointId } from './endpoint.ts';
import type { LegId } from './leg.ts';
import type { MediaProfile } from './media.ts';
import type { Outcome } from './outcome.ts';
import type { Attempt, Route } from './route.ts';

/*
 * One call. All legs of an attempt ring together, some of them later; the first to answer wins.
 *
 *             originated (click to dial)
 *   new ─────────────────────────► first ──answered──┬───── a PIN is asked for ──┐
 *    │ offered                       │               ▼                           │        (adopted: new ──► talking, waiting, setup, or releasing)
 *    ├───────────────────────────────┼──────────► setup ◄─┐ the attempt failed, and another way may help: next attempt
 *    │ asks for a PIN                │               │ │ ▲└─┘                      │
 *    ├─────────────────────────────► │ ──────────────┼─┼─┴──routed── asking ◄──────┘
 *    │ refused                       │ failed        │ │               │ three wrong PINs, gave up
 *    │                               │ gave up       ├─┼──answered──►  │       talking ◄──── a leg of another call arrived ────┐
 *    │                               ▼               ▼ │               ▼         │ │ │ parked, left to wait                  │
 *    └───────────────────────────► releasing ◄───────┴─┼───────────────┴─────────┘ │ └──────────────────────────────────► waiting
 *                                    │    ▲            └──► preempted ◄────────────┘ one side was taken away                │ │
 *                                    │    └── `preempted`, hang-up ─┘                                                       │ │
 *                                    │ last leg released, or `releasing`      setup ◄── nobody came for it: called back ────┘ │
 *                                    ▼                                    releasing ◄── it hung up, or went over ─────────────┘
 *                                measuring ──measured, or `releasing`──► ended
 *
 *   talking ──sent on (transferred, redirected)──► setup, with whoever stays as the caller who has answered. Who transfers is let go once somebody rings;
 *   until then it goes back to talking when nobody can be had, afterwards who transferred is called back.
 *
 * Early media: the first leg with progress is joined to the caller. Others with progress are heard by nobody until that leg fails; then the
 * next one to report progress takes its place. What the caller has heard is the callee's network talking, and the call is committed: no other
 * attempt but those that say after what they are made. Only when that leg's way died (networkOutOfOrder) the next attempt is made; the caller keeps the
 * codecs he was told, and hears ringback until somebody else is joined to him. An emergency call tries every way, whatever it heard; no timer of ours ends
 * it once it rings. A leg that was told to release is not heard again but for its `released`.
 */
export type Call =
  | { readonly at: 'new' }
  /** `route` null: it is known only when the first party has dialled a PIN, or (`goesOver`) who answers goes over into another call. */
  | { readonly at: 'first'; readonly rung: readonly LegId[]; readonly failures: readonly Outcome[]; readonly route: Route | null; readonly goesOver: boolean }
  | Asking
  | Setup
  | Talking
  | Waiting
  /** `hears`: who is told by a tone that the other was taken away. `open`: it, and those not yet released. */
  | { readonly at: 'preempted'; readonly hears: LegId; readonly open: readonly LegId[]; readonly outcome: Outcome }
  | { readonly at: 'releasing'; readonly open: readonly LegId[]; readonly outcome: Outcome; readonly media: 'none' | 'some' }
  | { readonly at: 'measuring'; readonly outcome: Outcome }
  | { readonly at: 'ended' };

export interface Caller {
  readonly leg: LegId;
  /** What it would take. */
  readonly media: MediaProfile;
  /** After early media, what it takes from the next attempt on: it cannot be told other codecs before the answer. */
  readonly kept: MediaProfile | null;
  /** Whoever was rung first has answered, or talked to somebody before, and may hold already. */
  readonly answered: boolean;
  readonly isHolding: boolean;
  /** `media`: its far end hears what it is joined with, and can be told by tones only. */
  readonly told: 'nothing' | 'ringing' | 'media';
}

/** The caller is asked for a PIN. Its digits are nowhere but here: not in the story, the blob, the record. */
export interface Asking {
  readonly at: 'asking';
  readonly caller: Caller;
  /** `refusing`: he hears that the last one was wrong. */
  readonly is: 'listening' | 'refusing';
  readonly digits: string;
  /** Wrong ones so far. */
  readonly wrong: number;
  readonly losers: readonly LegId[];
}

export interface Setup {
  readonly at: 'setup';
  readonly caller: Caller;
  readonly isEmergency: boolean;
  /** The attempt being made, and those that are left. */
  readonly attempt: Attempt;
  readonly left: readonly Attempt[];
  /** Legs of this attempt that may still answer. */
  readonly rung: readonly LegId[];
  /** Endpoints of this attempt that are rung later, soonest first; while there is one timer `delayed` runs. */
  readonly delayed: readonly Delayed[];
  /** Legs of a former state that lost and are not yet released. */
  readonly losers: readonly LegId[];
  /** Of this attempt. */
  readonly failures: readonly Outcome[];
  /** How each of the former attempts failed. */
  readonly former: readonly Outcome[];
  /** Legs with media from which nothing comes though it should: some phones send none before they are answered. */
  readonly silent: readonly LegId[];
  /** Somebody rang, in this attempt or a former one. */
  readonly rang: boolean;
  /** Of this attempt. `silent`: nobody rings yet. `early`: this leg's media is joined to the caller. `lost`: its way died. `committed`: it was released otherwise. */
  readonly progress: { readonly is: 'silent' | 'ringing' | 'lost' | 'committed' } | { readonly is: 'early'; readonly leg: LegId };
  /** The caller did not dial: it was sent on. */
  readonly sentOn: SentOn | null;
  /** The caller came from another call, to consult somebody, and goes back there when it is left alone. */
  readonly returns: boolean;
}

export interface Delayed {
  readonly endpoint: EndpointId;
  /** From the one before, or from the attempt's begin. */
  readonly afterMs: number;
}

/** `transfer`: by one of the parties; `return`: out of a parking slot, or since nobody came back for it; `redirect`: by the API. */
export interface SentOn {
  readonly is: 'transfer' | 'return' | 'redirect';
  /** Who transfers, and their call as it was; null: it was let go. */
  readonly back: { readonly by: LegId; readonly talking: Talking } | null;
  /** Who is called when nobody else answers; null: nobody, or that is being done. */
  readonly recall: Attempt | null;
}

export interface Talking {
  readonly at: 'talking';
  /** At least two. */
  readonly parties: readonly LegId[];
  readonly isEmergency: boolean;
  /** Legs that lost, and are not yet released. */
  readonly losers: readonly LegId[];
  /** Who hold: by their telephones, and by the API. */
  readonly held: readonly LegId[];
  readonly heldHere: readonly LegId[];
  readonly muted: readonly LegId[];
  readonly observers: readonly Observer[];
  /** With whom others hear themselves: an echo test. */
  readonly mirrors: readonly LegId[];
  /** Parties from whom nothing comes though it should. All of them, and nobody holds: timer `silence` runs. */
  readonly silent: readonly LegId[];
  /** Who came from another call, to consult the others, and goes back there when it is left alone. */
  readonly returns: LegId | null;
}

export interface Observer {
  readonly leg: LegId;
  readonly of: LegId;
  readonly mode: SupervisionMode;
}

/** One party is left, and hears music. */
export interface Waiting {
  readonly at: 'waiting';
  readonly leg: LegId;
  readonly isHolding: boolean;
  readonly why: WaitsFor;
  /** Who is called for it when nobody comes, within timer `waiting` if that runs; null: it ends. */
  readonly then: { readonly attempts: readonly Attempt[]; /** What it would take. */ readonly media: MediaProfile } | null;
  readonly losers: readonly LegId[];
}

/** `consultation`: who talked to it consults somebody in another call. `move`: it is on its way into another call itself. */
export type WaitsFor = { readonly is: 'slot'; readonly lot: string; readonly slot: string; readonly by: EndpointId; readonly music: string | null } | { readonly is: 'consultation' | 'move' };

/** A leg of another call, as it comes. Its `told` is nothing, and `answered` false, when its far end still waits for an answer. */
export interface Arrival {
  readonly who: Caller;
  readonly as: ArrivalAs;
  /** Comes back to its former call when it is left alone. */
  readonly returns?: true;
  /** Who is called when whom it waits for does not answer. */
  readonly recall?: Attempt;
}

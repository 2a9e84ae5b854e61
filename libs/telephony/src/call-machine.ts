import type { LegCommand, LegEvent, LegId } from './leg.ts';
import type { Codec, MediaProfile } from './media.ts';
import type { Outcome } from './outcome.ts';
import type { Attempt, Route } from './route.ts';

/*
 * One call. All legs of an attempt ring together; the first to answer wins.
 *
 *             originated (click to dial)
 *   new ─────────────────────────► first ──answered──┬───── a PIN is asked for ──┐
 *    │ offered                       │               ▼                           │        (adopted: new ──► talking, or releasing)
 *    ├───────────────────────────────┼──────────► setup ◄─┐ the attempt failed, and another way may help: next attempt
 *    │ asks for a PIN                │               │ │ ▲└─┘                      │
 *    ├─────────────────────────────► │ ──────────────┼─┼─┴──routed── asking ◄──────┘
 *    │ refused                       │ failed        │ │               │ three wrong PINs, gave up
 *    │                               │ gave up       ├─┼──answered──►  │       talking
 *    │                               ▼               ▼ │               ▼         │ │ either side released, hang-up, both silent
 *    └───────────────────────────► releasing ◄───────┴─┼───────────────┴─────────┘ │
 *                                    │    ▲            └──► preempted ◄────────────┘ one side was taken away
 *                                    │    └── `preempted`, hang-up ─┘
 *                                    │ last leg released, or `releasing`
 *                                    ▼
 *                                measuring ──measured, or `releasing`──► ended
 *
 * Early media: the first leg with progress is joined to the caller. Others with progress are heard by nobody until that leg fails; then the
 * next one to report progress takes its place. What the caller has heard is the callee's network talking, and the call is committed: no other
 * attempt. Only when that leg's way died (networkOutOfOrder) the next attempt is made; the caller keeps the codecs he was told, and hears
 * ringback until somebody else is joined to him. An emergency call tries every way, whatever it heard; no timer of ours ends it once it rings.
 * A leg that was told to release is not heard again but for its `released`.
 */
export type Call =
  | { readonly at: 'new' }
  /** `route` null: it is known only when the first party has dialled a PIN. */
  | { readonly at: 'first'; readonly rung: readonly LegId[]; readonly failures: readonly Outcome[]; readonly route: Route | null }
  | Asking
  | Setup
  | Talking
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
  /** Whoever was rung first has answered, and may hold already. */
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
}

export interface Talking {
  readonly at: 'talking';
  readonly caller: LegId;
  readonly called: LegId;
  readonly isEmergency: boolean;
  /** Legs that lost, and are not yet released. */
  readonly losers: readonly LegId[];
  readonly held: readonly LegId[];
  /** Parties from whom nothing comes though it should. Both, and nobody holds: timer `silence` runs. */
  readonly silent: readonly LegId[];
}

/**
 * `setup`: from start to answer, not of emergency calls. `pin`: a pause in dialling a PIN. `ringing`: one attempt. `silence`: nothing from either party.
 * `preempted`: a tone is heard. `releasing`: legs and statistics that do not come.
 */
export type CallTimer = 'setup' | 'pin' | 'ringing' | 'silence' | 'preempted' | 'releasing';

export type CallInput =
  | { readonly type: 'offered'; readonly leg: LegId; readonly media: MediaProfile; readonly route: Route }
  /** It cannot be routed without a PIN, or not with the one that was dialled. */
  | { readonly type: 'asks'; readonly leg: LegId; readonly media: MediaProfile }
  /** By the PIN that was dialled. It, `asks` or `refused` is the very next input after the effect `resolve`. */
  | { readonly type: 'routed'; readonly route: Route }
  | { readonly type: 'refused'; readonly leg: LegId | null; readonly outcome: Outcome }
  | { readonly type: 'originated'; readonly first: Attempt; readonly media: MediaProfile; readonly route: Route | null }
  /** It was up before this process was. `losers` had not been seen to go. */
  | { readonly type: 'adopted'; readonly caller: LegId; readonly called: LegId; readonly isEmergency: boolean; readonly held: readonly LegId[]; readonly losers: readonly LegId[] }
  /** It was being set up when the former process ended: these legs were open. */
  | { readonly type: 'interrupted'; readonly legs: readonly LegId[]; readonly outcome: Outcome }
  /** The legs that `ring` came to, at least one. It is the very next input after that effect. */
  | { readonly type: 'rung'; readonly legs: readonly LegId[] }
  | { readonly type: 'leg'; readonly leg: LegId; readonly event: LegEvent }
  | { readonly type: 'hangUp'; readonly outcome: Outcome }
  /** The gateway forgot the context. */
  | { readonly type: 'mediaLost' }
  | { readonly type: 'measured' }
  | { readonly type: 'timeout'; readonly timer: CallTimer };

export type CallEffect =
  | { readonly do: 'ring'; readonly attempt: Attempt; readonly media: MediaProfile; readonly role: 'caller' | 'called' }
  /** The attempt failed so; `next` is rung now, null: none. */
  | { readonly do: 'failed'; readonly outcome: Outcome; readonly next: Attempt | null }
  | { readonly do: 'resolve'; readonly pin: string }
  | { readonly do: 'send'; readonly leg: LegId; readonly command: LegCommand }
  | { readonly do: 'join'; readonly a: LegId; readonly b: LegId }
  | { readonly do: 'part' }
  | { readonly do: 'drop'; readonly leg: LegId }
  | { readonly do: 'attach' }
  | { readonly do: 'measure' }
  | { readonly do: 'publish'; readonly type: 'call.ringing' | 'call.answered' }
  | { readonly do: 'publish'; readonly type: 'call.held' | 'call.resumed'; readonly leg: LegId }
  | { readonly do: 'start'; readonly timer: CallTimer; readonly ms: number }
  | { readonly do: 'stop'; readonly timer: CallTimer }
  /** A line of the story that is not a leg's event. */
  | { readonly do: 'tell'; readonly type: string; readonly text: string; readonly leg?: LegId }
  /** The leg never said `released`: it is taken for gone. */
  | { readonly do: 'abandon'; readonly leg: LegId }
  | { readonly do: 'close'; readonly outcome: Outcome };

export interface CallSettings {
  /** Codecs that may pass and that the media gateway decodes, in order of preference: with them, ends that have no codec in common can talk. */
  readonly transcoded: readonly Codec[];
  readonly setupMs: number;
  /** How long nothing may come from either party, of an emergency call ten times as long; 0: for ever. */
  readonly silenceMs: number;
  readonly releasingMs: number;
}

export type CallStep = readonly [Call, readonly CallEffect[]];

import type { LegCommand, LegEvent, LegId } from './leg.ts';
import type { Codec, MediaProfile } from './media.ts';
import type { Outcome } from './outcome.ts';
import type { Attempt } from './route.ts';

/*
 * One call. All legs of an attempt ring together; the first to answer wins.
 *
 *             originated (click to dial)
 *   new ─────────────────────────► first ──answered──┐
 *    │ offered                       │               ▼            (adopted: new ──► talking, or releasing)
 *    ├───────────────────────────────┼──────────► setup ◄─┐ all legs of the attempt failed, rerouteable,
 *    │ refused                       │               │ │   │ not committed: next attempt
 *    │                               │ failed        │ └───┘
 *    │                               │ gave up       ├──answered──► talking
 *    │                               ▼               ▼                 │ either side released, hang-up, both silent
 *    └───────────────────────────► releasing ◄───────┴─────────────────┘
 *                                    │ last leg released, or `releasing`
 *                                    ▼
 *                                measuring ──measured, or `releasing`──► ended
 *
 * Early media: the first leg with progress is joined to the caller, and the call is committed (no other attempt). Others
 * with progress are heard by nobody until that leg fails; then the next one to report progress takes its place.
 * A leg that was told to release is not heard again but for its `released`.
 */
export type Call =
  | { readonly at: 'new' }
  | { readonly at: 'first'; readonly rung: readonly LegId[]; readonly failures: readonly Outcome[]; readonly route: readonly Attempt[] }
  | Setup
  | Talking
  | { readonly at: 'releasing'; readonly open: readonly LegId[]; readonly outcome: Outcome; readonly media: 'none' | 'some' }
  | { readonly at: 'measuring'; readonly outcome: Outcome }
  | { readonly at: 'ended' };

export interface Setup {
  readonly at: 'setup';
  /** Whoever was rung first has answered, and may hold already. */
  readonly caller: { readonly leg: LegId; readonly media: MediaProfile; readonly answered: boolean; readonly isHolding: boolean };
  /** The attempt being made, and those that are left. */
  readonly attempt: Attempt;
  readonly left: readonly Attempt[];
  /** Legs of this attempt that may still answer. */
  readonly rung: readonly LegId[];
  /** Legs of a former state that lost and are not yet released (the other devices of the first party). */
  readonly losers: readonly LegId[];
  readonly failures: readonly Outcome[];
  /** Legs with media from which nothing comes though it should: some phones send none before they are answered. */
  readonly silent: readonly LegId[];
  /** `silent`: nobody rings yet. `early`: this leg's media is joined to the caller. */
  readonly progress: { readonly is: 'silent' | 'ringing' | 'committed' } | { readonly is: 'early'; readonly leg: LegId };
}

export interface Talking {
  readonly at: 'talking';
  readonly caller: LegId;
  readonly called: LegId;
  /** Legs that lost, and are not yet released. */
  readonly losers: readonly LegId[];
  readonly held: readonly LegId[];
  /** Parties from whom nothing comes though it should. Both, and nobody holds: timer `silence` runs. */
  readonly silent: readonly LegId[];
}

/** `setup`: from start to answer. `ringing`: one attempt. `silence`: nothing from either party. `releasing`: legs and statistics that do not come. */
export type CallTimer = 'setup' | 'ringing' | 'silence' | 'releasing';

export type CallInput =
  | { readonly type: 'offered'; readonly leg: LegId; readonly media: MediaProfile; readonly route: readonly Attempt[] }
  | { readonly type: 'refused'; readonly leg: LegId | null; readonly outcome: Outcome }
  | { readonly type: 'originated'; readonly first: Attempt; readonly media: MediaProfile; readonly route: readonly Attempt[] }
  /** It was up before this process was. `losers` had not been seen to go. */
  | { readonly type: 'adopted'; readonly caller: LegId; readonly called: LegId; readonly held: readonly LegId[]; readonly losers: readonly LegId[] }
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
  | { readonly do: 'send'; readonly leg: LegId; readonly command: LegCommand }
  | { readonly do: 'join'; readonly a: LegId; readonly b: LegId }
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
  /** How long nothing may come from either party; 0: for ever. */
  readonly silenceMs: number;
  readonly releasingMs: number;
}

export type CallStep = readonly [Call, readonly CallEffect[]];

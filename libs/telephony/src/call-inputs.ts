import type { Arrival, Call, Setup, Talking, Waiting, WaitsFor } from './call-machine.ts';
import type { SupervisionMode } from './call-operations.ts';
import type { Cause } from './cause.ts';
import type { LegCommand, LegEvent, LegId } from './leg.ts';
import type { Codec, MediaProfile } from './media.ts';
import type { Outcome } from './outcome.ts';
import type { Attempt, Route } from './route.ts';

/* What happens to a call (call-machine.ts), and what it does. */

/**
 * `setup`: from start to answer, not of emergency calls. `pin`: a pause in dialling a PIN. `ringing`: one attempt; `delayed`: until its next endpoint is rung.
 * `silence`: nothing from any party. `waiting`: a parked party. `preempted`: a tone is heard. `releasing`: legs and statistics that do not come.
 */
export type CallTimer = 'setup' | 'pin' | 'ringing' | 'delayed' | 'silence' | 'waiting' | 'preempted' | 'releasing';

export type CallInput =
  | { readonly type: 'offered'; readonly leg: LegId; readonly media: MediaProfile; readonly route: Route }
  /** It cannot be routed without a PIN, or not with the one that was dialled. */
  | { readonly type: 'asks'; readonly leg: LegId; readonly media: MediaProfile }
  /** By the PIN that was dialled. It, `asks` or `refused` is the very next input after the effect `resolve`. */
  | { readonly type: 'routed'; readonly route: Route }
  | { readonly type: 'refused'; readonly leg: LegId | null; readonly outcome: Outcome }
  /** It goes over into another call as it is: an INVITE with Replaces. */
  | { readonly type: 'offeredOver'; readonly leg: LegId }
  | { readonly type: 'originated'; readonly first: Attempt; readonly media: MediaProfile; readonly route: Route | null; readonly goesOver: boolean }
  /** Its caller is a leg that has been in another call. */
  | { readonly type: 'consults'; readonly arrival: Arrival; readonly route: Route }
  /** It was up before this process was; among the losers are legs that had not been seen to go. */
  | { readonly type: 'adopted'; readonly state: Talking | Waiting; readonly waitingMs: number | null }
  /** Its caller had answered before this process was, and is called for again. */
  | { readonly type: 'resumed'; readonly state: Pick<Setup, 'caller' | 'losers' | 'sentOn' | 'returns'>; readonly attempts: readonly Attempt[] }
  /** It was being set up when the former process ended: these legs were open. */
  | { readonly type: 'interrupted'; readonly legs: readonly LegId[]; readonly outcome: Outcome }
  /** The legs that `ring` came to, at least one. It is the very next input after that effect. */
  | { readonly type: 'rung'; readonly legs: readonly LegId[] }
  | { readonly type: 'leg'; readonly leg: LegId; readonly event: LegEvent }
  | { readonly type: 'hold'; readonly leg: LegId; readonly isHeld: boolean }
  | { readonly type: 'mute'; readonly leg: LegId; readonly isMuted: boolean }
  | { readonly type: 'supervise'; readonly leg: LegId; readonly of: LegId; readonly mode: SupervisionMode }
  /**
   * Of two who talk, `stays` is sent elsewhere; `by`: who wants it, null: nobody of the call, and the other is released at once. While somebody is called:
   * the caller.
   */
  | { readonly type: 'sentOn'; readonly stays: LegId; readonly media: MediaProfile; readonly by: LegId | null; readonly route: Route; readonly recall: Attempt | null }
  /** Who was to be called is not any more: all is as it was before. */
  | { readonly type: 'calledOff' }
  /** Of two who talk, this one waits. The other is released, or (`move`) is in another call already. */
  | { readonly type: 'left'; readonly leg: LegId; readonly why: WaitsFor; readonly ms: number | null; readonly then: Waiting['then'] }
  /** Nobody comes back for who waits. */
  | { readonly type: 'forgotten' }
  | { readonly type: 'arrived'; readonly arrival: Arrival }
  /** They are in another call from now on. `isFinal`: who is left alone does not go back to where it came from. */
  | { readonly type: 'departed'; readonly legs: readonly LegId[]; readonly outcome: Outcome; readonly isFinal?: true }
  | { readonly type: 'hangUp'; readonly outcome: Outcome }
  /** The gateway forgot the context. */
  | { readonly type: 'mediaLost' }
  | { readonly type: 'measured' }
  | { readonly type: 'timeout'; readonly timer: CallTimer };

export type CallEffect =
  /** `isFurther`: it is rung already, and these come to it. */
  | { readonly do: 'ring'; readonly attempt: Attempt; readonly media: MediaProfile; readonly role: 'caller' | 'called'; readonly isFurther?: true }
  /** The attempt failed so; `next` is rung now, null: none. */
  | { readonly do: 'failed'; readonly outcome: Outcome; readonly next: Attempt | null }
  | { readonly do: 'resolve'; readonly pin: string }
  | { readonly do: 'send'; readonly leg: LegId; readonly command: LegCommand }
  /** Ends that hear each other were made anew. */
  | { readonly do: 'reconnect' }
  | { readonly do: 'drop'; readonly leg: LegId }
  /** Each of the two is told whom it talks to. */
  | { readonly do: 'introduce' }
  /** What has become of its transfer. */
  | { readonly do: 'transferred'; readonly is: 'completed' | 'failed' | 'recalled' | 'cancelled'; readonly cause: Cause | null }
  /** This leg is to go over into the call for which it was begun, or from which it came. */
  | { readonly do: 'moveOn'; readonly leg: LegId; readonly outcome: Outcome }
  | { readonly do: 'attach' }
  | { readonly do: 'measure' }
  | { readonly do: 'publish'; readonly type: 'call.ringing' | 'call.answered' | 'call.partiesChanged' }
  | { readonly do: 'publish'; readonly type: 'call.held' | 'call.resumed' | 'call.pickedUp'; readonly leg: LegId }
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

import type { Cause } from './cause.ts';
import type { RouteDestination } from './route-destination.ts';
import type { Codec, ContextId, MediaProfile, TerminationId } from './media.ts';

export type LegId = string;

/** How we know: one short machine kind and a sentence for people, e.g. { kind: 'sipResponse', text: '486 Busy Here' }. */
export interface Evidence {
  readonly kind: string;
  readonly text: string;
}

/** What any leg can tell us. `released` comes exactly once, and last. */
export type LegEvent =
  | { readonly type: 'ringing' }
  /** Early media is flowing. */
  | { readonly type: 'progress'; readonly media: MediaProfile }
  /** `assumed`: the carrier cannot signal it (an FXO line without polarity reversal). */
  | { readonly type: 'answered'; readonly supervision: 'signalled' | 'assumed'; readonly media: MediaProfile }
  | { readonly type: 'digit'; readonly digit: string; readonly durationMs: number }
  /** Its far end pressed a digit that the other side has already, in the audio or as an event: for whoever acts on it, and never to be sent again. */
  | { readonly type: 'digitPassed'; readonly digit: string }
  /** Nothing has come from its far end for so long, though it should; once for each silence. */
  | { readonly type: 'silent'; readonly silentMs: number }
  /** Something has come again. */
  | { readonly type: 'heard'; readonly silentMs: number }
  | { readonly type: 'held' }
  | { readonly type: 'resumed' }
  /** Its termination had left the call's context for a while, as an analog port does that has two calls, and is there again: it is joined anew. */
  | { readonly type: 'mediaReturned' }
  /** For the story only: something worth telling that changes nothing (a retransmission storm, a re-INVITE answered). */
  | { readonly type: 'note'; readonly evidence: Evidence; /** Plain JSON, for the story's `data`. */ readonly data?: Readonly<Record<string, unknown>> }
  /**
   * Its recoverable state changed (its codecs, for one): the call attaches a new snapshot to its context. A leg told to `answer` says so when
   * its answer has left.
   */
  | { readonly type: 'changed' }
  /** Its far end wants the other side to talk to somebody else in its place. What becomes of it is told by the command `transfer`. */
  | { readonly type: 'transferRequested'; readonly to: TransferTarget; /** It is not called back when nobody answers (an application). */ readonly isFinal?: true }
  /** Its far end has two calls and wants all of them to hear each other; `with`: its leg in the other one. */
  | { readonly type: 'mergeRequested'; readonly with: LegId }
  /** Whoever it is joined with hears himself, until `off` (an echo test). */
  | { readonly type: 'mirror'; readonly is: 'on' | 'off' }
  | { readonly type: 'released'; readonly cause: Cause; readonly evidence: Evidence };

/**
 * Where a transfer leads: `leg`: to whom another leg of the same telephone, in another call, talks or has rung. `destination`: one of the configuration,
 * which need not have a number (a menu's choice).
 */
export type TransferTarget =
  | { readonly type: 'number'; readonly number: string }
  | { readonly type: 'leg'; readonly leg: LegId }
  | { readonly type: 'destination'; readonly destination: RouteDestination };

/** What we can ask of any leg. Commands return nothing: the result arrives as an event. A command that no longer applies is ignored. */
export type LegCommand =
  /** It rings at the far end. A leg that has been given media plays ringback until `progress`, `answer` or a `sound`: signalling cannot say it any more. */
  | { readonly type: 'alert' }
  /** May come more than once, as attempts follow each other; the first says which codecs. Early media towards the caller, with the codecs the far side took. */
  | { readonly type: 'progress'; readonly media: MediaProfile }
  /** Of a leg that is up already: it is to change to these codecs, unless its first is in use. */
  | { readonly type: 'answer'; readonly media: MediaProfile }
  | { readonly type: 'sendDigit'; readonly digit: string; readonly durationMs: number }
  /** The other side pressed a digit that this one has already. */
  | { readonly type: 'digitPassed'; readonly digit: string }
  /** Its far end is made to hear this, in place of who it is joined with; null: no more. Ends by itself when the leg is released. */
  | { readonly type: 'sound'; readonly sound: Sound | null }
  /** The other side holds, and holds no more: between the two, silence means nothing. */
  | { readonly type: 'held' }
  | { readonly type: 'resumed' }
  /** Nothing comes from the other side though it should, since `silentMs`; and something has come again. */
  | { readonly type: 'silent'; readonly silentMs: number }
  | { readonly type: 'heard' }
  /** The media gateway forgot this leg's context (it was restarted): re-add the termination as it was, with the same ports. */
  | { readonly type: 'restoreMedia' }
  /** What becomes of what it has requested (`transferRequested`). After `done` it is released; after `failed` it talks as before. */
  | { readonly type: 'transfer'; readonly is: 'trying' | 'ringing' | 'done' }
  | { readonly type: 'transfer'; readonly is: 'failed'; readonly cause: Cause }
  /**
   * It is in another call: this is its id from now on, also what `Leg.id` says, and its termination, which keeps its name, has been moved into that
   * context. To be kept in its snapshot. A termination that is yet to be made is made there.
   */
  | { readonly type: 'moved'; readonly leg: LegId; readonly context: ContextId }
  /** Whom it talks to now: to be shown at its far end, where that can be. */
  | { readonly type: 'party'; readonly party: Party }
  | { readonly type: 'release'; readonly cause: Cause };

/**
 * What the office says by tones. `preempted`: the line is taken away for an emergency call; `askPin`: a PIN is to be dialled; `refused`: it was wrong,
 * or the call is not allowed.
 */
export type Sound = 'preempted' | 'askPin' | 'refused';

/** Everything an endpoint needs to take a leg over after a restart; plain JSON, opaque to the call. */
export type LegSnapshot = Readonly<Record<string, unknown>>;

/** One side of a call, whatever carries it. */
export interface Leg {
  /** Changes with the command `moved`. */
  readonly id: LegId;
  /** Never changes: not to be taken for the id. */
  readonly media: TerminationId;
  /** The adapter's own name of it, for the story (a SIP Call-ID); '' when it has none. */
  readonly reference: string;
  send(command: LegCommand): void;
  snapshot(): LegSnapshot;
  /** Audio codecs its far end agreed to, the one in use first; empty before. Absent: it has no choice of codecs. */
  spoken?(): readonly Codec[];
  /** What is dialled to it (PINs) is told nowhere. May change. */
  readonly isConfidential?: boolean;
}

export type LegListener = (event: LegEvent) => void;

/** Who calls, as shown to the called side. `anonymous` hides number and name (RFC 3323). */
export interface Party {
  readonly number: string;
  readonly name?: string;
  readonly anonymous?: boolean;
}

/** What an endpoint is asked to set up. */
export interface DialRequest {
  readonly context: ContextId;
  readonly from: Party;
  /** The number this endpoint is to be given. */
  readonly number: string;
  /** What the called side may be offered: what the calling side would take, then what can be transcoded for it. */
  readonly media: MediaProfile;
  /** An emergency call: a line that is busy otherwise lets go of its call (`preempted`), and one on guard is waited for. */
  readonly priority?: 'emergency';
  /** By whom the call was passed on, the first of them first (RFC 5806). */
  readonly diversions?: readonly Diversion[];
  /** How often the called side may pass it on; absent: the call began here. */
  readonly hopsLeft?: number;
  /** It is to answer by itself: intercom, paging. An endpoint that cannot rings. */
  readonly answerMode?: 'auto';
  /** How it is to ring, by name (`Bellcore-dr2`, `internal` …). */
  readonly alertInfo?: string;
}

export interface Diversion {
  readonly number: string;
  readonly reason: 'unconditional' | 'userBusy' | 'noAnswer' | 'unavailable';
}

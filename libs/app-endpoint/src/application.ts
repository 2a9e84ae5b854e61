import type { Said } from '@tipring/prompts';
import type { Cause, ContextId, Diversion, LegId, Party, TransferTarget } from '@tipring/telephony';

/**
 * Something one can be connected to that speaks, listens and understands digits: a mailbox, a menu, a queue. It is a pure function over a plain
 * JSON state; `ApplicationEndpoint` makes an endpoint of it and runs it, one input after the other, on a player in the call's context.
 *
 *   begin(started) ─► state, effects ──► step(state, input) ─► state, effects ──► … ──► input `released`, always the last
 *
 * `Ask` is what it asks of the office beside its player (messages, extensions, calls), `Answer` what it is answered: one question at a time, a new
 * one in place of the former, whose answer is then no longer told.
 */
export interface Application<State, Ask = never, Answer = never> {
  /** For the story and logs: `voicemail`, `ivr`. */
  readonly name: string;
  /**
   * While PINs are dialled: the state without them; null: nothing is secret now. The digits are told nowhere then, and a controller that takes the call
   * over finds what was dialled forgotten, and no question open.
   */
  readonly concealed?: (state: State) => State | null;
  readonly begin: (started: Started) => Step<State, Ask>;
  readonly step: (state: State, input: Input<Answer>) => Step<State, Ask>;
  /** Does what was asked, without waiting; not pure. `answer` may be called at once, later, once more (it counts once) or never. Must not throw. */
  readonly ask: (ask: Ask, answer: (answer: Answer) => void) => void;
}

/** The caller is there and has been answered. */
export interface Started {
  /** Unique for ever: names what is made in this call (messages, files). */
  readonly leg: LegId;
  readonly call: ContextId;
  readonly from: Party;
  /** As the endpoint was given it. */
  readonly number: string;
  /** By whom it was passed on, and why: the last of them. */
  readonly reason: Diversion['reason'] | null;
  readonly language: string;
  /** Ms since the epoch. */
  readonly at: number;
}

export type Input<Answer = never> =
  | { readonly type: 'digit'; readonly digit: string }
  /** What was said last is over. Not when it was hushed or something else was said in its place. */
  | { readonly type: 'announced'; readonly how: 'ended' | 'failed' }
  /** Exactly once for each `record`, also before `released`. `ms` null: nobody knows, the file does. */
  | { readonly type: 'recorded'; readonly file: string; readonly ms: number | null; readonly how: 'stopped' | 'silence' | 'maximum' | 'failed' | 'released' }
  | { readonly type: 'timeout'; readonly timer: string; /** Ms since the epoch. */ readonly at: number }
  /** Of the question that was asked last. */
  | { readonly type: 'answer'; readonly answer: Answer }
  /** What becomes of `transfer`. `done`: the caller is elsewhere, `released` follows. */
  | { readonly type: 'transfer'; readonly is: 'trying' | 'ringing' | 'done' | 'failed'; readonly cause?: Cause }
  /** It is over: the caller hung up, it was asked for, or the gateway is gone. Effects that need the caller do nothing any more; `ask` is still done, without an answer. */
  | { readonly type: 'released'; readonly cause: Cause };

export type Effect<Ask = never> =
  /** In place of what it says; `times` 0: for ever. Ends with `announced`. */
  | { readonly do: 'say'; readonly said: readonly Said[]; readonly times?: number }
  | { readonly do: 'hush' }
  /** In WAV, of what the caller says. `silenceMs`: ends after so much silence. `isAppended`: the file is there and goes on. */
  | { readonly do: 'record'; readonly file: string; readonly maxMs: number; readonly silenceMs?: number; readonly isAppended?: boolean }
  | { readonly do: 'recording'; readonly is: 'paused' | 'running' | 'stopped' }
  /** In place of one of the name that runs. After a restart of the controller timers begin anew. */
  | { readonly do: 'start'; readonly timer: string; readonly ms: number }
  | { readonly do: 'stop'; readonly timer: string }
  | { readonly do: 'ask'; readonly ask: Ask }
  /** As `ask`, and what is answered does not matter: an open question stays open. */
  | { readonly do: 'tell'; readonly tell: Ask }
  /** What is said from now on is said in it: `en`, `de-AT`. */
  | { readonly do: 'language'; readonly language: string }
  /** The caller is to go elsewhere; while that is tried, the application goes on. */
  | { readonly do: 'transfer'; readonly to: ApplicationTarget }
  /** The player gives way to a seat in that room (a conference), until `stand`. Nothing can be said or recorded meanwhile. */
  | { readonly do: 'sit'; readonly room: string; readonly isMuted: boolean }
  | { readonly do: 'stand' }
  /** Of a seat. */
  | { readonly do: 'mute'; readonly isMuted: boolean }
  /** The caller hears himself, or the player again. */
  | { readonly do: 'mirror'; readonly is: 'on' | 'off' }
  /** For the story. */
  | { readonly do: 'note'; readonly kind: string; readonly text: string; readonly data?: Readonly<Record<string, unknown>> }
  /** `text`: for the story, why. */
  | { readonly do: 'release'; readonly cause: Cause; readonly text?: string };

/** A number is dialled for the caller; a destination of the configuration needs none. */
export type ApplicationTarget = Exclude<TransferTarget, { readonly type: 'leg' }>;

export type Step<State, Ask = never> = readonly [State, readonly Effect<Ask>[]];

import type { ContextId, MediaQuality, TerminationId } from './media.ts';

/** Who hears whom in a context. */
export interface Hearing {
  /** Pairs that hear each other. */
  readonly joined: readonly (readonly [TerminationId, TerminationId])[];
  readonly oneWay: readonly (readonly [speaker: TerminationId, hearer: TerminationId])[];
}

/** What became of a recording. `ms`: its length. */
export interface Recorded {
  readonly context: ContextId;
  readonly termination: TerminationId;
  readonly file: string;
  readonly ms: number;
}

/**
 * Port: what a call asks of the media gateway itself. Terminations are added and changed by the legs (adapters know
 * SDP and analog ports); what joins, moves and ends them is the call's. Nothing here waits; nothing throws.
 */
export interface CallMedia {
  /** Set by the exchange. Called once for every `record`, also when the process that began it was another. */
  onRecorded: (recorded: Recorded) => void;
  /** From now on exactly these hear each other. `refused` is called, once, when there is no room for that: their audio would have to be converted or mixed. */
  connect(context: ContextId, hearing: Hearing, refused: (text: string) => void): void;
  /**
   * A termination leaves the context, and whom it was joined with there, for another, which comes into being if need be. It keeps its name. One that
   * is not there is no error: its leg makes it where it is then.
   */
  move(context: ContextId, termination: TerminationId, to: ContextId): void;
  /** One without a far end: for music and recordings. */
  addPlayer(context: ContextId, termination: TerminationId): void;
  /** A player (added if it is not there) plays music of this class, for ever; null: of the site's class. It ends with `drop`. */
  music(context: ContextId, termination: TerminationId, classId: string | null): void;
  /** A player records what those say who are joined with it, into `file`, relative to the gateway's folder. */
  record(context: ContextId, termination: TerminationId, file: string): void;
  recording(context: ContextId, termination: TerminationId, is: 'paused' | 'running' | 'stopped'): void;
  /** The call's state, kept by the gateway while this process may be gone; replaces the former. */
  attach(context: ContextId, blob: string): void;
  /** One termination goes (a loser of ringing together) while the call lives on. One that is not there is no error. */
  drop(context: ContextId, termination: TerminationId): void;
  /** Everything goes. `done` is called once: what was measured per termination, or null when the gateway is gone or had no such context. */
  release(context: ContextId, done: (quality: Readonly<Record<TerminationId, MediaQuality>> | null) => void): void;
}

import type { ContextId, MediaQuality, TerminationId } from './media.ts';

/**
 * Port: what a call asks of the media gateway itself. Terminations are added and changed by the legs (adapters know
 * SDP and analog ports); what joins and ends them is the call's. Nothing here waits; nothing throws.
 */
export interface CallMedia {
  /** From now on exactly these two hear each other. `refused` is called, once, when there is no room for that: their codecs would have to be converted. */
  join(context: ContextId, a: TerminationId, b: TerminationId, refused: (text: string) => void): void;
  /** From now on nobody hears anybody. */
  part(context: ContextId): void;
  /** The call's state, kept by the gateway while this process may be gone; replaces the former. */
  attach(context: ContextId, blob: string): void;
  /** One termination goes (a loser of ringing together) while the call lives on. One that is not there is no error. */
  drop(context: ContextId, termination: TerminationId): void;
  /** Everything goes. `done` is called once: what was measured per termination, or null when the gateway is gone or had no such context. */
  release(context: ContextId, done: (quality: Readonly<Record<TerminationId, MediaQuality>> | null) => void): void;
}

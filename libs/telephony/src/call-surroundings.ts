import type { Timers } from '@tipring/clock';
import type { CallEvent } from './call-control.ts';
import type { Transfer } from './call-operations.ts';
import type { ExchangePorts, ExchangeSettings } from './exchange-ports.ts';
import type { LegEvent, LegId } from './leg.ts';
import type { Outcome } from './outcome.ts';
import type { CallId } from './record.ts';
import type { Turn } from './turn.ts';

/** What a running call has of its exchange. */
export interface CallSurroundings {
  readonly ports: ExchangePorts;
  readonly timers: Timers;
  readonly settings: ExchangeSettings;
  readonly turn: Turn;
  readonly between: BetweenCalls;
  publish(event: CallEvent): void;
  /** False while nobody observes: the views need not be made. */
  readonly observed: boolean;
  /** The record is written; the call is forgotten. */
  ended(id: CallId): void;
}

/** What a call cannot do alone. Each is done when no call is at work. */
export interface BetweenCalls {
  /** A leg wants it, by signalling. */
  requested(call: CallId, leg: LegId, event: Extract<LegEvent, { type: 'transferRequested' | 'mergeRequested' }>): void;
  /** It is to go over into the call for which it was begun, or from which it came; `outcome`: how its call ends when that cannot be. */
  movesOn(call: CallId, leg: LegId, outcome: Outcome): void;
  /** Who consults somebody in this call has hung up: the other side of its former call comes in its place. `then`: the leg is released. */
  consulterGone(call: CallId, leg: LegId, then: () => void): void;
  /** Who consulted somebody in a call is not there any more; if it did not go back, who waits for it in this one waits in vain. */
  consulterLeft(call: CallId): void;
  /** Who is consulted has answered. */
  consulted(call: CallId): void;
  /** For who asks for it afterwards. */
  transferOver(transfer: Transfer): void;
}

import type { Timers } from '@tipring/clock';
import type { CallEvent } from './call-control.ts';
import type { ExchangePorts, ExchangeSettings } from './exchange-ports.ts';
import type { CallId } from './record.ts';

/** What a running call has of its exchange. */
export interface CallSurroundings {
  readonly ports: ExchangePorts;
  readonly timers: Timers;
  readonly settings: ExchangeSettings;
  publish(event: CallEvent): void;
  /** False while nobody observes: the views need not be made. */
  readonly observed: boolean;
  /** The record is written; the call is forgotten. */
  ended(id: CallId): void;
}

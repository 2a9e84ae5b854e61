import type { CallEvent, CallView } from './call-control.ts';
import type { CallLog } from './call-log.ts';
import type { CallSurroundings } from './call-surroundings.ts';

/** An event, but for what all have. */
export type News = CallEvent extends infer One ? (One extends CallEvent ? Omit<One, 'at' | 'call'> : never) : never;

/** Tells observers what happens in a call. */
export class CallNews {
  readonly #log: CallLog;
  readonly #surroundings: CallSurroundings;
  readonly #view: () => CallView;
  /** `legChanges` when an event was published last: each has all legs. */
  #toldLegs = 0;

  constructor(log: CallLog, surroundings: CallSurroundings, view: () => CallView) {
    this.#log = log;
    this.#surroundings = surroundings;
    this.#view = view;
  }

  /** Of a call that was taken back nobody has heard yet. */
  adopted(): void {
    this.#toldLegs = NEVER;
  }

  publish(news: News, at = this.#surroundings.settings.wallClock()): void {
    this.#toldLegs = this.#log.legChanges;
    if (this.#surroundings.observed) this.#surroundings.publish({ ...news, at, call: this.#view() } as CallEvent);
  }

  /** What else happened to its legs. */
  settle(): void {
    if (this.#log.legChanges !== this.#toldLegs) this.publish({ type: 'call.legsChanged' });
  }
}

const NEVER = -1;

import type { Timer } from '@tipring/clock';
import { keptState, writeBlob } from './call-blob.ts';
import type { CallLegs } from './call-legs.ts';
import type { CallLog } from './call-log.ts';
import type { Call } from './call-machine.ts';
import type { CallSurroundings } from './call-surroundings.ts';
import type { DiallingState } from './dialling.ts';

/** Sees to it that the gateway has what is needed to take a call back. */
export class CallKeeper {
  readonly #log: CallLog;
  readonly #legs: CallLegs;
  readonly #surroundings: CallSurroundings;
  /** A blob that is soon to be written. */
  #later: Timer | undefined;
  #isDue = false;

  constructor(log: CallLog, legs: CallLegs, surroundings: CallSurroundings) {
    this.#log = log;
    this.#legs = legs;
    this.#surroundings = surroundings;
  }

  /** It has changed in what has to be kept. */
  due(): void {
    this.#isDue = true;
  }

  /** Once for all that was done in one go. What cannot be gone on with a little later (`write` then): a call that is answered meanwhile has spared the gateway a blob. */
  settle(state: Call, dialling: DiallingState | undefined, write: () => void): void {
    if (!this.#isDue) return;
    this.#isDue = false;
    const { at } = state;
    if (keptState(state) !== null) this.write(state, dialling);
    else if (at === 'first' || at === 'asking' || at === 'setup') this.#later ??= this.#surroundings.timers.start(SETUP_BLOB_MS, write);
  }

  write(state: Call, dialling: DiallingState | undefined, why: 'changed' | 'left' = 'changed'): void {
    this.stop();
    const { at } = state;
    // What is ending keeps its last blob: the next process finds out that the far ends are gone. But not of legs that are in another call now (`left`).
    if (why === 'left' ? at !== 'releasing' : at !== 'first' && at !== 'asking' && at !== 'setup' && at !== 'talking' && at !== 'waiting') return;
    const kept = keptState(state);
    const further = kept === null || kept.at === 'talking' ? null : (dialling ?? null);
    this.#surroundings.ports.media.attach(this.#log.state.id, writeBlob({ log: this.#log.state, state: kept, dialling: further, snapshots: this.#legs.snapshots() }));
  }

  stop(): void {
    this.#later?.stop();
    this.#later = undefined;
  }
}

/** Short against ringing, long against a phone that answers by itself. */
const SETUP_BLOB_MS = 5;

import type { Timer, Timers } from '@tipring/clock';
import type { RingCadence } from '../port-command.ts';
import { type AnnouncementStep, announcementOf } from './announcement.ts';
import type { CentralOffice } from './central-office.ts';
import type { CallerIdMoment } from './simulator-plan.ts';

/**
 * Caller ID before the first ring, as it is done: one step after the other by timer.
 *
 *   steps ──────────────────────────────────────────────────────────► over
 *   NTT: bursts ──seized──► telling ──on hook again, seen as released──┘
 *          │ six seconds          └──stays off hook: answered
 *          └────────────────────────────────────────────────────────► over
 */
export class CallerAnnouncement {
  readonly #timers: Timers;
  readonly #office: CentralOffice;
  readonly #samples: Float32Array;
  readonly #end: (how: 'over' | 'answered') => void;
  #at: 'steps' | 'bursts' | 'telling' = 'steps';
  #timer: Timer | null = null;

  /** Begins at once; `end` is called once, unless it is stopped. */
  constructor(timers: Timers, office: CentralOffice, moment: CallerIdMoment, samples: Float32Array, end: (how: 'over' | 'answered') => void) {
    this.#timers = timers;
    this.#office = office;
    this.#samples = samples;
    this.#end = end;
    if (moment === 'afterReversalAndBursts') this.#reverseAndRing();
    else this.#step(announcementOf(moment));
  }

  /** The line was seized. Where that is what is waited for, who calls is told; otherwise somebody has answered. */
  seized(): void {
    if (this.#at !== 'bursts') return this.#ended('answered');
    this.#at = 'telling';
    const sendingMs = this.#samples.length / samplesPerMs;
    this.#wait(seizedMs, () => {
      this.#office.mouth.say(this.#samples);
      // Who does not hang up has answered by hand.
      this.#wait(sendingMs + hangUpMs, () => this.#ended('answered'));
    });
  }

  released(): void {
    this.#ended('over');
  }

  stop(): void {
    this.#timer?.stop();
  }

  #reverseAndRing(): void {
    this.#office.setPolarity('reversed');
    this.#wait(reversalMs, () => {
      this.#at = 'bursts';
      this.#office.ring(nttBursts);
      this.#wait(nttBurstsMs, () => this.#ended('over'));
    });
  }

  #step([step, ...rest]: readonly AnnouncementStep[]): void {
    if (step === undefined) return this.#ended('over');
    const next = (ms: number): void => this.#wait(ms, () => this.#step(rest));
    switch (step.do) {
      case 'polarity':
        this.#office.setPolarity(step.polarity);
        return this.#step(rest);
      case 'ringPulse':
        this.#office.ring([{ onMs: step.ms, offMs: pulsePauseMs }]);
        return next(step.ms);
      case 'pause':
        return next(step.ms);
      case 'say':
        this.#office.stopRinging();
        this.#office.mouth.say(this.#samples);
        return next(this.#samples.length / samplesPerMs);
    }
  }

  #wait(ms: number, then: () => void): void {
    this.#timer?.stop();
    this.#timer = this.#timers.start(ms, then);
  }

  #ended(how: 'over' | 'answered'): void {
    this.stop();
    this.#end(how);
  }
}

const samplesPerMs = 8;
/** A ring pulse does not ring again. */
const pulsePauseMs = 60_000;
const nttBursts: RingCadence = [{ onMs: 500, offMs: 500 }];
const nttBurstsMs = 6_000;
const reversalMs = 200;
const seizedMs = 100;
/** The telephone has 1.5 s to hang up, and that is seen 1.1 s later. */
const hangUpMs = 2_700;

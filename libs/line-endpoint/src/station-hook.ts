import type { Timer, Timers } from '@tipring/clock';
import { hookFilter, newHookFilter, type HookEvent, type HookFilter, type HookInput, type HookSettings } from '@tipring/line';

/** What a telephone's hook means, by when things happened and not by when they were heard of. */
export class StationHook {
  readonly #timers: Timers;
  readonly #settings: () => HookSettings;
  readonly #report: (event: HookEvent) => void;
  #filter: HookFilter = newHookFilter;
  #due = 0;
  #timer: Timer | undefined;
  /** The first word of it is to come, and a call may have ended that its telephone knows nothing of. */
  #isSuspect = false;
  #openedAt = 0;

  constructor(timers: Timers, settings: () => HookSettings, report: (event: HookEvent) => void) {
    this.#timers = timers;
    this.#settings = settings;
    this.#report = report;
  }

  get isOff(): boolean {
    return this.#filter.at !== 'onHook' && this.#filter.at !== 'lifting';
  }

  /** Its port tells of it from now on: first how it is. */
  opened(): void {
    this.#openedAt = this.#timers.now();
  }

  /** Until it is heard of: the telephone may be in a call that is no more. */
  suspect(): void {
    this.#isSuspect = true;
  }

  /** `abandoned`: it is off its rest since before its port was opened, and its call is over. Lifted while nobody was there to see it is another matter. */
  hear(hook: 'on' | 'off', at: number): 'heard' | 'abandoned' {
    const isSuspect = this.#isSuspect;
    this.#isSuspect = false;
    if (isSuspect && hook === 'off' && at >= this.#openedAt - openingMs) {
      this.set('off', at);
      return 'abandoned';
    }
    this.#step({ type: 'hook', loop: hook === 'off' ? 'closed' : 'open', at });
    return 'heard';
  }

  /** As it is from now on, whatever it was. */
  set(hook: 'on' | 'off', at: number): void {
    this.#timer?.stop();
    this.#filter = hook === 'off' ? { at: 'offHook', settled: at } : newHookFilter;
  }

  #step(input: HookInput): void {
    const [filter, effects] = hookFilter(this.#filter, input, this.#settings());
    this.#filter = filter;
    for (const effect of effects) {
      if (effect.do === 'stop') this.#timer?.stop();
      else if (effect.do === 'start') {
        this.#due = input.at + effect.ms;
        // What happened before it was due may still be on its way.
        this.#timer = this.#timers.start(Math.max(0, this.#due - this.#timers.now()) + wayMs, () => this.#step({ type: 'timeout', timer: 'hook', at: this.#due }));
      } else this.#report(effect.event);
    }
  }
}

/** An event takes so long from the gateway at the most, usually. */
const wayMs = 40;
/** What a port told on being opened may be so old when that is known. */
const openingMs = 200;

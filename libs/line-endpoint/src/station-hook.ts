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

  constructor(timers: Timers, settings: () => HookSettings, report: (event: HookEvent) => void) {
    this.#timers = timers;
    this.#settings = settings;
    this.#report = report;
  }

  get isOff(): boolean {
    return this.#filter.at !== 'onHook' && this.#filter.at !== 'lifting';
  }

  hear(hook: 'on' | 'off', at: number): void {
    this.#step({ type: 'hook', loop: hook === 'off' ? 'closed' : 'open', at });
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

import type { Timer, Timers } from '@tipring/clock';
import type { Extension, Snapshot, WakeUp } from '@tipring/config';
import type { CallControl, CallId } from '@tipring/telephony';
import type { LocalTime, WallClock } from '../wall-clock.ts';
import type { Snooze } from './wake-up.ts';

interface Waking {
  readonly extensionId: string;
  /** One for each telephone that rings. */
  readonly calls: Set<CallId>;
  readonly tries: number;
  isAnswered: boolean;
}

/**
 * Wake-up calls: at their time all telephones of the extension ring; the first that is lifted is told why, and the others stop. Where nobody answers it rings
 * again, three times in all. By the clock on the wall of the site: a time that does not exist on one day is not rung, one that comes twice is rung twice.
 */
export class WakeUps {
  readonly #calls: Pick<CallControl, 'originate' | 'observe' | 'hangUp' | 'call'>;
  readonly #snapshot: () => Snapshot;
  readonly #clock: WallClock;
  readonly #timers: Timers;
  readonly #stop: () => void;
  readonly #wakings = new Set<Waking>();
  /** Of extensions, when they are called again. */
  readonly #again = new Map<string, Timer>();
  #minute: Timer;

  constructor(calls: Pick<CallControl, 'originate' | 'observe' | 'hangUp' | 'call'>, snapshot: () => Snapshot, clock: WallClock, timers: Timers) {
    this.#calls = calls;
    this.#snapshot = snapshot;
    this.#clock = clock;
    this.#timers = timers;
    this.#stop = calls.observe(({ type, call }) => {
      if (type === 'call.answered') this.#answered(call.id);
      else if (type === 'call.ended') this.#ended(call.id);
    });
    this.#minute = this.#atNextMinute();
  }

  /** Returns when that will be. */
  readonly snooze = ({ number }: Snooze, answer: (again: { readonly at: number }) => void): void => {
    const extension = this.#snapshot().extensionByNumber(number);
    if (extension !== undefined) this.#later(extension.id, snoozeMs, 0);
    answer({ at: this.#clock.now() + snoozeMs });
  };

  close(): void {
    this.#stop();
    this.#minute.stop();
    for (const timer of this.#again.values()) timer.stop();
    this.#again.clear();
  }

  #atNextMinute(): Timer {
    const now = this.#clock.now();
    return this.#timers.start(minuteMs - (now % minuteMs), () => {
      this.#minute = this.#atNextMinute();
      const local = this.#clock.local(this.#clock.now());
      for (const extension of this.#snapshot().extensions.values()) if (isDue(extension, local)) this.#wake(extension, 1);
    });
  }

  #wake({ id, number }: Extension, tries: number): void {
    const snapshot = this.#snapshot();
    const telephones = [...snapshot.devicesOf(id).filter(({ enabled }) => enabled), ...snapshot.stationsOf(id).filter(({ isEnabled }) => isEnabled)];
    const waking: Waking = { extensionId: id, calls: new Set(), tries, isAnswered: false };
    this.#wakings.add(waking);
    for (const { id: from } of telephones) {
      const call = this.#calls.originate({ from, party: { number }, to: number, destination: { type: 'wakeUp' }, timeoutMs: ringMs });
      // One that could not be begun is over already.
      if (this.#calls.call(call) !== undefined) waking.calls.add(call);
    }
    if (waking.calls.size === 0) this.#over(waking);
  }

  #answered(call: CallId): void {
    const waking = this.#wakingOf(call);
    if (waking === undefined || waking.isAnswered) return;
    waking.isAnswered = true;
    for (const other of [...waking.calls]) if (other !== call) this.#calls.hangUp(other);
  }

  #ended(call: CallId): void {
    const waking = this.#wakingOf(call);
    waking?.calls.delete(call);
    if (waking === undefined || waking.calls.size > 0) return;
    this.#over(waking);
  }

  #over(waking: Waking): void {
    this.#wakings.delete(waking);
    if (!waking.isAnswered && waking.tries < mostTries) this.#later(waking.extensionId, restMs, waking.tries);
  }

  #later(extensionId: string, ms: number, tries: number): void {
    this.#again.get(extensionId)?.stop();
    const timer = this.#timers.start(ms, () => {
      this.#again.delete(extensionId);
      const extension = this.#snapshot().extensions.get(extensionId);
      if (extension !== undefined) this.#wake(extension, tries + 1);
    });
    this.#again.set(extensionId, timer);
  }

  #wakingOf(call: CallId): Waking | undefined {
    for (const waking of this.#wakings) if (waking.calls.has(call)) return waking;
    return undefined;
  }
}

function isDue({ wakeUps }: Extension, { year, month, day, weekday, hour, minute }: LocalTime): boolean {
  if (wakeUps.length === 0) return false;
  const two = (value: number): string => String(value).padStart(2, '0');
  const [time, date] = [`${two(hour)}:${two(minute)}`, `${year}-${two(month)}-${two(day)}`];
  return wakeUps.some((one) => one.time === time && ('on' in one ? one.on === date : one.days.includes(weekdays[weekday]!)));
}

const weekdays: readonly Extract<WakeUp, { readonly days: unknown }>['days'][number][] = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const minuteMs = 60_000;
const ringMs = 45_000;
const restMs = 5 * minuteMs;
const snoozeMs = 10 * minuteMs;
const mostTries = 3;

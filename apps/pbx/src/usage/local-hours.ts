const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Tells of instants which hour it is by the wall clock of a time zone. Hours are counted from 1970-01-01 00:00 of that clock: `hourOf` and `dateOf` read them. */
export class LocalHours {
  readonly #format: Intl.DateTimeFormat;
  /** Ms that the clock is ahead, by UTC day; null: it is changed on that day. */
  readonly #offsets = new Map<number, number | null>();

  constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat('en', { timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' });
  }

  /** The hour that an instant is in, ms since the epoch. */
  at(ms: number): number {
    return Math.floor((ms + this.#offsetAt(ms)) / HOUR_MS);
  }

  /** The pieces of a stretch of time, each within one hour. (Clocks are changed at full hours.) */
  *pieces(from: number, to: number): Generator<{ readonly slot: number; readonly ms: number }> {
    for (let at = from; at < to; ) {
      const local = at + this.#offsetAt(at);
      const end = Math.min(to, at + HOUR_MS - (((local % HOUR_MS) + HOUR_MS) % HOUR_MS));
      yield { slot: Math.floor(local / HOUR_MS), ms: end - at };
      at = end;
    }
  }

  /** How often each hour of the day is between two instants: when clocks are changed, one is twice and another is not. */
  countByHour(since: number, until: number): readonly number[] {
    const seen = Array.from({ length: 24 }, () => new Set<number>());
    for (const { slot } of this.pieces(since, until)) seen[hourOf(slot)]?.add(slot);
    return seen.map(({ size }) => size);
  }

  #offsetAt(ms: number): number {
    const day = Math.floor(ms / DAY_MS);
    let offset = this.#offsets.get(day);
    if (offset === undefined) {
      const [first, last] = [this.#lookUp(day * DAY_MS), this.#lookUp((day + 1) * DAY_MS - 1_000)];
      offset = first === last ? first : null;
      this.#offsets.set(day, offset);
    }
    return offset ?? this.#lookUp(ms);
  }

  #lookUp(ms: number): number {
    const second = Math.floor(ms / 1_000) * 1_000;
    const part = Object.fromEntries(this.#format.formatToParts(second).map(({ type, value }) => [type, Number(value)]));
    return Date.UTC(part['year']!, part['month']! - 1, part['day']!, part['hour']!, part['minute']!, part['second']!) - second;
  }
}

/** 0 to 23. */
export function hourOf(slot: number): number {
  return ((slot % 24) + 24) % 24;
}

/** `2026-11-23`. */
export function dateOf(slot: number): string {
  return new Date(slot * HOUR_MS).toISOString().slice(0, 10);
}

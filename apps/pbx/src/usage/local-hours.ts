/** A quarter of an hour: the finest step by which time zones are off. */
const QUARTER_MS = 900_000;

export interface LocalHour {
  /** `2026-11-23`, by the clock on the wall. */
  readonly date: string;
  /** 0 to 23. */
  readonly hour: number;
}

/** Tells of instants which hour it is by the wall clock of a time zone; each quarter of an hour is looked up once. */
export class LocalHours {
  readonly #format: Intl.DateTimeFormat;
  readonly #known = new Map<number, LocalHour>();

  constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', hourCycle: 'h23' });
  }

  /** Of an instant, ms since the epoch. */
  at(ms: number): LocalHour {
    const quarter = Math.floor(ms / QUARTER_MS);
    let hour = this.#known.get(quarter);
    if (hour === undefined) {
      const parts = Object.fromEntries(this.#format.formatToParts(quarter * QUARTER_MS).map(({ type, value }) => [type, value]));
      hour = { date: `${parts['year']}-${parts['month']}-${parts['day']}`, hour: Number(parts['hour']) };
      this.#known.set(quarter, hour);
    }
    return hour;
  }

  /** The pieces of a stretch of time, each within one quarter of an hour. */
  *pieces(from: number, to: number): Generator<LocalHour & { readonly ms: number }> {
    for (let at = from; at < to; ) {
      const end = Math.min(to, (Math.floor(at / QUARTER_MS) + 1) * QUARTER_MS);
      yield { ...this.at(at), ms: end - at };
      at = end;
    }
  }
}

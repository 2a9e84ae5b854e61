/** What the clock on the wall of a time zone shows. */
export interface WallTime {
  /** Days since 1970-01-01, by the local calendar. */
  readonly day: number;
  /** Of the day, from 0. When clocks are put forward some never come, when they are put back some come twice. */
  readonly minute: number;
}

/** Tells the local time of an instant. The minute that was asked for last is remembered: most calls ask for the same. */
export class WallClock {
  readonly #format: Intl.DateTimeFormat;
  #epochMinute = NaN;
  #shown: WallTime = { day: 0, minute: 0 };

  /** @param zone of the IANA database */
  constructor(zone: string) {
    this.#format = formatOf(zone);
  }

  /** @param at ms since the epoch */
  at(at: number): WallTime {
    const minute = Math.floor(at / 60_000);
    if (minute !== this.#epochMinute) {
      this.#shown = this.#read(minute * 60_000);
      this.#epochMinute = minute;
    }
    return this.#shown;
  }

  #read(at: number): WallTime {
    let [year, month, day, hour, minute] = [0, 0, 0, 0, 0];
    for (const { type, value } of this.#format.formatToParts(at)) {
      if (type === 'year') year = Number(value);
      else if (type === 'month') month = Number(value);
      else if (type === 'day') day = Number(value);
      else if (type === 'hour') hour = Number(value);
      else if (type === 'minute') minute = Number(value);
    }
    return { day: dayNumber(year, month, day), minute: hour * 60 + minute };
  }
}

/** Days since 1970-01-01. */
export function dayNumber(year: number, month: number, day: number): number {
  return Math.floor(Date.UTC(year, month - 1, day) / 86_400_000);
}

/** Made once for each zone: it takes longer than routing a hundred calls. */
function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, calendar: 'gregory', numberingSystem: 'latn', hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' });
  formats.set(zone, format);
  return format;
}

const formats = new Map<string, Intl.DateTimeFormat>();

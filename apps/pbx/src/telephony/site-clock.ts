import type { LocalTime, WallClock } from '@tipring/app-endpoint';

/** The clock on the wall of the site. `zone`: of the IANA database, as the configuration has it now. */
export class SiteClock implements WallClock {
  readonly #zone: () => string;
  readonly #now: () => number;
  #format: { readonly zone: string; readonly format: Intl.DateTimeFormat } | undefined;

  /** @param now ms since the epoch */
  constructor(zone: () => string, now: () => number) {
    this.#zone = zone;
    this.#now = now;
  }

  now(): number {
    return this.#now();
  }

  local(at: number): LocalTime {
    const parts = new Map(this.#formatOf(this.#zone()).formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const [year = 0, month = 0, day = 0] = [parts.get('year'), parts.get('month'), parts.get('day')];
    return {
      year, month, day,
      weekday: new Date(Date.UTC(year, month - 1, day)).getUTCDay(),
      hour: parts.get('hour') ?? 0, minute: parts.get('minute') ?? 0, second: parts.get('second') ?? 0,
    };
  }

  /** Dear to make. */
  #formatOf(zone: string): Intl.DateTimeFormat {
    if (this.#format?.zone !== zone) {
      const format = new Intl.DateTimeFormat('en-US', {
        timeZone: zone, calendar: 'gregory', numberingSystem: 'latn', hourCycle: 'h23',
        year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
      });
      this.#format = { zone, format };
    }
    return this.#format.format;
  }
}

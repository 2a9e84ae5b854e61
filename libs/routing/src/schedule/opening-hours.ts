import type { Schedule } from '@tipring/config';
import { dayNumber, WallClock } from './wall-clock.ts';

/** Why it is open or closed, for people: `by its week`, `Christmas`. */
export interface Opening {
  readonly is: 'open' | 'closed';
  readonly why: string;
}

/**
 * A schedule by the clock on the wall. Hours belong to the day on which they begin: those of an evening go on into a holiday, and those of a holiday
 * past its end. An hour that clocks skip is not there, one that they repeat is there twice.
 */
export class OpeningHours {
  readonly #override: Schedule['override'];
  readonly #clock: WallClock;
  /** By weekday, Monday is 0. */
  readonly #week: readonly (readonly Hours[])[];
  readonly #holidays: readonly Holiday[];
  /** The minute that was asked for last. */
  #minute = NaN;
  #opening: Opening = { is: 'closed', why: '' };

  constructor({ timeZone, week, holidays, override }: Schedule) {
    this.#override = override;
    this.#clock = new WallClock(timeZone);
    this.#week = weekdays.map((name) => week.filter(({ days }) => days.includes(name)).map(hoursFrom));
    this.#holidays = holidays.map(({ name, from, to, everyYear, hours }) => ({ name, from: dateFrom(from), to: dateFrom(to), everyYear, hours: hours.map(hoursFrom) }));
  }

  /** @param at ms since the epoch */
  at(at: number): Opening {
    const minute = Math.floor(at / 60_000);
    if (minute !== this.#minute) {
      this.#opening = this.#openingAt(at);
      this.#minute = minute;
    }
    return this.#opening;
  }

  #openingAt(at: number): Opening {
    if (this.#override !== null) return { is: this.#override, why: 'by hand' };
    const time = this.#clock.at(at);
    const today = this.#dayOf(time.day);
    if (today.hours.some(({ from, to }) => time.minute >= from && (to <= from || time.minute < to))) return { is: 'open', why: today.why };
    const before = this.#dayOf(time.day - 1);
    if (before.hours.some(({ from, to }) => to <= from && time.minute < to)) return { is: 'open', why: `${before.why}, from the evening before` };
    return { is: 'closed', why: today.why };
  }

  #dayOf(day: number): { readonly hours: readonly Hours[]; readonly why: string } {
    const holiday = this.#holidays.find((one) => isWithin(day, one));
    if (holiday !== undefined) return { hours: holiday.hours, why: holiday.name };
    // 1970-01-01 was a Thursday.
    return { hours: this.#week[(((day + 3) % 7) + 7) % 7]!, why: 'by its week' };
  }
}

/** Minutes of the day; `to` not after `from`: into the next day. */
interface Hours {
  readonly from: number;
  readonly to: number;
}

interface CalendarDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

interface Holiday {
  readonly name: string;
  readonly from: CalendarDate;
  readonly to: CalendarDate;
  readonly everyYear: boolean;
  readonly hours: readonly Hours[];
}

function isWithin(day: number, { from, to, everyYear }: Holiday): boolean {
  if (!everyYear) return day >= numberOf(from, from.year) && day <= numberOf(to, to.year);
  const date = new Date(day * 86_400_000);
  const [now, first, last] = [(date.getUTCMonth() + 1) * 100 + date.getUTCDate(), from.month * 100 + from.day, to.month * 100 + to.day];
  // Over the end of the year.
  return first <= last ? now >= first && now <= last : now >= first || now <= last;
}

function numberOf({ month, day }: CalendarDate, year: number): number {
  return dayNumber(year, month, day);
}

function hoursFrom({ from, to }: { readonly from: string; readonly to: string }): Hours {
  return { from: minuteOf(from), to: minuteOf(to) };
}

function minuteOf(text: string): number {
  return Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
}

function dateFrom(text: string): CalendarDate {
  return { year: Number(text.slice(0, 4)), month: Number(text.slice(5, 7)), day: Number(text.slice(8)) };
}

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

import type { CalendarDay, TimeOfDay } from '../said.ts';
import type { Grammar, Words } from './grammar.ts';
import { range } from './grammar.ts';
import type { Nouns } from './noun.ts';

/** As in Britain: `one hundred and one`, the day before the month. Hours are those of the twelve-hour clock, which is understood everywhere. */
const small = [
  ...['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'],
  ...['thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen', 'eighteen', 'nineteen'],
];
const tens = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];
const ordinals = ['zeroth', 'first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth', 'eleventh', 'twelfth'];
const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

function below100(value: number): string {
  const unit = value % 10;
  return value < 20 ? small[value]! : unit === 0 ? tens[(value - unit) / 10]! : `${tens[(value - unit) / 10]}-${small[unit]}`;
}

function number(value: number): Words {
  if (value < 100) return [below100(value)];
  const [unit, word] = value < 1000 ? [100, 'hundred'] : [1000, 'thousand'];
  const rest = value % unit;
  return [...number((value - rest) / unit), word, ...(rest === 0 ? [] : rest < 100 ? ['and', ...number(rest)] : number(rest))];
}

function ordinal(value: number): string {
  if (value <= 12) return ordinals[value]!;
  if (value < 20) return `${small[value]}th`;
  return value % 10 === 0 ? `${tens[value / 10]!.slice(0, -1)}ieth` : `${tens[Math.floor(value / 10)]}-${ordinals[value % 10]}`;
}

function time({ hour, minute, second }: TimeOfDay): Words {
  const past = second === undefined ? [] : seconds(second);
  if (minute === 0 && hour % 12 === 0 && second === undefined) return [hour === 0 ? 'midnight' : 'noon'];
  const minutes = minute === 0 ? [] : [minute < 10 ? `oh ${small[minute]}` : below100(minute)];
  return [below100(hour % 12 || 12), ...minutes, hour < 12 ? 'a.m.' : 'p.m.', ...past];
}

function seconds(value: number): Words {
  return value === 0 ? [] : ['and', ...(value === 1 ? [nouns.seconds.one] : [below100(value), nouns.seconds.several])];
}

function date({ year, month, day, weekday }: CalendarDay, isYearSaid: boolean): Words {
  return [weekdays[weekday]!, dayOf(day), monthOf(month), ...(isYearSaid ? yearOf(year) : [])];
}

function dayOf(day: number): string {
  return `the ${ordinal(day)}`;
}

function monthOf(month: number): string {
  return `of ${months[month - 1]}`;
}

/** 1999 is `nineteen ninety-nine`, 2005 `two thousand and five`, 2026 `twenty twenty-six`. */
function yearOf(year: number): Words {
  const rest = year % 100;
  return rest < 10 && year % 1000 < 10 ? number(year) : [below100(Math.floor(year / 100)), ...(rest === 0 ? ['hundred'] : [rest < 10 ? `oh ${small[rest]}` : below100(rest)])];
}

const nouns: Nouns = {
  messages: { none: 'no messages', one: 'one message', several: 'messages', gender: 'neuter' },
  newMessages: { none: 'no new messages', one: 'one new message', several: 'new messages', gender: 'neuter' },
  savedMessages: { none: 'no saved messages', one: 'one saved message', several: 'saved messages', gender: 'neuter' },
  urgentMessages: { none: 'no urgent messages', one: 'one urgent message', several: 'urgent messages', gender: 'neuter' },
  callers: { none: 'no callers', one: 'one caller', several: 'callers', gender: 'neuter' },
  participants: { none: 'no participants', one: 'one participant', several: 'participants', gender: 'neuter' },
  matches: { none: 'no matches', one: 'one match', several: 'matches', gender: 'neuter' },
  hours: { none: 'zero hours', one: 'one hour', several: 'hours', gender: 'neuter' },
  minutes: { none: 'zero minutes', one: 'one minute', several: 'minutes', gender: 'neuter' },
  seconds: { none: 'zero seconds', one: 'one second', several: 'seconds', gender: 'neuter' },
};

const digits = { ...Object.fromEntries(range(0, 9).map((digit) => [digit, small[digit]!])), '*': 'star', '#': 'hash', '+': 'plus' };
const days = { yesterday: 'yesterday', today: 'today', tomorrow: 'tomorrow' };

export const english: Grammar = {
  number,
  ordinal,
  time,
  date,
  digits,
  letters: 'abcdefghijklmnopqrstuvwxyz',
  nouns,
  days,
  and: 'and',
  vocabulary: [
    ...range(0, 99).map(below100),
    ...['hundred', 'thousand', 'and', 'midnight', 'noon', 'a.m.', 'p.m.'],
    ...range(1, 31).flatMap((value) => [ordinal(value), dayOf(value)]),
    ...range(1, 9).map((value) => `oh ${small[value]}`),
    ...weekdays,
    ...range(1, 12).map(monthOf),
  ],
};

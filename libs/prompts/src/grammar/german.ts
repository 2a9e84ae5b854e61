import type { CalendarDay, TimeOfDay } from '../said.ts';
import type { Gender, Grammar, Words } from './grammar.ts';
import { range } from './grammar.ts';
import type { Nouns } from './noun.ts';

const small = [
  ...['null', 'eins', 'zwei', 'drei', 'vier', 'fünf', 'sechs', 'sieben', 'acht', 'neun', 'zehn', 'elf', 'zwölf'],
  ...['dreizehn', 'vierzehn', 'fünfzehn', 'sechzehn', 'siebzehn', 'achtzehn', 'neunzehn'],
];
const tens = ['', '', 'zwanzig', 'dreißig', 'vierzig', 'fünfzig', 'sechzig', 'siebzig', 'achtzig', 'neunzig'];
const weekdays = ['Sonntag', 'Montag', 'Dienstag', 'Mittwoch', 'Donnerstag', 'Freitag', 'Samstag'];
const months = ['Januar', 'Februar', 'März', 'April', 'Mai', 'Juni', 'Juli', 'August', 'September', 'Oktober', 'November', 'Dezember'];

function below100(value: number): string {
  const unit = value % 10;
  if (value < 20) return small[value]!;
  return `${unit === 0 ? '' : `${unit === 1 ? 'ein' : small[unit]}und`}${tens[(value - unit) / 10]}`;
}

/** What counts nothing is `eins`; before a noun only one itself is inflected: `eine Nachricht`, but `hunderteins Nachrichten`. */
function number(value: number, before?: Gender): Words {
  if (value === 1 && before !== undefined) return [before === 'feminine' ? 'eine' : 'ein'];
  if (value < 100) return [below100(value)];
  const [unit, word] = value < 1000 ? [100, 'hundert'] : [1000, 'tausend'];
  const rest = value % unit;
  return [...beforeUnit((value - rest) / unit), word, ...(rest === 0 ? [] : number(rest))];
}

/** `ein`tausend, hundert`ein`tausend. */
function beforeUnit(value: number): Words {
  const words = number(value);
  return words.at(-1) === 'eins' ? [...words.slice(0, -1), 'ein'] : words;
}

function ordinal(value: number): string {
  const irregular: Readonly<Record<number, string>> = { 1: 'erste', 3: 'dritte', 7: 'siebte', 8: 'achte' };
  return irregular[value] ?? `${below100(value)}${value < 20 ? 'te' : 'ste'}`;
}

function time({ hour, minute, second }: TimeOfDay): Words {
  return [hourOf(hour), ...(minute === 0 ? [] : [below100(minute)]), ...(second === undefined || second === 0 ? [] : ['und', ...counted(second)])];
}

function hourOf(hour: number): string {
  return `${hour === 1 ? 'ein' : below100(hour)} Uhr`;
}

function counted(seconds: number): Words {
  return seconds === 1 ? [nouns.seconds.one] : [below100(seconds), nouns.seconds.several];
}

/** `Montag, dritter Mai`: without an article it fits everywhere. */
function date({ year, month, day, weekday }: CalendarDay, isYearSaid: boolean): Words {
  return [weekdays[weekday]!, dayOf(day), months[month - 1]!, ...(isYearSaid ? yearOf(year) : [])];
}

function dayOf(day: number): string {
  return `${ordinal(day)}r`;
}

/** 1999 is `neunzehnhundertneunundneunzig`, 2026 `zweitausendsechsundzwanzig`. */
function yearOf(year: number): Words {
  if (year < 1100 || year >= 2000) return number(year);
  return [below100(Math.floor(year / 100)), 'hundert', ...(year % 100 === 0 ? [] : [below100(year % 100)])];
}

const nouns: Nouns = {
  messages: { none: 'keine Nachrichten', one: 'eine Nachricht', several: 'Nachrichten', gender: 'feminine' },
  newMessages: { none: 'keine neuen Nachrichten', one: 'eine neue Nachricht', several: 'neue Nachrichten', gender: 'feminine' },
  savedMessages: { none: 'keine gespeicherten Nachrichten', one: 'eine gespeicherte Nachricht', several: 'gespeicherte Nachrichten', gender: 'feminine' },
  urgentMessages: { none: 'keine dringenden Nachrichten', one: 'eine dringende Nachricht', several: 'dringende Nachrichten', gender: 'feminine' },
  callers: { none: 'keine Anrufer', one: 'ein Anrufer', several: 'Anrufer', gender: 'masculine' },
  participants: { none: 'keine Teilnehmer', one: 'ein Teilnehmer', several: 'Teilnehmer', gender: 'masculine' },
  matches: { none: 'keine Treffer', one: 'ein Treffer', several: 'Treffer', gender: 'masculine' },
  hours: { none: 'null Stunden', one: 'eine Stunde', several: 'Stunden', gender: 'feminine' },
  minutes: { none: 'null Minuten', one: 'eine Minute', several: 'Minuten', gender: 'feminine' },
  seconds: { none: 'null Sekunden', one: 'eine Sekunde', several: 'Sekunden', gender: 'feminine' },
};

const digits = { ...Object.fromEntries(range(0, 9).map((digit) => [digit, small[digit]!])), '*': 'Stern', '#': 'Raute', '+': 'plus' };
const days = { yesterday: 'gestern', today: 'heute', tomorrow: 'morgen' };

export const german: Grammar = {
  number,
  ordinal,
  time,
  date,
  digits,
  letters: 'abcdefghijklmnopqrstuvwxyzäöüß',
  nouns,
  days,
  and: 'und',
  vocabulary: [
    ...range(0, 99).map(below100),
    ...['ein', 'eine', 'hundert', 'tausend', 'und'],
    ...range(1, 31).flatMap((value) => [ordinal(value), dayOf(value)]),
    ...range(0, 23).map(hourOf),
    ...weekdays,
    ...months,
  ],
};

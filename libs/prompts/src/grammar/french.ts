import type { CalendarDay, TimeOfDay } from '../said.ts';
import type { Gender, Grammar, Words } from './grammar.ts';
import { range } from './grammar.ts';
import type { Nouns } from './noun.ts';

/** As in France: 71 is `soixante et onze`, 81 `quatre-vingt-un`, 91 `quatre-vingt-onze`. */
const small = [
  ...['zéro', 'un', 'deux', 'trois', 'quatre', 'cinq', 'six', 'sept', 'huit', 'neuf', 'dix', 'onze', 'douze'],
  ...['treize', 'quatorze', 'quinze', 'seize', 'dix-sept', 'dix-huit', 'dix-neuf'],
];
const tens = ['', '', 'vingt', 'trente', 'quarante', 'cinquante', 'soixante', 'soixante', 'quatre-vingt', 'quatre-vingt'];
const weekdays = ['dimanche', 'lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi'];
const months = ['janvier', 'février', 'mars', 'avril', 'mai', 'juin', 'juillet', 'août', 'septembre', 'octobre', 'novembre', 'décembre'];

function below100(value: number, before?: Gender): string {
  const ten = Math.floor(value / 10);
  if (value < 20) return value === 1 && before === 'feminine' ? 'une' : small[value]!;
  if (value === 80) return 'quatre-vingts';
  // Seventy and ninety count on from sixty and eighty.
  const rest = ten === 7 || ten === 9 ? value - (ten - 1) * 10 : value % 10;
  if (rest === 0) return tens[ten]!;
  const isJoinedByAnd = (rest === 1 || rest === 11) && ten < 8;
  return `${tens[ten]}${isJoinedByAnd ? ' et ' : '-'}${below100(rest, before)}`;
}

function number(value: number, before?: Gender): Words {
  if (value < 100) return [below100(value, before)];
  if (value < 1000) {
    const [hundreds, rest] = [Math.floor(value / 100), value % 100];
    return [...(hundreds === 1 ? [] : [small[hundreds]!]), hundreds > 1 && rest === 0 ? 'cents' : 'cent', ...(rest === 0 ? [] : number(rest, before))];
  }
  const [thousands, rest] = [Math.floor(value / 1000), value % 1000];
  return [...(thousands === 1 ? [] : beforeThousand(thousands)), 'mille', ...(rest === 0 ? [] : number(rest, before))];
}

/** `mille` is a numeral and no noun: what is before it has no plural (quatre-vingt mille, deux cent mille). */
function beforeThousand(value: number): Words {
  return number(value).map((word) => (word === 'cents' ? 'cent' : word === 'quatre-vingts' ? 'quatre-vingt' : word));
}

function ordinal(value: number): string {
  if (value === 1) return 'premier';
  const cardinal = below100(value);
  if (cardinal.endsWith('cinq')) return `${cardinal}uième`;
  if (cardinal.endsWith('neuf')) return `${cardinal.slice(0, -1)}vième`;
  return `${cardinal.replace(/e$/, '')}ième`;
}

function time({ hour, minute, second }: TimeOfDay): Words {
  const isClockTime = second !== undefined;
  return [hourOf(hour, isClockTime), ...(minute === 0 ? [] : [below100(minute, 'feminine')]), ...(second === undefined || second === 0 ? [] : ['et', ...counted(second)])];
}

function hourOf(hour: number, isClockTime: boolean): string {
  if (!isClockTime && hour === 0) return 'minuit';
  if (!isClockTime && hour === 12) return 'midi';
  return `${below100(hour, 'feminine')} heure${hour < 2 ? '' : 's'}`;
}

function counted(seconds: number): Words {
  return seconds === 1 ? [nouns.seconds.one] : [below100(seconds, 'feminine'), nouns.seconds.several];
}

function date({ year, month, day, weekday }: CalendarDay, isYearSaid: boolean): Words {
  return [weekdays[weekday]!, day === 1 ? 'premier' : below100(day), months[month - 1]!, ...(isYearSaid ? number(year) : [])];
}

const nouns: Nouns = {
  messages: { none: 'aucun message', one: 'un message', several: 'messages', gender: 'masculine' },
  newMessages: { none: 'aucun nouveau message', one: 'un nouveau message', several: 'nouveaux messages', gender: 'masculine' },
  savedMessages: { none: 'aucun message archivé', one: 'un message archivé', several: 'messages archivés', gender: 'masculine' },
  urgentMessages: { none: 'aucun message urgent', one: 'un message urgent', several: 'messages urgents', gender: 'masculine' },
  callers: { none: 'aucun appelant', one: 'un appelant', several: 'appelants', gender: 'masculine' },
  participants: { none: 'aucun participant', one: 'un participant', several: 'participants', gender: 'masculine' },
  matches: { none: 'aucune réponse', one: 'une réponse', several: 'réponses', gender: 'feminine' },
  hours: { none: 'zéro heure', one: 'une heure', several: 'heures', gender: 'feminine' },
  minutes: { none: 'zéro minute', one: 'une minute', several: 'minutes', gender: 'feminine' },
  seconds: { none: 'zéro seconde', one: 'une seconde', several: 'secondes', gender: 'feminine' },
};

const digits = { ...Object.fromEntries(range(0, 9).map((digit) => [digit, small[digit]!])), '*': 'étoile', '#': 'dièse', '+': 'plus' };
const days = { yesterday: 'hier', today: "aujourd'hui", tomorrow: 'demain' };

export const french: Grammar = {
  number,
  ordinal,
  time,
  date,
  digits,
  letters: 'abcdefghijklmnopqrstuvwxyzéèç',
  nouns,
  days,
  and: 'et',
  vocabulary: [
    ...range(0, 99).flatMap((value) => [below100(value), below100(value, 'feminine')]),
    ...['quatre-vingt', 'cent', 'cents', 'mille', 'et', 'premier', 'midi', 'minuit'],
    ...range(1, 31).map(ordinal),
    ...range(0, 23).map((hour) => hourOf(hour, true)),
    ...weekdays,
    ...months,
  ],
};

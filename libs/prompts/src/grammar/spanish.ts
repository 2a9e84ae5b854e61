import type { CalendarDay, TimeOfDay } from '../said.ts';
import type { Gender, Grammar, Words } from './grammar.ts';
import { range } from './grammar.ts';
import type { Nouns } from './noun.ts';

const small = [
  ...['cero', 'uno', 'dos', 'tres', 'cuatro', 'cinco', 'seis', 'siete', 'ocho', 'nueve', 'diez', 'once', 'doce', 'trece', 'catorce', 'quince'],
  ...['dieciséis', 'diecisiete', 'dieciocho', 'diecinueve', 'veinte', 'veintiuno', 'veintidós', 'veintitrés', 'veinticuatro', 'veinticinco'],
  ...['veintiséis', 'veintisiete', 'veintiocho', 'veintinueve'],
];
const tens = ['', '', '', 'treinta', 'cuarenta', 'cincuenta', 'sesenta', 'setenta', 'ochenta', 'noventa'];
const hundreds = ['', 'ciento', 'doscientos', 'trescientos', 'cuatrocientos', 'quinientos', 'seiscientos', 'setecientos', 'ochocientos', 'novecientos'];
const ordinals = ['', 'primero', 'segundo', 'tercero', 'cuarto', 'quinto', 'sexto', 'séptimo', 'octavo', 'noveno', 'décimo', 'undécimo', 'duodécimo'];
const weekdays = ['domingo', 'lunes', 'martes', 'miércoles', 'jueves', 'viernes', 'sábado'];
const months = ['enero', 'febrero', 'marzo', 'abril', 'mayo', 'junio', 'julio', 'agosto', 'septiembre', 'octubre', 'noviembre', 'diciembre'];

function below100(value: number, before?: Gender): string {
  const unit = value % 10;
  const plain = value < 30 ? small[value]! : unit === 0 ? tens[value / 10]! : `${tens[(value - unit) / 10]} y ${small[unit]}`;
  if (before === undefined || unit !== 1 || value === 11) return plain;
  // `uno` loses its vowel before a masculine noun, and with it changes the accent: veintiún.
  if (before === 'feminine') return plain.replace(/uno$/, 'una');
  return value === 21 ? 'veintiún' : plain.replace(/uno$/, 'un');
}

function number(value: number, before?: Gender): Words {
  if (value < 100) return [below100(value, before)];
  if (value === 100) return ['cien'];
  if (value < 1000) return [hundredsOf(Math.floor(value / 100), before), ...(value % 100 === 0 ? [] : number(value % 100, before))];
  const [thousands, rest] = [Math.floor(value / 1000), value % 1000];
  return [...beforeThousand(thousands, before), 'mil', ...(rest === 0 ? [] : number(rest, before))];
}

/** Its hundreds agree with what is counted, a one before `mil` does not: doscientas veintiún mil llamadas. */
function beforeThousand(value: number, before?: Gender): Words {
  if (value === 1) return [];
  if (value === 100) return ['cien'];
  const rest = value % 100;
  return [...(value < 100 ? [] : [hundredsOf((value - rest) / 100, before)]), ...(rest === 0 ? [] : [below100(rest, 'masculine')])];
}

function hundredsOf(hundred: number, before?: Gender): string {
  return before === 'feminine' ? hundreds[hundred]!.replace(/os$/, 'as') : hundreds[hundred]!;
}

function ordinal(value: number): string {
  if (value <= 12) return ordinals[value]!;
  if (value < 20) return `decimo${ordinals[value - 10]}`.replace('oo', 'o');
  const ten = value < 30 ? 'vigésimo' : 'trigésimo';
  return value % 10 === 0 ? ten : `${ten} ${ordinals[value % 10]}`;
}

/** Of the twelve-hour clock, with the part of the day: `las tres y quince de la tarde`. */
function time({ hour, minute, second }: TimeOfDay): Words {
  const past = second === undefined || second === 0 ? [] : ['y', ...counted(second)];
  return [hourOf(hour), ...(minute === 0 ? (second === undefined ? ['en punto'] : []) : [minuteOf(minute)]), partOfDay(hour), ...past];
}

function hourOf(hour: number): string {
  const twelve = hour % 12 || 12;
  return twelve === 1 ? 'la una' : `las ${small[twelve]}`;
}

function minuteOf(minute: number): string {
  return `y ${below100(minute)}`;
}

function partOfDay(hour: number): string {
  return hour < 6 ? 'de la madrugada' : hour < 12 ? 'de la mañana' : hour === 12 ? 'del mediodía' : hour < 20 ? 'de la tarde' : 'de la noche';
}

function counted(seconds: number): Words {
  return seconds === 1 ? [nouns.seconds.one] : [below100(seconds, 'masculine'), nouns.seconds.several];
}

function date({ year, month, day, weekday }: CalendarDay, isYearSaid: boolean): Words {
  return [weekdays[weekday]!, day === 1 ? 'primero' : below100(day), monthOf(month), ...(isYearSaid ? ['de', ...number(year)] : [])];
}

function monthOf(month: number): string {
  return `de ${months[month - 1]}`;
}

const nouns: Nouns = {
  messages: { none: 'ningún mensaje', one: 'un mensaje', several: 'mensajes', gender: 'masculine' },
  newMessages: { none: 'ningún mensaje nuevo', one: 'un mensaje nuevo', several: 'mensajes nuevos', gender: 'masculine' },
  savedMessages: { none: 'ningún mensaje guardado', one: 'un mensaje guardado', several: 'mensajes guardados', gender: 'masculine' },
  urgentMessages: { none: 'ningún mensaje urgente', one: 'un mensaje urgente', several: 'mensajes urgentes', gender: 'masculine' },
  callers: { none: 'ninguna llamada', one: 'una llamada', several: 'llamadas', gender: 'feminine' },
  participants: { none: 'ningún participante', one: 'un participante', several: 'participantes', gender: 'masculine' },
  matches: { none: 'ningún resultado', one: 'un resultado', several: 'resultados', gender: 'masculine' },
  hours: { none: 'cero horas', one: 'una hora', several: 'horas', gender: 'feminine' },
  minutes: { none: 'cero minutos', one: 'un minuto', several: 'minutos', gender: 'masculine' },
  seconds: { none: 'cero segundos', one: 'un segundo', several: 'segundos', gender: 'masculine' },
};

const digits = { ...Object.fromEntries(range(0, 9).map((digit) => [digit, small[digit]!])), '*': 'asterisco', '#': 'almohadilla', '+': 'más' };
const days = { yesterday: 'ayer', today: 'hoy', tomorrow: 'mañana' };

export const spanish: Grammar = {
  number,
  ordinal,
  time,
  date,
  digits,
  letters: 'abcdefghijklmnopqrstuvwxyzñ',
  nouns,
  days,
  and: 'y',
  vocabulary: [
    ...range(0, 99).flatMap((value) => [below100(value), below100(value, 'masculine'), below100(value, 'feminine')]),
    ...['cien', 'mil', 'y', 'de', 'primero', 'en punto'],
    ...range(1, 9).flatMap((hundred) => [hundredsOf(hundred), hundredsOf(hundred, 'feminine')]),
    ...range(1, 31).map(ordinal),
    ...range(0, 23).flatMap((hour) => [hourOf(hour), partOfDay(hour)]),
    ...range(1, 59).map(minuteOf),
    ...weekdays,
    ...range(1, 12).map(monthOf),
  ],
};

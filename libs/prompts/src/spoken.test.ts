import { describe, expect, it } from 'vitest';
import { languages } from './language.ts';
import type { Said } from './said.ts';
import { aloud } from './testing/aloud.ts';

const quarterPastThree = { hour: 15, minute: 15 };
const today = { year: 2026, month: 11, day: 23 };

describe.each<[string, Said, Record<'en' | 'de' | 'fr' | 'es', string>]>([
  ['no message', { number: 0, of: 'newMessages' }, { en: 'no new messages.', de: 'keine neuen Nachrichten.', fr: 'aucun nouveau message.', es: 'ningún mensaje nuevo.' }],
  ['one message', { number: 1, of: 'newMessages' }, { en: 'one new message.', de: 'eine neue Nachricht.', fr: 'un nouveau message.', es: 'un mensaje nuevo.' }],
  ['two messages', { number: 2, of: 'newMessages' }, { en: 'two new messages.', de: 'zwei neue Nachrichten.', fr: 'deux nouveaux messages.', es: 'dos mensajes nuevos.' }],
  ['21 messages', { number: 21, of: 'messages' }, { en: 'twenty-one messages.', de: 'einundzwanzig Nachrichten.', fr: 'vingt et un messages.', es: 'veintiún mensajes.' }],
  ['31 callers', { number: 31, of: 'callers' }, { en: 'thirty-one callers.', de: 'einunddreißig Anrufer.', fr: 'trente et un appelants.', es: 'treinta y una llamadas.' }],
  ['a number too great for words', { number: 1_234_567 }, { en: 'one two three … four five six seven.', de: 'eins zwei drei … vier fünf sechs sieben.', fr: 'un deux trois … quatre cinq six sept.', es: 'uno dos tres … cuatro cinco seis siete.' }],
  ['an extension', { digits: '105' }, { en: 'one zero five.', de: 'eins null fünf.', fr: 'un zéro cinq.', es: 'uno cero cinco.' }],
  ['a code', { digits: '*21#' }, { en: 'star two one hash.', de: 'Stern zwei eins Raute.', fr: 'étoile deux un dièse.', es: 'asterisco dos uno almohadilla.' }],
  ['a number as it is written', { digits: '+44 20 79' }, { en: 'plus four four … two zero … seven nine.', de: 'plus vier vier … zwei null … sieben neun.', fr: 'plus quatre quatre … deux zéro … sept neuf.', es: 'más cuatro cuatro … dos cero … siete nueve.' }],
  ['a quarter past three', { time: quarterPastThree }, { en: 'three fifteen p.m.', de: 'fünfzehn Uhr fünfzehn.', fr: 'quinze heures quinze.', es: 'las tres y quince de la tarde.' }],
  ['one at night', { time: { hour: 1, minute: 0 } }, { en: 'one a.m.', de: 'ein Uhr.', fr: 'une heure.', es: 'la una en punto de la madrugada.' }],
  ['five past midnight', { time: { hour: 0, minute: 5 } }, { en: 'twelve oh five a.m.', de: 'null Uhr fünf.', fr: 'minuit cinq.', es: 'las doce y cinco de la madrugada.' }],
  ['noon', { time: { hour: 12, minute: 0 } }, { en: 'noon.', de: 'zwölf Uhr.', fr: 'midi.', es: 'las doce en punto del mediodía.' }],
  ['21:01', { time: { hour: 21, minute: 1 } }, { en: 'nine oh one p.m.', de: 'einundzwanzig Uhr eins.', fr: 'vingt et une heures une.', es: 'las nueve y uno de la noche.' }],
  ['a clock’s time', { time: { hour: 15, minute: 3, second: 10 } }, { en: 'three oh three p.m. and ten seconds.', de: 'fünfzehn Uhr drei und zehn Sekunden.', fr: 'quinze heures trois et dix secondes.', es: 'las tres y tres de la tarde y diez segundos.' }],
  ['a Monday in May', { date: { year: 2026, month: 5, day: 4, weekday: 1 }, today }, { en: 'Monday the fourth of May.', de: 'Montag vierter Mai.', fr: 'lundi quatre mai.', es: 'lunes cuatro de mayo.' }],
  ['the first of another year', { date: { year: 2027, month: 1, day: 1, weekday: 5 }, today }, { en: 'Friday the first of January twenty twenty-seven.', de: 'Freitag erster Januar zwei tausend siebenundzwanzig.', fr: 'vendredi premier janvier deux mille vingt-sept.', es: 'viernes primero de enero de dos mil veintisiete.' }],
  ['a year of the last century', { date: { year: 1999, month: 12, day: 31, weekday: 5 } }, { en: 'Friday the thirty-first of December nineteen ninety-nine.', de: 'Freitag einunddreißigster Dezember neunzehn hundert neunundneunzig.', fr: 'vendredi trente et un décembre mille neuf cent quatre-vingt-dix-neuf.', es: 'viernes treinta y uno de diciembre de mil novecientos noventa y nueve.' }],
  ['yesterday, over a month’s end', { date: { year: 2026, month: 2, day: 28, weekday: 6 }, today: { year: 2026, month: 3, day: 1 } }, { en: 'yesterday.', de: 'gestern.', fr: 'hier.', es: 'ayer.' }],
  ['today', { date: { ...today, weekday: 1 }, today }, { en: 'today.', de: 'heute.', fr: "aujourd'hui.", es: 'hoy.' }],
  ['tomorrow, over a year’s end', { date: { year: 2027, month: 1, day: 1, weekday: 5 }, today: { year: 2026, month: 12, day: 31 } }, { en: 'tomorrow.', de: 'morgen.', fr: 'demain.', es: 'mañana.' }],
  ['the third', { ordinal: 3 }, { en: 'third.', de: 'dritte.', fr: 'troisième.', es: 'tercero.' }],
  ['how long', { durationS: 3665 }, { en: 'one hour and one minute.', de: 'eine Stunde und eine Minute.', fr: 'une heure et une minute.', es: 'una hora y un minuto.' }],
  ['21 minutes', { durationS: 21 * 60 + 2 }, { en: 'twenty-one minutes and two seconds.', de: 'einundzwanzig Minuten und zwei Sekunden.', fr: 'vingt et une minutes et deux secondes.', es: 'veintiún minutos y dos segundos.' }],
  ['no time', { durationS: 0.4 }, { en: 'zero seconds.', de: 'null Sekunden.', fr: 'zéro seconde.', es: 'cero segundos.' }],
  ['a name', { spelled: 'Gräf 7' }, { en: 'g r a f … seven.', de: 'g r ä f … sieben.', fr: 'g r a f … sept.', es: 'g r a f … siete.' }],
])('%s', (_, said, expected) => {
  it.each(languages)('in %s', (language) => {
    expect(aloud([said], language)).toBe(expected[language]);
  });
});

it('the voice falls at the end of a sentence alone', () => {
  const sentence: readonly Said[] = [{ phrase: 'voicemail.reached' }, { digits: '12' }, { phrase: 'voicemail.isUnavailable' }];
  expect(aloud(sentence, 'en')).toBe('You have reached extension one two. Nobody can take your call now.');
  expect(aloud([{ phrase: 'directory.press' }, { number: 1 }, { phrase: 'directory.for' }, { file: 'names/a.wav' }], 'en')).toBe('Press one for <names/a.wav>');
  expect(aloud([{ digits: '1' }, { file: 'names/a.wav' }], 'en')).toBe('one <names/a.wav>');
  expect(aloud([{ digits: '1' }, { silenceMs: 500 }, { digits: '2' }], 'en')).toBe('one. … two.');
});

it('somebody’s own recording wins, and of a word stands for both of its forms', () => {
  const uploads = ['uploads/en/voicemail.full.wav', 'uploads/en/words/one.wav', 'uploads/en/words/two.wav', 'uploads/en/words/two.end.wav'];
  expect(aloud([{ phrase: 'voicemail.full' }, { digits: '121' }], 'en', uploads)).toBe('<uploads/en/voicemail.full.wav> <uploads/en/words/one.wav> <uploads/en/words/two.wav> <uploads/en/words/one.wav>');
  expect(aloud([{ digits: '2' }], 'en', uploads)).toBe('<uploads/en/words/two.end.wav>');
  expect(aloud([{ phrase: 'voicemail.full' }], 'de', uploads)).toBe('Dieses Postfach ist voll.');
});

it('a prompt of the configuration is its file, and one that is none is nothing', () => {
  expect(aloud([{ prompt: 'known' }, { prompt: 'unknown' }], 'en')).toBe('<uploads/known.wav>');
});

it.each<Said>([
  { digits: '' },
  { digits: 'abc' },
  { digits: '__proto__' },
  { spelled: 'Ω漢🙂' },
  { number: Number.NaN },
  { number: Number.POSITIVE_INFINITY },
  { time: { hour: 24, minute: 0 } },
  { time: { hour: 1, minute: 61 } },
  { time: { hour: 1.5, minute: 0 } },
  { date: { year: 2026, month: 13, day: 1, weekday: 0 } },
  { date: { year: 2026, month: 1, day: 1, weekday: 7 } },
  { durationS: Number.NaN },
  { durationS: -1 },
])('what cannot be said is left out: %j', (said) => {
  for (const language of languages) expect(aloud([said], language)).toBe('');
});

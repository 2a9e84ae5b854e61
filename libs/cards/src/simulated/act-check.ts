import { anything, type Check, type Fields, isRecord, nullable, number, oneOf, optional, record, text, variant, whole } from '../json-check.ts';
import type { ActRefusal, SimulatorAct } from './simulator-act.ts';

/** Whether something from outside is an act, with every value in its range. Never throws; unknown fields are refused. */
export function checkAct(act: unknown): { readonly ok: true; readonly act: SimulatorAct } | { readonly ok: false; readonly refusal: ActRefusal } {
  const problem = problemOf(act);
  return problem === null ? { ok: true, act: act as SimulatorAct } : { ok: false, refusal: { code: 'badAct', text: problem } };
}

function problemOf(act: unknown): string | null {
  if (!isRecord(act)) return 'An act is an object.';
  const acts = typeof act['on'] === 'string' && Object.hasOwn(actsOn, act['on']) ? actsOn[act['on'] as keyof typeof actsOn] : null;
  if (acts === null) return `on: one of ${Object.keys(actsOn).join(', ')}.`;
  const does = act['do'];
  const fields = typeof does === 'string' && Object.hasOwn(acts, does) ? (acts as Readonly<Record<string, Fields>>)[does] : undefined;
  if (fields === undefined) return `do: one of ${Object.keys(acts).join(', ')}.`;
  const to: Fields = act['on'] === 'card' ? { card: serial } : { port };
  return record({ on: anything, do: anything, ...to, ...fields })(act, '');
}

const serial = text(/^.{1,64}$/u, "a card's serial");
const port = record({ card: serial, port: whole(1, 32) });
export const spokenTone = record({ frequencyHz: number(200, 3_600), levelDbm0: optional(number(-60, 0)) });
const absent: Fields = { absent: oneOf('private', 'unavailable') };

/** Shown, or why not. */
function callerPart(shown: Check): Check {
  return (value, name) => record(isRecord(value) && 'absent' in value ? absent : { shown })(value, name);
}

const pulses = /^[0-9]{1,64}$/;
const dial: Fields = {
  digits: text(/^[0-9*#A-D]{1,64}$/, 'at most 64 of 0–9, *, # and A–D'),
  by: optional(oneOf('dtmf', 'pulse')),
};

export const answerPolicy = variant('is', { answered: { afterRings: whole(0, 100), supervision: oneOf('reversal', 'none') }, noAnswer: {}, busy: {}, congestion: {}, unobtainable: {}, dead: {} });
const toneName = oneOf('dial', 'secondDial', 'stutterDial', 'ringing', 'busy', 'congestion', 'numberUnobtainable', 'specialInformation', 'callWaiting', 'offHook');
export const farEnd = variant('by', { openLoop: { ms: number(20, 10_000) }, polarity: {}, tone: { tone: toneName }, dialTone: {}, silence: {} });
export const hum = record({ hz: oneOf(50, 60), levelDbm0: number(-80, -10) });

const actsOn = {
  telephone: { lift: {}, hangUp: {}, flash: { ms: optional(number(20, 2_000)) }, dial, speak: { tone: nullable(spokenTone) } },
  line: {
    call: { number: optional(callerPart(text(/^\+?[0-9*#]{1,20}$/, 'at most 20 digits'))), name: optional(callerPart(text(/^.{1,50}$/u, 'at most 50 characters'))), pattern: optional(text(/^.{1,64}$/u, "the name of one of the line's patterns")) },
    policy: { policy: answerPolicy },
    speak: { tone: nullable(spokenTone) },
    hangUp: { by: optional(farEnd) },
    battery: { battery: oneOf('on', 'off') },
    polarity: { polarity: oneOf('normal', 'reversed') },
    lamp: { lamp: oneOf('on', 'off', 'blinks') },
  },
  wire: {
    cut: {},
    repair: {},
    parallelSet: { hook: oneOf('off', 'on') },
    spike: { voltsRms: optional(number(1, 2_000)), ms: optional(number(0.125, 1_000)) },
    ringBleed: { voltsRms: optional(number(1, 120)), hz: optional(number(10, 100)), ms: optional(number(1, 60_000)) },
    lightning: {},
    noise: { levelDbm0: nullable(number(-80, -10)) },
    hum: { hum: nullable(hum) },
  },
  card: { pull: {}, insert: {}, drift: { ppm: number(-10_000, 10_000) } },
} as const satisfies Record<string, Readonly<Record<string, Fields>>>;

/** Whether digits can be dialled by pulses. */
export function arePulseDigits(digits: string): boolean {
  return pulses.test(digits);
}

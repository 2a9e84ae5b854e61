import { type Check, isRecord, list, map, nullable, number, oneOf, optional, record, text, variant, whole } from '../json-check.ts';
import { gaugeNames } from '../loop-calculator.ts';
import { impedanceNames } from '../twin/impedance.ts';
import { answerPolicy, farEnd, hum, spokenTone } from './act-check.ts';
import type { SimulatorPlan } from './simulator-plan.ts';

/** Whether something from outside is a plan that can be. Never throws; the text says where it is not, and what should be there. */
export function checkPlan(plan: unknown): { readonly ok: true; readonly plan: SimulatorPlan } | { readonly ok: false; readonly text: string } {
  const problem = record({ cards: list(card, 1, 32) })(plan, '') ?? repeatedSerial(plan as SimulatorPlan);
  return problem === null ? { ok: true, plan: plan as SimulatorPlan } : { ok: false, text: problem };
}

function repeatedSerial({ cards }: SimulatorPlan): string | null {
  const repeated = cards.findIndex(({ serial }, index) => cards.findIndex((other) => other.serial === serial) < index);
  return repeated < 0 ? null : `cards[${repeated}].serial: another card has it.`;
}

const ms = number(1, 600_000);
const flag = oneOf(true, false);
const label = text(/^.{1,64}$/u, 'at most 64 characters');

const gauge = oneOf(...gaugeNames);
const km = number(0, 100);
const temperatureC = optional(number(-60, 90));
const section = record({ gauge, km, temperatureC, bridgedTap: optional(record({ gauge, km, temperatureC })) });
const sections = list(section, 1, 32);
const cable: Check = (value, name) => (Array.isArray(value) ? sections : section)(value, name);
const wire = record({ cable, disturbance: optional(record({ noiseDbm0: nullable(number(-80, -10)), hum: nullable(hum) })), seed: optional(whole(0, 2 ** 31)) });

const limitAmperes = optional(number(0.001, 1));
const feed = record({ volts: number(1, 120), ohms: number(1, 10_000), limitAmperes });
const load = record({ volts: number(0, 20), ohms: number(1, 10_000), limitAmperes });
const impedance = oneOf(...impedanceNames);

const cadence = list(record({ onMs: number(50, 10_000), offMs: number(50, 30_000) }), 1, 16);
const ringing = record({ voltsRms: number(1, 150), hz: number(10, 100), ohms: optional(number(0, 10_000)), cadence, patterns: optional(map(cadence)) });

const segment = record({
  frequenciesHz: list(number(20, 4_000), 0, 4),
  modulation: optional(record({ frequencyHz: number(1, 1_000), depth: number(0, 1) })),
  sweepToHz: optional(number(20, 4_000)),
  levelDb: optional(number(-60, 20)),
  durationMs: nullable(ms),
});
const tone = record({ segments: list(segment, 1, 64), repeatFrom: optional(nullable(whole(0, 63))) });
const maybe = optional(tone);
const tones = record({
  dial: tone, ringing: tone, busy: tone, secondDial: maybe, stutterDial: maybe, congestion: maybe, numberUnobtainable: maybe, specialInformation: maybe, callWaiting: maybe, offHook: maybe,
});

const code = text(/^[A-D*#]$/, 'one of A–D, * and #');
const codes = record({
  number: list(code, 1, 4),
  redirecting: optional(code),
  information: code,
  reasons: map(oneOf('unavailable', 'private')),
  unknownNumber: optional(text(/^[0-9]{1,20}$/, 'at most 20 digits')),
  end: list(code, 1, 4),
});
const place = oneOf('betweenRings', 'afterShortRing', 'beforeRinging', 'afterReversal', 'afterDualTone', 'afterReversalAndDualTone', 'afterRingPulse', 'afterReversalAndBursts');
const parity = optional(oneOf('none', 'even', 'odd', 'ignored'));
const callerId = variant('by', {
  fsk: { standard: oneOf('gr30', 'tia777', 'etsi', 'sin227', 'ntt'), modulation: oneOf('bell202', 'v23'), place, format: optional(oneOf('sdmf', 'mdmf')), parity, levelDbm0: optional(number(-50, -5)) },
  dtmf: { place, start: code, end: code, codes: optional(codes) },
  request: {},
  none: {},
});

const line = record({
  number: label,
  wire,
  feed: optional(feed),
  impedance: optional(impedance),
  ringing,
  tones,
  toneLevelDbm0: optional(number(-60, 0)),
  callerId,
  disconnect: list(farEnd, 1, 16),
  dialling: optional(
    record({
      pulses: optional(oneOf('taken', 'ignored')),
      dialToneAfterMs: optional(ms),
      seizureMs: optional(ms),
      secondDialToneAfter: optional(text(/^[0-9*#]{1,20}$/, 'at most 20 digits')),
      digits: optional(nullable(whole(1, 32))),
      pauseMs: optional(ms),
    }),
  ),
  policy: optional(answerPolicy),
  numbers: optional(list(record({ digits: text(/^[0-9*#]{1,20}$/, 'at most 20 digits'), policy: answerPolicy }), 0, 100)),
  partyTone: optional(nullable(spokenTone)),
});

const display = record({ fsk: nullable(oneOf('bell-202', 'v23')), parity, dtmf: nullable(codes), callWaiting: flag, seizesForIt: optional(flag) });
const telephone = record({ name: label, wire, ren: optional(number(0, 20)), impedance: optional(impedance), load: optional(load), display: optional(nullable(display)) });

const kinds = variant('kind', { fxo: { line: nullable(line) }, fxs: { telephone: nullable(telephone) } });
const port: Check = (value, name) => (value === null || isRecord(value) ? nullable(kinds)(value, name) : `${name}: an object, or null.`);
const card = record({ serial: label, slot: optional(label), ppm: optional(number(-10_000, 10_000)), ports: list(port, 1, 32) });

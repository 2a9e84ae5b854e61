import type { LineOverrides } from '@tipring/config';
import type { Tone } from '@tipring/dsp';
import type { Region } from '@tipring/line';
import { AnalogOffice, lineId, type OfficePort } from '../testbed/analog-office.ts';
import { countryLine, type HangUpKind, hangUpKindsOf } from '../testbed/country-line.ts';
import { quiet } from '../testbed/ip-phone.ts';
import { anyMedia } from '../testbed/office-controller.ts';
import { talking } from '../testbed/voices.ts';

/** The far end of a call hangs up, in one of the ways its country's exchanges have of showing it. */
export interface HangUpTrial {
  readonly region: Region;
  readonly kind: HangUpKind;
  /** Who called. */
  readonly begun: 'outside' | 'phone';
  /** What the phone does when it hears that: somebody holds his tongue; an announcement goes on. */
  readonly near: 'falls silent' | 'talks on';
  /** In place of the country's threshold. */
  readonly denialMs?: number;
}

export interface HangUpResult {
  /** `US dial tone`, `GB battery denial 100 ms, called by us` */
  readonly name: string;
  /** From the far end's hang-up until the port told that it is on hook; null: not within the time, or no call came about. */
  readonly tookMs: number | null;
  /** In words, as the record of the call has it. */
  readonly evidence: string;
  /** What is not as it should be; '' when all is. */
  readonly wrong: string;
}

export function trialsOf(region: Region, { begun = 'outside', near = 'falls silent' }: Partial<Pick<HangUpTrial, 'begun' | 'near'>> = {}): readonly HangUpTrial[] {
  return hangUpKindsOf(region).filter(({ by }) => near === 'falls silent' || by.by !== 'silence').map((kind) => ({ region, kind, begun, near }));
}

/** Each on a line of its own, `atOnce` of them in one office. */
export function runHangUps(trials: readonly HangUpTrial[], atOnce = 32): HangUpResult[] {
  // Those that take long in one office.
  const sorted = trials.toSorted((a, b) => limitMs(a) - limitMs(b) || a.begun.localeCompare(b.begun));
  const results: HangUpResult[] = [];
  for (let from = 0; from < sorted.length; from += atOnce) results.push(...runOffice(sorted.slice(from, from + atOnce)));
  return results;
}

/**
 * Three seconds, and 40 ms for how finely this bed looks. Where silence is all there is, its configured time; where a tone needs longer than two
 * seconds to be heard twice, that and a second (requirement SEED-13: the mechanism's time and a second).
 */
export function limitMs({ kind }: HangUpTrial): number {
  if (kind.by.by === 'silence') return silenceMs + 1_000;
  const twiceMs = 2 * Math.max(...Object.values(kind.tones).map(cycleMs), 0);
  return Math.max(2_000, twiceMs) + 1_040;
}

/** 0: it is continuous. */
export function cycleMs({ segments, repeatFrom }: Tone): number {
  const ms = segments.slice(repeatFrom ?? 0).reduce((sum, { durationMs }) => sum + (durationMs ?? Infinity), 0);
  return Number.isFinite(ms) ? ms : 0;
}

function runOffice(trials: readonly HangUpTrial[]): HangUpResult[] {
  const office = new AnalogOffice(trials.map(portOf));
  office.phone.answersAfterMs = 200;
  office.phone.voiceOf = talking;
  trials.forEach(({ begun }, index) => {
    const n = index + 1;
    if (begun === 'outside') office.act({ on: 'line', port: office.idOf(n), do: 'call' });
    else office.controller.exchange.offer(office.ledger.offer(office.phone.offer(`9${String(n).padStart(2, '0')}5551234`, { number: '2001' }, anyMedia)));
  });
  const isUp = (n: number): boolean => office.line(n).state === 'up';
  const mouths = trials.map((_, index) => talking(index + 5));
  const said = new Int16Array(160);
  const speak = (): void => {
    trials.forEach((_, index) => {
      mouths[index]!(said);
      office.simulator.line(office.idOf(index + 1))?.say(said.slice());
    });
    office.pass(20);
  };
  // He who is called says who he is, then the other one talks.
  for (let ms = 0; ms < 40_000 && !trials.every((_, index) => isUp(index + 1)); ms += 20) office.pass(20);
  office.pass(greetingMs);
  for (const call of office.phone.calls) call.voice = quiet;
  for (let ms = 0; ms < talkMs; ms += 20) speak();
  const begun = trials.map((_, index) => isUp(index + 1));
  trials.forEach(({ kind, near }, index) => {
    const n = index + 1;
    if (begun[index] === true) office.act({ on: 'line', port: office.idOf(n), do: 'hangUp', by: kind.by });
    const call = near === 'talks on' ? office.phoneCallOf(n) : undefined;
    if (call !== undefined) call.voice = talking(n);
  });
  const took: (number | null)[] = trials.map(() => null);
  const longest = Math.max(...trials.map(limitMs)) + 5_000;
  for (let ms = 0; ms <= longest && took.includes(null); ms += 20) {
    trials.forEach((_, index) => {
      if (begun[index] === true && office.line(index + 1).hook === 'on') took[index] ??= ms;
    });
    office.pass(20);
  }
  office.pass(100);
  const results = trials.map((trial, index) => resultOf(office, trial, index + 1, begun[index] === true, took[index] ?? null));
  office.close();
  return results;
}

function resultOf(office: AnalogOffice, trial: HangUpTrial, n: number, wasUp: boolean, tookMs: number | null): HangUpResult {
  const { region, kind, begun } = trial;
  const record = office.recordOf(n);
  const leg = record?.legs.find(({ endpoint }) => endpoint === lineId(n));
  const evidence = leg?.evidence?.text ?? '';
  const wrong = [
    ...(wasUp ? [] : ['never answered']),
    ...(wasUp && (tookMs === null || tookMs > limitMs(trial)) ? [`on-hook after ${tookMs ?? 'more than that'} ms`] : []),
    ...(!wasUp || (kind.evidence.test(evidence) && leg?.cause === (kind.by.by === 'silence' ? 'recoveryOnTimerExpiry' : 'normalClearing')) ? [] : [`evidence "${evidence}", cause ${leg?.cause ?? 'none'}`]),
    ...office.controller.bugs,
  ].join('; ');
  return { name: `${region.code} ${kind.name}${begun === 'phone' ? ', called by us' : ''}${trial.near === 'talks on' ? ', phone talks on' : ''}`, tookMs, evidence, wrong };
}

function portOf({ region, kind, begun, denialMs }: HangUpTrial): OfficePort {
  const isSilence = kind.by.by === 'silence';
  const plug = countryLine(region, { number: '5550100', tones: kind.tones, partyTone: null, policy: { is: 'answered', afterRings: 1, supervision: 'none' }, ...(begun === 'outside' ? { callerId: null } : {}) });
  const overrides: LineOverrides = {
    ...(denialMs === undefined ? {} : { disconnect: { battery: { denialMs } } }),
    ...(isSilence ? { disconnect: { silence: { ms: silenceMs } } } : {}),
    // Nobody there sends one here: the call is offered with its first ring.
    callerId: { modems: [] },
  };
  return { kind: 'line', region: region.code, plug, overrides };
}

export const silenceMs = 12_000;
const greetingMs = 2_500;
const talkMs = 2_000;

import type { AnswerPolicy, Cable, ExchangeCallerId, ExchangeLinePlan, ExchangeToneName, ExchangeTones, FarEnd, RingBurst } from '@tipring/cards';
import { dtmfCallerIdPlans, type Tone } from '@tipring/dsp';
import { type CallerIdScheme, type DisconnectSignal, isUnknownRegion, type Region, regionOf, type RingCadence, toneNames, valuesOf } from '@tipring/line';

/* What the exchange of a country does on its lines, as the simulator wants it. */

/** Throws for a country that is not known. */
export function regionNamed(code: string): Region {
  const region = regionOf(code);
  if (isUnknownRegion(region)) throw new Error(`${code} is unknown`);
  return region;
}

export interface CountryLine {
  readonly number: string;
  readonly cable?: Cable;
  readonly policy?: AnswerPolicy;
  readonly callerId?: CallerIdScheme | null;
  /** In place of what the country's exchanges play. */
  readonly tones?: { readonly [name in ExchangeToneName]?: Tone };
  readonly ring?: RingCadence;
  readonly partyTone?: ExchangeLinePlan['partyTone'];
}

export function countryLine(region: Region, { number, cable = { gauge: '0.5 mm', km: 1 }, policy, callerId = region.callerId?.is ?? null, tones = {}, ring, partyTone }: CountryLine): ExchangeLinePlan {
  const { ringing } = region;
  return {
    number,
    wire: { cable, disturbance: { noiseDbm0: -65, hum: null } },
    impedance: northAmerican.has(region.code) ? '900+2.16µF' : '270+750∥150nF',
    ringing: { voltsRms: 80, hz: ringing?.frequency?.is.hz ?? 25, cadence: burstsOf(ring ?? ringOf(region)) },
    tones: { ...tonesOf(region), ...tones },
    callerId: callerId === null ? { by: 'none' } : schemeOf(callerId, region.code),
    disconnect: [{ by: 'silence' }],
    dialling: { digits: null, pauseMs: 3_000 },
    ...(policy === undefined ? {} : { policy }),
    ...(partyTone === undefined ? {} : { partyTone }),
  };
}

/** As its telephones ring; where that is not known, as ringing tone is heard. */
export function ringOf({ ringing, tones }: Region): RingCadence {
  return ringing?.cadence.is ?? tones.ringing.tone.segments.map(({ durationMs }) => durationMs ?? 0);
}

export interface HangUpKind {
  /** In words. */
  readonly name: string;
  readonly by: FarEnd;
  /** What the exchange has in place of its ordinary tone of that name. */
  readonly tones: { readonly [name in ExchangeToneName]?: Tone };
  /** Of the evidence in the record. */
  readonly evidence: RegExp;
}

/** All that a country's lines are known to do when the far end hangs up; besides, everywhere: busy and congestion tone as played there, dial tone, and nothing at all. */
export function hangUpKindsOf(region: Region): readonly HangUpKind[] {
  const signals = valuesOf(region.supervision?.disconnect).flat();
  const named = new Set<ExchangeToneName>(['busy', ...(region.tones.congestion === undefined ? [] : ['congestion' as const]), ...signals.flatMap((signal) => (signal.by === 'tone' && signal.tone !== 'dial' && region.tones[signal.tone] !== undefined ? [signal.tone] : []))]);
  const denials = new Set(signals.flatMap((signal: DisconnectSignal) => (signal.by === 'batteryDenial' ? [signal.ms] : [])));
  return [
    ...[...denials].map((ms): HangUpKind => ({ name: `battery denial ${ms} ms`, by: { by: 'openLoop', ms }, tones: {}, evidence: /^battery denial/ })),
    ...(signals.some(({ by }) => by === 'polarityReversal') ? [{ name: 'polarity reversal', by: { by: 'polarity' }, tones: {}, evidence: /^polarity reversal/ } satisfies HangUpKind] : []),
    ...[...named].flatMap((name) => playedAs(region, name).map((tone, n): HangUpKind => ({ name: `${name} tone${n === 0 ? '' : `, another (${n})`}`, by: { by: 'tone', tone: name }, tones: { [name]: tone }, evidence: /tone/ }))),
    ...playedAs(region, 'dial').map((tone, n): HangUpKind => ({ name: `dial tone${n === 0 ? '' : `, another (${n})`}`, by: { by: 'dialTone' }, tones: { dial: tone }, evidence: /tone/ })),
    { name: 'silence', by: { by: 'silence' }, tones: {}, evidence: /nothing heard from either side for/ },
  ];
}

export function schemeOf(scheme: CallerIdScheme, code: string): ExchangeCallerId {
  if (scheme.by === 'fsk') return scheme.standard === 'ntt' ? { ...scheme, parity: 'even' } : scheme;
  if (scheme.by !== 'dtmf') return scheme;
  const codes = dtmfCallerIdPlans[code];
  return codes === undefined ? scheme : { ...scheme, codes };
}

function playedAs({ tones }: Region, name: ExchangeToneName): readonly Tone[] {
  const fact = tones[name];
  return fact === undefined ? [] : [fact.tone, ...(fact.alternates ?? [])];
}

function tonesOf({ tones }: Region): ExchangeTones {
  const { dial, ringing, busy } = tones;
  const all = toneNames.flatMap((name) => (tones[name] === undefined ? [] : [[name, tones[name].tone] as const]));
  return { ...(Object.fromEntries(all) as Partial<ExchangeTones>), dial: dial.tone, ringing: ringing.tone, busy: busy.tone };
}

function burstsOf(cadence: RingCadence): readonly RingBurst[] {
  return Array.from({ length: Math.floor(cadence.length / 2) }, (_, n) => ({ onMs: cadence[2 * n]!, offMs: cadence[2 * n + 1]! }));
}

const northAmerican: ReadonlySet<string> = new Set(['US', 'CA', 'PR', 'GU', 'VI']);

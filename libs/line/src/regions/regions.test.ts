import { describe, expect, test } from 'vitest';
import type { Tone } from '@tipring/dsp';
import type { Region } from './region.ts';
import { toneNames, type ToneFact, type ToneName } from './tone-plan.ts';
import { isUnknownRegion, regionOf, regions } from './regions.ts';
import { soundAlike } from './tone-likeness.ts';

const detector = { frequency: 0.02, cadence: 0.15 };
const factsOf = ({ tones }: Region): (readonly [ToneName, ToneFact])[] => toneNames.flatMap((name) => (tones[name] === undefined ? [] : [[name, tones[name]] as const]));
const heardAs = ({ tone, alternates = [] }: ToneFact): readonly Tone[] => [tone, ...alternates];

test('at least sixty countries are known, each once, by its ISO 3166-1 code', () => {
  const codes = regions.map(({ code }) => code);
  expect(codes.length).toBeGreaterThanOrEqual(60);
  expect(new Set(codes).size).toBe(codes.length);
  expect(new Set(regions.map(({ name }) => name)).size).toBe(codes.length);
  for (const code of codes) expect(code).toMatch(/^[A-Z]{2}$/);
  // Unicode's list of regions is that of ISO 3166-1.
  const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
  expect(codes.filter((code) => names.of(code) === undefined)).toEqual([]);
});

test('a country is found by its code, however it is written, and an unknown one is refused by type', () => {
  const found = regionOf('de');
  expect(isUnknownRegion(found)).toBe(false);
  expect(found).toMatchObject({ code: 'DE', name: 'Germany' });
  for (const code of ['XX', '', 'DEU', 'toString']) expect(regionOf(code)).toEqual({ unknownRegion: code });
});

describe.each(regions.map((region) => [region.code, region] as const))('%s', (_, region) => {
  test('has dial, ringing and busy tone, and nothing that has no name', () => {
    expect(Object.keys(region.tones)).toEqual(expect.arrayContaining(['dial', 'ringing', 'busy']));
    expect(Object.keys(region.tones).filter((name) => !toneNames.includes(name as ToneName))).toEqual([]);
  });

  test('every tone can be heard on a telephone line', () => {
    for (const [name, fact] of factsOf(region)) for (const tone of heardAs(fact)) expect({ name, faults: faultsOf(tone) }).toEqual({ name, faults: [] });
  });

  test('every fact says where it is from, and a disputed one what the others say', () => {
    for (const [, { source, confidence, alternates, tolerance }] of factsOf(region)) {
      expect(source.length).toBeGreaterThan(10);
      expect(['standard', 'common', 'disputed']).toContain(confidence);
      expect((alternates ?? []).length > 0).toBe(confidence === 'disputed');
      if (tolerance === undefined) continue;
      expect(tolerance.frequencyHz).toBeGreaterThan(0);
      expect(tolerance.frequencyHz).toBeLessThanOrEqual(50);
      if (tolerance.cadence !== undefined) expect(tolerance.cadence).toBeLessThan(0.25);
    }
  });

  test('an alternate is one that a detector would not have taken for the tone anyhow', () => {
    for (const [name, fact] of factsOf(region)) {
      const heard = heardAs(fact);
      const needless = heard.filter((tone, index) => heard.slice(0, index).some((earlier) => soundAlike(earlier, tone, detector)));
      expect({ name, needless }).toEqual({ name, needless: [] });
    }
  });

  test('tones that a detector of ±2 % and ±15 % takes for each other are said to be the same, and no others', () => {
    const facts = factsOf(region);
    const pairs = facts.flatMap(([a, factA], index) => facts.slice(index + 1).map(([b, factB]) => ({ a, factA, b, factB })));
    const alike = pairs.filter(({ factA, factB }) => heardAs(factA).some((one) => heardAs(factB).some((other) => soundAlike(one, other, detector))));
    const said = pairs.filter(({ a, factA, b, factB }) => factA.sameAs?.includes(b) === true || factB.sameAs?.includes(a) === true);
    const names = (found: typeof pairs): readonly string[] => found.map(({ a, b }) => `${a} ${b}`);
    expect(names(said)).toEqual(names(alike));
  });
});

test('what is written alike sounds alike, from wherever it is heard on', () => {
  const bursts = (...onOff: readonly number[]): Tone => ({ segments: onOff.map((durationMs, index) => ({ frequenciesHz: index % 2 === 0 ? [425] : [], durationMs })) });
  const steady = (...frequenciesHz: readonly number[]): Tone => ({ segments: [{ frequenciesHz, durationMs: null }] });
  const alike = (a: Tone, b: Tone): boolean => soundAlike(a, b, detector) && soundAlike(b, a, detector);
  expect(alike(bursts(500, 500), bursts(500, 500, 500, 500))).toBe(true);
  expect(alike(bursts(700, 800, 200, 300), bursts(200, 300, 700, 800))).toBe(true);
  expect(alike(bursts(500, 500), bursts(430, 570))).toBe(true);
  expect(alike(bursts(500, 500), bursts(400, 400))).toBe(false);
  expect(alike(bursts(500, 500), bursts(500, 500, 500, 1_000))).toBe(false);
  expect(alike(steady(425), steady(418))).toBe(true);
  expect(alike(steady(425), steady(413))).toBe(false);
  expect(alike(steady(425), bursts(500, 50))).toBe(false);
  expect(alike(steady(375, 400, 425), { segments: [{ frequenciesHz: [400], modulation: { frequencyHz: 25, depth: 1 }, durationMs: null }] })).toBe(true);
  const stutter: Tone = { segments: [...bursts(100, 100).segments, ...steady(425).segments], repeatFrom: 2 };
  expect(alike(stutter, steady(425))).toBe(false);
  expect(alike(stutter, stutter)).toBe(true);
});

/** 20 Hz … 4 kHz, four frequencies at most, durations of 5 ms … 20 s, a period of at most 30 s, never silence alone. */
function faultsOf({ segments, repeatFrom = 0 }: Tone): readonly string[] {
  const faults: string[] = [];
  for (const [index, { frequenciesHz, modulation, durationMs, levelDb = 0 }] of segments.entries()) {
    if (frequenciesHz.length > 4 || frequenciesHz.some((hz) => !(hz >= 20 && hz <= 4_000))) faults.push(`frequencies of ${index}`);
    if (new Set(frequenciesHz).size !== frequenciesHz.length) faults.push(`one frequency twice in ${index}`);
    if (modulation !== undefined && (frequenciesHz.length !== 1 || !(modulation.frequencyHz >= 10 && modulation.frequencyHz <= 60 && modulation.depth > 0 && modulation.depth <= 1))) faults.push(`modulation of ${index}`);
    if (durationMs === null ? index !== segments.length - 1 || frequenciesHz.length === 0 : !(durationMs >= 5 && durationMs <= 20_000)) faults.push(`duration of ${index}`);
    if (levelDb > 0 || levelDb < -20) faults.push(`level of ${index}`);
  }
  if (repeatFrom !== null && !(repeatFrom >= 0 && repeatFrom < segments.length)) faults.push('repeats from nowhere');
  if (!segments.slice(repeatFrom ?? 0).some(({ frequenciesHz }) => frequenciesHz.length > 0)) faults.push('silence');
  if (segments.slice(repeatFrom ?? 0).reduce((sum, { durationMs }) => sum + (durationMs ?? 0), 0) > 30_000) faults.push('period');
  return faults;
}

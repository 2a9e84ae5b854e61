import { expect, test } from 'vitest';
import { callerIds } from './caller-id/caller-ids.ts';
import { dialings } from './dialing/dialings.ts';
import { terminations } from './electrical/terminations.ts';
import { valuesOf } from './fact.ts';
import { isComplete, profileFacts } from './profile-facts.ts';
import { isUnknownRegion, regionOf, regions } from './regions.ts';
import { ringings } from './ringing/ringings.ts';
import { supervisions } from './supervision/supervisions.ts';

const everyFact = regions.flatMap((region) => [...profileFacts(region)].map(([name, fact]) => ({ where: `${region.code} ${name}`, fact })));

test('the lines of at least 60 countries are known, half of them with the frequency of their ringing', () => {
  expect(regions.filter(isComplete).length).toBeGreaterThanOrEqual(60);
  expect(regions.filter(({ ringing }) => ringing?.frequency !== undefined).length).toBeGreaterThanOrEqual(60);
});

test('whatever is listed for a country is found by its code', () => {
  for (const table of [callerIds, dialings, ringings, supervisions, terminations]) {
    for (const code of Object.keys(table)) expect(isUnknownRegion(regionOf(code)), code).toBe(false);
  }
});

test('what is not known of a country is absent, not empty', () => {
  const region = regionOf('CF');
  expect(isUnknownRegion(region)).toBe(false);
  expect(Object.keys(region).sort()).toEqual(['code', 'name', 'tones']);
});

test('every fact names its source, which says where to look', () => {
  expect(everyFact.filter(({ fact }) => fact.source.length < 7 || fact.source.trim() !== fact.source).map(({ where }) => where)).toEqual([]);
});

test('a disputed fact has alternates, what is standard or common has none', () => {
  const wrong = everyFact.filter(({ fact: { confidence, alternates = [] } }) => confidence !== 'reported' && (confidence === 'disputed') !== alternates.length > 0);
  expect(wrong.map(({ where }) => where)).toEqual([]);
});

test('alternates and operators of their own differ from what comes first, and from one another', () => {
  const distinct = everyFact.map(({ where, fact }) => ({ where, texts: valuesOf(fact).map((value) => JSON.stringify(value)) }));
  expect(distinct.filter(({ texts }) => new Set(texts).size !== texts.length).map(({ where }) => where)).toEqual([]);
});

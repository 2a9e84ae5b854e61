import { expect, test } from 'vitest';
import { valuesOf } from '../fact.ts';
import { isUnknownRegion, regionOf } from '../regions.ts';
import { supervisions } from './supervisions.ts';

const all = Object.entries(supervisions).map(([code, { disconnect }]) => ({ code, lists: valuesOf(disconnect) }));

test('a tone that says that the far end hung up is in the tone plan of the country', () => {
  for (const { code, lists } of all) {
    const region = regionOf(code);
    if (isUnknownRegion(region)) throw new Error(`${code} is unknown.`);
    for (const signal of lists.flat()) if (signal.by === 'tone') expect(region.tones[signal.tone], `${code} ${signal.tone}`).toBeDefined();
  }
});

test('no tone of a call that is being set up says that it is over', () => {
  for (const { code, lists } of all) {
    for (const signal of lists.flat()) if (signal.by === 'tone') expect(['busy', 'congestion', 'numberUnobtainable', 'specialInformation', 'dial', 'offHook'], code).toContain(signal.tone);
  }
});

test('battery denial is as long as the arbiter can be told to wait for, 50 to 3000 ms', () => {
  const denials = all.flatMap(({ lists }) => lists.flat()).filter((signal) => signal.by === 'batteryDenial');
  expect(denials.length).toBeGreaterThan(0);
  for (const { ms } of denials) {
    expect(ms).toBeGreaterThanOrEqual(50);
    expect(ms).toBeLessThanOrEqual(3000);
  }
});

test('a list of signals has each once, and nothing after none', () => {
  for (const { code, lists } of all) {
    for (const signals of lists) {
      expect(new Set(signals.map((signal) => JSON.stringify(signal))).size, code).toBe(signals.length);
      expect(signals.length, code).toBeGreaterThan(0);
      expect(signals.slice(0, -1).every(({ by }) => by !== 'none'), code).toBe(true);
    }
  }
});

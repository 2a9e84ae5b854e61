import { expect, test } from 'vitest';
import { calculateLoop, longestOhms } from './loop-calculator.ts';
import { gauges } from './twin/cable.ts';

const kmOf = (ohms: number): number => ohms / gauges['AWG 26'].ohms;

test.each([
  { feed: { volts: 48, ohms: 400 }, ohms: 1_800, awg24: 10.7, awg26: 6.7 },
  { feed: { volts: 24, ohms: 200 }, ohms: 800, awg24: 4.7, awg26: 3.0 },
])('with $feed.volts V behind $feed.ohms Ω, a set of 200 Ω and 20 mA there may be $ohms Ω of cable', ({ feed, ohms, awg24, awg26 }) => {
  expect(longestOhms(feed, { volts: 0, ohms: 200 }, 0.02)).toBeCloseTo(ohms, 6);
  const longest = (gauge: 'AWG 24' | 'AWG 26'): number => calculateLoop({ cable: { gauge, km: 1 }, feed, ren: 0 }).longestKm;
  // As published, to a tenth of a kilometre.
  expect(Math.abs(longest('AWG 24') - awg24)).toBeLessThan(0.12);
  expect(Math.abs(longest('AWG 26') - awg26)).toBeLessThan(0.15);
});

test('a loop of 1500 Ω is marginal, one of 4000 Ω fails and says why', () => {
  const marginal = calculateLoop({ cable: { gauge: 'AWG 26', km: kmOf(1_500) } });
  expect(marginal.loopMilliamps).toBeCloseTo(48_000 / 2_100, 2);
  expect(marginal.verdict).toBe('marginal');
  const failing = calculateLoop({ cable: { gauge: 'AWG 26', km: kmOf(4_000) } });
  expect(failing.loopMilliamps).toBeCloseTo(48_000 / 4_600, 2);
  expect(failing.verdict).toBe('fail');
  expect(failing.explanation).toContain('10.4 mA');
});

test('a short loop is good, and many bells on a long one limit it by ringing', () => {
  expect(calculateLoop({ cable: { gauge: 'AWG 24', km: 1 } }).verdict).toBe('good');
  const bells = calculateLoop({ cable: { gauge: 'AWG 26', km: 4 }, ren: 5 });
  expect(bells.limitedBy).toBe('ringing');
  const atLimit = calculateLoop({ cable: { gauge: 'AWG 26', km: bells.longestKm }, ren: 5 });
  expect(atLimit.ringVoltsRms).toBeCloseTo(40, 1);
});

test('a warm cable carries less current', () => {
  const at = (temperatureC: number): number => calculateLoop({ cable: { gauge: 'AWG 26', km: 4, temperatureC } }).loopMilliamps;
  expect(at(50)).toBeLessThan(at(20));
});

import { describe, expect, test } from 'vitest';
import { isUnknownRegion, regionOf, regions } from '../regions/regions.ts';
import { toneNames } from '../regions/tone-plan.ts';
import type { Region } from '../regions/region.ts';
import { alice, Station } from './fxs-bed.ts';
import { fxsSettings } from './region-settings.ts';
import { stationTone } from './station-tones.ts';

describe.each(regions.map((region) => [region.code, region] as const))('a station in %s', (_, region) => {
  test('is told who calls where its country tells it, and then rings', () => {
    const settings = fxsSettings(region);
    const station = new Station(settings).say({ type: 'ring', call: alice });
    for (let step = 0; step < 4; step++) station.wait(500).say({ type: 'ringBurstEnded', burst: step + 1 });
    if (station.at === 'announcing' && settings.callerId.place === 'afterReversalAndBursts') station.say('offHook');
    station.wait(700).say('dataSent', 'onHook').wait(500);
    const told = station.does();
    expect(told.filter((word) => word.startsWith('caller ID'))).toHaveLength(settings.callerId.place === 'none' ? 0 : 1);
    expect(told.some((word) => word.startsWith(`ring ${settings.ringing.cadence.join('/')}`))).toBe(true);
    expect(station.at).toBe('ringing');
  });

  test('hears something by every name, and call waiting tone for two seconds at most', () => {
    for (const name of toneNames) expect(stationTone(region.tones, name).segments.length).toBeGreaterThan(0);
    const { burstMs, pauseMs } = fxsSettings(region).callWaiting;
    expect(burstMs).toBeGreaterThanOrEqual(40);
    expect(burstMs).toBeLessThanOrEqual(2_000);
    expect(pauseMs).toBeGreaterThanOrEqual(3_000);
  });
});

test('the nearest tone stands in for one that a country does not have', () => {
  const { dial, ringing, busy } = known('US').tones;
  const least = { dial, ringing, busy };
  expect(stationTone(least, 'stutterDial')).toBe(dial.tone);
  expect(stationTone(least, 'congestion')).toBe(busy.tone);
  expect(stationTone(least, 'numberUnobtainable')).toBe(busy.tone);
  const { specialInformation } = known('US').tones;
  expect(stationTone({ ...least, specialInformation: specialInformation! }, 'numberUnobtainable')).toBe(specialInformation!.tone);
});

test('the end of a call is told as lines of the country tell it, but never by dial tone', () => {
  expect(fxsSettings(known('US')).supervision).toMatchObject({ openLoopMs: 600, toneAtEnd: 'congestion' });
  expect(fxsSettings(known('GB')).supervision).toMatchObject({ openLoopMs: 100, toneAtEnd: 'numberUnobtainable' });
  expect(fxsSettings(known('DE')).supervision).toMatchObject({ openLoopMs: 0, toneAtEnd: 'busy' });
});

function known(code: string): Region {
  const region = regionOf(code);
  if (isUnknownRegion(region)) throw new Error(`${code} is unknown`);
  return region;
}

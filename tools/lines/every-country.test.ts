import { expect, test } from 'vitest';
import type { FarEnd } from '@tipring/cards';
import { dtmfCallerIdPlans } from '@tipring/dsp';
import { type Region, regionalFxoSettings, regions, valuesOf } from '@tipring/line';
import { linePort, LineOnTwin } from './line-on-twin.ts';
import { callerIdOf, hangUpsOf, regionalLine } from './regional-line.ts';

// The whole way: a simulated exchange as the country has it, the line twin with two and a half kilometres of cable, the detectors, and the machine of the line.

const wire = { cable: [{ gauge: '0.4 mm', km: 1.5, bridgedTap: { gauge: '0.4 mm', km: 0.2 } }, { gauge: '0.5 mm', km: 1 }], disturbance: { noiseDbm0: -60, hum: { hz: 50, levelDbm0: -60 } } } as const;
const number = { shown: '5551234' };

const schemes = regions.flatMap((region) =>
  region.callerId === undefined ? [] : valuesOf(region.callerId).filter((scheme) => scheme.by === 'fsk' || scheme.by === 'dtmf').map((scheme) => ({ region, code: region.code, scheme, by: scheme.by, place: scheme.place })),
);

test.each(schemes)('$code, caller ID by $by $place: the call is offered with the number, before the second ring is over', ({ region, code, scheme }) => {
  const line = new LineOnTwin(region, regionalLine(region, { wire, callerId: callerIdOf(code, scheme) }), regionalFxoSettings(region), dtmfCallerIdPlans[code] ?? null);
  expect(line.simulator.act({ on: 'line', port: linePort, do: 'call', number }).ok).toBe(true);
  line.until(() => line.offer !== null, 15_000);
  expect(line.offer?.number).toEqual(number);
  const { call } = line.simulator.state().lines[0]!;
  expect([call.at, call.at === 'ringing' && call.bursts <= 3]).toEqual(['ringing', true]);
  line.close();
});

const unknown = regions.filter(({ callerId }) => callerId === undefined || callerId.is.by === 'none' || callerId.is.by === 'request');

test.each(unknown.map((region) => ({ region, code: region.code })))('$code: a call without caller ID is offered all the same', ({ region }) => {
  const line = new LineOnTwin(region, regionalLine(region, { wire, callerId: { by: 'none' } }), regionalFxoSettings(region), null);
  line.simulator.act({ on: 'line', port: linePort, do: 'call', number });
  expect(line.until(() => line.offer !== null, 12_000)).not.toBeNull();
  line.close();
});

const hangUps = regions.flatMap((region) => hangUpsOf(region).filter(({ by }) => by !== 'silence').map((by) => ({ region, code: region.code, by, how: 'tone' in by ? by.tone : 'ms' in by ? `${by.by} of ${by.ms} ms` : by.by })));

test.each(hangUps)('$code: the far end hangs up by $how, and the line is on hook within three seconds, or two cycles of a tone that is slower', ({ region, by }) => {
  const settings = regionalFxoSettings(region);
  const line = new LineOnTwin(region, regionalLine(region, { wire, callerId: { by: 'none' } }), { ...settings, callerId: { ...settings.callerId, offeredAtRing: 1 } }, null);
  line.simulator.act({ on: 'line', port: linePort, do: 'call', number });
  line.until(() => line.offer !== null, 12_000);
  line.push({ type: 'answer', at: line.timers.now() });
  expect(line.until(() => line.at === 'up', 2_000)).not.toBeNull();
  line.timers.advance(2_500);
  expect([line.at, line.told]).toEqual(['up', []]);
  expect(line.simulator.act({ on: 'line', port: linePort, do: 'hangUp', by }).ok).toBe(true);
  const ms = line.until(() => !['up', 'flashing', 'recalled'].includes(line.at), 10_000);
  expect(ms, line.told.join('; ')).not.toBeNull();
  expect(ms!).toBeLessThanOrEqual(Math.max(3_000, 2 * cycleMs(region, by) + 500));
  // The exchange takes a loop for released when it has been open for 1.1 s, and with battery.
  line.timers.advance(2_500);
  expect(line.simulator.state().lines[0]!.seized).toBe(false);
  line.close();
});

/** Of the cadence; 0 for what is none. */
function cycleMs({ tones }: Region, by: FarEnd): number {
  const tone = by.by === 'tone' ? tones[by.tone]?.tone : undefined;
  return tone === undefined ? 0 : tone.segments.slice(tone.repeatFrom ?? 0).reduce((sum, { durationMs }) => sum + (durationMs ?? 0), 0);
}

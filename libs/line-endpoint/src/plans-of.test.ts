import { buildSnapshot, emptyRows, firstSettings, type Line, type LineOverrides, type Snapshot, type Station, type StationOverrides } from '@tipring/config';
import { regions } from '@tipring/line';
import { describe, expect, test } from 'vitest';
import { plansOf } from './plans-of.ts';

const versioned = { version: 1, createdAt: '2026-11-22T18:00:00.000Z', updatedAt: '2026-11-22T18:00:00.000Z' };

describe('a station', () => {
  test('has what its country has, and its extension’s number and name', () => {
    const plan = stationPlan('US');
    expect(plan).toMatchObject({ id: id('sta', 1), port: 'SIM-1/2', extension: '101', displayName: 'Anna', codec: 'PCMU', isFax: false, callerId: { by: 'fsk', modem: 'bell-202' } });
    expect(plan?.settings).toMatchObject({ isEnabled: true, ringing: { cadence: [2000, 4000] }, callerId: { place: 'betweenRings' } });
    expect(plan?.portSettings).toMatchObject({ law: 'PCMU', impedance: '600' });
  });

  test('differs where it is told to, and only there', () => {
    const usual = stationPlan('DE');
    const plan = stationPlan('DE', {
      dialing: { map: '[1-8]xx|0x.T', byPulse: false, terminator: 'off' },
      hotline: { number: '112', delayMs: 3_000 },
      ringing: { cadence: [500, 500], voltsRms: 75 },
      callWaiting: { isEnabled: false },
      messageWaiting: { lamp: true },
      supervision: { openLoopMs: 250 },
      flash: { leastMs: 70, mostMs: 130 },
      impedance: '900',
      gains: { sendDb: -3 },
      echo: 'off',
    });
    expect(plan?.settings).toMatchObject({
      dialing: { byPulse: false, byDtmf: true, terminator: null }, hotline: { number: '112', delayMs: 3_000 }, callWaiting: { isEnabled: false }, messageWaiting: { lamp: true, stutterTone: true },
      ringing: { cadence: [500, 500], patterns: usual?.settings.ringing.patterns }, supervision: { ...usual?.settings.supervision, openLoopMs: 250 },
    });
    expect(plan?.settings.dialing.map?.patterns).toHaveLength(2);
    expect(plan?.hook).toMatchObject({ flash: { leastMs: 70, mostMs: 130 }, pulse: null });
    expect(plan?.portSettings).toMatchObject({ impedance: '900', ringVoltsRms: 75 });
    expect(plan?.treatment).toMatchObject({ echo: null, sendGainDb: -3, receiveGainDb: 0 });
    expect(Object.keys(plan?.settings ?? {})).toEqual(Object.keys(usual?.settings ?? {}));
  });

  test('dials emergency numbers whatever its digit map says', () => {
    const [plan] = plansOf(snapshot({ region: 'DE', overrides: { dialing: { map: '[2-8]xx' } } }, { region: 'US' }), ['110', '112']).stations;
    expect(plan?.settings.dialing.map).toMatchObject({ emergency: expect.arrayContaining(['110', '112']) as unknown });
  });

  test('that is to show nobody shows nobody, and is told nothing while it talks', () => {
    const plan = stationPlan('GB', { callerId: { isEnabled: false } });
    expect(plan).toMatchObject({ callerId: null, settings: { callerId: { place: 'none' }, callWaiting: { callerId: false } } });
  });

  test('of NTT’s form is not sent what it could not read; of a country with DTMF it is sent that', () => {
    expect(stationPlan('JP')).toMatchObject({ callerId: null, settings: { callerId: { place: 'none' } } });
    expect(stationPlan('DK')).toMatchObject({ callerId: { by: 'dtmf' }, settings: { callerId: { place: 'beforeRinging' } } });
    expect(stationPlan('DE')).toMatchObject({ callerId: { by: 'fsk', modem: 'v23' } });
  });

  test('that is a fax is not told of other calls, unless it is to be', () => {
    expect(stationPlan('US', {}, 'fax')).toMatchObject({ isFax: true, settings: { callWaiting: { isEnabled: false } } });
    expect(stationPlan('US', { callWaiting: { isEnabled: true } }, 'fax')?.settings.callWaiting.isEnabled).toBe(true);
  });
});

describe('a line', () => {
  test('has what its country has: ringing, caller ID, tones, the ways to hang up, the network at its end', () => {
    const plan = linePlan('GB');
    expect(plan).toMatchObject({ id: id('lin', 1), port: 'SIM-1/3', isEnabled: true, inboundNumber: '101', codec: 'PCMA', learns: false });
    expect(plan?.portSettings).toMatchObject({ impedance: '320+1050∥230nF', dcTermination: { currentLimit: true } });
    expect(plan?.tones.map(({ id: name }) => name)).toEqual(expect.arrayContaining(['dial', 'busy', 'ringing']));
    expect(plan?.treatment.tones).toBe(plan?.tones);
    expect(plan?.settings).toMatchObject({ calls: 'both', callerId: { announcedBy: expect.arrayContaining(['polarityReversal']) as unknown } });
  });

  test('differs where it is told to; what is switched off is off, what is said of a kind switches it on', () => {
    const plan = linePlan('US', {
      callerId: { offeredAtRing: 4 }, dialing: { by: 'pulse' }, answer: { voiceMs: 'off', longestMs: 60_000 },
      disconnect: { battery: { denialMs: 90 }, polarity: 'off', tone: { names: ['operator-busy'] }, silence: { ms: 30_000 } },
      learnedTones: [{ id: 'operator-busy', tone: { segments: [{ frequenciesHz: [400], durationMs: 300 }, { frequenciesHz: [], durationMs: 300 }] } }],
      dcTermination: { lineVolts: 3.1 }, flashMs: 90,
    });
    expect(plan?.settings).toMatchObject({
      callerId: { offeredAtRing: 4 }, dialing: { by: 'pulse', digitMs: 100 }, answer: { voiceMs: null, longestMs: 60_000 }, flashMs: 90,
      disconnect: { battery: { denialMs: 90, confidence: 0.99 }, polarity: null, tone: { names: ['operator-busy'], cycles: 2 }, silence: { ms: 30_000 } },
    });
    expect(plan?.tones.at(-1)?.id).toBe('operator-busy');
    expect(plan?.portSettings).toMatchObject({ dcTermination: { lineVolts: 3.1, currentLimit: false } });
  });

  test('dials emergency numbers though it makes no calls, or nobody has tried it', () => {
    for (const change of [{ outbound: null }, { isCommissioned: false }]) expect(plansOf(snapshot({}, change), ['911']).lines[0]?.settings).toMatchObject({ calls: 'incoming', emergency: ['911'] });
  });

  test('that nobody has tried makes no calls, and no call on it lasts over two hours; it listens for tones that nobody knows', () => {
    expect(linePlan('US', {}, { isCommissioned: false })).toMatchObject({ learns: true, settings: { calls: 'incoming', longestMs: 7_200_000 } });
    expect(linePlan('US', {}, { outbound: null })?.settings.calls).toBe('incoming');
    expect(linePlan('US', {}, { inbound: null })?.inboundNumber).toBe(null);
    expect(linePlan('US', {}, { inbound: { type: 'number', number: '9110' } })?.inboundNumber).toBe('9110');
  });
});

test('every country that is known comes to a plan of both, whose caller ID can be sent and fits its place', () => {
  for (const { code } of regions) {
    const [station, line] = [stationPlan(code), linePlan(code)];
    expect([station?.tones.dial, line?.settings.ring.cadences.length], code).toEqual([expect.anything(), expect.any(Number)]);
    expect(station?.callerId === null, code).toBe(station?.settings.callerId.place === 'none');
  }
});

function stationPlan(region: string, overrides: StationOverrides = {}, kind: Station['kind'] = 'telephone') {
  const [plan] = plansOf(snapshot({ region, overrides, kind }, { region: 'US' })).stations;
  return plan;
}

function linePlan(region: string, overrides: LineOverrides = {}, more: Partial<Line> = {}) {
  const [plan] = plansOf(snapshot({ region: 'US' }, { region, overrides, ...more })).lines;
  return plan;
}

function snapshot(station: Partial<Station>, line: Partial<Line>): Snapshot {
  const extension = { id: id('ext', 1), key: 'anna', number: '101', displayName: 'Anna', ringTimeoutMs: 30_000, ...versioned };
  const outcome = buildSnapshot({
    ...emptyRows(firstSettings('tipring', versioned.createdAt)),
    extensions: [extension],
    devices: [],
    stations: [{ id: id('sta', 1), key: 'one', displayName: 'One', extensionId: extension.id, port: { card: 'SIM-1', port: 2 }, region: 'US', kind: 'telephone', isEnabled: true, overrides: {}, ...versioned, ...station }],
    lines: [{ id: id('lin', 1), key: 'main', displayName: 'Main', port: { card: 'SIM-1', port: 3 }, region: 'US', isEnabled: true, isCommissioned: true, inbound: { type: 'extension', id: extension.id }, outbound: { prefix: '9' }, overrides: {}, ...versioned, ...line }],
  });
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
  return outcome.value;
}

function id(kind: string, n: number): string {
  return `${kind}_${String(n).padStart(26, '0')}`;
}

import { buildSnapshot, type ConfigurationRows, emptyRows, firstSettings, type InboundRoute, type Line, type LineGroup, type LineOverrides, type OutboundRoute, type Snapshot, type Station, type StationOverrides, usualExtension } from '@tipring/config';
import { dialled, regions } from '@tipring/line';
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

  test('may dial whatever has an internal number, and codes with what belongs behind them', () => {
    const parkingLot = { id: id('plt', 1), key: 'lot', number: '700', displayName: 'Lot', slots: { first: '7001', last: '7009' }, timeoutMs: 60_000, otherwise: null, musicClassId: null, ...versioned };
    const [plan] = plansOf(snapshot({}, {}, { parkingLots: [parkingLot] })).stations;
    const is = (digits: string) => dialled(plan!.settings.dialing.map!, digits, 'longest');
    expect(['700', '7001', '*68', '*887001', '*88700', '**101', '*72', '*721', '*49'].map(is)).toEqual(['pausing', 'complete', 'complete', 'complete', 'pausing', 'pausing', 'pausing', 'pausing', 'impossible']);
  });

  test('of an extension without call waiting is busy while it talks', () => {
    const { extensions } = snapshot({}, {});
    const [extension] = extensions.values();
    const [plan] = plansOf(snapshot({}, {}, { extensions: [{ ...extension!, isCallWaiting: false }] })).stations;
    expect(plan?.settings.callWaiting.isEnabled).toBe(false);
  });

  test('that is a door phone or an amplifier does not consult, and is hung up by an open loop; an amplifier is played nothing but calls', () => {
    const settings = { callWaiting: { isEnabled: false }, recall: { consults: false }, messageWaiting: { stutterTone: false }, supervision: { openLoopMs: 600, howlerMs: 0 } };
    expect(stationPlan('DE', {}, 'door')).toMatchObject({ settings: { ...settings, isLoudspeaker: false } });
    expect(stationPlan('DE', {}, 'paging')).toMatchObject({ callerId: null, settings: { ...settings, isLoudspeaker: true } });
    expect(stationPlan('DE')).toMatchObject({ settings: { recall: { consults: true, withTwo: 'choice', transfers: true }, isLoudspeaker: false } });
    expect(stationPlan('DE', { recall: { withTwo: 'swap', transfers: false } })).toMatchObject({ settings: { recall: { consults: true, withTwo: 'swap', transfers: false } } });
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

  test('dials emergency numbers though nobody has tried it', () => {
    expect(plansOf(snapshot({}, { isCommissioned: false }), ['911']).lines[0]?.settings).toMatchObject({ calls: 'incoming', emergency: ['911'] });
  });

  test('that nobody has tried makes no calls, and no call on it lasts over two hours; it listens for tones that nobody knows', () => {
    expect(linePlan('US', {}, { isCommissioned: false })).toMatchObject({ learns: true, settings: { calls: 'incoming', longestMs: 7_200_000 } });
    expect(linePlan('US')?.settings.calls).toBe('both');
  });

  test('is called by its own number, else by what its calls come to, else by none', () => {
    const number = { type: 'number', number: '9110' } as const;
    expect(linePlan('US', {}, { inbound: number })).toMatchObject({ inboundNumber: '9110', isAnswered: true });
    expect(linePlan('US', {}, { inbound: number, number: '+12125550123' })?.inboundNumber).toBe('+12125550123');
    expect(linePlan('US', {}, { inbound: { type: 'refusal', as: 'busy' } })).toMatchObject({ inboundNumber: '', isAnswered: true });
  });
});

describe('whether a line that rings is anybody’s', () => {
  const via = (carriers: InboundRoute['match']['via'], change: Partial<InboundRoute> = {}): InboundRoute => ({
    id: id('inr', 1), key: 'in', displayName: 'In', position: 0, isEnabled: true, match: { via: carriers, called: [], callers: [], anonymous: null, schedule: null },
    destination: { type: 'extension', id: id('ext', 1) }, callerNamePrefix: null, ...versioned, ...change,
  });
  const group: LineGroup = { id: id('lgr', 1), key: 'main', displayName: 'Main', lines: [id('lin', 1)], hunt: 'linear', fromTheEnd: false, tariff: null, ...versioned };

  test.each<[string, readonly InboundRoute[], boolean]>([
    ['no route, no inbound', [], false],
    ['a route for all', [via([])], true],
    ['a route for all that is switched off', [via([], { isEnabled: false })], false],
    ['a route for this line', [via([{ type: 'line', id: id('lin', 1) }])], true],
    ['a route for a group it is in', [via([{ type: 'lineGroup', id: id('lgr', 1) }])], true],
  ])('%s', (_name, inboundRoutes, expected) => {
    const [plan] = plansOf(snapshot({}, { inbound: null }, { inboundRoutes, lineGroups: [group] })).lines;
    expect(plan).toMatchObject({ isAnswered: expected, inboundNumber: '' });
  });
});

test('a station dials behind the site’s prefix and those of routes, and what routes without one say', () => {
  const route = (n: number, prefix: string, numbers: readonly string[], isEnabled = true): OutboundRoute => ({
    id: id('out', n), key: `out-${n}`, displayName: 'Out', position: 0, isEnabled, match: { prefix, numbers: [...numbers], classes: [], callers: [], schedule: null }, pinSetId: null, order: 'listed',
    attempts: [{ via: { type: 'line', id: id('lin', 1) }, number: null, shown: null }], ...versioned,
  });
  const [plan] = plansOf(snapshot({}, {}, { outboundRoutes: [route(4, '8', []), route(1, '7', []), route(2, '', ['0[1-9]x.', '118']), route(3, '6', [], false)] }), ['911']).stations;
  const map = plan!.settings.dialing.map!;
  const ends = (digits: string): string => dialled(map, digits, 'longest');
  expect(['9555', '8555', '7555', '0301234', '00', '118', '101', '6555', '911', '7911', '9911'].map(ends)).toEqual([
    'pausing', 'pausing', 'pausing', 'pausing', 'impossible', 'complete', 'complete', 'impossible', 'complete', 'complete', 'complete',
  ]);
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

function snapshot(station: Partial<Station>, line: Partial<Line>, more: Partial<ConfigurationRows> = {}): Snapshot {
  const extension = { id: id('ext', 1), key: 'anna', number: '101', displayName: 'Anna', ...usualExtension, ...versioned };
  const outcome = buildSnapshot({
    ...emptyRows(firstSettings('tipring', versioned.createdAt)),
    extensions: [extension],
    devices: [],
    stations: [{ id: id('sta', 1), key: 'one', displayName: 'One', extensionId: extension.id, port: { card: 'SIM-1', port: 2 }, region: 'US', kind: 'telephone', isEnabled: true, overrides: {}, ...versioned, ...station }],
    lines: [{ id: id('lin', 1), key: 'main', displayName: 'Main', port: { card: 'SIM-1', port: 3 }, region: 'US', isEnabled: true, isCommissioned: true, inbound: { type: 'extension', id: extension.id }, overrides: {}, ...versioned, ...line }],
    ...more,
  });
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
  return outcome.value;
}

function id(kind: string, n: number): string {
  return `${kind}_${String(n).padStart(26, '0')}`;
}

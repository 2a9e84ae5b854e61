import { describe, expect, test } from 'vitest';
import { diff } from './diff.ts';
import { type Extension, usualExtension } from './extension.ts';
import type { Line } from './line.ts';
import { firstSettings } from './settings.ts';
import { type ConfigurationRows, emptyRows } from './rows.ts';
import { buildSnapshot, rowsOf, type Snapshot } from './snapshot.ts';
import type { Station } from './station.ts';

describe('a snapshot with lines and stations', () => {
  test('finds the owner of a port, and the stations of an extension in the order of their keys', () => {
    const snapshot = built({ stations: [station(2, 6), station(1, 5)], lines: [line(1, 1)] });
    expect(snapshot.stationsOf(extension.id).map(({ key }) => key)).toEqual(['station-1', 'station-2']);
    expect(snapshot.stationsOf('ext_unknown')).toEqual([]);
    expect(snapshot.stationAt({ card: 'SIM-1', port: 6 })?.key).toBe('station-2');
    expect(snapshot.lineAt({ card: 'SIM-1', port: 1 })?.key).toBe('line-1');
    expect(snapshot.lineAt({ card: 'SIM-2', port: 1 })).toBeUndefined();
    expect(snapshot.lineAt({ card: 'SIM-1', port: 5 })).toBeUndefined();
  });

  test('tells what became of them: removed before anything is added, added after the extensions', () => {
    const before = built({ stations: [station(1, 5)], lines: [line(1, 1)] });
    const after = built({ stations: [station(2, 5)], lines: [{ ...line(1, 2), version: 2 }, line(2, 1)] });
    expect(diff(before, after).map(({ kind, change }) => `${kind} ${change}`)).toEqual(['station removed', 'station added', 'line changed', 'line added']);
    expect(diff(after, built(rowsOf(after)))).toEqual([]);
  });

  test('is exported and imported without loss', () => {
    const rows = rowsOf(built({ stations: [busyStation], lines: [busyLine] }));
    const again = rowsOf(built(JSON.parse(JSON.stringify(rows)) as ConfigurationRows));
    expect(again).toEqual(rows);
  });
});

describe('what is wrong with lines and stations is told with its place and a way out', () => {
  test('one port has one owner, also across the two kinds', () => {
    expect(problemsOf({ stations: [station(1, 5), station(2, 5)] })).toMatchObject([{ code: 'notUnique', pointer: '/stations/1/port', hint: expect.stringContaining('the station station-1') }]);
    expect(problemsOf({ stations: [station(1, 5)], lines: [line(1, 5)] })).toMatchObject([{ code: 'notUnique', pointer: '/lines/0/port', hint: 'Port SIM-1/5 belongs to the station station-1; a port has one owner.' }]);
    expect(problemsOf({ stations: [station(1, 5)], lines: [{ ...line(1, 5), port: { card: 'SIM-2', port: 5 } }] })).toEqual([]);
  });

  test('all problems are told, not the first; a row whose own fields are wrong hides nobody else’s', () => {
    const lines = [{ ...line(1, 1), region: 'XX' }, { ...line(2, 2), inbound: { type: 'extension' as const, id: 'ext_99999999999999999999999999' } }, { ...line(3, 2), key: 'line-2' }, { ...line(4, 4), overrides: null as never }];
    expect(problemsOf({ lines }).map(({ pointer }) => pointer).sort()).toEqual(['/lines/0/region', '/lines/1/inbound/id', '/lines/2/key', '/lines/2/port', '/lines/3/overrides']);
  });

  test('keys are unique among their kind', () => {
    expect(problemsOf({ lines: [line(1, 1), { ...line(2, 2), key: 'line-1' }] })).toMatchObject([{ code: 'notUnique', pointer: '/lines/1/key' }]);
    expect(problemsOf({ stations: [{ ...station(1, 5), key: 'one' }], lines: [{ ...line(1, 1), key: 'one' }] })).toEqual([]);
  });

  const nobody = 'ext_99999999999999999999999999';
  test.each([
    ['a station of an extension that is not there', { stations: [{ ...station(1, 5), extensionId: nobody }] }, 'danglingReference', '/stations/0/extensionId'],
    ['a line that calls an extension that is not there', { lines: [{ ...line(1, 1), inbound: { type: 'extension' as const, id: nobody } }] }, 'danglingReference', '/lines/0/inbound/id'],
    ['a country that nobody knows', { lines: [{ ...line(1, 1), region: 'XX' }] }, 'invalidValue', '/lines/0/region'],
    ['a country that is not written in capitals', { lines: [{ ...line(1, 1), region: 'us' }] }, 'invalidValue', '/lines/0/region'],
    ['a port that no card has', { lines: [{ ...line(1, 1), port: { card: 'SIM-1', port: 33 } }] }, 'invalidValue', '/lines/0/port/port'],
    ['a serial number with a slash', { lines: [{ ...line(1, 1), port: { card: 'SIM/1', port: 3 } }] }, 'invalidValue', '/lines/0/port/card'],
    ['a digit map that cannot be read', { stations: [{ ...station(1, 5), overrides: { dialing: { map: '[1-8xx' } } }] }, 'invalidValue', '/stations/0/overrides/dialing/map'],
    ['a telephone that can dial by nothing', { stations: [{ ...station(1, 5), overrides: { dialing: { byDtmf: false, byPulse: false } } }] }, 'contradiction', '/stations/0/overrides/dialing'],
    ['a hook flash that is nothing', { stations: [{ ...station(1, 5), overrides: { flash: { leastMs: 300, mostMs: 300 } } }] }, 'contradiction', '/stations/0/overrides/flash'],
    ['a ring without its pause', { stations: [{ ...station(1, 5), overrides: { ringing: { cadence: [1000, 4000, 1000] } } }] }, 'invalidValue', '/stations/0/overrides/ringing/cadence'],
    ['ringing of no frequency', { lines: [{ ...line(1, 1), overrides: { ring: { frequencyHz: { least: 50, most: 20 } } } }] }, 'contradiction', '/lines/0/overrides/ring/frequencyHz'],
    ['a line that would never notice a hang-up', { lines: [{ ...line(1, 1), overrides: { disconnect: { battery: 'off' as const, polarity: 'off' as const, tone: 'off' as const, dialTone: 'off' as const, silence: 'off' as const } } }] }, 'contradiction', '/lines/0/overrides/disconnect'],
    ['a tone that its country does not have', { lines: [{ ...line(1, 1), overrides: { disconnect: { tone: { names: ['busy', 'operator-busy'] } } } }] }, 'danglingReference', '/lines/0/overrides/disconnect/tone/names'],
    ['two learned tones of one name', { lines: [{ ...line(1, 1), overrides: { learnedTones: [learned, learned] } }] }, 'notUnique', '/lines/0/overrides/learnedTones'],
    ['a learned tone with the name of a known one', { lines: [{ ...line(1, 1), overrides: { learnedTones: [{ ...learned, id: 'busy' }] } }] }, 'contradiction', '/lines/0/overrides/learnedTones'],
    ['an override that does not exist', { lines: [{ ...line(1, 1), overrides: { colour: 'red' } as never }] }, 'invalidValue', '/lines/0/overrides'],
  ])('%s', (_what, rows, code, pointer) => {
    const [first, ...others] = problemsOf(rows);
    expect(first).toMatchObject({ code, pointer });
    expect(first?.hint).toMatch(/\w/);
    expect(others).toEqual([]);
  });

  test('what is right is not refused: an immediate hotline without a dial, a learned tone by its name, silence as the only evidence', () => {
    expect(problemsOf({ stations: [{ ...station(1, 5), overrides: { hotline: { number: '101', delayMs: 0 }, dialing: { byDtmf: false, byPulse: false } } }] })).toEqual([]);
    expect(problemsOf({ lines: [{ ...line(1, 1), overrides: { learnedTones: [learned], disconnect: { tone: { names: ['busy', learned.id] } } } }] })).toEqual([]);
    expect(problemsOf({ lines: [{ ...line(1, 1), overrides: { disconnect: { battery: 'off', polarity: 'off', tone: 'off', dialTone: 'off' } } }] })).toEqual([]);
  });
});

const at = '2026-11-22T18:00:00.000Z';
const versioned = { version: 1, createdAt: at, updatedAt: at };
const extension: Extension = { id: `ext_${'0'.repeat(25)}1`, key: 'desk', number: '101', displayName: 'Desk', ...usualExtension, ...versioned };
const learned = { id: 'operator-busy', tone: { segments: [{ frequenciesHz: [440], durationMs: 300 }, { frequenciesHz: [], durationMs: 300 }] } };

function station(n: number, port: number): Station {
  return { id: `sta_${'0'.repeat(25)}${n}`, key: `station-${n}`, displayName: `Station ${n}`, extensionId: extension.id, port: { card: 'SIM-1', port }, region: 'DE', kind: 'telephone', isEnabled: true, overrides: {}, ...versioned };
}

function line(n: number, port: number): Line {
  return { id: `lin_${'0'.repeat(25)}${n}`, key: `line-${n}`, displayName: `Line ${n}`, port: { card: 'SIM-1', port }, region: 'US', isEnabled: true, isCommissioned: false, inbound: { type: 'extension', id: extension.id }, overrides: {}, ...versioned };
}

/** With one override of every kind. */
const busyStation: Station = {
  ...station(1, 5),
  overrides: {
    dialing: { map: '[1-8]xx|9xx.T', matching: 'immediate', terminator: 'off', byDtmf: true, byPulse: false, firstDigitMs: 10_000, interDigitLongMs: 8_000, interDigitShortMs: 3_000 },
    hotline: { number: '101', delayMs: 4_000 },
    ringing: { cadence: [400, 200, 400, 2_000], patterns: { door: [200, 200] }, voltsRms: 70, frequencyHz: 25 },
    callerId: { isEnabled: false },
    callWaiting: { isEnabled: true, callerId: false },
    messageWaiting: { stutterTone: true, lamp: true, data: false },
    supervision: { reversalOnAnswer: true, openLoopMs: 500, toneAtEnd: 'congestion', toneMs: 20_000, howlerMs: 0 },
    flash: { leastMs: 80, mostMs: 600 },
    loopMilliamps: 22,
    impedance: '220+820∥115nF',
    gains: { receiveDb: -3, sendDb: 2 },
    echo: { tailMs: 128 },
    guardMs: 500,
  },
};
const busyLine: Line = {
  ...line(1, 1),
  overrides: {
    ring: { frequencyHz: { least: 15, most: 50 }, leastVolts: 30, realAfterMs: 300, lossMs: 7_000 },
    callerId: { modems: ['fsk'], announcedBy: ['ringPulse'], read: 'onHook', announcementMs: 5_000, betweenRings: 'never', offeredAtRing: 1 },
    dialing: { by: 'pulse', dialToneMs: 4_000, withoutDialTone: 'dialAnyway', secondDialTone: { after: ['00'], ms: 2_000 }, digitMs: 80, pauseMs: 80 },
    answer: { polarity: 'means nothing', voiceMs: 'off', assumedAfterMs: 30_000, longestMs: 120_000 },
    disconnect: { battery: { denialMs: 350 }, polarity: 'off', tone: { names: ['busy'], cycles: 3, goesOnMs: 2_000, leastDbm0: -35 }, dialTone: { goesOnMs: 2_000 }, silence: { ms: 60_000 }, farLeg: 'off' },
    dcTermination: { currentLimit: true, lineVolts: 3.2, minimumLoopMilliamps: 12 },
    impedance: '900+2.16µF',
    gains: { receiveDb: 1.5 },
    echo: 'off',
    flashMs: 300,
    settleMs: 200,
    guardMs: 1_500,
    noBatteryMs: 20_000,
    longestMs: 3_600_000,
    learnedTones: [learned],
  },
};

function rowsWith({ stations = [], lines = [] }: Partial<Pick<ConfigurationRows, 'stations' | 'lines'>>): ConfigurationRows {
  return { ...emptyRows(firstSettings('tipring', at)), extensions: [extension], stations, lines };
}

function built(rows: Partial<Pick<ConfigurationRows, 'stations' | 'lines'>>): Snapshot {
  const outcome = buildSnapshot(rowsWith(rows));
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
  return outcome.value;
}

function problemsOf(rows: Partial<Pick<ConfigurationRows, 'stations' | 'lines'>>) {
  const outcome = buildSnapshot(rowsWith(rows));
  return outcome.ok ? [] : outcome.problems;
}

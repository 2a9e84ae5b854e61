import { describe, expect, test } from 'vitest';
import type { Device } from './device.ts';
import { diff } from './diff.ts';
import { type Extension, usualExtension } from './extension.ts';
import { firstSettings } from './settings.ts';
import { type ConfigurationRows, emptyRows } from './rows.ts';
import { buildSnapshot, rowsOf, type Snapshot } from './snapshot.ts';

describe('a snapshot', () => {
  test('finds an extension by number, a device by user name, and the devices of an extension', () => {
    const snapshot = built(office());
    expect(snapshot.extensionByNumber('101')?.key).toBe('desk-101');
    expect(snapshot.extensionByNumber('999')).toBeUndefined();
    expect(snapshot.deviceByUsername('101')?.key).toBe('phone-101');
    expect(snapshot.devicesOf(idOf('ext', 1)).map((device) => device.username)).toEqual(['101', '101b']);
    expect(snapshot.devicesOf('nobody')).toEqual([]);
  });

  test('is in the order of numbers, whatever the order of the rows', () => {
    const rows = office();
    const snapshot = built({ ...rows, extensions: rows.extensions.toReversed() });
    expect([...snapshot.extensions.values()].map((extension) => extension.number)).toEqual(['101', '102']);
  });

  test('cannot be changed, nor can what is in it', () => {
    const snapshot = built(office());
    expect(() => Object.assign(snapshot, { settings: null })).toThrow();
    expect(() => Object.assign(snapshot.extensionByNumber('101')!, { number: '1' })).toThrow();
    expect(() => Object.assign(snapshot.settings.sip, { realm: 'x' })).toThrow();
  });

  test('takes rows of a former snapshot as they are', () => {
    const first = built(office());
    const extensions = [...first.extensions.values()];
    const second = built({ ...rowsOf(first), extensions });
    expect(second.extensionByNumber('101')).toBe(first.extensionByNumber('101'));
  });
});

describe('a configuration is refused', () => {
  test.each([
    ['when two extensions have one number', (rows: Mutable) => (rows.extensions[1] = { ...rows.extensions[1]!, number: '101' }), 'notUnique', '/extensions/1/number'],
    ['when two devices have one user name', (rows: Mutable) => (rows.devices[1] = { ...rows.devices[1]!, username: '101' }), 'notUnique', '/devices/1/username'],
    ['when two extensions have one key', (rows: Mutable) => (rows.extensions[1] = { ...rows.extensions[1]!, key: 'desk-101' }), 'notUnique', '/extensions/1/key'],
    ['when a device rings for an extension that is not there', (rows: Mutable) => (rows.devices[0] = { ...rows.devices[0]!, extensionId: idOf('ext', 9) }), 'danglingReference', '/devices/0/extensionId'],
    ['when a number is no number', (rows: Mutable) => (rows.extensions[0] = { ...rows.extensions[0]!, number: '10a' }), 'invalidValue', '/extensions/0/number'],
    ['when an HA1 is of the wrong length (RFC 7616 3.4.2)', (rows: Mutable) => (rows.devices[0] = { ...rows.devices[0]!, ha1: { MD5: 'abc', 'SHA-256': 'b'.repeat(64) } }), 'invalidValue', '/devices/0/ha1/MD5'],
    ['when the default registration is longer than the longest', (rows: Mutable) => (rows.settings = { ...rows.settings, sip: { ...rows.settings.sip, defaultExpiresS: 4000 } }), 'contradiction', '/settings/sip/defaultExpiresS'],
    ['when a row has a field that nobody knows', (rows: Mutable) => (rows.extensions[0] = { ...rows.extensions[0]!, colour: 'red' } as Extension), 'invalidValue', '/extensions/0'],
  ])('%s', (_why, spoil, code, pointer) => {
    const rows = office();
    spoil(rows);
    const outcome = buildSnapshot(rows);
    expect(outcome.ok ? [] : outcome.problems.map((problem) => [problem.code, problem.pointer])).toContainEqual([code, pointer]);
  });

  test('with all that is wrong, not only the first', () => {
    const rows = office();
    rows.extensions[0] = { ...rows.extensions[0]!, number: '' };
    rows.devices[0] = { ...rows.devices[0]!, username: '' };
    const outcome = buildSnapshot(rows);
    expect(outcome.ok ? 0 : outcome.problems.length).toBeGreaterThanOrEqual(2);
  });
});

describe('a difference', () => {
  test('of a snapshot with itself, and with one of equal rows, is empty', () => {
    expect(diff(built(office()), built(office()))).toEqual([]);
  });

  test('names what was added, changed and removed, removals first and devices before their extension', () => {
    const before = office();
    const after = office();
    after.extensions.splice(0, 1);
    after.devices.splice(0, 2);
    after.extensions[0] = { ...after.extensions[0]!, displayName: 'Kitchen' };
    after.extensions.push(extension(3));
    expect(diff(built(before), built(after)).map((change) => `${change.change} ${change.kind}`)).toEqual(['removed device', 'removed device', 'removed extension', 'changed extension', 'added extension']);
  });
});

interface Mutable extends ConfigurationRows {
  settings: ConfigurationRows['settings'];
  extensions: Extension[];
  devices: Device[];
}

function office(): Mutable {
  return { ...emptyRows(firstSettings('tipring', at)), extensions: [extension(1), extension(2)], devices: [device(1, 1, '101'), device(2, 1, '101b'), device(3, 2, '102')] };
}

function extension(n: number): Extension {
  return { id: idOf('ext', n), key: `desk-10${n}`, number: `10${n}`, displayName: `Desk ${n}`, ...usualExtension, version: 1, createdAt: at, updatedAt: at };
}

function device(n: number, extensionNumber: number, username: string): Device {
  return {
    id: idOf('dev', n), key: `phone-${username}`, extensionId: idOf('ext', extensionNumber), displayName: 'Phone', username, algorithm: 'MD5', enabled: true,
    ha1: { MD5: 'a'.repeat(32), 'SHA-256': 'b'.repeat(64) }, version: 1, createdAt: at, updatedAt: at,
  };
}

function built(rows: ConfigurationRows): Snapshot {
  const outcome = buildSnapshot(rows);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
  return outcome.value;
}

const at = '2026-11-22T18:00:00.000Z';

function idOf(kind: string, n: number): string {
  return `${kind}_${String(n).padStart(26, '0')}`;
}

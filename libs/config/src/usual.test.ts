import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { kindNames, kinds } from './kinds.ts';
import { saidOf } from './usual.ts';
import { usualTrunk } from './trunk.ts';

const made = { id: 'abc_0mzq3v8k1r9c5t7w2x4y', version: 1, createdAt: '2026-11-23T00:00:00.000Z', updatedAt: '2026-11-23T00:00:00.000Z' };
const other = 'xyz_0mzq3v8k1r9c5t7w2x4y';
const named = { key: 'one', displayName: 'One' };

/** The least that can be said of each kind. */
const least = {
  permission: named,
  pinSet: { ...named, pins: [{ label: 'Ann', pin: '1234' }] },
  schedule: { ...named, timeZone: 'Europe/Berlin' },
  blocklist: named,
  emergencyLocation: { ...named, address: 'Main street 1' },
  extension: { ...named, number: '101' },
  musicClass: { ...named, files: ['uploads/hold/guitar.wav'] },
  prompt: { ...named, spoken: { en: { text: 'We are closed.' } } },
  voicemailBox: named,
  ringGroup: { ...named, members: [{ target: { type: 'extension', id: other } }] },
  queue: named,
  ivr: { ...named, choices: [{ digits: '1', label: 'Sales', destination: { type: 'extension', id: other } }] },
  conference: named,
  parkingLot: { ...named, slots: { first: '701', last: '709' } },
  pagingZone: named,
  directory: named,
  device: { ...named, extensionId: other, username: '101' },
  station: { ...named, extensionId: other, port: { card: 'SIM-1', port: 5 }, region: 'DE' },
  line: { ...named, port: { card: 'SIM-1', port: 1 }, region: 'DE' },
  lineGroup: { ...named, lines: [other] },
  trunk: { ...named, server: { host: 'sip.carrier.example' }, peering: { type: 'registration', username: 'me', password: 'secret' } },
  inboundRoute: { ...named, destination: { type: 'extension', id: other } },
  outboundRoute: { ...named, match: { prefix: '9' }, attempts: [{ via: { type: 'trunk', id: other } }] },
  webhook: { ...named, url: 'https://crm.example.org/hook', secret: 'whsec_c2VjcmV0IHNlY3JldCBzZWNyZXQ=' },
};

describe.each(kindNames)('%s', (kind) => {
  const whole = kinds[kind].schema as unknown as z.ZodType;
  const secrets = kind === 'device' ? { ha1: { MD5: '0'.repeat(32), 'SHA-256': '0'.repeat(64) } } : {};

  test('with the least that can be said is whole', () => {
    const said = saidOf(kind).parse(least[kind]);
    expect(whole.safeParse({ ...made, ...said, ...secrets }).error?.issues ?? []).toEqual([]);
  });

  test('that is said in full stays as it is said', () => {
    const said = saidOf(kind).parse(least[kind]);
    expect(saidOf(kind).parse(said)).toEqual(said);
  });

  test('with a setting that there is not is refused', () => {
    expect(saidOf(kind).safeParse({ ...least[kind], colour: 'red' }).success).toBe(false);
  });

  test('can be written down as JSON Schema', () => {
    const { required = [] } = z.toJSONSchema(saidOf(kind), { io: 'input', unrepresentable: 'any' }) as { required?: string[] };
    expect([...required].sort()).toEqual(Object.keys(least[kind]).filter((name) => name !== 'match' && name !== 'attempts').sort());
  });
});

test('of a trunk a part of a setting may be said; the rest of it is the usual', () => {
  const said = saidOf('trunk').parse({ ...least.trunk, health: { ringMs: 9_000 }, identity: { caller: 'account' } });
  expect(said['health']).toEqual({ ...usualTrunk.health, ringMs: 9_000 });
  expect(said['identity']).toEqual({ ...usualTrunk.identity, caller: 'account' });
  expect(said['peering']).toEqual({ type: 'registration', username: 'me', password: 'secret', authenticationName: null, expiresS: 600 });
});

test('bounds hold for what is said', () => {
  expect(saidOf('trunk').safeParse({ ...least.trunk, codecs: [] }).success).toBe(false);
  expect(saidOf('lineGroup').safeParse({ ...least.lineGroup, lines: [] }).success).toBe(false);
});

test('what may be absent is absent, and whole once a part of it is said', () => {
  expect(saidOf('extension').parse(least.extension)).not.toHaveProperty('calling');
  expect(saidOf('extension').parse({ ...least.extension, calling: { isLocked: true } })['calling']).toEqual({ permissionId: null, locationId: null, shownNumber: null, isLocked: true });
});

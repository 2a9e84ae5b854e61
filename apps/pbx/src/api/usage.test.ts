import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RecordJournal } from '@tipring/store';
import { silent, testDatabaseUrl } from '@tipring/store/testing';
import type { AttemptRecord, CallRecord, Cause, LegRecord } from '@tipring/telephony';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiBed, apiBed } from './api-bed.ts';

/*
 * Thirty days of Berlin, in which summer time ends (2026-10-25), every day the same by the clock on the wall:
 *   10:00  four calls out, one on each line of the group: answered after 10 s, over at 10:30
 *   10:10  a call that finds all lines busy and has no other way
 *   10:20  a call that finds all lines busy and goes over the trunk: answered after 5 s, over at 10:25
 *   12:00  a station calls for half a minute, every minute, 70 times
 *   15:00  somebody rings on the first line for 6 minutes and gives up
 * and once a call of a station that began 10 minutes before the period and lasted 30.
 */
const MINUTE = 60_000;
const DAY = 86_400_000;
const since = Date.parse('2026-10-14T22:00:00Z');
const until = Date.parse('2026-11-13T23:00:00Z');
const days = 30;
const wall = (day: number, hour: number, minute: number) => Date.parse('2026-10-15T00:00:00Z') + day * DAY + (hour - (day < 10 ? 2 : 1)) * 3_600_000 + minute * MINUTE;

describe.skipIf(testDatabaseUrl === undefined)('usage of thirty days (TIPRING_TEST_DATABASE_URL)', () => {
  let bed: ApiBed;
  let folder: string;
  const ids: Record<string, string> = {};
  const period = `since=${new Date(since).toISOString()}&until=${new Date(until).toISOString()}`;
  const get = async (path: string) => (await bed.request('GET', `/api/v1/usage/${path}${path.includes('?') ? '&' : '?'}${period}`)).body;
  const keyed = (items: { key: string }[], key: string) => items.find((item) => item.key === key);

  beforeAll(async () => {
    bed = await apiBed();
    await bed.request('PATCH', '/api/v1/settings', { body: { site: { country: 'DE', timeZone: 'Europe/Berlin' } }, headers: { 'if-match': '*' } });
    const make = async (kind: string, key: string, body: object) => {
      const made = await bed.request('POST', `/api/v1/${kind}`, { body: { key, displayName: key, ...body } });
      ids[key] = made.body.id as string;
    };
    const extensionId = bed.configuration.snapshot.extensionByNumber('101')!.id;
    for (const port of [1, 2, 3, 4]) await make('lines', `line-${port}`, { port: { card: 'SIM-1', port }, region: 'DE' });
    await make('lines', 'line-unused', { port: { card: 'OTHER', port: 1 }, region: 'DE' });
    for (const port of [5, 6, 7, 9, 10]) await make('stations', `station-${port}`, { port: { card: 'SIM-1', port }, region: 'DE', extensionId });
    await make('line-groups', 'town', { lines: [1, 2, 3, 4].map((port) => ids[`line-${port}`]) });
    await make('trunks', 'carrier', { server: { host: 'sip.carrier.example' }, peering: { type: 'address' }, limits: { total: 2 } });
    folder = mkdtempSync(join(tmpdir(), 'tipring-usage-'));
    const journal = new RecordJournal({ folder, pool: bed.database.batches, wallClock: Date.now, log: silent });
    for (const record of records(ids)) journal.ended(record);
    await journal.close();
  });
  afterAll(async () => {
    await bed.close();
    rmSync(folder, { recursive: true });
  });

  test('of lines: calls, minutes, last use and peak to the millisecond', async () => {
    const { lines } = await get('ports');
    expect(keyed(lines, 'line-1')).toMatchObject({
      port: 'SIM-1/1', calls: 60, inbound: 30, outbound: 30, answered: 30, talkedMs: days * (30 * MINUTE - 10_000), occupiedMs: days * 36 * MINUTE, peak: 1, lastUsedAt: new Date(wall(29, 15, 6)).toISOString(),
    });
    expect(keyed(lines, 'line-4')).toMatchObject({ calls: 30, inbound: 0, outbound: 30, occupiedMs: days * 30 * MINUTE, lastUsedAt: new Date(wall(29, 10, 30)).toISOString() });
    expect(keyed(lines, 'line-unused')).toMatchObject({ calls: 0, occupiedMs: 0, peak: 0, lastUsedAt: null });
  });

  test('of stations: what began before the period is cut to it and counts as no call of it', async () => {
    const { stations } = await get('ports');
    expect(keyed(stations, 'station-5')).toMatchObject({ calls: days * 70, outbound: 0, inbound: days * 70, talkedMs: days * 70 * 25_000, occupiedMs: days * 70 * 30_000, peak: 1 });
    expect(keyed(stations, 'station-6')).toMatchObject({ calls: 0, occupiedMs: 20 * MINUTE, talkedMs: 20 * MINUTE, peak: 1 });
  });

  test('of a line group: when all lines were busy, who was blocked, the busy hour and how many lines it takes', async () => {
    const { groups, advice } = await get('ports');
    expect(keyed(groups, 'town')).toMatchObject({
      channels: 4, calls: 150, peak: 4, allBusyMs: days * 30 * MINUTE, blocked: 60,
      busyHour: { hour: 10, calls: 120, blocked: 60, erlangs: 2, peakErlangs: 2 },
      // 2 E carried, and half as much again blocked; 8 lines carry 3.128 E at 1 %, 7 carry 2.501 E.
      offeredErlangs: 3, channelsNeeded: 8,
      advice: 'Add 4 lines, or move 72 % of the calls elsewhere: then no more than 1 % of the calls of the busy hour are blocked.',
    });
    // Of all five lines one was always free.
    expect(groups[0]).toMatchObject({ key: 'lines', channels: 5, allBusyMs: 0, peak: 4 });
    expect(advice).toContain('No call went over the line at OTHER port 1: cancel what is not needed for emergencies.');
    expect(advice).toContain('Nobody used the stations at SIM-1 ports 7 and 9–10: remove what is not needed.');
  });

  test('of the last days alone nothing is said to be needless', async () => {
    const last = `since=${new Date(wall(27, 0, 0)).toISOString()}&until=${new Date(until).toISOString()}`;
    const { firstUseAt, advice } = (await bed.request('GET', `/api/v1/usage/ports?${last}`)).body;
    expect(firstUseAt).toBe(new Date(wall(27, 10, 0)).toISOString());
    expect(advice).toEqual([expect.stringMatching(/^All lines: Add 3 lines/), expect.stringMatching(/^town: Add 4 lines/)]);
  });

  test('of a trunk', async () => {
    const { trunks } = await get('trunks');
    expect(keyed(trunks, 'carrier')).toMatchObject({ channels: 2, calls: 30, inbound: 0, answered: 30, talkedMs: days * (5 * MINUTE - 5_000), occupiedMs: days * 5 * MINUTE, peak: 1, allBusyMs: 0, blocked: 0, channelsNeeded: 2, advice: null });
  });

  test('by the hour, as the clock on the wall has it also after it was put back', async () => {
    const { hours, busyHour, timeZone } = await get('hours?carrier=town');
    expect(timeZone).toBe('Europe/Berlin');
    expect(hours.filter(({ erlangs }: { erlangs: number }) => erlangs > 0)).toEqual([
      { hour: 10, calls: 120, blocked: 60, erlangs: 2, peakErlangs: 2, peakDate: expect.any(String) as string },
      { hour: 15, calls: 30, blocked: 0, erlangs: 0.1, peakErlangs: 0.1, peakDate: expect.any(String) as string },
    ]);
    expect(busyHour.hour).toBe(10);
    const { hours: outside } = await get('hours');
    expect(outside[10]).toMatchObject({ calls: 150, erlangs: 2.083, blocked: 30 });
  });

  test('a period the wrong way round, too long, or of a carrier that there is not is refused', async () => {
    expect((await bed.request('GET', '/api/v1/usage/ports?since=2026-02-01T00:00:00Z&until=2026-01-01T00:00:00Z')).body).toMatchObject({ code: 'invalidValue', pointer: '/since' });
    expect((await bed.request('GET', '/api/v1/usage/ports?since=2020-02-01T00:00:00Z&until=2026-01-01T00:00:00Z')).status).toBe(422);
    expect((await get('hours?carrier=nobody')).code).toBe('danglingReference');
  });

  test('Erlang’s formula is asked both ways', async () => {
    const erlang = async (body: object) => (await bed.request('POST', '/api/v1/calculators/erlang', { body })).body;
    expect(await erlang({ erlangs: 2.8, blocking: 0.01 })).toEqual({ erlangs: 2.8, lines: 8, blocking: 0.005712 });
    expect(await erlang({ lines: 15, blocking: 0.01 })).toMatchObject({ lines: 15, erlangs: expect.closeTo(8.108, 3) as number });
    expect(await erlang({ erlangs: 2, lines: 2 })).toEqual({ erlangs: 2, lines: 2, blocking: 0.4 });
    expect((await bed.request('POST', '/api/v1/calculators/erlang', { body: { lines: 2 } })).status).toBe(422);
  });
});

function* records(ids: Readonly<Record<string, string>>): Generator<CallRecord> {
  let count = 0;
  const lines = [1, 2, 3, 4].map((port) => ids[`line-${port}`]!);
  const call = (startedAt: number, endedAt: number, legs: readonly LegRecord[], candidates: readonly object[] = [], cause: Cause = 'normalClearing', attempts: readonly AttemptRecord[] = []): CallRecord => ({
    id: `cal_${String((count += 1)).padStart(6, '0')}`, direction: 'outbound', startedAt, answeredAt: null, endedAt, from: { number: '101' }, to: '95551234', legs, attempts, emergency: null, cause,
    evidence: { kind: 'x', text: 'x' }, answeredBy: null, recovered: false, segments: [], continues: [], continuedIn: null,
    story: [{ at: startedAt, type: 'offered', text: 'x' }, { at: startedAt, type: legs.length > 0 ? 'routed' : 'refused', text: 'x', data: { explanation: { candidates } } }],
  });
  const leg = (endpoint: string, role: LegRecord['role'], startedAt: number, answeredAt: number | null, endedAt: number, cause: Cause = 'normalClearing'): LegRecord => ({
    id: `${endpoint}-${startedAt}`, endpoint, role, reference: '', startedAt, answeredAt, endedAt, cause, evidence: null, quality: null,
  });
  const busy = lines.map((endpoint) => ({ endpoint, kind: 'line', state: 'busy', tried: false }));
  const trunk = { endpoint: ids['carrier']!, kind: 'trunk', state: 'ready', tried: true };

  const before = since - 10 * MINUTE;
  yield call(before, before + 30 * MINUTE, [leg(ids['station-6']!, 'caller', before, before, before + 30 * MINUTE)]);
  for (let day = 0; day < days; day += 1) {
    const ten = wall(day, 10, 0);
    for (const [at, line] of lines.entries()) {
      const candidates = lines.map((endpoint, place) => ({ endpoint, kind: 'line', state: place < at ? 'busy' : 'ready', tried: place >= at }));
      // The last of them was taken by another call meanwhile: it had no circuit, and the next line was tried.
      const lost = at === 3 ? [leg(lines[0]!, 'called', ten, null, ten, 'noCircuit')] : [];
      yield call(ten, ten + 30 * MINUTE, [...lost, leg(line, 'called', ten, ten + 10_000, ten + 30 * MINUTE)], candidates);
    }
    yield call(wall(day, 10, 10), wall(day, 10, 10), [], busy, 'noCircuit');
    yield call(wall(day, 10, 20), wall(day, 10, 25), [leg(ids['carrier']!, 'called', wall(day, 10, 20), wall(day, 10, 20) + 5_000, wall(day, 10, 25))], [...busy, trunk]);
    for (let minute = 0; minute < 70; minute += 1) {
      const at = wall(day, 12, minute);
      yield call(at, at + 30_000, [leg(ids['station-5']!, 'caller', at, at + 5_000, at + 30_000)]);
    }
    yield call(wall(day, 15, 0), wall(day, 15, 6), [leg(lines[0]!, 'caller', wall(day, 15, 0), null, wall(day, 15, 6))]);
  }
}

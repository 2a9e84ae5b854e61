import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeTimers } from '@tipring/clock';
import type { SubscriptionSnapshot } from '@tipring/sip';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { KeptSubscriptions } from './kept-subscriptions.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'subscriptions-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const log = pino({ level: 'silent' });
const snapshot = (at: number) => ({ watcher: `d-${at}`, resource: 'ext_1', version: at }) as SubscriptionSnapshot;
const kept = (snapshots: () => readonly SubscriptionSnapshot[], timers = new FakeTimers()) => new KeptSubscriptions(folder, snapshots, timers, log);

test('what is there at the end is there at the next start, for nobody else to read', () => {
  const all = Array.from({ length: 250 }, (_, at) => snapshot(at));
  expect(kept(() => []).load()).toEqual([]);
  kept(() => all).close();
  expect(kept(() => []).load()).toEqual(all);
  expect(statSync(join(folder, 'subscriptions.json')).mode & 0o777).toBe(0o600);
});

test('a kill loses what was asked for within half a minute, and no more', async () => {
  const timers = new FakeTimers();
  let all = [snapshot(1)];
  const running = kept(() => all, timers);
  running.changed();
  timers.advance(29_000);
  all = [snapshot(1), snapshot(2)];
  running.changed();
  timers.advance(1_000);
  await vi.waitFor(() => expect(kept(() => []).load()).toEqual(all));
  expect(timers.size).toBe(0);
});

test('a file that is none of ours is left out, and written over', () => {
  writeFileSync(join(folder, 'subscriptions.json'), '{"half');
  expect(kept(() => []).load()).toEqual([]);
  kept(() => [snapshot(7)]).close();
  expect(readFileSync(join(folder, 'subscriptions.json'), 'utf8')).toBe(`${JSON.stringify(snapshot(7))}\n`);
});

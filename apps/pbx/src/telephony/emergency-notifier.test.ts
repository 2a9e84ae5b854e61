import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FakeTimers } from '@tipring/clock';
import { firstEmergencyPolicy } from '@tipring/config';
import type { LiveConfiguration } from '@tipring/store';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { type EmergencyNotice, EmergencyNotifier, postNotice } from './emergency-notifier.ts';

const notice: EmergencyNotice = { call: 'cal_1', at: '2026-11-24T10:00:00.000Z', number: '911', isTest: false, extension: { number: '101', displayName: 'Desk' }, location: { displayName: 'East', address: 'High Street 1, room 2' }, by: 'line main' };

test('a webhook that refuses is told again until it takes the notice, and then no more', async () => {
  const timers = new FakeTimers();
  const answers = [503, 500, 200];
  const told: string[] = [];
  const notifier = notifierOf(['http://127.0.0.1:1/alarm'], timers, (_url, body) => {
    told.push(body);
    return Promise.resolve(answers[told.length - 1] ?? 500);
  });
  notifier.notify(notice);
  for (let step = 0; step < 100; step += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    timers.advance(1_000);
  }
  expect(told).toHaveLength(3);
  expect(JSON.parse(told[0]!)).toMatchObject({ type: 'emergency.called', number: '911', location: { address: 'High Street 1, room 2' } });
});

test('a webhook that is not there is given up after seven attempts; closing ends the waiting', async () => {
  const timers = new FakeTimers();
  let attempts = 0;
  const notifier = notifierOf(['http://127.0.0.1:1/alarm'], timers, () => {
    attempts += 1;
    return Promise.reject(new Error('connection refused'));
  });
  notifier.notify(notice);
  for (let step = 0; step < 300; step += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    timers.advance(1_000);
  }
  expect(attempts).toBe(7);
  notifier.notify(notice);
  await new Promise((resolve) => setImmediate(resolve));
  notifier.close();
  timers.advance(100_000);
  expect(attempts).toBe(8);
});

test('a notice is a POST of JSON', async () => {
  const server = createServer((request, response) => {
    request.resume();
    response.statusCode = request.method === 'POST' && request.headers['content-type'] === 'application/json' ? 204 : 400;
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  expect(await postNotice(`http://127.0.0.1:${port}/`, '{}')).toBe(204);
  await new Promise((resolve) => server.close(resolve));
});

function notifierOf(webhooks: readonly string[], timers: FakeTimers, post: (url: string, body: string) => Promise<number>): EmergencyNotifier {
  const configuration = { snapshot: { settings: { emergency: { ...firstEmergencyPolicy, webhooks } } } } as unknown as LiveConfiguration;
  return new EmergencyNotifier({ configuration, timers, log: pino({ level: 'silent' }), post });
}

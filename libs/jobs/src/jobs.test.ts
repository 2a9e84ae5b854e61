import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { GivenUp } from './given-up.ts';
import { type Jobs, startJobs } from './jobs.ts';
import type { JobsSettings, Message } from './jobs-settings.ts';

const superuser = process.env['TIPRING_TEST_DATABASE_URL'];

describe.skipIf(superuser === undefined)('jobs in PostgreSQL (TIPRING_TEST_DATABASE_URL)', () => {
  const name = `tipring_jobs_${process.pid}_${randomUUID().slice(0, 8)}`;
  let url = '';
  const running: Jobs[] = [];

  beforeAll(async () => {
    await asSuperuser(`CREATE DATABASE ${name}`);
    const made = new URL(superuser ?? '');
    made.pathname = `/${name}`;
    url = made.href;
  });
  afterEach(async () => {
    for (const jobs of running.splice(0)) await jobs.close();
  });
  afterAll(() => asSuperuser(`DROP DATABASE ${name} WITH (FORCE)`));

  async function start(settings: Partial<JobsSettings>): Promise<Jobs> {
    const jobs = await startJobs({ databaseUrl: url, outbox: outboxOf([]), followers: {}, housekeeping: [], log: () => undefined, relayMs: 60_000, ...settings });
    running.push(jobs);
    return jobs;
  }

  test('what waits in the outbox reaches its follower, in order', async () => {
    const followed: unknown[] = [];
    const all = settled(() => followed.length === 3);
    const jobs = await start({ outbox: outboxOf([message('1'), message('2'), message('3')]), followers: { callRecord: async (one) => void (followed.push(one.id), all.look()) } });
    await jobs.relay();
    await all.reached;
    expect(followed).toEqual(['1', '2', '3']);
  });

  test('a message stays in the outbox when the queue does not take it', async () => {
    const waiting = [message('1')];
    const jobs = await start({ outbox: outboxOf(waiting), patienceMs: 50 });
    running.splice(0);
    await jobs.close();
    await jobs.relay();
    expect(waiting.length).toBe(1);
  });

  test('housekeeping is done when it is asked for', async () => {
    let done = 0;
    const once = settled(() => done >= 1);
    const jobs = await start({ housekeeping: [async () => void ((done += 1), once.look())] });
    await jobs.keepHouse();
    await once.reached;
    expect(done).toBeGreaterThanOrEqual(1);
  });

  test('a follower that fails is asked again', async () => {
    let asked = 0;
    const again = settled(() => asked === 2);
    const jobs = await start({
      outbox: outboxOf([message('1')]),
      followers: {
        callRecord: async () => {
          asked += 1;
          again.look();
          if (asked === 1) throw new Error('the follower is away');
        },
      },
    });
    await jobs.relay();
    await again.reached;
    expect(asked).toBe(2);
  });

  test('a task is done on its own: one that hangs keeps no other waiting, and one of the same key is the same', async () => {
    const done: string[] = [];
    let release = (): void => undefined;
    const hangs = new Promise<void>((resolve) => (release = resolve));
    const all = settled(() => done.length === 2);
    const run = async (data: unknown): Promise<void> => {
      if (data === 'hangs') await hangs;
      done.push(String(data));
      all.look();
    };
    const jobs = await start({ outbox: outboxOf([message('1')]), followers: { callRecord: async (_, later) => later('own', 'a', 'hangs') }, tasks: { own: { run, attempts: 1, waitMs: () => 1 } } });
    await jobs.relay();
    await jobs.later('own', 'b', 'other');
    await jobs.later('own', 'b', 'the same');
    await expect.poll(() => done).toEqual(['other']);
    release();
    await all.reached;
    expect(done).toEqual(['other', 'hangs']);
  });

  test('a task that fails is tried again as often as it says, and not when it gave up', async () => {
    const tried: string[] = [];
    const failing = { run: async (data: unknown, { isLast }: { isLast: boolean }) => { tried.push(`${String(data)} ${isLast}`); throw new Error('away'); }, attempts: 3, waitMs: (attempts: number) => attempts };
    const hopeless = { run: async (data: unknown) => { tried.push(String(data)); throw new GivenUp('never'); }, attempts: 3, waitMs: () => 1 };
    const logged: string[] = [];
    const jobs = await start({ tasks: { failing, hopeless }, log: (_level, event, { attempt, reason }) => logged.push(`${event} ${String(attempt)} ${String(reason)}`) });
    await jobs.later('hopeless', 'h', 'hopeless');
    await expect.poll(() => logged).toContain('jobFailed 1 never');
    await jobs.later('failing', 'f', 'failing');
    await expect.poll(() => logged).toContain('jobFailed 3 away');
    expect(tried).toEqual(['hopeless', 'failing false', 'failing false', 'failing true']);
  });

  async function asSuperuser(statement: string): Promise<void> {
    const client = new pg.Client(superuser);
    await client.connect();
    await client.query(statement);
    await client.end();
  }
});

function message(id: string): Message {
  return { id, kind: 'callRecord', payload: { id } };
}

function outboxOf(waiting: Message[]) {
  return {
    async relay(limit: number, relay: (messages: readonly Message[]) => Promise<void>): Promise<number> {
      const taken = waiting.slice(0, limit);
      if (taken.length > 0) await relay(taken);
      waiting.splice(0, taken.length);
      return taken.length;
    },
  };
}

function settled(isDone: () => boolean) {
  let resolve: () => void = () => undefined;
  const reached = new Promise<void>((settle) => (resolve = settle));
  return { reached, look: () => isDone() && resolve() };
}

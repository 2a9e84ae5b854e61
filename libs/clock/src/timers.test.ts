import { describe, expect, test } from 'vitest';
import { FakeTimers, nodeTimers, TimerWheel } from './index.ts';
import type { Timers } from './index.ts';

interface Subject {
  readonly timers: Timers;
  /** Lets at least that many milliseconds pass. */
  pass(ms: number): Promise<void>;
}

const subjects: Record<string, () => Subject> = {
  FakeTimers() {
    const timers = new FakeTimers();
    return { timers, pass: async (ms) => timers.advance(ms) };
  },
  nodeTimers() {
    const timers = nodeTimers();
    return { timers, pass: (ms) => new Promise((resolve) => timers.start(ms, resolve)) };
  },
};

for (const [name, make] of Object.entries(subjects)) {
  describe(`the Timers contract, ${name}`, () => {
    test('a timer fires once and not before its time', async () => {
      const { timers, pass } = make();
      const begun = timers.now();
      const fired: number[] = [];
      timers.start(25, () => fired.push(timers.now()));
      await pass(60);
      await pass(60);
      expect(fired).toHaveLength(1);
      expect(fired[0]! - begun).toBeGreaterThanOrEqual(25);
    });

    test('a stopped timer does not fire, and stopping twice or after firing does nothing', async () => {
      const { timers, pass } = make();
      let fired = 0;
      const stopped = timers.start(5, () => fired++);
      const kept = timers.start(5, () => fired++);
      stopped.stop();
      stopped.stop();
      await pass(40);
      kept.stop();
      await pass(20);
      expect(fired).toBe(1);
    });

    test('timers fire in the order of their instants', async () => {
      const { timers, pass } = make();
      const order: string[] = [];
      timers.start(45, () => order.push('late'));
      timers.start(5, () => order.push('early'));
      timers.start(25, () => order.push('middle'));
      await pass(80);
      expect(order).toEqual(['early', 'middle', 'late']);
    });

    test('a timer may start and stop others while it fires', async () => {
      const { timers, pass } = make();
      const order: string[] = [];
      const victim = timers.start(30, () => order.push('victim'));
      timers.start(5, () => {
        victim.stop();
        timers.start(0, () => order.push('started'));
      });
      await pass(60);
      // Where the clock stood still until all were due, the one that was started comes after those.
      await pass(10);
      expect(order).toEqual(['started']);
    });

    test('now never goes back', async () => {
      const { timers, pass } = make();
      const before = timers.now();
      await pass(20);
      expect(timers.now() - before).toBeGreaterThanOrEqual(20);
    });
  });
}

test('every length fires in its own millisecond, whichever level it lay on', () => {
  const timers = new FakeTimers();
  timers.advance(250);
  const late: number[] = [];
  for (const ms of [1, 5, 6, 7, 255, 256, 257, 511, 65_535, 65_536, 65_537, 16_777_215, 16_777_217, 40_000_000]) {
    const at = timers.now() + ms;
    timers.start(ms, () => late.push(timers.now() - at));
  }
  expect(timers.runAll(50_000_000)).toBe(true);
  expect(late).toEqual(Array(14).fill(0));
});

test('random starts and stops agree with a sorted list', () => {
  const wheel = new TimerWheel(2 ** 32 - 100_000);
  let seed = 7;
  const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  const expected = new Map<number, number>();
  const wrong: string[] = [];
  const running: { id: number; stop(): void }[] = [];
  for (let id = 0; id < 5_000; id++) {
    const at = wheel.now() + Math.ceil(random() ** 4 * 300_000) + 1;
    expected.set(id, at);
    const timer = wheel.startAt(at, () => {
      if (expected.get(id) !== wheel.now()) wrong.push(`${id} at ${wheel.now()}, due ${expected.get(id)}`);
      expected.delete(id);
    });
    running.push({ id, stop: () => timer.stop() });
    if (random() < 0.3) {
      const [chosen] = running.splice(Math.floor(random() * running.length), 1);
      chosen!.stop();
      expected.delete(chosen!.id);
    }
    if (random() < 0.2) {
      const next = wheel.nextExpiry();
      if (next !== (expected.size === 0 ? undefined : Math.min(...expected.values()))) wrong.push(`next ${next}`);
      wheel.advance(wheel.now() + random() * 500);
    }
  }
  wheel.advance(wheel.now() + 400_000);
  expect(wrong).toEqual([]);
  expect(expected.size).toBe(0);
  expect(wheel.size).toBe(0);
});

test('timers of one millisecond fire in the order they were started', () => {
  const timers = new FakeTimers();
  const order: string[] = [];
  timers.start(300, () => order.push('first'));
  timers.advance(200);
  timers.start(100, () => order.push('second'));
  timers.advance(90);
  timers.start(10, () => order.push('third'));
  timers.advance(10);
  expect(order).toEqual(['first', 'second', 'third']);
});

test('what a timer throws comes out of advance, and the others still fire', () => {
  const wheel = new TimerWheel();
  let fired = 0;
  wheel.start(5, () => {
    throw new Error('a bug');
  });
  wheel.start(5, () => fired++);
  expect(() => wheel.advance(10)).toThrow('a bug');
  wheel.advance(10);
  expect(fired).toBe(1);
});

test('runAll gives up at its limit on a timer that always starts another', () => {
  const timers = new FakeTimers();
  const again = () => void timers.start(1_000, again);
  again();
  expect(timers.runAll(60_000)).toBe(false);
});

test('closed node timers do not fire', async () => {
  const timers = nodeTimers();
  let fired = 0;
  timers.start(5, () => fired++);
  timers.close();
  await new Promise((resolve) => setTimeout(resolve, 40));
  expect(fired).toBe(0);
});

import { expect, test } from 'vitest';
import { Admission } from './admission.ts';

/**
 * One event loop in virtual time, in steps of 1 ms: what came is read (each datagram costs), what belongs to calls is done, and
 * then new work as far as time is left; work that was let in comes back for more (with credentials, and the call's later messages).
 */
interface Plant {
  /** Calls or registrations that would come through at 100 % of the loop, per second. */
  readonly capacity: number;
  /** Share of an accepted one's CPU time spent on the challenge, on the credentialed request, and later. */
  readonly shares: readonly [challenge: number, credentialed: number, later: number];
  /** When the later share falls due, ms. */
  readonly holdMs: number;
  /** CPU time of a stateless 503 (with the datagrams of the request, the answer and the ACK) as a share of an accepted one. */
  readonly refusalShare: number;
}

interface Work {
  readonly credentialed: boolean;
  /** When it was sent: what nobody reads waits in the socket. */
  readonly sentAt: number;
}

const calls: Plant = { capacity: 1100, shares: [0.15, 0.5, 0.35], holdMs: 300, refusalShare: 0.06 };
const registrations: Plant = { capacity: 8000, shares: [0.4, 0.6, 0], holdMs: 0, refusalShare: 0.1 };

interface Course {
  readonly acceptedPerS: number[];
  /** The longest that work which was taken on had waited. */
  readonly waitMs: number[];
  readonly refused: number;
  /** Refused with credentials. */
  readonly wasted: number;
}

/** `stallMs`: how long the loop stands still at an instant, as for a garbage collection. */
function run(plant: Plant, load: (second: number) => number, seconds: number, seed: number, stallMs: (now: number) => number = () => 0): Course {
  let [now, state, arriving, debtMs, refusedCost] = [0, seed, 0, 0, 0];
  let wasted = 0;
  const admission = new Admission<Work>(({ credentialed }) => {
    refusedCost += plant.refusalShare * unitMs;
    if (credentialed) wasted += 1;
  });
  const unitMs = 1000 / plant.capacity;
  const later = new Float64Array(seconds * 1000 + plant.holdMs + 1000);
  const retries = new Int32Array(seconds * 1000 + 1000);
  const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  const acceptedPerS = Array<number>(seconds).fill(0);
  const waitMs = Array<number>(seconds).fill(0);
  const socket: Work[] = [];
  for (; now < seconds * 1000; now++) {
    const second = Math.floor(now / 1000);
    arriving += (load(second) / 1000) * 2 * random();
    for (; arriving >= 1; arriving -= 1) socket.push({ credentialed: false, sentAt: now });
    for (let i = retries[now] ?? 0; i > 0; i--) socket.push({ credentialed: true, sentAt: now });
    debtMs += (later[now] ?? 0) + stallMs(now);
    if (debtMs >= 1) {
      debtMs -= 1;
      continue;
    }
    let left = 1 - debtMs;
    debtMs = 0;
    refusedCost = 0;
    for (const work of socket.splice(0)) {
      admission.observe(now - work.sentAt);
      admission.enter(work, work.credentialed, now);
    }
    admission.observe(0);
    while (left - refusedCost > 0) {
      const work = admission.next(now);
      if (work === undefined) break;
      waitMs[second] = Math.max(waitMs[second] ?? 0, now - work.sentAt);
      if (work.credentialed) {
        left -= plant.shares[1] * unitMs;
        later[now + plant.holdMs + 1] = (later[now + plant.holdMs + 1] ?? 0) + plant.shares[2] * unitMs;
        acceptedPerS[second] = (acceptedPerS[second] ?? 0) + 1;
      } else {
        left -= plant.shares[0] * unitMs;
        retries[now + 2] = (retries[now + 2] ?? 0) + 1;
      }
    }
    debtMs += Math.max(0, refusedCost - left);
  }
  return { acceptedPerS, waitMs, refused: admission.refused, wasted };
}

const average = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

test.each([
  ['calls', calls, 0.8],
  ['registrations', registrations, 0.75],
])('at three times the maximum load of %s what refusing leaves is carried, and nobody waits for long', (_name, plant, share) => {
  for (const seed of [1, 2, 3]) {
    const { acceptedPerS, waitMs } = run(plant, () => 3 * plant.capacity, 30, seed);
    expect(average(acceptedPerS)).toBeGreaterThan(share * plant.capacity);
    // It does not swing between all and nothing.
    expect(Math.min(...acceptedPerS.slice(2, -1))).toBeGreaterThan(0.75 * average(acceptedPerS));
    // Below T1: nobody repeats a request that will be served.
    expect(Math.max(...waitMs)).toBeLessThan(500);
  }
});

test('below the maximum nothing is refused, and after an overload the limit is gone at once', () => {
  expect(run(calls, () => 0.9 * calls.capacity, 30, 1).refused).toBe(0);
  const afterwards = run(calls, (second) => (second < 10 ? 3 : 0.8) * calls.capacity, 20, 1);
  expect(average(afterwards.acceptedPerS.slice(12))).toBeGreaterThan(0.78 * calls.capacity);
});

test('a standstill of 200 ms every few seconds refuses nobody at four fifths of the maximum (RFC 8033 4.4)', () => {
  expect(run(calls, () => 0.8 * calls.capacity, 30, 1, (now) => (now % 5000 === 4000 ? 200 : 0)).refused).toBe(0);
});

test('who has been challenged goes first: hardly a challenge is spent in vain', () => {
  const { acceptedPerS, wasted } = run(calls, () => 3 * calls.capacity, 40, 1);
  expect(wasted).toBeLessThan(0.001 * average(acceptedPerS) * 40);
});

test('the queue is bounded, for what follows too', () => {
  const refused: number[] = [];
  const admission = new Admission<number>((work) => refused.push(work), { capacity: 3 });
  for (const [work, hasCredentials] of [[1, false], [2, true], [3, false], [4, true]] as const) admission.enter(work, hasCredentials, 0);
  admission.follow(5, 0);
  expect(refused).toEqual([4, 5]);
  expect(admission.next(0)).toBe(2);
  admission.follow(6, 0);
  expect([admission.next(0), admission.next(0), admission.next(0), admission.next(0)]).toEqual([1, 3, 6, undefined]);
});

test('what follows comes after everything that entered before it, however long it waits', () => {
  const refused: string[] = [];
  const admission = new Admission<string>((work) => refused.push(work));
  admission.enter('INVITE', false, 0);
  admission.enter('INVITE with credentials', true, 1);
  admission.follow('CANCEL', 2);
  admission.enter('another', false, 3);
  expect([admission.next(700), admission.next(700), admission.next(700)]).toEqual(['INVITE with credentials', 'CANCEL', undefined]);
  expect(refused).toEqual(['INVITE', 'another']);
});

test('nobody is let in behind what has waited for 400 ms; those with credentials have a queue of their own', () => {
  const refused: number[] = [];
  const admission = new Admission<number>((work) => refused.push(work));
  admission.enter(1, false, 0);
  admission.enter(2, false, 390);
  admission.enter(3, false, 410);
  admission.enter(4, true, 410);
  admission.enter(5, true, 800);
  admission.enter(6, true, 811);
  expect(refused).toEqual([3, 6]);
  expect(admission.waiting).toBe(4);
});

test('what messages wait in the socket counts as well', () => {
  const refused: number[] = [];
  const admission = new Admission<number>((work) => refused.push(work));
  admission.observe(500);
  admission.enter(1, false, 0);
  admission.observe(0);
  admission.enter(2, false, 0);
  expect(refused).toEqual([1]);
});

test('Retry-After is spread, so that those refused together do not come back together (RFC 3261 20.33)', () => {
  const seconds = new Set<number>();
  const admission: Admission<number> = new Admission(() => seconds.add(admission.retryAfterS()));
  admission.observe(500);
  for (let i = 0; i < 100; i++) admission.enter(i, false, 0);
  expect(seconds.size).toBeGreaterThan(4);
  expect(Math.min(...seconds)).toBeGreaterThan(0);
  expect(admission.refusedShare).toBeGreaterThan(0.3);
});

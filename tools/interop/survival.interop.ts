import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { describeLeftovers } from '../testbed/metrics.ts';
import { type RunningPbx, startPbx } from '../testbed/pbx.ts';
import { Survival } from '../testbed/survival.ts';
import { isInstalled } from './phones/installed.ts';

/*
 * Two office phones talk, twenty times at once, and one process after the other is killed by SIGKILL. How long it takes in
 * milliseconds is for `npm run bench -- survival`; here only what must never happen.
 */
const hasCompiler = isInstalled(process.env['CC'] || 'cc');
let pbx: RunningPbx;
let survival: Survival;

beforeAll(async () => {
  if (!hasCompiler) return;
  pbx = await startPbx();
  survival = await Survival.start(pbx);
});

afterAll(async () => {
  await survival?.stop();
  await pbx?.stop();
});

beforeEach((context) => context.skip(!hasCompiler, 'needs a C compiler for the RTP of its phones: apt-get install gcc libc6-dev'));

test('a killed controller costs no audio; its calls are held, resumed and hung up afterwards, and recorded as recovered', async () => {
  const { talking } = survival;
  await talking.establish(CALLS);
  await survival.killController();
  expect(await talking.untilAllHear(30_000)).toBe(true);
  // Since before the kill. What the phones themselves were kept from sending is nobody's fault.
  const { longestGapMs, longestSendGapMs } = await talking.heard();
  expect(longestGapMs - longestSendGapMs).toBeLessThan(1_000);

  const callIds = talking.callIds;
  expect(await talking.holdAndResume()).toEqual({ held: CALLS, resumed: CALLS });
  expect(await talking.untilAllHear(30_000)).toBe(true);
  expect(await talking.hangUp()).toBe(CALLS);
  expect(await survival.records(callIds)).toMatchObject({ missing: 0, twice: 0, recovered: CALLS, clearedNormally: CALLS, withQuality: CALLS });
});

test('a killed gateway comes back with every call on the same ports', async () => {
  const { talking } = survival;
  await talking.establish(CALLS);
  const { allHear, portsUnchanged } = await survival.killGateway();
  expect(allHear).toBe(true);
  expect(portsUnchanged).toBe(true);

  const callIds = talking.callIds;
  expect(await talking.hangUp()).toBe(CALLS);
  expect(await survival.records(callIds)).toMatchObject({ missing: 0, twice: 0, clearedNormally: CALLS });
});

test('calls are made while PostgreSQL is dead, and each has its record once it is back', async () => {
  expect(await survival.killDatabase(CALLS)).toMatchObject({ missing: 0, twice: 0, clearedNormally: CALLS });
});

test('a controller killed during set-ups leaves a record of each attempt, and nothing open', async () => {
  const outcome = await survival.killDuringSetUps(20, 2);
  expect(outcome.answeredByAnything).toBeGreaterThan(0);
  expect(outcome).toMatchObject({ missing: 0, twice: 0, sessionsLeft: 0 });
  expect(describeLeftovers(outcome.left)).toBe('none');
});

const CALLS = 20;

import { twoCpus } from '../testbed/pinned.ts';
import type { BenchContext, Figures } from './bench.ts';
import { CallsWithSipp, type CallLoadStep } from './load/calls-with-sipp.ts';
import { echoFloorUs } from './load/echo-floor.ts';

export const title = 'Authenticated calls a second, both processes on one core';
export const explains =
  'sipp places calls from registered phones (digest on INVITE) to registered phones; each call allocates its media terminations and writes its record. ' +
  'Controller and gateway share CPU 0; sipp and PostgreSQL have CPU 1. The rate is raised until more than 0.1 % of calls fail; post-dial delay is then taken at 80 % of the highest good rate. ' +
  'Baseline of the same run: a bare Node UDP echo, the floor under any Node SIP server: 17 datagrams a call. ' +
  'Target: at least 1,000 calls/s, at most 0.9 ms of CPU a call, p99 under 50 ms (Asterisk 22 on such a machine: 186-226 calls/s, 4.4-4.8 ms).';
export const options = {
  start: { default: 700, explains: 'first rate, calls/s' },
  raise: { default: 100, explains: 'added for each step, calls/s' },
  highest: { default: 2000, explains: 'where to stop, calls/s' },
  seconds: { default: 10, explains: 'length of a step' },
  talk: { default: 300, explains: 'milliseconds each call talks' },
};

export async function run(context: BenchContext): Promise<Figures> {
  const cpus = twoCpus();
  const floorUs = await echoFloorUs();
  context.progress('starting a PBX');
  const pbx = await context.startPbx({
    rtpPorts: 12_000,
    ...(cpus === undefined ? {} : { cpus: { pbx: cpus.measured, media: cpus.measured, database: cpus.load } }),
  });
  const load = await CallsWithSipp.start(pbx, cpus?.load);
  context.atEnd(() => load.stop());

  const seconds = context.number('seconds');
  context.progress('warming up');
  // Until V8 has compiled what a call runs through: some ten thousand calls.
  await load.step(200, 5, context.number('talk'));
  await load.step(500, 20, context.number('talk'));
  const steps: CallLoadStep[] = [];
  for (let rate = context.number('start'); rate <= context.number('highest'); rate += context.number('raise')) {
    context.progress(`${rate} calls/s`);
    const step = await load.step(rate, seconds, context.number('talk'));
    steps.push(step);
    if (!isGood(step)) break;
  }
  const best = steps.filter(isGood).at(-1);
  const at80 = await load.step(Math.round((best?.offeredPerSecond ?? context.number('start')) * 0.8), seconds, context.number('talk'));

  context.table([
    ['offered/s', 'completed', 'failed', '503', 'p50 PDD ms', 'p99 PDD ms', 'CPU ms/call', 'controller', 'gateway'],
    ...[...steps, at80].map((step) => [
      step.offeredPerSecond,
      step.completed,
      step.failed,
      step.refused,
      step.p50PostDialMs.toFixed(0),
      step.p99PostDialMs.toFixed(0),
      step.cpuMsPerCall.toFixed(3),
      step.cpuMsPerCallController.toFixed(3),
      step.cpuMsPerCallGateway.toFixed(3),
    ]),
    ['floor: UDP echo', '', '', '', '', '', ((floorUs * DATAGRAMS) / 2000).toFixed(3), '', ''],
  ]);
  return {
    callsPerSecond: best?.offeredPerSecond ?? 0,
    cpuMsPerCall: round(best?.cpuMsPerCall ?? Number.NaN),
    cpuMsPerCallAt80Percent: round(at80.cpuMsPerCall),
    p99PostDialMsAt80Percent: round(at80.p99PostDialMs),
    failedPercentAt80Percent: round((100 * at80.failed) / at80.placed),
    echoFloorCpuMsPerCall: round((floorUs * DATAGRAMS) / 2000),
    ratioToEchoFloor: round(at80.cpuMsPerCall / ((floorUs * DATAGRAMS) / 2000)),
  };
}

function isGood(step: CallLoadStep): boolean {
  return (step.failed + step.refused) / step.placed < 0.001;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** In and out together: INVITE 407 ACK INVITE 100 180 200 ACK BYE 200 | INVITE 180 200 ACK BYE 200, and sipp's 100 is optional. */
const DATAGRAMS = 17;

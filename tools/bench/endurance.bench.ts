import { describeLeftovers, metrics, settle } from '../testbed/metrics.ts';
import { morePhones } from '../testbed/more-phones.ts';
import type { RunningPbx } from '../testbed/pbx.ts';
import { pin, twoCpus } from '../testbed/pinned.ts';
import { openDescriptors } from '../testbed/process-figures.ts';
import type { BenchContext, Figures } from './bench.ts';
import { CallsWithSipp } from './load/calls-with-sipp.ts';
import { MixedCalls } from './load/mixed-calls.ts';
import { ResidentWatch } from './load/resident-watch.ts';

export const title = 'Half an hour of mixed load at half the maximum';
export const explains =
  'Four fifths of the load are plain calls by sipp (digest, media, 300 ms of talk), one fifth is a mix by phones of our own stack: calls held and resumed, given up, to busy, absent and unknown numbers, and fresh registrations. ' +
  'Resident memory of controller and gateway is read every 10 s (every second in a short run); growth is the mean of the last tenth beside the mean of the minute after the first five (a sixth of a short run): target below 5 %. ' +
  'At the end everything that belongs to a call must return to zero, and open file descriptors to what they were before (the baseline). Every attempt must have its record.';
export const options = {
  rate: { default: 500, explains: 'calls and registrations a second; half of what npm run bench -- sip finds' },
  minutes: { default: 30, explains: 'how long; 1 is a quick look' },
};

export async function run(context: BenchContext): Promise<Figures> {
  const cpus = twoCpus();
  const seconds = Math.round(context.number('minutes') * 60);
  const rate = context.number('rate');
  context.progress('starting a PBX');
  const pbx = await context.startPbx({ rtpPorts: 12_000, ...(cpus === undefined ? {} : { cpus: { pbx: cpus.measured, media: cpus.measured, database: cpus.load } }) });
  if (cpus !== undefined) pin(process.pid, cpus.load);
  const mixed = await MixedCalls.start(pbx, await morePhones(pbx, 22));
  context.atEnd(() => mixed.close());
  const sipp = await CallsWithSipp.start(pbx, cpus?.load);
  context.atEnd(() => sipp.stop());
  context.progress('warming up');
  await sipp.step(Math.min(100, rate), 5, TALK_MS);
  await settle(pbx);
  const savedBefore = (await metrics(pbx)).get(SAVED) ?? 0;
  const programs = { controller: pbx.controller, gateway: pbx.media } as const;
  const descriptors = await openOf(pbx);

  const everyMs = seconds >= 300 ? 10_000 : 1_000;
  const watches = { controller: new ResidentWatch(() => programs.controller.pid, everyMs), gateway: new ResidentWatch(() => programs.gateway.pid, everyMs) };
  context.atEnd(() => (watches.controller.stop(), watches.gateway.stop()));
  const saying = setInterval(() => context.progress(`${rate}/s of ${seconds} s; controller ${watches.controller.lastMb} MB, gateway ${watches.gateway.lastMb} MB`), 10_000);
  context.atEnd(() => clearInterval(saying));
  const [plain] = await Promise.all([sipp.step(Math.round(rate * 0.8), seconds, TALK_MS), mixed.run(Math.round(rate * 0.2), seconds)]);
  clearInterval(saying);
  watches.controller.stop();
  watches.gateway.stop();
  context.progress('waiting for the last timers');
  const left = await settle(pbx, 60_000);
  const saved = ((await metrics(pbx)).get(SAVED) ?? 0) - savedBefore;
  const attempts = plain.completed + plain.failed + mixed.attempts;
  const unexpected = [...mixed.unexpected].map(([what, times]) => `${what} (${times})`).join('; ') || 'none';

  const growth = { controller: growthPercent(watches.controller, seconds), gateway: growthPercent(watches.gateway, seconds) };
  const openAfter = await openOf(pbx);
  context.table([
    ['', 'RSS MB at first', 'settled', 'peak', 'at last', 'growth %', 'descriptors before', 'after', 'deaths'],
    ...(['controller', 'gateway'] as const).map((name) => [
      name, watches[name].firstMb, growth[name].settledMb, watches[name].peakMb, growth[name].lastMb, growth[name].percent, descriptors[name], openAfter[name], programs[name].deaths,
    ]),
  ]);
  context.table([
    ['load', 'done', 'turned away', 'failed'],
    ['plain calls', plain.completed, plain.refused, plain.failed],
    ...Object.entries(mixed.done).map(([kind, count]) => [kind, count, '', '']),
    ['mix together', Object.values(mixed.done).reduce((sum, count) => sum + count, 0), mixed.refused, [...mixed.unexpected.values()].reduce((sum, count) => sum + count, 0)],
    ['records', saved, '', Math.max(0, attempts - saved)],
  ]);
  return {
    minutes: context.number('minutes'),
    ratePerSecond: rate,
    controllerGrowthPercent: growth.controller.percent,
    gatewayGrowthPercent: growth.gateway.percent,
    controllerSettledRssMb: growth.controller.settledMb,
    controllerLastRssMb: growth.controller.lastMb,
    controllerPeakRssMb: watches.controller.peakMb,
    gatewaySettledRssMb: growth.gateway.settledMb,
    gatewayLastRssMb: growth.gateway.lastMb,
    leftovers: describeLeftovers(left),
    controllerDescriptorsLeaked: openAfter.controller - descriptors.controller,
    gatewayDescriptorsLeaked: openAfter.gateway - descriptors.gateway,
    plainCallsCompleted: plain.completed,
    plainCallsFailed: plain.failed,
    turnedAway: plain.refused + mixed.refused,
    p99PostDialMs: Math.round(plain.p99PostDialMs),
    mixUnexpected: unexpected,
    // A 503 of the front door leaves none, one that came later does.
    attemptsWithoutRecord: Math.max(0, attempts - saved),
    recordsOfTurnedAway: Math.max(0, saved - attempts),
  };
}

/** Open file descriptors; of the gateway without those of the RTP and RTCP ports it keeps open for calls to come. */
async function openOf(pbx: RunningPbx): Promise<{ readonly controller: number; readonly gateway: number }> {
  const figures = await metrics(pbx);
  const pairs = ['portsReady', 'portsQuarantined', 'portsInUse'].reduce((sum, figure) => sum + (figures.get(`tipring_gateway{figure="${figure}"}`) ?? 0), 0);
  return { controller: openDescriptors(pbx.controller.pid), gateway: openDescriptors(pbx.media.pid) - 2 * pairs };
}

/** The mean of the last tenth beside that of a tenth after the beginning is over. */
function growthPercent(watch: ResidentWatch, seconds: number): { settledMb: number; lastMb: number; percent: number } {
  const settledFrom = Math.min(300, seconds / 6) * 1000;
  const tenth = Math.max(seconds * 100, 2_500);
  const mean = (from: number, to: number) => {
    const within = watch.samples.filter(({ atMs }) => atMs >= from && atMs < to);
    return within.reduce((sum, { bytes }) => sum + bytes, 0) / within.length / 2 ** 20;
  };
  const settled = mean(settledFrom, settledFrom + tenth);
  const last = mean(seconds * 1000 - tenth, Number.POSITIVE_INFINITY);
  return { settledMb: Math.round(settled), lastMb: Math.round(last), percent: Math.round((1000 * (last - settled)) / settled) / 10 };
}

const TALK_MS = 300;
const SAVED = 'tipring_call_records_saved_total';

import { describeLeftovers } from '../testbed/metrics.ts';
import { pin, twoCpus } from '../testbed/pinned.ts';
import { type RecordCheck, Survival } from '../testbed/survival.ts';
import type { BenchContext, Figures } from './bench.ts';

export const title = 'kill -9 of controller, gateway and PostgreSQL under calls';
export const explains =
  'Phones of a bank made of our own stack talk to each other, RTP both ways, every packet marked with who sent it. Then processes are killed by SIGKILL, and are started again as the launcher does. ' +
  '(a) The controller: the longest gap in any stream (target < 40 ms), calls disturbed (0), all held, resumed and hung up afterwards, records complete. (b) The gateway: until all hear each other again (< 2 s), on the same ports. ' +
  '(c) PostgreSQL: calls are made without it, every record is there in the end, once. (d) The controller during set-ups: one record for each attempt that was answered by anything, nothing left ringing or open. ' +
  'Baseline: the same streams with nobody killed. On such a machine Asterisk and FreeSWITCH lose every call and its record.';
export const options = {
  calls: { default: 200, explains: 'calls up when a process is killed; 20 is a quick look' },
  rate: { default: 100, explains: 'set-ups a second in (d)' },
  seconds: { default: 10, explains: 'length of (d)' },
};

export async function run(context: BenchContext): Promise<Figures> {
  const cpus = twoCpus();
  context.progress('starting a PBX');
  const pbx = await context.startPbx(cpus === undefined ? {} : { cpus: { pbx: cpus.measured, media: cpus.measured, database: cpus.load } });
  if (cpus !== undefined) pin(process.pid, cpus.load);
  const survival = await Survival.start(pbx, cpus?.load);
  context.atEnd(() => survival.stop());
  const { talking } = survival;
  const count = context.number('calls');

  context.progress(`setting ${count} calls up`);
  await talking.establish(count);
  const quiet = await talking.hearFor(2_000);

  context.progress('(a) kill -9 of the controller');
  const controller = await survival.killController();
  const afterController = talking.callIds;
  const { held, resumed } = await talking.holdAndResume();
  const again = await talking.hearFor(500);
  const toldAfterController = await talking.hangUp();
  const controllerRecords = await survival.records(afterController);

  context.progress(`(b) setting ${count} calls up, kill -9 of the gateway`);
  await talking.establish(count);
  const gateway = await survival.killGateway();
  const afterGateway = talking.callIds;
  const toldAfterGateway = await talking.hangUp();
  const gatewayRecords = await survival.records(afterGateway);

  context.progress(`(c) kill -9 of PostgreSQL, ${count} calls without it`);
  const database = await survival.killDatabase(count);

  context.progress('(d) kill -9 of the controller during set-ups');
  const setUps = await survival.killDuringSetUps(context.number('rate'), context.number('seconds'));

  context.table([
    ['', 'streams', 'hear their party', 'longest gap ms', 'of it our own sending', 'calls disturbed'],
    ['nobody killed', quiet.streams, quiet.right, ms(quiet.longestGapMs), ms(quiet.longestSendGapMs), quiet.callsDisturbed],
    ['controller killed', controller.hearing.streams, controller.hearing.right, ms(controller.hearing.longestGapMs), ms(controller.hearing.longestSendGapMs), controller.hearing.callsDisturbed],
    ['held and resumed', again.streams, again.right, ms(again.longestGapMs), ms(again.longestSendGapMs), again.callsDisturbed],
    ['gateway killed', gateway.hearing.streams, gateway.hearing.right, ms(gateway.hearing.longestGapMs), ms(gateway.hearing.longestSendGapMs), gateway.hearing.callsDisturbed],
  ]);
  context.table([
    ['records after', 'calls', 'missing', 'twice', 'recovered', 'normal clearing', 'quality of both legs', 'other side told'],
    ['controller killed', count, ...row(controllerRecords), toldAfterController],
    ['gateway killed', count, ...row(gatewayRecords), toldAfterGateway],
    ['PostgreSQL killed', database.calls, ...row(database), ''],
  ]);
  context.table([
    ['killed during set-ups', ''],
    ['attempts', setUps.attempts],
    ['answered by anything', setUps.answeredByAnything],
    ['of these turned away by 503', setUps.turnedAway],
    ['established', setUps.established],
    ['callers who had to give up', setUps.callersWhoGaveUp],
    ['called phones not told', setUps.calledNotTold === 0 ? 0 : `${setUps.calledNotTold} (${setUps.notToldBecause})`],
    ['records missing', setUps.missing],
    ['records twice', setUps.twice],
    ['left over', describeLeftovers(setUps.left)],
  ]);
  return {
    calls: count,
    quietLongestGapMs: round(quiet.longestGapMs),
    controllerKillLongestGapMs: round(controller.hearing.longestGapMs),
    controllerKillCallsDisturbed: controller.hearing.callsDisturbed,
    controllerKillFirstSipAnswerMs: Math.round(controller.firstAnswerMs),
    controllerKillReadyMs: Math.round(controller.readyMs),
    held,
    resumed,
    toldAfterController,
    controllerKillRecordsMissing: controllerRecords.missing,
    controllerKillRecordsRecovered: controllerRecords.recovered,
    controllerKillRecordsWithQuality: controllerRecords.withQuality,
    gatewayKillAllHear: gateway.allHear,
    gatewayKillOutageMs: Math.round(gateway.hearing.longestGapMs),
    gatewayKillPortsUnchanged: gateway.portsUnchanged,
    toldAfterGateway,
    gatewayKillRecordsMissing: gatewayRecords.missing,
    databaseKillRecordsMissing: database.missing,
    databaseKillRecordsTwice: database.twice,
    setUpKillAttempts: setUps.attempts,
    setUpKillAnswered: setUps.answeredByAnything,
    setUpKillRecordsMissing: setUps.missing,
    setUpKillRecordsTwice: setUps.twice,
    setUpKillCalledNotTold: setUps.calledNotTold,
    setUpKillCallersGaveUp: setUps.callersWhoGaveUp,
    setUpKillLeftovers: describeLeftovers(setUps.left),
  };
}

function row(check: RecordCheck): number[] {
  return [check.missing, check.twice, check.recovered, check.clearedNormally, check.withQuality];
}

function ms(value: number): string {
  return value.toFixed(1);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

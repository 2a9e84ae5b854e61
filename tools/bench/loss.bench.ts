import type { BankParty } from '../testbed/bank-party.ts';
import { pause } from '../testbed/each.ts';
import { describeLeftovers, settle } from '../testbed/metrics.ts';
import type { RunningPbx } from '../testbed/pbx.ts';
import { type BankAttempt, PhoneBank } from '../testbed/phone-bank.ts';
import { recordsOf } from '../testbed/records.ts';
import type { BenchContext, Figures } from './bench.ts';
import { quantile } from './load/calls-with-sipp.ts';
import { LossyProxy } from './load/lossy-proxy.ts';

export const title = 'Calls while signalling loses packets';
export const explains =
  'Phones of a bank made of our own stack reach the PBX, and are reached by it, through a proxy that loses datagrams of both directions by a seed: the calling and the called leg both suffer. ' +
  'A call is complete when it was answered, half a second later one side hung up and the other was told, and its record says so. ' +
  'Baseline of the same run: the same calls without loss. Target: at least 99 % of 200 calls at 10 % loss (timers of RFC 3261 lose 1-2 of 200, those of sip.js 34).';
export const options = {
  calls: { default: 200, explains: 'calls in each of the two runs' },
  rate: { default: 20, explains: 'calls placed a second' },
  loss: { default: 10, explains: 'percent of datagrams lost, each way' },
  seed: { default: 1, explains: 'of the losses' },
};

export async function run(context: BenchContext): Promise<Figures> {
  context.progress('starting a PBX');
  const pbx = await context.startPbx();
  const proxy = await LossyProxy.start(pbx.host, pbx.ports.sip, context.number('seed'));
  context.atEnd(() => proxy.close());
  const called = new Map<string, BankParty>();
  const bank = await PhoneBank.start({
    registrar: { address: pbx.host, port: proxy.port },
    devices: pbx.devices,
    firstRtpPort: 61_000,
    arrived: (party, username) => {
      called.set(party.session.callId, party);
      if (!callerHangsUp(username)) void party.heard(['acknowledged', 'ended'], 0, LONGEST_MS).then(() => endAfterTalk(party));
    },
  });
  context.atEnd(() => bank.close());
  await bank.register();

  const calls = async (name: string): Promise<LossRun> => {
    called.clear();
    const [lost, passed] = [proxy.lost, proxy.passed];
    const attempts = await placeCalls(context, pbx, bank, name);
    const outcomes = await Promise.all(attempts.map(({ outcome }) => outcome));
    for (const end = performance.now() + LONGEST_MS; bank.sessions > 0 && performance.now() < end; ) await pause(50);
    const complete = await countComplete(pbx, attempts, called);
    return {
      name,
      calls: attempts.length,
      answered: outcomes.filter((outcome) => outcome.type === 'answered').length,
      complete,
      setUpMs: outcomes.flatMap((outcome) => (outcome.type === 'answered' ? [outcome.afterMs] : [])),
      lostDatagrams: proxy.lost - lost,
      datagrams: proxy.lost - lost + proxy.passed - passed,
    };
  };

  const clean = await calls('no loss');
  proxy.loss = context.number('loss') / 100;
  const lossy = await calls(`${context.number('loss')} % each way`);
  proxy.loss = 0;
  context.progress('waiting for the last timers');
  const left = await settle(pbx);

  context.table([
    ['', 'calls', 'answered', 'complete', 'complete %', 'p50 set-up ms', 'p95 set-up ms', 'datagrams', 'of these lost'],
    ...[clean, lossy].map((one) => [
      one.name, one.calls, one.answered, one.complete, ((100 * one.complete) / one.calls).toFixed(1), quantile(one.setUpMs, 0.5).toFixed(0), quantile(one.setUpMs, 0.95).toFixed(0), one.datagrams, one.lostDatagrams,
    ]),
  ]);
  return {
    calls: lossy.calls,
    completePercent: (100 * lossy.complete) / lossy.calls,
    completePercentWithoutLoss: (100 * clean.complete) / clean.calls,
    p95SetUpMs: Math.round(quantile(lossy.setUpMs, 0.95)),
    p95SetUpMsWithoutLoss: Math.round(quantile(clean.setUpMs, 0.95)),
    datagramsLostPercent: Math.round((1000 * lossy.lostDatagrams) / lossy.datagrams) / 10,
    leftovers: describeLeftovers(left),
  };
}

async function placeCalls(context: BenchContext, pbx: RunningPbx, bank: PhoneBank, name: string): Promise<BankAttempt[]> {
  const { devices } = pbx;
  const attempts: BankAttempt[] = [];
  const began = performance.now();
  while (attempts.length < context.number('calls')) {
    const at = attempts.length;
    const wait = began + (at * 1000) / context.number('rate') - performance.now();
    if (wait > 0) await pause(wait);
    if (at % 20 === 0) context.progress(`${name}: call ${at}`);
    const from = devices[at % devices.length]!;
    const to = devices[(at + 1 + (Math.floor(at / devices.length) % (devices.length - 1))) % devices.length]!;
    const attempt = bank.place(from, to.extension);
    attempts.push(attempt);
    if (!callerHangsUp(to.username)) continue;
    void attempt.outcome.then((outcome) => (outcome.type === 'answered' ? endAfterTalk(attempt.caller) : undefined));
  }
  return attempts;
}

async function endAfterTalk(party: BankParty): Promise<void> {
  await pause(TALK_MS);
  party.session.end();
}

/** Both legs are found by the Call-IDs in the record. */
async function countComplete(pbx: RunningPbx, attempts: readonly BankAttempt[], called: ReadonlyMap<string, BankParty>): Promise<number> {
  const records = await recordsOf(pbx, attempts.map(({ callId }) => callId));
  return attempts.filter(({ callId, caller }) => {
    const found = records.get(callId) ?? [];
    const [record] = found;
    if (found.length !== 1 || record?.cause !== 'normalClearing') return false;
    const other = called.get(record.legs.find((leg) => leg.role === 'called')?.reference ?? '');
    if (other === undefined || !caller.events.includes('accepted')) return false;
    return (caller.endedBy === 'local' && other.endedBy === 'remote') || (caller.endedBy === 'remote' && other.endedBy === 'local');
  }).length;
}

/** So that either side knows by the number called. */
function callerHangsUp(username: string): boolean {
  return Number(username) % 2 === 0;
}

interface LossRun {
  readonly name: string;
  readonly calls: number;
  readonly answered: number;
  readonly complete: number;
  readonly setUpMs: readonly number[];
  readonly lostDatagrams: number;
  readonly datagrams: number;
}

const TALK_MS = 500;
/** Timers B, F and H are 32 s; a second transaction may follow. */
const LONGEST_MS = 70_000;

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { root } from '../launcher/places.mjs';
import { pause } from '../testbed/each.ts';
import { InspectedHeap } from '../testbed/heap.ts';
import { describeLeftovers, settle } from '../testbed/metrics.ts';
import { morePhones } from '../testbed/more-phones.ts';
import type { RunningPbx } from '../testbed/pbx.ts';
import { PhoneBank } from '../testbed/phone-bank.ts';
import { pin, pinned, twoCpus } from '../testbed/pinned.ts';
import { freePorts } from '../testbed/ports.ts';
import { residentBytes } from '../testbed/process-figures.ts';
import { RtpStreams } from '../testbed/rtp-streams.ts';
import { sippCredentials } from '../testbed/sipp.ts';
import { type Hearing, TalkingCalls } from '../testbed/talking-calls.ts';
import type { BenchContext, Figures } from './bench.ts';
import { CallsWithSipp } from './load/calls-with-sipp.ts';
import { Probe, type ProbeFigures } from './load/probe.ts';
import { ResidentWatch } from './load/resident-watch.ts';
import { type LoadFigures, loadWithSipp } from './load/sipp-load.ts';
import { openAndAsk, openAndDawdle } from './load/tcp-connections.ts';

export const title = 'Three times what it can take';
export const explains =
  'Controller and gateway have CPU 0, the load CPU 1. While calls with RTP are up, sipp offers calls, and then REGISTERs, at three times the given maximum: how many are accepted as a share of what is accepted at the maximum (baseline of the same run; target at least 80 %), ' +
  'whether the excess is answered 503 with Retry-After, whether the calls that are up keep their audio, and what becomes of memory. Then TCP: connections a second that get an answer (at least 500), and slow and silent ones, which must be closed. ' +
  'At last one address floods with datagrams nobody asked for while another one places calls (baseline: the same calls without the flood). Asterisk collapses about 10 % past its limit and grew to 2.8 GB.';
export const options = {
  calls: { default: 1000, explains: 'calls a second at the maximum; npm run bench -- sip finds it' },
  registers: { default: 5000, explains: 'registrations a second at the maximum; npm run bench -- registrar finds it' },
  factor: { default: 3, explains: 'times the maximum' },
  seconds: { default: 30, explains: 'length of each overload' },
  established: { default: 100, explains: 'calls with RTP that are up meanwhile' },
  connections: { default: 600, explains: 'TCP connections a second, 5 s long' },
  slow: { default: 1000, explains: 'slow and silent TCP connections' },
  flood: { default: 20_000, explains: 'datagrams a second from 127.0.0.2' },
  floodSeconds: { default: 10, explains: 'length of the flood' },
  floodCalls: { default: 200, explains: 'calls a second from 127.0.0.1 meanwhile' },
  parts: { default: 'calls,registers,tcp,flood', explains: 'which of them' },
};

export async function run(context: BenchContext): Promise<Figures> {
  const cpus = twoCpus();
  context.progress('starting a PBX');
  const [inspector = 0] = await freePorts(1);
  const pbx = await context.startPbx({ rtpPorts: 12_000, nodeArguments: { pbx: [`--inspect=127.0.0.1:${inspector}`] }, ...(cpus === undefined ? {} : { cpus: { pbx: cpus.measured, media: cpus.measured, database: cpus.load } }) });
  if (cpus !== undefined) pin(process.pid, cpus.load);
  const bench = await Overload.start(context, pbx, { cpu: cpus?.load, inspector });
  const parts = context.text('parts').split(',');
  return {
    ...(parts.includes('calls') ? await bench.flooded('calls') : {}),
    ...(parts.includes('registers') ? await bench.flooded('registers') : {}),
    ...(parts.includes('tcp') ? await bench.connections() : {}),
    ...(parts.includes('flood') ? await bench.noise() : {}),
  };
}

class Overload {
  readonly #context: BenchContext;
  readonly #pbx: RunningPbx;
  readonly #cpu: string | undefined;
  readonly #talking: TalkingCalls;
  readonly #sipp: CallsWithSipp;
  readonly #port: number;
  /** Where the controller's garbage collection can be asked for, after all measuring. */
  readonly #inspector: number;

  static async start(context: BenchContext, pbx: RunningPbx, { cpu, inspector }: { cpu: string | undefined; inspector: number }): Promise<Overload> {
    const phones = await morePhones(pbx, 10);
    const bank = await PhoneBank.start({ registrar: { address: pbx.host, port: pbx.ports.sip }, devices: phones, firstRtpPort: 61_000 });
    context.atEnd(() => bank.close());
    await bank.register();
    const streams = RtpStreams.start(cpu);
    context.atEnd(() => streams.stop());
    const talking = new TalkingCalls(phones, bank, streams);
    const sipp = await CallsWithSipp.start(pbx, cpu);
    context.atEnd(() => sipp.stop());
    context.progress(`setting ${context.number('established')} calls up`);
    await talking.establish(context.number('established'));
    const [port = 0] = await freePorts(1);
    return new Overload(context, pbx, cpu, { talking, sipp, port, inspector });
  }

  private constructor(context: BenchContext, pbx: RunningPbx, cpu: string | undefined, made: { talking: TalkingCalls; sipp: CallsWithSipp; port: number; inspector: number }) {
    this.#context = context;
    this.#pbx = pbx;
    this.#cpu = cpu;
    this.#talking = made.talking;
    this.#sipp = made.sipp;
    this.#port = made.port;
    this.#inspector = made.inspector;
  }

  /** The maximum, then several times the maximum. */
  async flooded(what: 'calls' | 'registers'): Promise<Figures> {
    const context = this.#context;
    const most = context.number(what);
    const seconds = context.number('seconds');
    context.progress(`warming up with ${what}`);
    await this.#measured(what, most / 4, Math.max(3, Math.round(seconds / 5)));

    const controller = new ResidentWatch(() => this.#pbx.controller.pid, 500);
    const gateway = new ResidentWatch(() => this.#pbx.media.pid, 500);
    context.atEnd(() => (controller.stop(), gateway.stop()));
    context.progress(`${most} ${what}/s`);
    const atMost = await this.#measured(what, most, Math.max(4, Math.round(seconds / 3)));
    await pause(2_000);
    const factor = context.number('factor');
    context.progress(`${most * factor} ${what}/s`);
    const beyond = await this.#measured(what, most * factor, seconds);
    const afterwards = await this.#talking.hearFor(1_000);
    context.progress('waiting for the last timers');
    // Calls that are up stay up, so the rest of what is counted cannot go to zero: transactions do.
    await this.#untilQuiet();
    controller.stop();
    gateway.stop();
    const heap = await InspectedHeap.of(this.#inspector);
    await heap.collect();
    heap.close();
    await pause(1_000);
    const collectedMb = Math.round(residentBytes(this.#pbx.controller.pid) / 2 ** 20);

    const share = (100 * beyond.load.acceptedPerSecond) / atMost.load.acceptedPerSecond;
    context.table([
      [what, 'offered/s', 'accepted/s', 'refused 503', 'neither', 'probes answered', 'with Retry-After', 'p99 answer ms', 'longest RTP gap ms', 'RTP lost', 'calls disturbed'],
      ...[['the maximum', atMost] as const, [`times ${factor}`, beyond] as const].map(([name, one]) => [
        name, one.load.offeredPerSecond.toFixed(0), one.load.acceptedPerSecond.toFixed(0), one.load.refused, one.load.failed, `${one.probe.answered} of ${one.probe.sent}`,
        `${one.probe.refusedWithRetryAfter} of ${one.probe.refused}`, one.probe.p99AnswerMs.toFixed(0), one.hearing.longestGapMs.toFixed(1), one.hearing.lost, one.hearing.callsDisturbed,
      ]),
      ['afterwards', '', '', '', '', '', '', '', afterwards.longestGapMs.toFixed(1), afterwards.lost, afterwards.callsDisturbed],
    ]);
    context.table([
      ['RSS MB', 'before', 'peak', 'after', 'after a collection'],
      ['controller', controller.firstMb, controller.peakMb, controller.lastMb, collectedMb],
      ['gateway', gateway.firstMb, gateway.peakMb, gateway.lastMb, ''],
    ]);
    return prefixed(what, {
      OfferedPerSecond: Math.round(beyond.load.offeredPerSecond),
      AcceptedPerSecondAtMaximum: Math.round(atMost.load.acceptedPerSecond),
      AcceptedPerSecond: Math.round(beyond.load.acceptedPerSecond),
      AcceptedPercentOfMaximum: round(share),
      RefusedWith503PercentOfExcess: round((100 * beyond.load.refused) / Math.max(1, beyond.load.offered - beyond.load.accepted)),
      RetryAfterPercentOf503: round((100 * beyond.probe.refusedWithRetryAfter) / Math.max(1, beyond.probe.refused)),
      EstablishedLongestGapMs: round(beyond.hearing.longestGapMs),
      EstablishedCallsDisturbed: beyond.hearing.callsDisturbed,
      EstablishedLostPercent: round((100 * beyond.hearing.lost) / Math.max(1, beyond.hearing.received)),
      ControllerRssMbBefore: controller.firstMb,
      ControllerRssMbPeak: controller.peakMb,
      ControllerRssMbAfter: controller.lastMb,
      ControllerRssMbAfterCollection: collectedMb,
      GatewayRssMbPeak: gateway.peakMb,
      GatewayRssMbAfter: gateway.lastMb,
    });
  }

  async connections(): Promise<Figures> {
    const context = this.#context;
    context.progress('TCP connections');
    await this.#talking.listen();
    const quick = await openAndAsk(this.#pbx, context.number('connections'), 5);
    context.progress('slow and silent connections');
    const slow = await openAndDawdle(this.#pbx, context.number('slow'), 40_000);
    const hearing = await this.#talking.heard();
    context.table([
      ['TCP', 'opened', 'answered', 'closed by the PBX', 'answered/s', 'p99 answer ms', 'longest life s'],
      ['one request each', quick.opened, quick.answered, '', quick.answeredPerSecond.toFixed(0), quick.p99AnswerMs.toFixed(0), ''],
      ['slow or silent', slow.opened, '', slow.closed, '', slow.answerMeanwhileMs?.toFixed(0) ?? 'none', slow.longestLifeS.toFixed(1)],
    ]);
    return {
      tcpConnectionsAnsweredPerSecond: Math.round(quick.answeredPerSecond),
      tcpConnectionsUnanswered: quick.opened - quick.answered,
      slowConnections: slow.opened,
      slowConnectionsClosed: slow.closed,
      slowConnectionLongestLifeS: round(slow.longestLifeS),
      tcpAnswerBesideSlowOnesMs: Math.round(slow.answerMeanwhileMs ?? Number.NaN),
      tcpEstablishedLongestGapMs: round(hearing.longestGapMs),
    };
  }

  async noise(): Promise<Figures> {
    const context = this.#context;
    const [rate, seconds] = [context.number('floodCalls'), context.number('floodSeconds')];
    context.progress('calls without a flood');
    const quiet = await this.#sipp.step(rate, seconds, TALK_MS);
    context.progress('calls beside a flood');
    const file = join(root, 'tools/bench/load/flood.ts');
    const command = pinned(this.#cpu, [process.execPath, file, this.#pbx.host, String(this.#pbx.ports.sip), '127.0.0.2', String(context.number('flood')), String(seconds)]);
    const flood = spawn(command[0]!, command.slice(1), { stdio: ['ignore', 'pipe', 'inherit'] });
    context.atEnd(() => flood.kill('SIGKILL'));
    let said = '';
    flood.stdout.on('data', (text) => (said += String(text)));
    const ended = once(flood, 'exit');
    await this.#talking.listen();
    const noisy = await this.#sipp.step(rate, seconds, TALK_MS);
    const hearing = await this.#talking.heard();
    await ended;
    context.table([
      [`${rate} calls/s`, 'completed', 'refused', 'failed', 'p50 post-dial ms', 'p99 post-dial ms', 'longest RTP gap ms'],
      ['no flood', quiet.completed, quiet.refused, quiet.failed, quiet.p50PostDialMs.toFixed(1), quiet.p99PostDialMs.toFixed(1), ''],
      [`${Math.round(Number(said) / seconds)} datagrams/s`, noisy.completed, noisy.refused, noisy.failed, noisy.p50PostDialMs.toFixed(1), noisy.p99PostDialMs.toFixed(1), hearing.longestGapMs.toFixed(1)],
    ]);
    return {
      floodDatagramsPerSecond: Math.round(Number(said) / seconds),
      floodP99PostDialMs: round(noisy.p99PostDialMs),
      quietP99PostDialMs: round(quiet.p99PostDialMs),
      floodCallsFailed: noisy.failed,
      floodCallsRefused: noisy.refused,
      floodEstablishedLongestGapMs: round(hearing.longestGapMs),
    };
  }

  async #measured(what: 'calls' | 'registers', perSecond: number, seconds: number): Promise<{ load: LoadFigures; probe: ProbeFigures; hearing: Hearing }> {
    const { devices } = this.#pbx;
    const probe = await Probe.start(this.#pbx, what === 'calls' ? 'INVITE' : 'REGISTER');
    await this.#talking.listen();
    const load = await loadWithSipp(this.#pbx, {
      scenario: what === 'calls' ? 'uac-call.xml' : 'uac-register.xml',
      accounts: devices.slice(0, 5).map((device, at) => [device.username, sippCredentials(device.username, device.password), what === 'calls' ? devices[5 + at]!.extension : String(this.#port)]),
      localPort: this.#port,
      perSecond,
      seconds,
      talkMs: TALK_MS,
      ...(this.#cpu === undefined ? {} : { cpu: this.#cpu }),
    });
    const hearing = await this.#talking.heard();
    return { load, hearing, probe: probe.stop() };
  }

  async #untilQuiet(): Promise<void> {
    const up = this.#context.number('established');
    const left = await settle(this.#pbx, 40_000, { calls: up, dialogs: 2 * up, listeners: 2 * up, contexts: up, terminations: 2 * up, ports: 2 * up, recordsBegun: up });
    const text = describeLeftovers(left);
    if (text !== 'none') this.#context.table([['left over beyond the calls that are up'], [text]]);
  }
}

function prefixed(prefix: string, figures: Figures): Figures {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [`${prefix}${name}`, value]));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

const TALK_MS = 300;

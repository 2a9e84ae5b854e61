import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../launcher/places.mjs';
import type { DemoDevice, RunningPbx } from '../../testbed/pbx.ts';
import { cpuSeconds } from '../../testbed/process-figures.ts';
import { freePorts } from '../../testbed/ports.ts';
import { Sipp, sippCredentials } from '../../testbed/sipp.ts';

export interface CallLoadStep {
  readonly offeredPerSecond: number;
  readonly placed: number;
  readonly completed: number;
  /** Ended by a 503: the PBX's own word that it is full. */
  readonly refused: number;
  readonly failed: number;
  readonly completedPerSecond: number;
  readonly p50PostDialMs: number;
  readonly p99PostDialMs: number;
  /** CPU of controller and gateway together, per call. */
  readonly cpuMsPerCall: number;
  readonly cpuMsPerCallController: number;
  readonly cpuMsPerCallGateway: number;
}

/**
 * Two sipp processes: one places calls with digest on INVITE, the other is the phone of everybody called. Five callers,
 * five called devices of the demo office, all registered.
 */
export class CallsWithSipp {
  readonly #pbx: RunningPbx;
  readonly #cpu: string | undefined;
  readonly #folder = mkdtempSync(join(tmpdir(), 'tipring-load-'));
  readonly #callers: readonly DemoDevice[];
  readonly #called: readonly DemoDevice[];
  readonly #callerPort: number;
  readonly #answering: Sipp;
  #steps = 0;

  private constructor(pbx: RunningPbx, cpu: string | undefined, callerPort: number, answering: Sipp) {
    this.#pbx = pbx;
    this.#cpu = cpu;
    this.#callerPort = callerPort;
    this.#answering = answering;
    this.#callers = pbx.devices.slice(0, 5);
    this.#called = pbx.devices.slice(5, 10);
  }

  static async start(pbx: RunningPbx, cpu: string | undefined): Promise<CallsWithSipp> {
    const [callerPort = 0, calledPort = 0] = await freePorts(2);
    const folder = mkdtempSync(join(tmpdir(), 'tipring-answer-'));
    await registerWithSipp(pbx, pbx.devices.slice(0, 5), callerPort);
    await registerWithSipp(pbx, pbx.devices.slice(5, 10), calledPort);
    const answering = Sipp.start({
      folder,
      scenario: join(root, 'tools/sipp/uas-answer.xml'),
      localPort: calledPort,
      transport: 'udp',
      keys: { rtp_address: '127.0.0.1', rtp_port: 9 },
      ...(cpu === undefined ? {} : { cpu }),
      extra: ['-buff_size', '4000000', '-max_socket', '10'],
    });
    return new CallsWithSipp(pbx, cpu, callerPort, answering);
  }

  /** Calls at that rate for that long; each talks for `talkMs`. */
  async step(rate: number, seconds: number, talkMs: number): Promise<CallLoadStep> {
    const folder = join(this.#folder, String((this.#steps += 1)));
    mkdirSync(folder);
    const calls = Math.round(rate * seconds);
    const accounts = this.#callers.map((device, at) => [device.username, sippCredentials(device.username, device.password), this.#called[at]?.extension ?? '']);
    const before = [cpuSeconds(this.#pbx.controller.pid), cpuSeconds(this.#pbx.media.pid)] as const;
    const started = performance.now();
    const sipp = Sipp.start({
      folder,
      scenario: join(root, 'tools/sipp/uac-call.xml'),
      remote: `127.0.0.1:${this.#pbx.ports.sip}`,
      localPort: this.#callerPort,
      transport: 'udp',
      calls,
      rate,
      limit: rate * 4 + 100,
      pauseMs: talkMs,
      accounts,
      keys: { rtp_address: '127.0.0.1', rtp_port: 9 },
      ...(this.#cpu === undefined ? {} : { cpu: this.#cpu }),
      extra: ['-trace_rtt', '-rtt_freq', '100', '-buff_size', '4000000', '-timeout', `${seconds + 40}s`],
    });
    await sipp.ended();
    const elapsed = (performance.now() - started) / 1000;
    const after = [cpuSeconds(this.#pbx.controller.pid), cpuSeconds(this.#pbx.media.pid)] as const;
    const figures = sipp.statistics();
    // The scenario ends a call that got 503 in order, and counts it.
    const refused = Number(figures['GenericCounter1(C)'] ?? 0);
    const completed = Number(figures['SuccessfulCall(C)'] ?? 0) - refused;
    const failed = Number(figures['FailedCall(C)'] ?? 0);
    const delays = postDialDelays(folder);
    const [controller, gateway] = [(after[0] - before[0]) * 1000, (after[1] - before[1]) * 1000];
    return {
      offeredPerSecond: rate,
      placed: calls,
      completed,
      refused,
      failed: failed + Math.max(0, calls - completed - refused - failed),
      completedPerSecond: completed / Math.max(0.001, elapsed - talkMs / 1000),
      p50PostDialMs: quantile(delays, 0.5),
      p99PostDialMs: quantile(delays, 0.99),
      cpuMsPerCall: (controller + gateway) / Math.max(1, completed),
      cpuMsPerCallController: controller / Math.max(1, completed),
      cpuMsPerCallGateway: gateway / Math.max(1, completed),
    };
  }

  async stop(): Promise<void> {
    await this.#answering.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Registers devices from one port, which then is their contact. */
export async function registerWithSipp(pbx: RunningPbx, devices: readonly DemoDevice[], port: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tipring-register-'));
  const sipp = Sipp.start({
    folder,
    scenario: join(root, 'tools/sipp/uac-register.xml'),
    remote: `127.0.0.1:${pbx.ports.sip}`,
    localPort: port,
    transport: 'udp',
    calls: devices.length,
    rate: 50,
    accounts: devices.map((device) => [device.username, sippCredentials(device.username, device.password), String(port)]),
  });
  const code = await sipp.ended();
  if (code !== 0) throw new Error(`the phones could not register:\n${sipp.errors()}`);
  rmSync(folder, { recursive: true, force: true });
}

/** The q-quantile (0…1) of unsorted values; NaN of none. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

/** sipp's -trace_rtt files: date, milliseconds, number of the response time; number 1 is INVITE with credentials to 180. */
function postDialDelays(folder: string): number[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('_rtt.csv'))
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').trim().split('\n').slice(1))
    .map((line) => line.split(';'))
    .filter((fields) => fields[2]?.trim() === '1')
    .map((fields) => Number(fields[1]));
}

import { type Gateway, GatewayClient, type GatewayCommand, type GatewayReplies } from '@tipring/gateway';
import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nativeAddon } from '../launcher/native-addon.mjs';
import { root } from '../launcher/places.mjs';
import { pinned, twoCpus } from '../testbed/pinned.ts';
import { cpuSeconds } from '../testbed/process-figures.ts';
import type { BenchContext, Figures } from './bench.ts';

export const title = 'Relayed G.711 calls on one core';
export const explains =
  'Two-party PCMU calls through the media gateway on CPU 0: with the packet I/O addon, with its TypeScript fallback, and, as the baseline of the same run, through a bare C relay (epoll, one socket a party, no checks). ' +
  'Parties in C on CPU 1 send 50 packets a second each and measure loss and what the relay adds in delay, by the kernel\'s time stamps. First the CPU of a call at a given number of calls, then the most calls with less than 0.1 % loss and p99 below 2 ms. ' +
  'Target: at least 1,000 calls, at most 0.07 % of a core a call (on such a machine Asterisk 500 at 0.20 %, rtpengine in user space 700-800 at 0.10 %, FreeSWITCH 150).';
export const options = {
  calls: { default: 1000, explains: 'calls at which the CPU of one is measured' },
  step: { default: 100, explains: 'calls added for each step of the search; 0 leaves the search out' },
  highest: { default: 2000, explains: 'where the search stops' },
  seconds: { default: 4, explains: 'length of a step' },
  only: { default: '', explains: 'one of addon, fallback, raw' },
};

interface Measured {
  readonly calls: number;
  readonly lossPercent: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly corePercentPerCall: number;
}

/** A relay that was given its calls. `ports[k]` is where party k sends to. */
interface RunningRelay {
  readonly pid: number;
  readonly ports: readonly number[];
  stop(): Promise<void>;
}

type Kind = 'addon' | 'fallback' | 'raw';

export async function run(context: BenchContext): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'tipring-relay-'));
  context.atEnd(() => rmSync(folder, { recursive: true, force: true }));
  const load = compile('rtp-load', folder);
  const raw = compile('raw-relay', folder);
  const addon = await nativeAddon();
  const kinds = (['addon', 'fallback', 'raw'] as const).filter((kind) => context.text('only') === '' || context.text('only') === kind);
  const seconds = context.number('seconds');

  const measure = async (kind: Kind, calls: number): Promise<Measured> => {
    context.progress(`${kind}: ${calls} calls`);
    const relay = kind === 'raw' ? await startRaw(raw, calls) : await startGateway(kind === 'addon' ? addon : '', join(folder, 'gateway.sock'), calls);
    try {
      return await measureRelay(load, relay, calls, seconds);
    } finally {
      await relay.stop();
    }
  };

  const rows: (string | number)[][] = [['relay', 'calls', 'loss %', 'p50 ms', 'p99 ms', '% of a core a call', 'most calls']];
  const figures: Figures = {};
  for (const kind of kinds) {
    const at = await measure(kind, context.number('calls'));
    let most = isGood(at) ? at.calls : 0;
    for (let calls = most + context.number('step'); context.number('step') > 0 && most > 0 && calls <= context.number('highest'); calls += context.number('step')) {
      // One step may have been disturbed from outside; two in a row are the relay's limit.
      if (!isGood(await measure(kind, calls)) && !isGood(await measure(kind, calls))) break;
      most = calls;
    }
    if (most === 0) most = await mostBelow(at.calls, context.number('step') || 100, async (calls) => isGood(await measure(kind, calls)));
    rows.push([kind, at.calls, at.lossPercent.toFixed(3), at.p50Ms.toFixed(3), at.p99Ms.toFixed(3), at.corePercentPerCall.toFixed(4), most]);
    figures[`${kind}Calls`] = most;
    figures[`${kind}CorePercentPerCall`] = Number(at.corePercentPerCall.toFixed(4));
    figures[`${kind}P99Ms`] = Number(at.p99Ms.toFixed(3));
    figures[`${kind}LossPercent`] = Number(at.lossPercent.toFixed(4));
  }
  context.table(rows);
  return { ...figures, cpuMeasuredAtCalls: context.number('calls') };
}

function isGood({ lossPercent, p99Ms }: Measured): boolean {
  return lossPercent < 0.1 && p99Ms < 2;
}

/** Going down from a number that was too much. */
async function mostBelow(tooMany: number, step: number, good: (calls: number) => Promise<boolean>): Promise<number> {
  for (let calls = tooMany - step; calls > 0; calls -= step) if (await good(calls)) return calls;
  return 0;
}

async function measureRelay(load: string, relay: RunningRelay, calls: number, seconds: number): Promise<Measured> {
  const cpus = twoCpus();
  const [command = '', ...args] = pinned(cpus?.load, [load, String(seconds)]);
  const parties = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  parties.stdin.end(relay.ports.map((port, k) => `${partyPort(k)} ${port}\n`).join(''));
  let said = '';
  let cpuBefore = 0;
  let since = 0;
  parties.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    if (since !== 0 || !said.startsWith('measuring')) return;
    cpuBefore = cpuSeconds(relay.pid);
    since = performance.now();
  });
  await new Promise((resolve) => setTimeout(resolve, (1 + seconds) * 1000));
  const used = cpuSeconds(relay.pid) - cpuBefore;
  const elapsed = (performance.now() - since) / 1000;
  await ended(parties);
  const line = said.split('\n')[1];
  if (line === undefined || since === 0) throw new Error(`the load said: ${said}`);
  const { sent, received, p50Ms, p99Ms } = JSON.parse(line) as { sent: number; received: number; p50Ms: number; p99Ms: number };
  return { calls, lossPercent: (100 * (sent - received)) / sent, p50Ms, p99Ms, corePercentPerCall: (100 * used) / elapsed / calls };
}

async function startRaw(program: string, calls: number): Promise<RunningRelay> {
  const ports = Array.from({ length: calls * 2 }, (_none, k) => firstRelayPort + 2 * k);
  const [command = '', ...args] = pinned(twoCpus()?.measured, [program]);
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ready = new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve());
    child.once('exit', () => reject(new Error('the raw relay ended')));
  });
  child.stdin.end(Array.from({ length: calls }, (_none, c) => `${ports[2 * c]} ${partyPort(2 * c)} ${ports[2 * c + 1]} ${partyPort(2 * c + 1)}\n`).join(''));
  await ready;
  return { pid: pidOf(child), ports, stop: () => kill(child) };
}

async function startGateway(addon: string, socket: string, calls: number): Promise<RunningRelay> {
  const [command = '', ...args] = pinned(twoCpus()?.measured, [process.execPath]);
  const child = fork(join(root, 'apps/media/dist/main.js'), {
    execPath: command,
    execArgv: args,
    env: { ...process.env, TIPRING_GATEWAY_SOCKET: socket, TIPRING_NATIVE: addon, TIPRING_RTP_PORTS: `${firstRelayPort}-${firstRelayPort + 9999}`, TIPRING_MEDIA_WORKERS: '1' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('exit', () => reject(new Error('the gateway ended')));
  });
  const gateway = new GatewayClient({ path: socket });
  await new Promise<void>((resolve) => (gateway.onState = (state) => (state === 'up' ? resolve() : undefined)));
  const ports = await Promise.all(Array.from({ length: calls * 2 }, (_none, k) => addParty(gateway, k)));
  await Promise.all(Array.from({ length: calls }, (_none, c) => ask(gateway, { do: 'topology', context: `call-${c}`, joined: [['0', '1']] })));
  const stop = async (): Promise<void> => {
    gateway.close();
    await kill(child);
  };
  return { pid: pidOf(child), ports, stop };
}

async function addParty(gateway: Gateway, k: number): Promise<number> {
  const remote = { rtp: { address, port: partyPort(k) }, codecs: [{ payloadType: 0, name: 'PCMU', clockRate: 8000 }, { payloadType: 101, name: 'telephone-event', clockRate: 8000 }] };
  return (await ask(gateway, { do: 'add', context: `call-${k >> 1}`, termination: String(k & 1), remote, address })).local.rtpPort;
}

function ask<C extends GatewayCommand>(gateway: Gateway, command: C): Promise<GatewayReplies[C['do']]> {
  return new Promise((resolve, reject) => gateway.send(command, (reply, refusal) => (reply === null ? reject(new Error(refusal?.text)) : resolve(reply))));
}

function compile(name: string, folder: string): string {
  const target = join(folder, name);
  execFileSync(process.env['CC'] || 'cc', ['-O2', '-Wall', '-Wextra', '-Werror', '-o', target, join(root, 'tools/bench/native', `${name}.c`)], { stdio: 'inherit' });
  return target;
}

async function kill(child: ChildProcess): Promise<void> {
  const end = ended(child);
  child.kill('SIGTERM');
  await end;
}

function ended(child: ChildProcess): Promise<void> {
  return child.exitCode !== null || child.signalCode !== null ? Promise.resolve() : new Promise((resolve) => child.once('exit', () => resolve()));
}

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('a relay could not be started');
  return pid;
}

/** Even, so that RTCP to the port after it reaches nobody else (RFC 3550 11). */
function partyPort(k: number): number {
  return 10_000 + 2 * k;
}

const firstRelayPort = 20_000;
/** As the programs in native/ have it: nobody else's ports are there. */
const address = '127.9.9.9';

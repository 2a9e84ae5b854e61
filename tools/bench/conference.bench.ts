import { GatewayClient, type GatewayCommand, type GatewayReplies } from '@tipring/gateway';
import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nativeAddon } from '../launcher/native-addon.mjs';
import { root } from '../launcher/places.mjs';
import { pinned, twoCpus } from '../testbed/pinned.ts';
import { cpuSeconds } from '../testbed/process-figures.ts';
import type { BenchContext, Figures } from './bench.ts';
import type { PartiesBegin, PartiesHeard, PartiesWanted } from './load/conference-parties.ts';

export const title = 'Conferences on one core';
export const explains =
  'A room of the media gateway on CPU 0, parties on CPU 1, each in a context of its own and each with a tone of its own. In the small one every third party is wide-band (G.722), the others G.711. Who hears whom is found in what each heard: ' +
  'the levels of all tones, its own among them. When the ticks come is measured by the kernel\'s time stamps of what a party that only listens is sent, by how late each packet is on the grid of 20 ms. ' +
  'Targets: of 30, 10 of them wide-band, each hears the other 29 and not itself, at most 15 % of a core; 200 keep their tick: 99th percentile below 5 ms.';
export const options = {
  small: { default: 30, explains: 'parties of the small room, a third of them wide-band' },
  large: { default: 200, explains: 'parties of the large room, all G.711' },
  seconds: { default: 20, explains: 'how long each is measured' },
};

interface Room {
  readonly parties: number;
  readonly wide: number;
  readonly corePercent: number;
  /** Pairs of whom one should hear the other and does not. */
  readonly unheard: number;
  /** Who hears himself. */
  readonly echoes: number;
  readonly lossPercent: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

export async function run(context: BenchContext): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'tipring-conference-'));
  context.atEnd(() => rmSync(folder, { recursive: true, force: true }));
  const listener = join(folder, 'tick-listener');
  execFileSync(process.env['CC'] || 'cc', ['-O2', '-Wall', '-Wextra', '-Werror', '-o', listener, join(root, 'tools/bench/native/tick-listener.c')], { stdio: 'inherit' });
  const addon = await nativeAddon();
  const [small, large] = [context.number('small'), context.number('large')];
  const rooms: Room[] = [];
  for (const [parties, wide] of [[small, Math.floor(small / 3)], [large, 0]] as const) {
    if (parties === 0) continue;
    context.progress(`a room of ${parties}`);
    rooms.push(await measure(parties, wide, { addon, listener, socket: join(folder, `${parties}.sock`), seconds: context.number('seconds') }));
  }
  const rows: (string | number)[][] = [['parties', 'wide-band', '% of a core', 'unheard pairs', 'who hear themselves', 'loss %', 'tick late p50 ms', 'p99 ms', 'most ms']];
  const figures: Figures = {};
  for (const room of rooms) {
    rows.push([room.parties, room.wide, room.corePercent.toFixed(1), room.unheard, room.echoes, room.lossPercent.toFixed(3), room.p50Ms.toFixed(3), room.p99Ms.toFixed(3), room.maxMs.toFixed(3)]);
    const name = `of${room.parties}`;
    Object.assign(figures, { [`${name}CorePercent`]: Number(room.corePercent.toFixed(2)), [`${name}Unheard`]: room.unheard, [`${name}Echoes`]: room.echoes, [`${name}LossPercent`]: Number(room.lossPercent.toFixed(4)), [`${name}P99Ms`]: room.p99Ms, [`${name}MaxMs`]: room.maxMs });
  }
  context.table(rows);
  return figures;
}

async function measure(count: number, wide: number, { addon, listener, socket, seconds }: { readonly addon: string; readonly listener: string; readonly socket: string; readonly seconds: number }): Promise<Room> {
  const cpus = twoCpus();
  const [command = '', ...args] = pinned(cpus?.measured, [process.execPath]);
  const gatewayProcess = fork(join(root, 'apps/media/dist/main.js'), {
    execPath: command, execArgv: args, stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, TIPRING_GATEWAY_SOCKET: socket, TIPRING_NATIVE: addon, TIPRING_RTP_PORTS: '20000-20999', TIPRING_MEDIA_WORKERS: '1', TIPRING_BRIDGED_ENDS: String(2 * count + 8) },
  });
  await message(gatewayProcess);
  const gateway = new GatewayClient({ path: socket });
  await new Promise<void>((resolve) => (gateway.onState = (state) => (state === 'up' ? resolve() : undefined)));
  const ask = <C extends GatewayCommand>(asked: C): Promise<GatewayReplies[C['do']]> =>
    new Promise((resolve, reject) => gateway.send(asked, (reply, refusal) => (reply === null ? reject(new Error(refusal?.text)) : resolve(reply))));
  const sit = async (context: string, port: number, codec: { readonly payloadType: number; readonly name: string; readonly clockRate: number }): Promise<number> => {
    const { local } = await ask({ do: 'add', context, termination: 'a', address, remote: { rtp: { address, port }, codecs: [codec] } });
    await ask({ do: 'addSeat', context, termination: 's', room: 'bench' });
    await ask({ do: 'topology', context, joined: [['a', 's']] });
    return local.rtpPort;
  };

  // So that the sum of all stays below the limiter.
  const level = -16 - 10 * Math.log10(count);
  const [load = '', ...loadArgs] = pinned(cpus?.load, [process.execPath]);
  const parties = fork(join(import.meta.dirname, 'load/conference-parties.ts'), [String(level)], { execPath: load, execArgv: [...loadArgs, ...process.execArgv] });
  try {
    const codecs = Array.from({ length: count }, (_none, index) => (index * wide) % count < wide && wide > 0);
    const wanted: PartiesWanted = {
      address,
      parties: codecs.map((isWide, index) => ({ codec: isWide ? 'G722' : 'PCMU', payloadType: isWide ? 9 : 0, frequencyHz: 300 + 5 * Math.floor((index * 600) / count) })),
    };
    parties.send(wanted);
    const ports = (await message(parties)) as number[];
    const sendTo: number[] = [];
    for (const [index, port] of ports.entries()) sendTo.push(await sit(`party-${index}`, port, codecs[index] === true ? g722 : pcmu));
    parties.send({ ports: sendTo } satisfies PartiesBegin);
    await sleep(3000);
    const before = await hear(parties);
    const [listen = '', ...listenArgs] = pinned(cpus?.load, [listener, address, String(listenerPort), String(seconds)]);
    const ticks = spawn(listen, listenArgs, { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    ticks.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await new Promise((resolve) => ticks.stdout.once('data', resolve));
    await sit('listener', listenerPort, pcmu);
    const [cpuBefore, since] = [cpuSeconds(gatewayProcess.pid!), performance.now()];
    await new Promise((resolve) => ticks.once('close', resolve));
    const corePercent = ((cpuSeconds(gatewayProcess.pid!) - cpuBefore) * 100_000) / (performance.now() - since);
    const elapsed = performance.now() - since;
    const { levels, packets } = await hear(parties);
    const { p50Ms, p99Ms, maxMs } = JSON.parse(said.split('\n')[1] ?? '{}') as Pick<Room, 'p50Ms' | 'p99Ms' | 'maxMs'>;
    const [heard, due] = [packets.reduce((sum, one, index) => sum + one - before.packets[index]!, 0), (elapsed / 20) * count];
    return {
      parties: count, wide, corePercent, p50Ms, p99Ms, maxMs,
      unheard: levels.reduce((sum, row, hearer) => sum + row.filter((one, speaker) => speaker !== hearer && one < level - 6).length, 0),
      echoes: levels.filter((row, hearer) => row[hearer]! > level - 15).length,
      lossPercent: Math.max(0, 100 * (1 - heard / due)),
    };
  } finally {
    gateway.close();
    parties.kill();
    const ended = new Promise((resolve) => gatewayProcess.once('exit', resolve));
    gatewayProcess.kill('SIGTERM');
    await ended;
  }
}

async function hear(parties: ChildProcess): Promise<PartiesHeard> {
  parties.send('hear');
  return (await message(parties)) as PartiesHeard;
}

function message(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', () => reject(new Error('a program of the bench ended')));
  });
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

const pcmu = { payloadType: 0, name: 'PCMU', clockRate: 8000 };
const g722 = { payloadType: 9, name: 'G722', clockRate: 8000 };
const address = '127.9.9.10';
/** Even, and outside of what the kernel gives. */
const listenerPort = 10_000;

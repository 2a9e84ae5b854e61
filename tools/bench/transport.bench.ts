import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { root } from '../launcher/places.mjs';
import { pinned, twoCpus } from '../testbed/pinned.ts';
import { cpuSeconds } from '../testbed/process-figures.ts';
import type { BenchContext, Figures } from './bench.ts';

export const title = 'The SIP transport alone: datagram pairs and TCP connections';
export const explains =
  'A process takes in datagrams of 600 bytes and sends them back; another accepts TCP connections, answers one message on each, and sees them close. ' +
  'CPU time of that process each, on CPU 0; the load has CPU 1. Baseline of the same run: Node\'s bare sockets doing the same. ' +
  'Rounds alternate and the best of each counts. Good: at most the bare echo for a datagram pair, and at least 500 connections a second.';
export const options = {
  pairs: { default: 60_000, explains: 'datagram pairs a round' },
  connections: { default: 3000, explains: 'connections a round' },
  rounds: { default: 3, explains: 'rounds of each kind' },
};

const kinds = ['bare', 'transport', 'guarded', 'native'] as const;

interface Result {
  readonly cpuUs: number;
  readonly perSecond: number;
}

export async function run(context: BenchContext): Promise<Figures> {
  const best = { pairs: new Map<string, Result>(), connections: new Map<string, Result>() };
  const keep = (into: Map<string, Result>, kind: string, result: Result): void => {
    if (result.cpuUs < (into.get(kind)?.cpuUs ?? Infinity)) into.set(kind, result);
  };
  for (let round = 1; round <= context.number('rounds'); round++) {
    for (const kind of kinds) {
      context.progress(`round ${round}: ${kind}`);
      const echo = await startEcho(kind);
      try {
        await datagramPairs(echo, 5000);
        keep(best.pairs, kind, await datagramPairs(echo, context.number('pairs')));
        await connections(echo, 200);
        keep(best.connections, kind, await connections(echo, context.number('connections')));
      } finally {
        echo.stop();
      }
    }
  }
  const row = (into: Map<string, Result>, kind: string): Result => into.get(kind) ?? { cpuUs: Number.NaN, perSecond: 0 };
  context.table([
    ['', 'CPU µs a pair', 'pairs/s', 'CPU µs a connection', 'connections/s'],
    ...kinds.map((kind) => {
      const [pair, connection] = [row(best.pairs, kind), row(best.connections, kind)];
      return [LABEL[kind], pair.cpuUs.toFixed(1), Math.round(pair.perSecond), connection.cpuUs.toFixed(0), Math.round(connection.perSecond)];
    }),
  ]);
  const round1 = (value: number): number => Math.round(value * 10) / 10;
  return {
    pairCpuUs: round1(row(best.pairs, 'transport').cpuUs),
    pairGuardedCpuUs: round1(row(best.pairs, 'guarded').cpuUs),
    pairNativeCpuUs: round1(row(best.pairs, 'native').cpuUs),
    pairBareCpuUs: round1(row(best.pairs, 'bare').cpuUs),
    pairsPerSecond: Math.round(row(best.pairs, 'transport').perSecond),
    connectionCpuUs: Math.round(row(best.connections, 'transport').cpuUs),
    connectionBareCpuUs: Math.round(row(best.connections, 'bare').cpuUs),
    connectionsPerSecond: Math.round(row(best.connections, 'transport').perSecond),
  };
}

interface Echo {
  readonly pid: number;
  readonly udpPort: number;
  readonly tcpPort: number;
  stop(): void;
}

async function startEcho(kind: string): Promise<Echo> {
  const script = join(root, 'tools/bench/load/transport-echo.ts');
  const [command = '', ...rest] = pinned(twoCpus()?.measured, [process.execPath, '--conditions=@tipring/source', script, kind]);
  const echo = spawn(command, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = (await once(echo.stdout, 'data')) as [Buffer];
  const [udpPort = 0, tcpPort = 0] = said.toString().split(' ').map(Number);
  return { pid: echo.pid ?? 0, udpPort, tcpPort, stop: () => echo.kill('SIGKILL') };
}

/** Twenty phones with five datagrams each on the way: the echo is never idle, and no buffer overflows. */
async function datagramPairs({ pid, udpPort }: Echo, pairs: number): Promise<Result> {
  const phones = Array.from({ length: 20 }, () => createSocket({ type: 'udp4', lookup: (address, _options, found) => found(null, address, 4) }));
  const payload = Buffer.alloc(600, 'x');
  let [sent, received] = [0, 0];
  const before = cpuSeconds(pid);
  const started = performance.now();
  await new Promise<void>((done) => {
    for (const phone of phones) {
      const sendNext = (): void => {
        if (sent++ < pairs) phone.send(payload, udpPort, '127.0.0.1');
      };
      phone.on('message', () => {
        received += 1;
        if (received === pairs) done();
        else sendNext();
      });
      for (let i = 0; i < 5; i++) sendNext();
    }
  });
  const seconds = (performance.now() - started) / 1000;
  for (const phone of phones) phone.close();
  return { cpuUs: ((cpuSeconds(pid) - before) * 1e6) / pairs, perSecond: pairs / seconds };
}

async function connections({ pid, tcpPort }: Echo, count: number): Promise<Result> {
  let [opened, closed] = [0, 0];
  const before = cpuSeconds(pid);
  const started = performance.now();
  await new Promise<void>((done, failed) => {
    const next = (): void => {
      if (opened++ >= count) return;
      const socket = connect(tcpPort, '127.0.0.1');
      socket.write(OPTIONS);
      socket.once('data', () => socket.destroy());
      socket.once('error', failed);
      socket.once('close', () => {
        closed += 1;
        if (closed === count) done();
        else next();
      });
    };
    for (let i = 0; i < 100; i++) next();
  });
  const seconds = (performance.now() - started) / 1000;
  return { cpuUs: ((cpuSeconds(pid) - before) * 1e6) / count, perSecond: count / seconds };
}

const LABEL = { bare: 'bare Node sockets', transport: 'NodeTransport', native: 'ours over the addon', guarded: 'NodeTransport + guard' } as const;

const OPTIONS =
  'OPTIONS sip:far@example.com SIP/2.0\r\nVia: SIP/2.0/TCP near;branch=z9hG4bK1\r\nMax-Forwards: 70\r\nFrom: <sip:a@b>;tag=1\r\n' +
  'To: <sip:far@example.com>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n';

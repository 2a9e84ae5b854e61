import { demoPlan, type PortListener, Simulator, type SimulatorPlan } from '@tipring/cards';
import { FakeTimers, nodeTimers, type Timers } from '@tipring/clock';
import { Dsp, type WebAssemblyModule } from '@tipring/dsp';
import { readDspModule } from '@tipring/dsp/node';
import { regionOf, watchedTones } from '@tipring/line';
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { pin, twoCpus } from '../testbed/pinned.ts';
import type { BenchContext, Figures } from './bench.ts';

export const title = 'Analog ports on one core';
export const explains =
  'A card of 16 lines and 16 telephones on cables with noise and hum, everybody in a call over RTP with a far end that speaks, cancellers of 64 ms on, digits, tones and voice listened for: ' +
  'the simulated card, its ports and their sockets in one thread, the far ends in another process. A tick is the work of all ports for 20 ms of audio, and where it was late for several: good is a 99th percentile below 5 ms, no block lost and no buffer run dry. ' +
  'Beside it the same work in virtual time, where nothing disturbs: what the line twin (the simulation), the canceller and the rest of a port take of it.';
export const options = {
  ports: { default: 32, explains: 'in calls; in fours' },
  minutes: { default: 0.5, explains: 'how long; 10 for the record' },
  seconds: { default: 20, explains: 'of audio, for the shares' },
};

export async function run(context: BenchContext): Promise<Figures> {
  const cpus = twoCpus();
  const count = context.number('ports');
  const dsp = readDspModule();
  const media = await mediaModules();

  context.progress('shares');
  const shares = sharesOf(media, dsp, count, context.number('seconds'));
  const timers = new WatchedTimers();
  context.atEnd(() => timers.close());
  const links = await media.RtpLinks.open('127.0.0.1', Math.random, () => performance.now() * 1_000);
  context.atEnd(() => links.close());
  const simulator = new Simulator({ timers, dsp: new Dsp(dsp, { memoryBytes: 2 ** 22 }) }, officeOf(count));
  let lost = 0;
  const unit = new media.PortUnit([{ name: 'simulated', driver: simulator.cards, aheadMs: 0 }], { dsp, channels: count, simulator }, timers, {
    tell: (event) => (lost += event.is?.type === 'audioLost' ? (event.is.blocks ?? 0) : 0),
    link: (address, end) => links.link(address, end),
  });
  context.atEnd(() => (unit.close(), simulator.close()));

  const voices = fork(join(import.meta.dirname, 'load/rtp-voices.ts'), { execArgv: process.execArgv });
  context.atEnd(() => voices.kill());
  if (cpus !== undefined) {
    pin(process.pid, cpus.measured);
    pin(voices.pid!, cpus.load);
  }
  const { address, port } = links.address;
  voices.send({ voices: count, address, port });
  const farPorts = await new Promise<number[]>((resolve) => voices.once('message', (ports) => resolve(ports as number[])));
  const names = namesOf(count);
  const ask = (command: object): Promise<Outcome> => new Promise((resolve) => unit.execute(command, resolve));
  for (const [n, name] of names.entries()) {
    await beginCall(name, ask);
    await ask({ do: 'connectPort', port: name, codec: 'PCMU', link: { address: '127.0.0.1', port: farPorts[n], telephoneEvent: 101, digits: 'events' } });
  }
  everybodySpeaks(simulator);

  context.progress('warming up');
  await sleep(10_000);
  const underrunsOf = async (): Promise<number> => {
    const outcomes = await Promise.all(names.map((name) => ask({ do: 'measurePort', port: name })));
    return outcomes.reduce((sum, { reply }) => sum + (reply?.buffer?.underruns ?? 0), 0);
  };
  const [underrunsBefore, lostBefore, cpuBefore] = [await underrunsOf(), lost, process.cpuUsage()];
  timers.begin();
  const seconds = context.number('minutes') * 60;
  const begunMs = performance.now();
  for (let left = seconds; left > 0; left -= 10) {
    await sleep(Math.min(10, left) * 1_000);
    context.progress(`${Math.round(left)} s left, ${lost - lostBefore} blocks lost`);
  }
  const cpu = process.cpuUsage(cpuBefore);
  const cpuPercent = (cpu.user + cpu.system) / (performance.now() - begunMs) / 10;
  const [ticks, cpuOfTicks] = [timers.ticks(), timers.cpuOfTicks()];
  const figures = {
    ports: count,
    tickP50Ms: rounded(percentile(ticks, 0.5)), tickP99Ms: rounded(percentile(ticks, 0.99)), tickMaxMs: rounded(ticks.at(-1) ?? 0),
    tickCpuP50Ms: rounded(percentile(cpuOfTicks, 0.5)), tickCpuP99Ms: rounded(percentile(cpuOfTicks, 0.99)),
    underruns: (await underrunsOf()) - underrunsBefore, blocksLost: lost - lostBefore,
    cpuPercent: rounded(cpuPercent), cpuPercentAPort: rounded(cpuPercent / count),
    twinMicroseconds: rounded(shares.twin), cancellerMicroseconds: rounded(shares.whole - shares.withoutCanceller), restMicroseconds: rounded(shares.withoutCanceller - shares.twin),
  };
  context.table([['', 'p50 ms', 'p99 ms', 'max ms', 'its CPU p50 ms', 'p99 ms', 'underruns', 'blocks lost', 'CPU %', 'a port %'], [`${count} ports`, figures.tickP50Ms, figures.tickP99Ms, figures.tickMaxMs, figures.tickCpuP50Ms, figures.tickCpuP99Ms, figures.underruns, figures.blocksLost, figures.cpuPercent, figures.cpuPercentAPort], ['target', '', 5, '', '', '', 0, 0, '', '']]);
  context.table([['a port for 20 ms', 'µs', '%'], ...(['twin', 'canceller', 'rest'] as const).map((part) => [part, figures[`${part}Microseconds`], rounded((100 * figures[`${part}Microseconds`]) / shares.whole)])]);
  return figures;
}

/** What the gateway's ports are made of, as it was built. */
async function mediaModules(): Promise<{ readonly PortUnit: PortUnitClass; readonly RtpLinks: RtpLinksClass }> {
  const load = (name: string): Promise<object> => import(pathToFileURL(join(import.meta.dirname, `../../apps/media/dist/ports/${name}.js`)).href) as Promise<object>;
  return { ...(await load('port-unit')), ...(await load('rtp-links')) } as { PortUnit: PortUnitClass; RtpLinks: RtpLinksClass };
}

interface Outcome {
  readonly reply?: { readonly buffer?: { readonly underruns: number } | null };
  readonly refusal?: { readonly text: string };
}
interface PortUnitFace {
  execute(command: object, done: (outcome: Outcome) => void): void;
  close(): void;
}
interface UnitWorld {
  tell(event: { readonly is?: { readonly type: string; readonly blocks?: number } }): void;
  link(address: object, end: object): object;
}
type PortUnitClass = new (drivers: readonly object[], settings: object, timers: Timers, world: UnitWorld) => PortUnitFace;
interface RtpLinksClass {
  open(address: string, random: () => number, nowUs: () => number): Promise<{ readonly address: { readonly address: string; readonly port: number }; link(address: object, end: object): object; close(): void }>;
}

/** Node's timers, and how long what they call takes: of these the card's ticks are by far the longest. */
class WatchedTimers implements Timers {
  readonly #timers = nodeTimers();
  #durations: number[] = [];
  #cpu: number[] = [];

  now(): number {
    return this.#timers.now();
  }

  start(ms: number, expire: () => void): ReturnType<Timers['start']> {
    // The card's next block, and nothing else, is waited for so.
    if (ms <= 0 || ms > 20.1) return this.#timers.start(ms, expire);
    return this.#timers.start(ms, () => {
      const begun = performance.now();
      const cpu = process.threadCpuUsage();
      expire();
      const { user, system } = process.threadCpuUsage(cpu);
      this.#durations.push(performance.now() - begun);
      this.#cpu.push((user + system) / 1_000);
    });
  }

  begin(): void {
    this.#durations = [];
    this.#cpu = [];
  }

  /** Sorted. */
  ticks(): readonly number[] {
    return this.#durations.toSorted((a, b) => a - b);
  }

  /** Of the thread: what other programs take of the core is not in it. Sorted. */
  cpuOfTicks(): readonly number[] {
    return this.#cpu.toSorted((a, b) => a - b);
  }

  close(): void {
    this.#timers.close();
  }
}

/** Microseconds a port for 20 ms: of the twin alone, of ports without canceller, of all. */
function sharesOf(media: Awaited<ReturnType<typeof mediaModules>>, dsp: WebAssemblyModule, count: number, seconds: number): { readonly twin: number; readonly withoutCanceller: number; readonly whole: number } {
  const measured = (what: 'twin' | 'withoutCanceller' | 'whole'): number => {
    const timers = new FakeTimers();
    const simulator = new Simulator({ timers, dsp: new Dsp(dsp, { memoryBytes: 2 ** 22 }) }, officeOf(count));
    let unit: PortUnitFace | null = null;
    const ends: { packet(codec: string, bytes: Uint8Array, at: number, length: number, ssrc: number, sequence: number): void }[] = [];
    if (what === 'twin') for (const { port } of [...simulator.state().lines, ...simulator.state().telephones]) simulator.cards.port(port)!.open(speaking, () => {});
    else {
      const made = (unit = new media.PortUnit([{ name: 'simulated', driver: simulator.cards, aheadMs: 0 }], { dsp, channels: count, simulator }, timers, {
        tell: () => {},
        link: (_address, end) => {
          ends.push(end as (typeof ends)[number]);
          return { fromLine: () => {}, sendDigits: () => {}, digitBegan: () => {}, digitEnded: () => {}, close: () => {} };
        },
      }));
      for (const [n, name] of namesOf(count).entries()) {
        made.execute({ do: 'openPort', port: name, treatment: { tones, ...(what === 'whole' ? {} : { echo: null }) } }, () => {});
        timers.advance(10);
        made.execute({ do: 'connectPort', port: name, codec: 'PCMU', link: { address: '', port: n, telephoneEvent: 101, digits: 'events' } }, () => {});
        made.execute({ do: 'listen', port: name, listening }, () => {});
        made.execute({ do: 'commandPort', port: name, command: { do: 'hook', hook: 'off' } }, () => {});
        timers.advance(10);
      }
    }
    if (what === 'twin') for (const { port } of simulator.state().lines) simulator.cards.port(port)!.send({ do: 'hook', hook: 'off' }, () => {});
    everybodySpeaks(simulator);
    timers.advance(500);
    const noise = Uint8Array.from({ length: 160 }, () => (0x28 + Math.floor(Math.random() * 0x40)) ^ (Math.random() < 0.5 ? 0x80 : 0));
    let best = Infinity;
    for (let round = 0, sequence = 0; round < rounds; round++) {
      const begun = process.cpuUsage();
      for (let block = 0; block < (seconds * 50) / rounds; block++, sequence++) {
        for (let n = 0; n < ends.length; n++) ends[n]!.packet('PCMU', noise, 0, 160, n, sequence & 0xffff);
        timers.advance(20);
      }
      const { user, system } = process.cpuUsage(begun);
      best = Math.min(best, user + system);
    }
    unit?.close();
    simulator.close();
    return (best * rounds) / (seconds * 50 * count);
  };
  return { twin: measured('twin'), withoutCanceller: measured('withoutCanceller'), whole: measured('whole') };
}

async function beginCall(port: string, ask: (command: object) => Promise<Outcome>): Promise<void> {
  const opened = await ask({ do: 'openPort', port, treatment: { tones } });
  if (opened.refusal !== undefined) throw new Error(opened.refusal.text);
  await ask({ do: 'listen', port, listening });
  await ask({ do: 'commandPort', port, command: { do: 'hook', hook: 'off' } });
}

function everybodySpeaks(simulator: Simulator): void {
  for (const { port } of simulator.state().telephones) {
    simulator.act({ on: 'telephone', port, do: 'lift' });
    simulator.act({ on: 'telephone', port, do: 'speak', tone: { frequencyHz: 700, levelDbm0: -20 } });
  }
  for (const { port } of simulator.state().lines) simulator.line(port)!.office.mouth.play({ segments: [{ frequenciesHz: [900], durationMs: null }] }, -20);
}

function officeOf(count: number): SimulatorPlan {
  const of = (kind: 'fxo' | 'fxs') => demoPlan().cards[0]!.ports.find((port) => port?.kind === kind)!;
  return { cards: [{ serial: 'BENCH', ports: Array.from({ length: count }, (_, n) => of(n % 2 === 0 ? 'fxo' : 'fxs')) }] };
}

function namesOf(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `BENCH/${n + 1}`);
}

function percentile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0;
}

function rounded(value: number): number {
  return Number(value.toFixed(2));
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

const rounds = 5;
const listening = { digits: true, tones: true, voice: true };
const region = regionOf('US');
const tones = 'tones' in region ? watchedTones(region.tones) : [];
const speaking: PortListener = { event: () => {}, audio: (received, send) => send.set(received) };

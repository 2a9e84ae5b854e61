import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from '../launcher/places.mjs';
import { compiledC } from './compiled-c.ts';
import { pinned } from './pinned.ts';

/** What one party has heard since the last reset. */
export interface HeardStream {
  readonly id: number;
  readonly sent: number;
  readonly received: number;
  /** Numbers missing between the first and the last packet heard. */
  readonly lost: number;
  /** The longest time between two arrivals, by the kernel's time stamps; the present silence counts too. */
  readonly longestGapMs: number;
  readonly silentMs: number;
  /** Who was heard last; 0: nobody. */
  readonly hears: number;
  /** Packets of anybody else than the first heard. */
  readonly foreign: number;
  /** From sendto at the other party to the arrival here. */
  readonly longestDelayMs: number;
}

export interface StreamsReport {
  readonly sinceMs: number;
  /** How late our own sending was at most, on top of its 20 ms: the part of a gap that is not the PBX's. */
  readonly longestSendGapMs: number;
  readonly streams: readonly HeardStream[];
}

/** Many RTP parties, all in one small C process with real-time priority where it is allowed: tools/bench/native/rtp-streams.c. */
export class RtpStreams {
  readonly #process: ChildProcess;
  readonly #answers: { resolve(line: string): void; reject(error: Error): void }[] = [];

  /** `cpu` as for taskset. */
  static start(cpu?: string): RtpStreams {
    return new RtpStreams(pinned(cpu, [compiledC(join(root, 'tools/bench/native/rtp-streams.c'))]));
  }

  private constructor(command: readonly string[]) {
    this.#process = spawn(command[0]!, command.slice(1), { stdio: ['pipe', 'pipe', 'inherit'] });
    createInterface({ input: this.#process.stdout! }).on('line', (line) => this.#answers.shift()?.resolve(line));
    this.#process.stdin!.on('error', () => {});
    this.#process.on('exit', () => {
      for (const { reject } of this.#answers.splice(0)) reject(new Error('rtp-streams has ended'));
    });
  }

  get pid(): number {
    return this.#process.pid ?? -1;
  }

  /** From now on it sends from its own port to the other and listens. @throws {Error} when the port is taken */
  async add(id: number, localPort: number, remotePort: number): Promise<void> {
    accepted(await this.#ask(`add ${id} ${localPort} ${remotePort}`));
  }

  async redirect(id: number, remotePort: number): Promise<void> {
    accepted(await this.#ask(`remote ${id} ${remotePort}`));
  }

  async remove(id: number): Promise<void> {
    accepted(await this.#ask(`remove ${id}`));
  }

  /** Counters and gaps begin anew. */
  async reset(): Promise<void> {
    accepted(await this.#ask('reset'));
  }

  async report(): Promise<StreamsReport> {
    const { streams, ...about } = JSON.parse(await this.#ask('report')) as Omit<StreamsReport, 'streams'> & { streams: StreamRow[] };
    return {
      ...about,
      streams: streams.map(([id, sent, received, lost, longestGapMs, silentMs, hears, foreign, longestDelayMs]) => ({ id, sent, received, lost, longestGapMs, silentMs, hears, foreign, longestDelayMs })),
    };
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const gone = once(this.#process, 'exit');
    this.#process.stdin!.end();
    await gone;
  }

  #ask(command: string): Promise<string> {
    return new Promise((resolve, reject) => {
      if (this.#process.exitCode !== null || this.#process.signalCode !== null) return reject(new Error('rtp-streams has ended'));
      this.#answers.push({ resolve, reject });
      this.#process.stdin!.write(`${command}\n`);
    });
  }
}

function accepted(line: string): void {
  const { ok, error } = JSON.parse(line) as { ok: boolean; error?: string };
  if (!ok) throw new Error(`rtp-streams: ${error}`);
}

type StreamRow = [id: number, sent: number, received: number, lost: number, longestGapMs: number, silentMs: number, hears: number, foreign: number, longestDelayMs: number];

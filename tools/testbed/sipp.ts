import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface SippOptions {
  /** Folder for its CSV, logs and error file. */
  readonly folder: string;
  /** Path of the scenario file. */
  readonly scenario: string;
  /** host:port of the PBX; absent for a server scenario. */
  readonly remote?: string;
  readonly localPort: number;
  /** 127.0.0.1 when absent. */
  readonly localAddress?: string;
  readonly transport: 'udp' | 'tcp';
  /** CSV lines (fields by `;`), handed out in order. */
  readonly accounts?: readonly (readonly string[])[];
  /** -key NAME VALUE pairs: [name] in the scenario. */
  readonly keys?: Readonly<Record<string, string | number>>;
  readonly calls?: number;
  /** Calls a second. */
  readonly rate?: number;
  /** Calls at once. */
  readonly limit?: number;
  /** Length of `<pause/>`. */
  readonly pauseMs?: number;
  readonly cpu?: string;
  readonly extra?: readonly string[];
}

/** A credential line for the CSV: sipp wants the whole keyword there. */
export function sippCredentials(username: string, password: string): string {
  return `[authentication username=${username} password=${password}]`;
}

/** A running sipp. Its exit code is 0 only when every call went as its scenario says. */
export class Sipp {
  readonly #process: ChildProcess;
  readonly #folder: string;
  readonly #said: string[] = [];
  readonly #ended: Promise<number>;

  private constructor(process: ChildProcess, folder: string) {
    this.#process = process;
    this.#folder = folder;
    this.#ended = once(process, 'exit').then(([code]) => (typeof code === 'number' ? code : -1));
    process.stdout?.on('data', () => {});
    process.stderr?.on('data', (data) => this.#said.push(String(data)));
  }

  static start(options: SippOptions): Sipp {
    mkdirSync(options.folder, { recursive: true });
    const command = ['sipp', ...(options.remote === undefined ? [] : [options.remote]), ...switches(options)];
    if (options.cpu !== undefined) command.unshift('taskset', '-c', options.cpu);
    const process = spawn(command[0]!, command.slice(1), { cwd: options.folder, stdio: ['ignore', 'pipe', 'pipe'] });
    return new Sipp(process, options.folder);
  }

  get pid(): number {
    return this.#process.pid ?? -1;
  }

  /** Waits for its own end: the exit code. */
  ended(): Promise<number> {
    return this.#ended;
  }

  /** What it wrote about calls that did not go as the scenario says. */
  errors(): string {
    return readdirSync(this.#folder)
      .filter((name) => name.endsWith('_errors.log'))
      .map((name) => readFileSync(join(this.#folder, name), 'utf8'))
      .concat(this.#said)
      .join('\n');
  }

  /** The last line of its statistics file by column name. */
  statistics(): Record<string, string> {
    const file = join(this.#folder, 'statistics.csv');
    if (!existsSync(file)) return {};
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    const names = lines[0]?.split(';') ?? [];
    const values = lines.at(-1)?.split(';') ?? [];
    return Object.fromEntries(names.map((name, at) => [name, values[at] ?? '']));
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) this.#process.kill('SIGKILL');
    await this.#ended;
  }
}

function switches(options: SippOptions): string[] {
  const list = ['-sf', options.scenario, '-i', options.localAddress ?? '127.0.0.1', '-p', String(options.localPort), '-t', options.transport === 'udp' ? 'u1' : 't1'];
  list.push('-nostdin', '-trace_err', '-trace_stat', '-stf', 'statistics.csv', '-fd', '1');
  if (options.accounts !== undefined) {
    const file = join(options.folder, 'accounts.csv');
    writeFileSync(file, `SEQUENTIAL\n${options.accounts.map((fields) => fields.join(';')).join('\n')}\n`);
    list.push('-inf', file);
  }
  for (const [name, value] of Object.entries(options.keys ?? {})) list.push('-key', name, String(value));
  if (options.calls !== undefined) list.push('-m', String(options.calls));
  if (options.rate !== undefined) list.push('-r', String(options.rate));
  if (options.limit !== undefined) list.push('-l', String(options.limit));
  if (options.pauseMs !== undefined) list.push('-d', String(options.pauseMs));
  return [...list, ...(options.extra ?? [])];
}

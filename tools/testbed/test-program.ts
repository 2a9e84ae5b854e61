import { readFileSync } from 'node:fs';
import { Program } from '../launcher/program.mjs';

/** pbx or media of a testbed: it can be killed in every way, and waited for. */
export class TestProgram {
  readonly log: string;
  readonly #program: Program;
  readonly #readyTimeoutMs: number;
  readonly #waiting = new Set<{ resolve(message: ReadyMessage): void; reject(error: Error): void }>();
  #readies = 0;
  #deaths = 0;

  constructor(name: string, command: string[], env: NodeJS.ProcessEnv, log: { path: string; open(): number }, options: { restart: boolean; readyTimeoutMs?: number }) {
    this.log = log.path;
    this.#readyTimeoutMs = options.readyTimeoutMs ?? 30_000;
    this.#program = new Program({
      name,
      command,
      env,
      log,
      stdout: 'ignore',
      restart: options.restart,
      onMessage: (message: { type?: string }) => {
        if (message.type !== 'ready') return;
        this.#readies += 1;
        for (const { resolve } of this.#waiting) resolve(message as ReadyMessage);
        this.#waiting.clear();
      },
      onDeath: ({ code, signal, restartMs }) => {
        this.#deaths += 1;
        if (restartMs !== undefined) return;
        for (const { reject } of this.#waiting) reject(new Error(`${name} ended (${signal ?? `exit code ${code}`}):\n${this.tail()}`));
        this.#waiting.clear();
      },
    });
  }

  /** @throws {Error} while the program is down */
  get pid(): number {
    const { pid } = this.#program;
    if (pid === undefined) throw new Error(`${this.#program.name} is not running:\n${this.tail()}`);
    return pid;
  }

  /** How often it said it was ready, and how often it died without being asked to. */
  get readies(): number {
    return this.#readies;
  }
  get deaths(): number {
    return this.#deaths;
  }

  /** Starts it and waits until it says that it is ready. Also after a death, when the testbed does not restart. */
  async start(): Promise<ReadyMessage> {
    const ready = this.nextReady();
    this.#program.start();
    return await ready;
  }

  /** The next time it says that it is ready: ask before you kill. Rejects after the time-out, with the end of its log. */
  nextReady(): Promise<ReadyMessage> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        this.#waiting.delete(waiter);
        reject(new Error(`${this.#program.name} was not ready within ${this.#readyTimeoutMs} ms:\n${this.tail()}`));
      }, this.#readyTimeoutMs);
      const waiter = {
        resolve: (message: ReadyMessage) => {
          clearTimeout(late);
          resolve(message);
        },
        reject: (error: Error) => {
          clearTimeout(late);
          reject(error);
        },
      };
      this.#waiting.add(waiter);
    });
  }

  /** Kills it as the world may (default SIGKILL), waits for its end; it comes back by itself if the testbed restarts. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const { gone } = this.#program;
    this.#program.signal(signal);
    await gone;
  }

  /** Sends a signal without waiting: `SIGSTOP` makes a hung process, `SIGCONT` heals it. */
  signal(signal: NodeJS.Signals): void {
    this.#program.signal(signal);
  }

  /** Ends it in order, for good. @returns whether it ended by itself within `graceMs` */
  stop(graceMs: number): Promise<boolean> {
    return this.#program.stop(graceMs);
  }

  /** The last lines of its log. */
  tail(lines = 20): string {
    try {
      return readFileSync(this.log, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
    } catch {
      return '';
    }
  }
}

/** What a program sends on its IPC channel when it can be used; pbx adds its API's address. */
export interface ReadyMessage {
  type: 'ready';
  apiUrl?: string;
}

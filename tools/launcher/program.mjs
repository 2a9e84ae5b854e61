import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * One of the two programs, kept running. It gets a process group of its own (a terminal's Ctrl-C is the launcher's to pass on,
 * in order) and an IPC channel: a program exits by itself when that closes, so a killed launcher leaves nothing behind.
 *
 *   down ──start──► up ──exit──► waiting (0, 100, 200 … 2000 ms) ──► up
 *                    │                        │
 *                    └──────────stop──────────┴──► stopped
 *
 * @typedef {object} ProgramOptions
 * @property {string} name as said to people
 * @property {string[]} command executable and arguments
 * @property {NodeJS.ProcessEnv} env
 * @property {{ open(): number }} log where its stderr goes
 * @property {'inherit' | 'ignore'} [stdout]
 * @property {(message: any, program: Program) => void} onMessage each IPC message
 * @property {(how: { code: number | null, signal: NodeJS.Signals | null, restartMs: number | undefined }) => void} onDeath
 *   an exit nobody asked for; `restartMs` is undefined when it will not be started again
 * @property {boolean} [restart] default true
 * @property {(pid: number) => void} [onStart] each process it becomes
 */
export class Program {
  #options;
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #child;
  /** @type {Promise<void>} */
  #gone = Promise.resolve();
  #stopping = new AbortController();
  #deaths = 0;
  #wasReady = false;

  /** @param {ProgramOptions} options */
  constructor(options) {
    this.#options = options;
  }

  get name() {
    return this.#options.name;
  }

  /** Undefined while the program is down. */
  get pid() {
    return this.#child?.pid;
  }

  /** Settles when the present process has ended. */
  get gone() {
    return this.#gone;
  }

  start() {
    const { command, env, log, stdout = 'inherit' } = this.#options;
    const [executable = '', ...args] = command;
    const stderr = log.open();
    const child = spawn(executable, args, { env, detached: true, stdio: ['ignore', stdout, stderr, 'ipc'] });
    closeSync(stderr);
    const begun = performance.now();
    this.#child = child;
    if (child.pid !== undefined) this.#options.onStart?.(child.pid);
    this.#gone = new Promise((resolve) => {
      const end = (/** @type {number | null} */ code, /** @type {NodeJS.Signals | null} */ signal) => {
        if (this.#child !== child) return;
        this.#child = undefined;
        resolve();
        if (!this.#stopping.signal.aborted) void this.#died(code, signal, performance.now() - begun);
      };
      child.on('exit', end);
      child.on('error', () => {
        if (child.pid === undefined) end(null, null);
      });
    });
    child.on('message', (/** @type {{ type?: string }} */ message) => {
      if (message?.type === 'ready') this.#wasReady = true;
      this.#options.onMessage(message, this);
    });
  }

  /**
   * Asks the program to end (SIGTERM), and ends it when it has not after `graceMs`.
   * @param {number} graceMs
   * @returns {Promise<boolean>} whether it ended by itself
   */
  async stop(graceMs) {
    this.#stopping.abort();
    this.signal('SIGTERM');
    const done = new AbortController();
    const late = sleep(graceMs, false, { signal: done.signal }).catch(() => false);
    const byItself = await Promise.race([this.#gone.then(() => true), late]);
    done.abort();
    if (!byItself) this.signal('SIGKILL');
    await this.#gone;
    return byItself;
  }

  /** Ends the program at once, for good. */
  kill() {
    this.#stopping.abort();
    this.signal('SIGKILL');
  }

  /** What the world may do to it; it is started again as after any death. @param {NodeJS.Signals} name */
  signal(name) {
    this.#child?.kill(name);
  }

  /** @param {number | null} code @param {NodeJS.Signals | null} signal @param {number} livedMs */
  async #died(code, signal, livedMs) {
    // Someone who lived for a while has not died of his own beginning: start over at once.
    this.#deaths = livedMs > 30_000 ? 1 : this.#deaths + 1;
    const hopeless = !this.#wasReady && this.#deaths >= attemptsToFirstReady;
    const restartMs = this.#options.restart === false || hopeless ? undefined : this.#deaths === 1 ? 0 : Math.min(100 * 2 ** (this.#deaths - 2), 2000);
    this.#options.onDeath({ code, signal, restartMs });
    if (restartMs === undefined) return;
    try {
      if (restartMs > 0) await sleep(restartMs, undefined, { signal: this.#stopping.signal });
    } catch {
      return; // stopped meanwhile
    }
    this.start();
  }
}

/** A program that never got ready is not broken by bad luck. */
const attemptsToFirstReady = 3;

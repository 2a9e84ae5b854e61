import { Worker } from 'node:worker_threads';
import type { PortUnitCommand, PortUnitOutcome } from './port-unit-command.ts';
import type { PortsRequest, PortsTold, PortsWorkerData } from './ports-message.ts';
import type { PortEvents, PortsSettings, PortsThread } from './ports.ts';

/** The main thread's end of the ports worker: commands to it, replies and events from it, as messages. */
export class PortsLink implements PortsThread {
  readonly ready: Promise<{ readonly address: string; readonly port: number }>;
  /** Why it has no real-time priority; null when it has. */
  realtimeRefused: string | null = null;
  readonly #worker: Worker;
  readonly #onEvents: PortEvents;
  readonly #waiting = new Map<number, (outcome: PortUnitOutcome) => void>();
  #lastId = 0;
  #life: 'running' | 'ending' | 'ended' = 'running';
  #isReady: (address: { readonly address: string; readonly port: number }) => void = () => {};

  /** `onEvents` gets a turn's events; `onDeath` when the thread ends without having been told to. */
  constructor(settings: PortsSettings, onEvents: PortEvents, onDeath: (error: Error) => void) {
    this.#onEvents = onEvents;
    const workerData: PortsWorkerData = { ...settings, timeOrigin: performance.timeOrigin };
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
    this.#worker = new Worker(new URL(`./ports-worker.${extension}`, import.meta.url), { workerData });
    this.#worker.on('message', (told: PortsTold) => this.#take(told));
    let problem: Error | null = null;
    this.ready = new Promise((resolve, reject) => {
      this.#isReady = resolve;
      this.#worker.once('exit', () => reject(problem ?? new Error('the ports worker ended before it was ready')));
    });
    // Who waits for it hears of it; who does not is told by `onDeath`.
    this.ready.catch(() => {});
    this.#worker.on('error', (error) => {
      problem = error instanceof Error ? error : new Error(String(error));
    });
    this.#worker.on('exit', (code) => {
      const wasRunning = this.#life === 'running';
      this.#life = 'ended';
      for (const done of [...this.#waiting.values()]) done(noWorker);
      this.#waiting.clear();
      if (wasRunning) onDeath(problem ?? new Error(`the ports worker ended with code ${code}`));
    });
  }

  execute<Do extends PortUnitCommand['do']>(command: Extract<PortUnitCommand, { readonly do: Do }>, done: (outcome: PortUnitOutcome<Do>) => void): void {
    if (this.#life !== 'running') return done(noWorker);
    const id = ++this.#lastId;
    this.#waiting.set(id, done as (outcome: PortUnitOutcome) => void);
    this.#worker.postMessage({ id, command } satisfies PortsRequest);
  }

  async end(): Promise<void> {
    if (this.#life !== 'running') return;
    this.#life = 'ending';
    const ended = new Promise<void>((resolve) => this.#worker.once('exit', () => resolve()));
    this.#worker.postMessage('end' satisfies PortsRequest);
    const late = setTimeout(() => void this.#worker.terminate(), 500);
    await ended;
    clearTimeout(late);
  }

  #take(told: PortsTold): void {
    // Events and replies go on in the order in which they came about.
    let events: Parameters<PortEvents>[0][number][] = [];
    const flush = (): void => {
      if (events.length > 0) this.#onEvents(events);
      events = [];
    };
    for (const one of told) {
      if ('event' in one) {
        events.push(one);
        continue;
      }
      flush();
      if ('ready' in one) {
        this.realtimeRefused = one.realtimeRefused;
        this.#isReady(one.ready);
        continue;
      }
      const done = this.#waiting.get(one.id);
      this.#waiting.delete(one.id);
      done?.(one.outcome);
    }
    flush();
  }
}

const noWorker: { readonly refusal: { readonly code: 'hardware'; readonly text: string } } = { refusal: { code: 'hardware', text: 'The thread of the ports has ended.' } };

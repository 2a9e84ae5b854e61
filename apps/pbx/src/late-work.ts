import { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';

export interface LateWorkSettings {
  readonly databaseUrl: string;
  readonly redisUrl: string | undefined;
}

export interface LateWork {
  close(): Promise<void>;
}

/**
 * What may be late runs in a thread: loading the job queue alone keeps an event loop busy for half a second, which calls
 * would wait for. It begins a while after the start, and again and again until its backend is there.
 */
export function startLateWork({ databaseUrl, redisUrl }: LateWorkSettings, log: Logger): LateWork {
  let thread: Worker | undefined;
  let closed = false;
  let timer = setTimeout(start, FIRST_MS);

  function start(): void {
    const settings: LateWorkSettings = { databaseUrl, redisUrl };
    // Beside this file, compiled as it is.
    thread = new Worker(new URL(`./late-work-thread${import.meta.url.slice(-3)}`, import.meta.url), { workerData: settings, execArgv: [] });
    thread.on('message', ({ level, event, details }: { level: 'info' | 'warn' | 'error'; event: string; details: object }) => log[level](details, event));
    thread.on('error', (error) => log.warn({ err: error }, 'jobsWait'));
    thread.on('exit', () => {
      thread = undefined;
      if (!closed) timer = setTimeout(start, AGAIN_MS);
    });
  }

  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      const ending = thread;
      if (ending === undefined) return;
      const gone = new Promise((resolve) => ending.once('exit', resolve));
      ending.postMessage('end');
      const patience = setTimeout(() => void ending.terminate(), PATIENCE_MS);
      await gone;
      clearTimeout(patience);
    },
  };
}

const FIRST_MS = 3_000;
const AGAIN_MS = 10_000;
const PATIENCE_MS = 1_000;

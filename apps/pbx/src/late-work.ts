import { Worker } from 'node:worker_threads';
import type { LiveConfiguration, MessageStore } from '@tipring/store';
import type { Logger } from 'pino';
import { type LateOffice, lateOffice } from './late-office.ts';

export interface LateWorkSettings {
  readonly databaseUrl: string;
  readonly redisUrl: string | undefined;
  readonly soundsFolder: string;
}

export interface LateWorkPorts {
  readonly configuration: Pick<LiveConfiguration, 'snapshot' | 'observe'>;
  readonly messages: Pick<MessageStore, 'remove' | 'removeExpired'>;
  readonly log: Logger;
}

export interface LateWork {
  close(): Promise<void>;
}

/** What the thread begins with. */
export interface LateWorkBeginning {
  readonly databaseUrl: string;
  readonly redisUrl: string | undefined;
  /** The folder of sounds. */
  readonly sounds: string;
  readonly office: LateOffice;
}

export type LateWorkOrder = { readonly is: 'office'; readonly office: LateOffice } | { readonly is: 'end' };

export type LateWorkReport =
  | { readonly is: 'log'; readonly level: 'info' | 'warn' | 'error'; readonly event: string; readonly details: object }
  | { readonly is: 'mailed'; readonly message: string }
  /** Once an hour. */
  | { readonly is: 'houseKept' };

/**
 * What may be late runs in a thread: loading the job queue alone keeps an event loop busy for half a second, which calls
 * would wait for. It begins a while after the start, and again and again until its backend is there. What is in voicemail
 * boxes is this side's to change.
 */
export function startLateWork({ databaseUrl, redisUrl, soundsFolder: sounds }: LateWorkSettings, { configuration, messages, log }: LateWorkPorts): LateWork {
  let thread: Worker | undefined;
  let closed = false;
  let timer = setTimeout(start, FIRST_MS);
  const order = (what: LateWorkOrder): void => thread?.postMessage(what);
  const unobserve = configuration.observe(() => order({ is: 'office', office: lateOffice(configuration.snapshot) }));

  function start(): void {
    const beginning: LateWorkBeginning = { databaseUrl, redisUrl, sounds, office: lateOffice(configuration.snapshot) };
    // Beside this file, compiled as it is.
    thread = new Worker(new URL(`./late-work-thread${import.meta.url.slice(-3)}`, import.meta.url), { workerData: beginning, execArgv: [] });
    thread.on('message', heard);
    thread.on('error', (error) => log.warn({ err: error }, 'jobsWait'));
    thread.on('exit', () => {
      thread = undefined;
      if (!closed) timer = setTimeout(start, AGAIN_MS);
    });
  }

  function heard(report: LateWorkReport): void {
    if (report.is === 'log') log[report.level](report.details, report.event);
    else if (report.is === 'mailed') messages.remove(report.message);
    else {
      const { voicemailBoxes } = configuration.snapshot;
      messages.removeExpired((box) => {
        const days = voicemailBoxes.get(box)?.keepDays ?? null;
        return days === null ? null : days * 86_400_000;
      });
    }
  }

  return {
    async close() {
      closed = true;
      unobserve();
      clearTimeout(timer);
      const ending = thread;
      if (ending === undefined) return;
      const gone = new Promise((resolve) => ending.once('exit', resolve));
      order({ is: 'end' });
      const patience = setTimeout(() => void ending.terminate(), PATIENCE_MS);
      await gone;
      clearTimeout(patience);
    },
  };
}

const FIRST_MS = 3_000;
const AGAIN_MS = 10_000;
const PATIENCE_MS = 1_000;

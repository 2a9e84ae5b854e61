import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Timer, Timers } from '@tipring/clock';
import type { SubscriptionSnapshot } from '@tipring/sip';
import type { Logger } from 'pino';

/** Who watches what, in a file: so that lamps are right soon after a restart, and not only when each telephone asks again. */
export class KeptSubscriptions {
  readonly #path: string;
  readonly #snapshots: () => readonly SubscriptionSnapshot[];
  readonly #timers: Timers;
  readonly #log: Logger;
  #timer: Timer | undefined;
  #isWriting = false;
  #isClosed = false;

  constructor(dataFolder: string, snapshots: () => readonly SubscriptionSnapshot[], timers: Timers, log: Logger) {
    this.#path = join(dataFolder, 'subscriptions.json');
    this.#snapshots = snapshots;
    this.#timers = timers;
    this.#log = log;
  }

  /** Of an earlier process; empty when there are none, or the file is none of ours. */
  load(): readonly SubscriptionSnapshot[] {
    try {
      const lines = readFileSync(this.#path, 'utf8').split('\n');
      return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as SubscriptionSnapshot);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') this.#log.warn({ err: error }, 'subscriptionsNotRead');
      return [];
    }
  }

  /** Somebody subscribed, or asked again: written within a minute. What is lost by a kill is asked for again by the telephones. */
  changed(): void {
    if (this.#isClosed || this.#isWriting) return;
    this.#timer ??= this.#timers.start(WRITE_AFTER_MS, () => {
      this.#timer = undefined;
      void this.#write();
    });
  }

  /** The last word. */
  close(): void {
    this.#isClosed = true;
    this.#timer?.stop();
    try {
      writeFileSync(`${this.#path}.last`, this.#snapshots().map((one) => `${JSON.stringify(one)}\n`).join(''), { mode: 0o600 });
      renameSync(`${this.#path}.last`, this.#path);
    } catch (error) {
      this.#log.warn({ err: error }, 'subscriptionsNotWritten');
    }
  }

  /** Some at a time, so that calls are not kept waiting. */
  async #write(): Promise<void> {
    this.#isWriting = true;
    try {
      const snapshots = this.#snapshots();
      const file = await open(`${this.#path}.new`, 'w', 0o600);
      try {
        for (let at = 0; at < snapshots.length; at += LINES) await file.write(snapshots.slice(at, at + LINES).map((one) => `${JSON.stringify(one)}\n`).join(''));
      } finally {
        await file.close();
      }
      if (!this.#isClosed) await rename(`${this.#path}.new`, this.#path);
    } catch (error) {
      this.#log.warn({ err: error }, 'subscriptionsNotWritten');
    } finally {
      this.#isWriting = false;
    }
  }
}

const WRITE_AFTER_MS = 30_000;
const LINES = 100;

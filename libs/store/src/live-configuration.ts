import { nodeTimers, type Timer, type Timers } from '@tipring/clock';
import { buildSnapshot, type ConfigurationChange, type ConfigurationProblem, type ConfigurationRows, diff, differencesOf, type Result, type Snapshot, undone } from '@tipring/config';
import type { Author } from './audit-log.ts';
import type { ConfigurationRepository } from './configuration-repository.ts';
import type { StoreLog } from './log.ts';
import { newId } from './new-id.ts';
import type { PendingRevision } from './revision.ts';

export type ChangeListener = (snapshot: Snapshot, changes: readonly ConfigurationChange[]) => void;

/** Why a change was not made, beside what is wrong with the configuration it would have made. */
export interface ChangeRefusal {
  readonly code:
    /** A write that meets another one: the row is not what the editor saw. */
    | 'changedMeanwhile'
    /** A change waits for its confirmation: confirm it or roll it back first. */
    | 'confirmationPending'
    /** There is no revision of that number that could be confirmed, or gone back to. */
    | 'unknownRevision';
  readonly pointer: string;
  readonly hint: string;
}

export type ChangeFailure = ConfigurationProblem | ChangeRefusal;

export interface ApplyOptions {
  /** Said by whoever changes it, kept with the revision. */
  readonly why?: string | null;
  /** Unless it is confirmed within so many milliseconds, it goes back by itself. Absent: it stands. */
  readonly confirmWithinMs?: number | undefined;
}

export interface Applied {
  readonly snapshot: Snapshot;
  /** null: nothing was different, nothing was written. */
  readonly revision: number | null;
  /** ISO 8601; null: it stands. */
  readonly confirmBy: string | null;
}

export interface LiveConfigurationWorld {
  readonly timers: Timers;
  /** Ms since the epoch. */
  wallClock(): number;
  readonly log: StoreLog;
}

/**
 * The configuration the system runs by. Reading is a field; a change is checked as a whole, written with its audit rows and its revision, then swapped in
 * and told. One change at a time. What runs is always exactly the configuration before a change or the one after it, and so is what the database has:
 * when the connection is lost while it writes, nothing else is changed until it is known which of the two.
 *
 *   stands ──apply with confirmWithinMs──► pending ──confirm──► stands
 *     ▲                                       │
 *     └───────────time over, rollback─────────┘
 */
export class LiveConfiguration {
  readonly #repository: ConfigurationRepository;
  readonly #world: LiveConfigurationWorld;
  readonly #ownTimers: ReturnType<typeof nodeTimers> | null;
  readonly #listeners = new Set<ChangeListener>();
  #snapshot: Snapshot;
  #last: Promise<unknown> = Promise.resolve();
  #pending: PendingRevision | null = null;
  #expiry: Timer | null = null;
  /** A write of which it is not known whether it was done. */
  #unsettled: Write | null = null;
  #isClosed = false;

  /** Without `world`: Node’s clocks, and nothing is logged. */
  constructor(repository: ConfigurationRepository, snapshot: Snapshot, world: Partial<LiveConfigurationWorld> = {}) {
    this.#repository = repository;
    this.#snapshot = snapshot;
    this.#ownTimers = world.timers === undefined ? nodeTimers() : null;
    this.#world = { timers: world.timers ?? this.#ownTimers!, wallClock: world.wallClock ?? Date.now, log: world.log ?? (() => undefined) };
  }

  get snapshot(): Snapshot {
    return this.#snapshot;
  }

  /** The change that waits for its confirmation. */
  get pending(): PendingRevision | null {
    return this.#pending;
  }

  /** Called after each change; returns what ends it. */
  observe(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * At the start, once: takes up a confirmation that is waited for; what was not confirmed in time goes back now. Rejects when the database cannot be reached.
   */
  resume(): Promise<void> {
    return this.#inTurn(async () => {
      const pending = await this.#repository.pending();
      if (pending === null) return;
      this.#pending = { ...pending, before: pending.number - 1 };
      const left = Date.parse(pending.confirmBy) - this.#world.wallClock();
      if (left > 0) this.#expireIn(left);
      else await this.#expire(pending.number);
    });
  }

  /** No timer is left. What waits for its confirmation waits in the database. */
  close(): void {
    this.#isClosed = true;
    this.#expiry?.stop();
    this.#ownTimers?.close();
  }

  /**
   * `edit` gets the rows as they stand and returns them as they shall be, or its own refusal.
   * Rejects only when the database cannot be reached.
   */
  async change<Refusal = never>(edit: (now: Snapshot) => Result<ConfigurationRows, Refusal>, author: Author, why: string | null = null): Promise<Result<Snapshot, ChangeFailure | Refusal>> {
    const outcome = await this.apply(edit, author, { why });
    return outcome.ok ? { ok: true, value: outcome.value.snapshot } : outcome;
  }

  /** The same, with what a person says of it, and on trial if wanted. */
  apply<Refusal = never>(edit: (now: Snapshot) => Result<ConfigurationRows, Refusal>, author: Author, options: ApplyOptions = {}): Promise<Result<Applied, ChangeFailure | Refusal>> {
    return this.#inTurn(async () => {
      if (this.#pending !== null) return refused('confirmationPending', `Revision ${this.#pending.number} waits until ${this.#pending.confirmBy} to be confirmed. Confirm it or roll it back, then repeat your change.`);
      const edited = edit(this.#snapshot);
      if (!edited.ok) return edited;
      const { why = null, confirmWithinMs } = options;
      const at = this.#world.wallClock();
      const confirmBy = confirmWithinMs === undefined ? null : new Date(at + Math.min(confirmWithinMs, longestTrialMs));
      return this.#write(edited.value, author, { at: new Date(at), why, confirmBy, restores: null, onlyIfPending: null });
    });
  }

  /** It stands. */
  confirm(number: number, author: Author): Promise<Result<{ readonly revision: number }, ChangeRefusal>> {
    return this.#inTurn(async () => {
      if (this.#pending?.number !== number) return refused('unknownRevision', this.#pending === null ? 'Nothing waits to be confirmed: it stands, or its time was over and it went back.' : `Revision ${this.#pending.number} waits to be confirmed, not ${number}.`);
      const isConfirmed = await this.#repository.confirm(number, author);
      // It waits no more in any case: if not for this, then for what another process did.
      this.#stands();
      return isConfirmed ? { ok: true, value: { revision: number } } : refused('unknownRevision', `Revision ${number} was confirmed or rolled back by somebody else.`);
    });
  }

  /**
   * Puts in force again what was in force when revision `toNumber` was the newest; 0: before the first. It is a change as any other, and the newest revision then. While one
   * waits for its confirmation, this is the other way out: `pending.before`.
   */
  rollback(toNumber: number, author: Author, why: string | null = null): Promise<Result<Applied, ChangeFailure>> {
    return this.#inTurn(async () => {
      const latest = await this.#repository.latestNumber();
      if (!Number.isInteger(toNumber) || toNumber < 0 || toNumber >= latest) return refused('unknownRevision', latest === 0 ? 'There is no revision yet.' : `Go back to a revision from 0 to ${latest - 1}; ${latest} is in force.`);
      return this.#rollback(toNumber, author, why, null);
    });
  }

  #inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const run = this.#last.then(async () => {
      if (this.#unsettled !== null) await this.#settle(this.#unsettled);
      return work();
    });
    this.#last = run.catch(() => undefined);
    return run;
  }

  async #rollback(toNumber: number, author: Author, why: string | null, onlyIfPending: number | null): Promise<Result<Applied, ChangeFailure>> {
    const at = new Date(this.#world.wallClock());
    const rows = undone(this.#snapshot, await this.#repository.changesAfter(toNumber), at.toISOString());
    const waiting = this.#pending;
    const outcome = await this.#write(rows, author, { at, why, confirmBy: null, restores: toNumber, onlyIfPending });
    // Changes that undo each other leave nothing to be written, but what waited waits no more.
    if (outcome.ok && outcome.value.revision === null && waiting !== null) {
      await this.#repository.withdraw(waiting.number);
      this.#stands();
    }
    return outcome;
  }

  async #write(rows: ConfigurationRows, author: Author, how: Omit<Write['revision'], 'id' | 'objects'>): Promise<Result<Applied, ChangeFailure>> {
    const built = buildSnapshot(rows);
    if (!built.ok) return built;
    const changes = diff(this.#snapshot, built.value);
    if (changes.length === 0) return { ok: true, value: { snapshot: this.#snapshot, revision: null, confirmBy: null } };
    const revision = { ...how, id: newId('rev'), objects: differencesOf(changes, this.#snapshot, built.value) };
    const write: Write = { snapshot: built.value, changes, revision };
    let number: number | null;
    try {
      number = await this.#repository.write(changes, author, revision);
    } catch (error) {
      // The connection may have been lost behind COMMIT.
      this.#unsettled = write;
      number = await this.#settle(write).catch(() => {
        this.#settleLater();
        return null;
      });
      if (number === null) throw error;
      return { ok: true, value: applied(write, number) };
    }
    if (number === null) return refused('changedMeanwhile', 'Somebody else changed it at the same time. Read it again and repeat your change.');
    this.#inForce(write, number);
    return { ok: true, value: applied(write, number) };
  }

  /** Finds out whether it was written, and takes it up if it was. null: it was not. Rejects while the database cannot be asked. */
  async #settle(write: Write): Promise<number | null> {
    const number = await this.#repository.numberOf(write.revision.id);
    if (this.#unsettled !== write) return number;
    this.#unsettled = null;
    if (number !== null) this.#inForce(write, number);
    return number;
  }

  #settleLater(): void {
    if (this.#isClosed) return;
    this.#world.timers.start(retryMs, () => {
      // Whoever takes a turn settles first.
      if (this.#unsettled !== null) this.#inTurn(async () => undefined).catch(() => this.#settleLater());
    });
  }

  #inForce({ snapshot, changes, revision }: Write, number: number): void {
    this.#stands();
    this.#snapshot = snapshot;
    if (revision.confirmBy !== null) {
      this.#pending = { number, confirmBy: revision.confirmBy.toISOString(), before: number - 1 };
      this.#expireIn(revision.confirmBy.getTime() - this.#world.wallClock());
    }
    for (const listener of this.#listeners) {
      try {
        listener(snapshot, changes);
      } catch (error) {
        // The others are told all the same: each follows the configuration on its own.
        this.#world.log('error', 'configurationListenerFailed', { revision: number, reason: error instanceof Error ? (error.stack ?? error.message) : String(error) });
      }
    }
  }

  #stands(): void {
    this.#pending = null;
    this.#expiry?.stop();
    this.#expiry = null;
  }

  #expireIn(ms: number): void {
    if (this.#isClosed) return;
    const number = this.#pending?.number ?? 0;
    this.#expiry = this.#world.timers.start(Math.max(0, ms), () => {
      this.#inTurn(() => this.#expire(number)).catch((error: unknown) => {
        // What runs and what is written must agree: it stays in force until both can go back.
        this.#world.log('error', 'rollbackWaitsForDatabase', { revision: number, reason: error instanceof Error ? error.message : String(error) });
        if (this.#pending?.number === number) this.#expireIn(retryMs);
      });
    });
  }

  async #expire(number: number): Promise<void> {
    if (this.#pending?.number !== number) return;
    const system = { actor: 'system', requestId: null };
    const outcome = await this.#rollback(number - 1, system, `Revision ${number} was not confirmed in time.`, number);
    if (outcome.ok) return this.#world.log('warn', 'configurationRolledBack', { revision: number });
    // Another process had it confirmed or rolled back, or what it replaced is no longer allowed: it stands, or nothing could ever be changed again, and somebody must look.
    this.#world.log('error', 'rollbackRefused', { revision: number, problems: outcome.problems });
    await this.#repository.confirm(number, system);
    this.#stands();
  }
}

interface Write {
  readonly snapshot: Snapshot;
  readonly changes: readonly ConfigurationChange[];
  readonly revision: Parameters<ConfigurationRepository['write']>[2];
}

function applied({ snapshot, revision }: Write, number: number): Applied {
  return { snapshot, revision: number, confirmBy: revision.confirmBy?.toISOString() ?? null };
}

function refused(code: ChangeRefusal['code'], hint: string): { readonly ok: false; readonly problems: readonly [ChangeRefusal] } {
  return { ok: false, problems: [{ code, pointer: '', hint }] };
}

const retryMs = 2_000;
/** A week: Node’s timers take three. */
const longestTrialMs = 7 * 86_400_000;

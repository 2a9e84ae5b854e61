import { buildSnapshot, diff, type ConfigurationChange, type ConfigurationProblem, type ConfigurationRows, type Result, type Snapshot } from '@tipring/config';
import type { Author } from './audit-log.ts';
import type { ConfigurationRepository } from './configuration-repository.ts';

export type ChangeListener = (snapshot: Snapshot, changes: readonly ConfigurationChange[]) => void;

/** A write that meets another one: the row is not what the editor saw. */
export type ChangeFailure = ConfigurationProblem | { readonly code: 'changedMeanwhile'; readonly pointer: string; readonly hint: string };

/**
 * The configuration the system runs by. Reading is a field; a change is checked as a whole, written with its audit row,
 * then swapped in and told. One change at a time.
 */
export class LiveConfiguration {
  readonly #repository: ConfigurationRepository;
  readonly #listeners = new Set<ChangeListener>();
  #snapshot: Snapshot;
  #last: Promise<unknown> = Promise.resolve();

  constructor(repository: ConfigurationRepository, snapshot: Snapshot) {
    this.#repository = repository;
    this.#snapshot = snapshot;
  }

  get snapshot(): Snapshot {
    return this.#snapshot;
  }

  /** Called after each change; returns what ends it. */
  observe(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * `edit` gets the rows as they stand and returns them as they shall be, or its own refusal.
   * Rejects only when the database cannot be reached.
   */
  change<Refusal = never>(edit: (now: Snapshot) => Result<ConfigurationRows, Refusal>, author: Author): Promise<Result<Snapshot, ChangeFailure | Refusal>> {
    const run = this.#last.then(() => this.#change(edit, author));
    this.#last = run.catch(() => undefined);
    return run;
  }

  async #change<Refusal>(edit: (now: Snapshot) => Result<ConfigurationRows, Refusal>, author: Author): Promise<Result<Snapshot, ChangeFailure | Refusal>> {
    const edited = edit(this.#snapshot);
    if (!edited.ok) return edited;
    const built = buildSnapshot(edited.value);
    if (!built.ok) return built;
    const changes = diff(this.#snapshot, built.value);
    if (changes.length === 0) return built;
    const written = await this.#repository.write(changes, author);
    if (!written) {
      const problem = { code: 'changedMeanwhile', pointer: '', hint: 'Somebody else changed it at the same time. Read it again and repeat your change.' } as const;
      return { ok: false, problems: [problem] };
    }
    this.#snapshot = built.value;
    for (const listener of this.#listeners) listener(built.value, changes);
    return built;
  }
}

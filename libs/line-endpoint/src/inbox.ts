/** Run to completion: what is raised while something is worked off waits for its turn. */
export class Inbox<Entry> {
  readonly #entries: Entry[] = [];
  readonly #work: (entry: Entry) => void;
  readonly #failed: (error: unknown) => void;
  readonly #settled: () => void;
  #isBusy = false;

  /** `failed`: our own code threw; what waited is forgotten. `settled`: nothing waits any more. */
  constructor(work: (entry: Entry) => void, failed: (error: unknown) => void, settled: () => void) {
    this.#work = work;
    this.#failed = failed;
    this.#settled = settled;
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  push(entry: Entry): void {
    this.#entries.push(entry);
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      for (let next = this.#entries.shift(); next !== undefined; next = this.#entries.shift()) this.#work(next);
    } catch (error) {
      this.#entries.length = 0;
      this.#failed(error);
    }
    this.#isBusy = false;
    this.#settled();
  }
}

/** Run to completion: what is raised while something is worked off waits for its turn. */
export class Inbox<Entry> {
  readonly #entries: Entry[] = [];
  readonly #work: (entry: Entry) => void;
  readonly #failed: (error: unknown) => void;
  readonly #settled: () => void;
  #isBusy = false;

  /** `failed`: our own code threw; what waited is forgotten, and what is to be done about it can be pushed. `settled`: nothing waits any more. */
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
    // A second failure, of what is done about the first: it is left at that.
    for (let failures = 0; this.#entries.length > 0 && failures < 2; ) {
      try {
        for (let next = this.#entries.shift(); next !== undefined; next = this.#entries.shift()) this.#work(next);
      } catch (error) {
        this.#entries.length = 0;
        failures++;
        this.#failed(error);
      }
    }
    this.#entries.length = 0;
    this.#isBusy = false;
    this.#settled();
  }
}

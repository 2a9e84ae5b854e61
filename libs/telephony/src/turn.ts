/** What takes more than one call is done when no call is at work: never within another input. */
export class Turn {
  readonly #later: (() => void)[] = [];
  #depth = 0;

  /** `work` is an input of a call, and all that it brings about. */
  take(work: () => void): void {
    this.#depth += 1;
    try {
      work();
    } finally {
      this.#depth -= 1;
      if (this.#depth === 0) this.#goOn();
    }
  }

  /** At once, when nothing is at work. `operation` must not throw. */
  then(operation: () => void): void {
    this.#later.push(operation);
    if (this.#depth === 0) this.#goOn();
  }

  #goOn(): void {
    for (let next = this.#later.shift(); next !== undefined; next = this.#later.shift()) {
      this.#depth += 1;
      try {
        next();
      } finally {
        this.#depth -= 1;
      }
    }
  }
}

/** First in, first out, with the instant each entered, ms; a ring that grows and is kept. */
export class WorkQueue<Work> {
  #ring: ({ work: Work; at: number; kept: boolean } | undefined)[] = new Array(64).fill(undefined);
  #head = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** When the oldest entered; +Infinity when there is none. */
  get headAt(): number {
    return this.#length === 0 ? Number.POSITIVE_INFINITY : this.#ring[this.#head]!.at;
  }

  /** Whether the oldest entered as `kept`. */
  get isHeadKept(): boolean {
    return this.#length > 0 && this.#ring[this.#head]!.kept;
  }

  push(work: Work, at: number, kept: boolean = false): void {
    if (this.#length === this.#ring.length) this.#grow();
    this.#ring[(this.#head + this.#length) & (this.#ring.length - 1)] = { work, at, kept };
    this.#length += 1;
  }

  /** The oldest. Throws when there is none. */
  shift(): Work {
    const oldest = this.#ring[this.#head];
    if (oldest === undefined) throw new Error('the queue is empty');
    this.#ring[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#ring.length - 1);
    this.#length -= 1;
    return oldest.work;
  }

  #grow(): void {
    const ordered = [...this.#ring.slice(this.#head), ...this.#ring.slice(0, this.#head)];
    this.#ring = [...ordered, ...new Array<undefined>(ordered.length).fill(undefined)];
    this.#head = 0;
  }
}

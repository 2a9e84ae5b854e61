/** What became of a queue's callers today, since the controller was started if that was today. */
export interface QueueFigures {
  readonly offered: number;
  readonly answered: number;
  /** Who hung up before anybody answered. */
  readonly abandoned: number;
  readonly overflowed: number;
  /** Ms, of those who were answered; null: nobody was. */
  readonly meanWaitMs: number | null;
  readonly longestWaitMs: number;
}

/** Counts, from midnight to midnight. */
export class QueueCounts {
  #day = '';
  #offered = 0;
  #answered = 0;
  #abandoned = 0;
  #overflowed = 0;
  #waitedMs = 0;
  #longestMs = 0;

  offered(day: string): void {
    this.#from(day);
    this.#offered += 1;
  }

  answered(day: string, waitedMs: number): void {
    this.#from(day);
    this.#answered += 1;
    this.#waitedMs += waitedMs;
    this.#longestMs = Math.max(this.#longestMs, waitedMs);
  }

  left(day: string, how: 'abandoned' | 'overflowed', waitedMs: number): void {
    this.#from(day);
    if (how === 'abandoned') this.#abandoned += 1;
    else this.#overflowed += 1;
    this.#longestMs = Math.max(this.#longestMs, waitedMs);
  }

  figures(day: string): QueueFigures {
    this.#from(day);
    const answered = this.#answered;
    return { offered: this.#offered, answered, abandoned: this.#abandoned, overflowed: this.#overflowed, meanWaitMs: answered === 0 ? null : Math.round(this.#waitedMs / answered), longestWaitMs: this.#longestMs };
  }

  #from(day: string): void {
    if (day === this.#day) return;
    this.#day = day;
    this.#offered = this.#answered = this.#abandoned = this.#overflowed = this.#waitedMs = this.#longestMs = 0;
  }
}

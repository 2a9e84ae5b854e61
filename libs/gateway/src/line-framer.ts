/**
 * Cuts a stream of text into lines. A line past the limit is reported once as null and skipped to its end, so that one
 * broken sender cannot take the memory of the other side. Sans-IO: text goes in, lines come out.
 */
export class LineFramer {
  readonly #limit: number;
  #rest = '';
  #skipping = false;

  /** `limit`: characters in a line, without its end. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** `take` gets each complete line, or null in place of one that was too long. */
  push(text: string, take: (line: string | null) => void): void {
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      const line = this.#rest.length === 0 ? text.slice(from, end) : this.#rest + text.slice(from, end);
      this.#rest = '';
      from = end + 1;
      if (this.#skipping) this.#skipping = false;
      else if (line.length > this.#limit) take(null);
      else if (line.length > 0) take(line);
    }
    if (this.#skipping || from === text.length) return;
    this.#rest += from === 0 ? text : text.slice(from);
    if (this.#rest.length <= this.#limit) return;
    this.#rest = '';
    this.#skipping = true;
    take(null);
  }
}

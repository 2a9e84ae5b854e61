import type { Cause, LegEvent, LegListener } from '@tipring/telephony';

/** What a leg tells its call: `released` once and last, whoever was first to know. */
export class LegReport {
  readonly #listener: LegListener;
  #over = false;

  constructor(listener: LegListener) {
    this.#listener = listener;
  }

  get over(): boolean {
    return this.#over;
  }

  tell(event: Exclude<LegEvent, { type: 'released' }>): void {
    if (!this.#over) this.#listener(event);
  }

  note(kind: string, text: string): void {
    this.tell({ type: 'note', evidence: { kind, text } });
  }

  released(cause: Cause, kind: string, text: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#listener({ type: 'released', cause, evidence: { kind, text } });
  }
}

import type { Cause } from './cause.ts';
import type { Evidence, LegEvent, LegListener } from './leg.ts';

/** For adapters: what a leg tells its call, `released` once and last, whoever was first to know. */
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

  note(kind: string, text: string, data?: Readonly<Record<string, unknown>>): void {
    this.tell({ type: 'note', evidence: { kind, text }, ...(data === undefined ? {} : { data }) });
  }

  released(cause: Cause, evidence: Evidence): void {
    if (this.#over) return;
    this.#over = true;
    this.#listener({ type: 'released', cause, evidence });
  }

  /** Nothing more is told: another leg has taken its place. */
  silence(): void {
    this.#over = true;
  }
}

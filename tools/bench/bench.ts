import type { PbxOptions, RunningPbx } from '../testbed/pbx.ts';

/**
 * What a file tools/bench/NAME.bench.ts exports, by these names:
 *
 *     export const title = 'Relayed calls on one core';
 *     export const explains = 'Two-party G.711 calls through the gateway …, beside a raw C relay.';
 *     export const options = { calls: { default: 500, explains: 'calls at once' } };
 *     export async function run(context: BenchContext): Promise<Figures> { … }
 */
export interface Bench {
  /** One line, for the list. */
  title: string;
  /** What is measured, how, beside which baseline, and which number is good. Wrapped by the printer. */
  explains: string;
  /** `npm run bench -- NAME --calls 1000`. */
  options?: Record<string, BenchOption>;
  run(context: BenchContext): Promise<Figures>;
}

export interface BenchOption {
  default: number | string;
  explains: string;
}

/** The result, printed as JSON. Units in the keys: `callsPerSecond`, `cpuMsPerCall`, `p99DelayMs`. null: what it needs is not installed. */
export type Figures = Record<string, number | string | boolean | null>;

export interface BenchContext {
  /** A numeric option, as given or its default. */
  number(option: string): number;
  /** A textual option. */
  text(option: string): string;
  /** One line about where the bench is, with the elapsed time; a new one replaces it on a terminal. */
  progress(text: string): void;
  /** An aligned table; numbers are set right. The first row is the heading. Our row and its baseline's belong in one table. */
  table(rows: readonly (readonly (string | number)[])[]): void;
  /** A complete PBX of its own, stopped after the bench whatever happens. */
  startPbx(options?: PbxOptions): Promise<RunningPbx>;
  /** What must happen at the end, also after a failure: the last first. */
  atEnd(undo: () => Promise<unknown> | unknown): void;
}

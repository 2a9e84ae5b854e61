import type { HandKind, Kind } from './feature-office.ts';
import { kinds } from './feature-office.ts';

export interface ReportedCell {
  readonly feature: string;
  readonly from: Kind;
  readonly to: Kind;
  readonly by: HandKind;
}

/** `atSecondTry` is none of the reasons why a cell cannot exist. */
export type Outcome = true | string;

/** The table of features: a cell has passed, cannot exist and says why, or is missing. */
export class FeatureReport {
  readonly #cells = new Map<string, Map<HandKind, Outcome>>();
  readonly #features: string[] = [];
  readonly #reasons: string[] = [];

  /** `true`: it works; `atSecondTry`: it did not at first; else why it cannot exist. */
  note({ feature, from, to, by }: ReportedCell, outcome: Outcome): void {
    if (!this.#features.includes(feature)) this.#features.push(feature);
    const key = `${feature} ${from} ${to}`;
    const cell = this.#cells.get(key) ?? new Map<HandKind, Outcome>();
    this.#cells.set(key, cell.set(by, outcome));
  }

  /** Markdown. Rows: features and who calls; columns: who is called; in a cell the hands by which it works, and numbers of reasons. */
  table(): string {
    const rows = this.#features.flatMap((feature) => kinds.map((from) => `| ${feature} | ${from} | ${kinds.map((to) => this.#cell(feature, from, to)).join(' | ')} |`));
    const reasons = this.#reasons.map((reason, at) => `${at + 1}. ${reason}`);
    return ['| feature | from | ' + kinds.map((to) => `to ${to}`).join(' | ') + ' |', `|---|---|${kinds.map(() => '---|').join('')}`, ...rows, '', ...reasons].join('\n');
  }

  #cell(feature: string, from: Kind, to: Kind): string {
    const cell = this.#cells.get(`${feature} ${from} ${to}`);
    if (cell === undefined) return 'FAILED';
    return [...cell].map(([by, outcome]) => (outcome === true ? by : outcome === 'atSecondTry' ? `${by} (second try)` : `${by}: ${this.#reason(outcome)}`)).join(', ');
  }

  #reason(text: string): string {
    if (!this.#reasons.includes(text)) this.#reasons.push(text);
    return `no (${this.#reasons.indexOf(text) + 1})`;
  }
}

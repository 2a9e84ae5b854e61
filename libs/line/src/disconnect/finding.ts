/** One thing that tells of a hang-up. */
export interface Finding {
  readonly kind: FindingKind;
  /** 0 … 1 */
  readonly confidence: number;
  readonly text: string;
  readonly at: number;
}

export type FindingKind = 'batteryDenial' | 'polarityReversal' | 'tone' | 'dialTone' | 'silence' | 'farLegDead';

/** With one more: the latest of each kind is kept, and what is older than the window is forgotten. */
export function noted(findings: readonly Finding[], found: Finding, windowMs: number): readonly Finding[] {
  return [...findings.filter(({ kind, at }) => kind !== found.kind && found.at - at <= windowMs), found];
}

export function without(findings: readonly Finding[], ...kinds: readonly FindingKind[]): readonly Finding[] {
  return findings.some(({ kind }) => kinds.includes(kind)) ? findings.filter(({ kind }) => !kinds.includes(kind)) : findings;
}

/** Of all together, as if each could be wrong independently of the others. */
export function confidenceOf(findings: readonly Finding[]): number {
  return 1 - findings.reduce((doubt, { confidence }) => doubt * (1 - confidence), 1);
}

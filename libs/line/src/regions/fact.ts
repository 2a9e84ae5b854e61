/** Something particular to a country, and how we know. */
export interface Fact<T> {
  /** What we do, and expect first. */
  readonly is: T;
  /** What other sources say. Accepted, never done. */
  readonly alternates?: readonly T[];
  /** What other operators of the country do, or what exchanges there are also built for: a matter of the line, not of opinion. */
  readonly byOperator?: readonly T[];
  readonly source: string;
  readonly confidence: Confidence;
}

/**
 * `standard`: a national specification, or the country's own entry in the ITU's list. `common`: public tables agree, no specification
 * was seen. `disputed`: sources differ, and what the others say is in `alternates`. `reported`: said to be so, but neither tables nor a
 * specification were compared for it; the source is where to check, and a line is where to prove it. Exchanges that are gone are left
 * out: dial tones of 33 and 50 Hz, North America before its precise tone plan.
 */
export type Confidence = (typeof confidences)[number];

export const confidences = ['standard', 'common', 'disputed', 'reported'] as const;

/** All that may be met: what comes first, what other sources say, what other operators do. Nothing of a fact that is not known. */
export function valuesOf<T>(fact: Fact<T> | undefined): readonly T[] {
  return fact === undefined ? [] : [fact.is, ...(fact.alternates ?? []), ...(fact.byOperator ?? [])];
}

type More<T> = Pick<Fact<T>, 'byOperator'>;
type Others<T> = Pick<Fact<T>, 'alternates' | 'byOperator'>;

/** Makers of facts that come from one source. */
export interface FactSource {
  standard<T>(is: T, more?: More<T>): Fact<T>;
  common<T>(is: T, more?: More<T>): Fact<T>;
  disputed<T>(is: T, alternates: readonly T[], more?: More<T>): Fact<T>;
  reported<T>(is: T, others?: Others<T>): Fact<T>;
}

export function factsFrom(source: string): FactSource {
  return {
    standard: (is, more) => ({ is, source, confidence: 'standard', ...more }),
    common: (is, more) => ({ is, source, confidence: 'common', ...more }),
    disputed: (is, alternates, more) => ({ is, alternates, source, confidence: 'disputed', ...more }),
    reported: (is, others) => ({ is, source, confidence: 'reported', ...others }),
  };
}

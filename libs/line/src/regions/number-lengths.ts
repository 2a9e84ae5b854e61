import { numberLengthsByCountry } from './number-lengths-table.ts';

/** Numbers as they are dialled in a country that cannot go on for ever. */
export interface NumberLengths {
  /** Dialled before national numbers; '': nothing is. */
  readonly trunkPrefix: string;
  /** Digits of the longest national number, without it. */
  readonly most: number;
}

/**
 * Of countries whose national numbers have a length, and cannot be taken for a number abroad or for one with a carrier's code. Undefined: only a
 * pause tells that a number is complete there.
 */
export function numberLengthsOf(country: string): NumberLengths | undefined {
  return lengths.get(country);
}

const lengths = new Map(
  Object.entries(numberLengthsByCountry).map(([country, written]): [string, NumberLengths] => {
    const [prefix = '', most = ''] = written.split(' ');
    return [country, { trunkPrefix: prefix === '-' ? '' : prefix, most: Number(most) }];
  }),
);

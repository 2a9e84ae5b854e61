import { numberedRows } from './numbered.ts';
import type { ConfigurationProblem } from './result.ts';
import type { ConfigurationRows } from './rows.ts';

/** Internal numbers that two things have, of one kind or of two; the slots of parking lots are numbers too. Told of the later one. */
export function numberProblems(rows: ConfigurationRows, isSound: (row: object) => boolean): readonly ConfigurationProblem[] {
  const owners = new Map<string, string>();
  const problems: ConfigurationProblem[] = [];
  for (const { number, key, words, pointer } of numberedRows(rows, isSound)) {
    const first = owners.get(number);
    if (first === undefined) owners.set(number, `${words} ${key}`);
    else problems.push({ code: 'notUnique', pointer, hint: `The ${first} has the number ${number}; choose a different one.` });
  }
  return problems;
}

import type { ConfigurationProblem } from './result.ts';

/** Text that no database keeps and no phone shows: NUL, and halves of characters (lone surrogates, which UTF-8 has no way to write). */
export function textProblems(value: unknown, pointer: string): readonly ConfigurationProblem[] {
  if (typeof value === 'string') return value.includes('\0') || !value.isWellFormed() ? [{ code: 'invalidValue', pointer, hint: 'It has a character that is none: U+0000, or half of one.' }] : none;
  if (typeof value !== 'object' || value === null) return none;
  const problems: ConfigurationProblem[] = [];
  for (const name in value) problems.push(...textProblems((value as Record<string, unknown>)[name], `${pointer}/${name}`));
  return problems;
}

const none: readonly never[] = [];

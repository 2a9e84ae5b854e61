import { type DocumentProblem, step } from './problem.ts';

/** As zod has it; of the members of its union those that are looked at. */
interface Issue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly expected?: unknown;
  readonly keys?: readonly string[];
}

/** What a schema refused, with pointers into the document. */
export function issueProblems(issues: readonly object[], given: unknown, pointer: string): readonly DocumentProblem[] {
  return (issues as readonly Issue[]).flatMap((issue): readonly DocumentProblem[] => {
    const place = pointer + issue.path.map(step).join('');
    if (issue.code === 'unrecognized_keys') return (issue.keys ?? []).map((name) => ({ code: 'unknownField', pointer: place + step(name), hint: `There is no ${name} here.` }));
    const value = at(given, issue.path);
    if (value === undefined) return [{ code: 'missing', pointer: place, hint: `It cannot be left out. ${said(issue.message)}` }];
    if (issue.expected === 'string' && typeof value === 'number') return [{ code: 'invalidValue', pointer: place, hint: 'Write it in quotes. Without them it is a number, whose leading zeros are lost.' }];
    return [{ code: 'invalidValue', pointer: place, hint: said(issue.message) }];
  });
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((within, name) => (typeof within === 'object' && within !== null && Object.hasOwn(within, name) ? (within as Record<PropertyKey, unknown>)[name] : undefined), value);
}

function said(message: string): string {
  return message.startsWith('Invalid') || /[.:]$/.test(message) ? message : `It must be ${message}.`;
}

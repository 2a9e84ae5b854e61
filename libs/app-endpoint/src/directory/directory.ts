import type { Said } from '@tipring/prompts';
import type { Application, Input, Step } from '../application.ts';
import { dialled } from '../dialled.ts';
import { patience } from '../patience.ts';
import { pause } from '../tones.ts';

export interface DirectoryEntry {
  readonly number: string;
  readonly name: string;
  /** The name in its owner's voice; null: it is spelled. */
  readonly nameFile: string | null;
  /** What is dialled for each of the words by which it is found. */
  readonly dialled: readonly string[];
}

export interface DirectorySettings {
  readonly entries: readonly DirectoryEntry[];
}

/**
 * People who are found by the letters of their names.
 *
 *   asking ──digits, `#`──► offering ──1…9──► connecting ──failed──► asking
 *     ▲ nobody, too many │      │ `*`
 *     └──────────────────┴──────┘  three times in vain: ending
 */
export type Directory =
  | { readonly at: 'asking'; readonly digits: string; readonly tries: number }
  | { readonly at: 'offering'; readonly numbers: readonly string[]; readonly tries: number; readonly asked: number }
  | { readonly at: 'connecting'; readonly tries: number }
  | { readonly at: 'ending' }
  | { readonly at: 'over' };

export function directory(settings: DirectorySettings): Application<Directory> {
  return { name: 'directory', begin: () => asks(0, [pause]), step: (state, input) => found(state, input, settings), ask: () => {} };
}

function found(state: Directory, input: Input, settings: DirectorySettings): Step<Directory> {
  if (input.type === 'released') return [{ at: 'over' }, []];
  switch (state.at) {
    case 'asking': {
      const [digits, effects, is] = dialled(state.digits, input);
      if (is === 'dialling') return [{ ...state, digits }, effects];
      const [next, more] = digits === '' ? again(state.tries, []) : offers(digits, state.tries, settings);
      return [next, [...effects, ...more]];
    }
    case 'offering':
      return offering(state, input, settings);
    case 'connecting':
      return input.type === 'transfer' && input.is === 'failed' ? again(state.tries, [{ phrase: 'common.notReached' }]) : [state, []];
    case 'ending':
      return input.type === 'announced' ? [{ at: 'over' }, [{ do: 'release', cause: 'normalClearing', text: 'nobody was chosen' }]] : [state, []];
    case 'over':
      return [state, []];
  }
}

function asks(tries: number, before: readonly Said[]): Step<Directory> {
  return [{ at: 'asking', digits: '', tries }, [{ do: 'say', said: [...before, { phrase: 'directory.enterName' }] }]];
}

function again(tries: number, before: readonly Said[]): Step<Directory> {
  if (tries + 1 >= patience.tries) return [{ at: 'ending' }, [{ do: 'say', said: [...before, { phrase: 'common.goodbye' }] }]];
  return asks(tries + 1, before);
}

function offers(digits: string, tries: number, { entries }: DirectorySettings): Step<Directory> {
  const matching = entries.filter((entry) => entry.dialled.some((one) => one.startsWith(digits))).toSorted((a, b) => a.name.localeCompare(b.name));
  if (matching.length === 0) return again(tries, [{ phrase: 'directory.noMatch' }]);
  if (matching.length > mostOffered) return again(tries, [{ phrase: 'directory.tooMany' }]);
  return offersThese(matching, tries, 0, []);
}

function offersThese(entries: readonly DirectoryEntry[], tries: number, asked: number, before: readonly Said[]): Step<Directory> {
  const each = entries.flatMap(({ name, nameFile, number }, index): readonly Said[] => [
    { phrase: 'directory.press' }, { number: index + 1 }, { phrase: 'directory.for' }, nameFile === null ? { spelled: name } : { file: nameFile }, { phrase: 'directory.extension' }, { digits: number }, { silenceMs: 300 },
  ]);
  return [{ at: 'offering', numbers: entries.map(({ number }) => number), tries, asked }, [{ do: 'say', said: [...before, ...each, { phrase: 'directory.noneOfThese' }] }]];
}

function offering(state: Extract<Directory, { at: 'offering' }>, input: Input, { entries }: DirectorySettings): Step<Directory> {
  const { numbers, tries, asked } = state;
  const repeat = (before: readonly Said[], times: number): Step<Directory> => offersThese(numbers.flatMap((number) => entries.find((entry) => entry.number === number) ?? []), tries, times, before);
  if (input.type === 'announced') return [state, [{ do: 'start', timer: 'choice', ms: patience.choiceMs }]];
  if (input.type === 'timeout') return asked + 1 >= patience.tries ? [{ at: 'ending' }, [{ do: 'say', said: [{ phrase: 'common.goodbye' }] }]] : repeat([], asked + 1);
  if (input.type !== 'digit') return [state, []];
  const number = numbers[Number(input.digit) - 1];
  const [next, effects] =
    number !== undefined ? ([{ at: 'connecting', tries }, [{ do: 'hush' }, { do: 'transfer', to: { type: 'number', number } }]] satisfies Step<Directory>)
    : input.digit === '*' ? again(tries, [])
    : repeat([{ phrase: 'common.invalid' }], asked);
  return [next, [{ do: 'stop', timer: 'choice' }, ...effects]];
}

/** One key each. */
const mostOffered = 9;

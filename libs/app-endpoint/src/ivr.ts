import type { Said } from '@tipring/prompts';
import type { Cause } from '@tipring/telephony';
import type { Application, ApplicationTarget, Effect, Input, Step } from './application.ts';
import { pause } from './tones.ts';

export interface IvrSettings {
  /** The menu, as it is said. */
  readonly said: readonly Said[];
  /** When there is no such choice. */
  readonly invalid: readonly Said[];
  readonly choices: ReadonlyMap<string, ApplicationTarget>;
  /** Internal numbers that may be dialled; empty: none. */
  readonly numbers: readonly string[];
  readonly firstDigitMs: number;
  readonly interDigitMs: number;
  /** How often the menu is said. */
  readonly tries: number;
  /** Null: the call is over. */
  readonly onSilence: ApplicationTarget | null;
  readonly onInvalid: ApplicationTarget | null;
}

/**
 * A menu.
 *
 *   saying ──over──► waiting ──digit──► dialling ──a choice──► connecting ──failed──► saying
 *     ▲ └──────────digit─────────────────►│  │                      ▲
 *     │         │ firstDigit              │  └ nothing there is     │ said often enough: onSilence, onInvalid
 *     └─────────┴─────────────────────────┴────────────────────────►┴──► over
 */
export type Ivr =
  | { readonly at: 'saying' | 'waiting'; readonly said: number }
  | { readonly at: 'dialling'; readonly said: number; readonly digits: string }
  /** `last`: no more menu behind it. */
  | { readonly at: 'connecting'; readonly said: number; readonly last: boolean }
  | { readonly at: 'ending'; readonly cause: Cause }
  | { readonly at: 'over' };

export function ivr(settings: IvrSettings): Application<Ivr> {
  return { name: 'ivr', begin: () => says(0, [pause], settings), step: (state, input) => menu(state, input, settings), ask: () => {} };
}

function menu(state: Ivr, input: Input, settings: IvrSettings): Step<Ivr> {
  if (input.type === 'released') return [{ at: 'over' }, []];
  switch (state.at) {
    case 'saying':
      if (input.type === 'announced') return [{ at: 'waiting', said: state.said }, [{ do: 'start', timer: 'firstDigit', ms: settings.firstDigitMs }]];
      return input.type === 'digit' ? dials('', input.digit, state.said, [{ do: 'hush' }], settings) : [state, []];
    case 'waiting':
      if (input.type === 'timeout') return fails(state.said, 'silent', settings);
      return input.type === 'digit' ? dials('', input.digit, state.said, [{ do: 'stop', timer: 'firstDigit' }], settings) : [state, []];
    case 'dialling':
      if (input.type === 'timeout') return completes(state.digits, state.said, [], settings);
      return input.type === 'digit' ? dials(state.digits, input.digit, state.said, [{ do: 'stop', timer: 'interDigit' }], settings) : [state, []];
    case 'connecting':
      if (input.type !== 'transfer' || input.is !== 'failed') return [state, []];
      if (state.last || state.said >= settings.tries) return [{ at: 'ending', cause: input.cause ?? 'temporaryFailure' }, [{ do: 'say', said: [{ phrase: 'common.notReached' }] }]];
      return says(state.said, [{ phrase: 'common.notReached' }], settings);
    case 'ending':
      return input.type === 'announced' ? [{ at: 'over' }, [{ do: 'release', cause: state.cause, text: 'nothing was chosen that could be had' }]] : [state, []];
    case 'over':
      return [state, []];
  }
}

function says(said: number, before: readonly Said[], settings: IvrSettings): Step<Ivr> {
  return [{ at: 'saying', said: said + 1 }, [{ do: 'say', said: [...before, ...settings.said] }]];
}

function dials(former: string, digit: string, said: number, effects: readonly Effect[], settings: IvrSettings): Step<Ivr> {
  const digits = former + digit;
  const { isOne, isBeginning } = known(digits, settings);
  if (isBeginning) return [{ at: 'dialling', said, digits }, [...effects, { do: 'start', timer: 'interDigit', ms: settings.interDigitMs }]];
  // The hash key says that no more comes, unless it is a choice itself.
  if (!isOne && digit === '#' && former !== '') return completes(former, said, effects, settings);
  return completes(digits, said, effects, settings);
}

function completes(digits: string, said: number, effects: readonly Effect[], settings: IvrSettings): Step<Ivr> {
  const target = settings.choices.get(digits) ?? (settings.numbers.includes(digits) ? { type: 'number' as const, number: digits } : undefined);
  if (target !== undefined) return [{ at: 'connecting', said, last: false }, [...effects, { do: 'note', kind: 'choice', text: `chose ${digits}` }, { do: 'transfer', to: target }]];
  const [state, more] = fails(said, 'invalid', settings);
  return [state, [...effects, ...more]];
}

function fails(said: number, why: 'silent' | 'invalid', settings: IvrSettings): Step<Ivr> {
  const words = why === 'silent' ? [] : settings.invalid;
  if (said < settings.tries) return says(said, words, settings);
  const target = why === 'silent' ? settings.onSilence : settings.onInvalid;
  if (target !== null) return [{ at: 'connecting', said, last: true }, [{ do: 'transfer', to: target }]];
  return [{ at: 'ending', cause: 'normalClearing' }, [{ do: 'say', said: [...words, { phrase: 'common.goodbye' }] }]];
}

/** `isBeginning`: more may follow. */
function known(digits: string, { choices, numbers }: IvrSettings): { readonly isOne: boolean; readonly isBeginning: boolean } {
  const begins = (whole: string): boolean => whole.length > digits.length && whole.startsWith(digits);
  return { isOne: choices.has(digits) || numbers.includes(digits), isBeginning: numbers.some(begins) || [...choices.keys()].some(begins) };
}

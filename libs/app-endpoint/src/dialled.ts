import type { Effect, Input } from './application.ts';
import { patience } from './patience.ts';

/**
 * A number as it is dialled: until `#`, or until nothing more comes. It begins when what was said is over; a first digit cuts that short. What cannot be
 * part of it is left out.
 */
export function dialled(digits: string, input: Input<unknown>): readonly [digits: string, effects: readonly Effect<never>[], is: 'dialling' | 'complete'] {
  switch (input.type) {
    case 'announced':
      return [digits, digits === '' ? [{ do: 'start', timer: 'digits', ms: patience.choiceMs }] : [], 'dialling'];
    case 'timeout':
      return input.timer === 'digits' ? [digits, [], 'complete'] : [digits, [], 'dialling'];
    case 'digit': {
      if (input.digit === '#') return [digits, [{ do: 'hush' }, { do: 'stop', timer: 'digits' }], 'complete'];
      if (!/[0-9*]/.test(input.digit) || digits.length >= longest) return [digits, [], 'dialling'];
      return [digits + input.digit, [...(digits === '' ? [{ do: 'hush' } as const] : []), { do: 'start', timer: 'digits', ms: patience.digitMs }], 'dialling'];
    }
    default:
      return [digits, [], 'dialling'];
  }
}

const longest = 32;

import { expect, test } from 'vitest';
import { dialogMachine } from './dialog-machine.ts';
import type { DialogState, LiveDialogState } from './watched.ts';

const legs = (furthest: LiveDialogState | null) => ({ type: 'legs', furthest }) as const;

test('who has rung does not go back to being tried when one of his telephones declines', () => {
  expect(dialogMachine('early', legs('trying'))).toEqual(['early', []]);
});

test('after an answer there is no ringing: that dialog is over, and another begins', () => {
  expect(dialogMachine('confirmed', legs('early'))).toEqual(['terminated', [{ do: 'publish' }, { do: 'succeed', state: 'early' }]]);
});

test('whatever the legs do, each dialog’s states are a path of the drawing, and it ends when no leg is left', () => {
  const legal: Readonly<Record<DialogState, readonly DialogState[]>> = {
    trying: ['early', 'confirmed', 'held', 'terminated'],
    early: ['confirmed', 'held', 'terminated'],
    confirmed: ['held', 'terminated'],
    held: ['confirmed', 'terminated'],
    terminated: [],
  };
  const states = Object.keys(legal) as DialogState[];
  const inputs: readonly (LiveDialogState | null)[] = ['trying', 'early', 'confirmed', 'held', null];
  for (const from of states) {
    for (const furthest of inputs) {
      const [to, effects] = dialogMachine(from, legs(furthest));
      expect(to === from || legal[from].includes(to), `${from} → ${to}`).toBe(true);
      expect(effects.some((effect) => effect.do === 'publish')).toBe(to !== from);
      if (furthest === null) expect(to).toBe('terminated');
    }
  }
});

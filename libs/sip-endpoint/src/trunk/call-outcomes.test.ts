import { expect, test } from 'vitest';
import { callOutcomes, type CallOutcomes, noCallsYet } from './call-outcomes.ts';

/** `-` failed, `+` carried, `t` the trial; the state that comes of it and what its last step did. */
function after(inputs: string) {
  let state: CallOutcomes = noCallsYet;
  let effects: ReturnType<typeof callOutcomes>[1] = [];
  for (const input of inputs) [state, effects] = callOutcomes(state, input === 't' ? { type: 'timeout', timer: 'trial' } : { type: input === '+' ? 'carried' : 'failed' }, 2);
  return { at: state.at, ms: effects.find((effect) => effect.do === 'start')?.ms };
}

test.each([
  ['-', 'carrying', undefined], ['-+-', 'carrying', undefined], ['--', 'barred', 30_000], ['---', 'barred', undefined], ['--+', 'carrying', undefined],
  ['--t', 'onTrial', undefined], ['--t+', 'carrying', undefined], ['--t-', 'barred', 60_000], ['--t-t-', 'barred', 120_000], ['--t-t-t-t-t-t-', 'barred', 600_000], ['--t+--', 'barred', 30_000],
] as const)('%s: %s', (inputs, at, ms) => {
  expect(after(inputs)).toEqual({ at, ms });
});

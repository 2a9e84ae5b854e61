import { expect, test } from 'vitest';
import { reachability, type Reachability, unprobed } from './reachability.ts';

const settings = { failuresToDown: 2, successesToUp: 3 };

/** `-` unanswered, `+` answered, three seconds apart; the states that come of it. */
function after(signs: string, from: Reachability = unprobed, at = 0): Reachability {
  let state = from;
  for (const sign of signs) state = reachability(state, { type: sign === '+' ? 'answered' : 'unanswered', at: (at += 3_000) }, settings);
  return state;
}

test.each([
  ['-', 'answering'], ['--', 'lost'], ['-+-+-', 'answering'], ['--++', 'lost'], ['--+++', 'answering'], ['--++-++', 'lost'], ['--+++--+++', 'lost'], ['--+++--++++++', 'answering'],
])('%s: %s', (signs, at) => {
  expect(after(signs).at).toBe(at);
});

test('each return within ten minutes of the last loss needs twice as many answers, later ones as many as the first', () => {
  const returns: number[] = [];
  let [state, at] = [unprobed as Reachability, 0];
  for (let loss = 0; loss < 9; loss++) {
    state = after('--', state, at);
    if (state.at === 'lost') returns.push(state.needed);
    at += 6_000;
    state = after('+'.repeat(returns.at(-1) ?? 0), state, at);
    at += 3_000;
  }
  expect(returns).toEqual([3, 6, 12, 24, 48, 96, 192, 192, 192]);
  expect(after('--', state, at + 600_000)).toMatchObject({ needed: 3 });
});

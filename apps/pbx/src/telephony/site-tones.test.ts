import { readCommand } from '@tipring/gateway';
import { regions } from '@tipring/line';
import { plainTones } from '@tipring/sip-endpoint';
import { expect, test } from 'vitest';
import { siteTones } from './site-tones.ts';

test('phones hear the tones of the country that the office is in', () => {
  expect(siteTones('US').ringback.tone.segments).toMatchObject([{ frequenciesHz: [440, 480], durationMs: 2000 }, { durationMs: 4000 }]);
  expect(siteTones('GB').ringback.tone.segments[0]?.frequenciesHz).toEqual([400, 450]);
  expect(siteTones('XX')).toBe(plainTones);
});

test('the gateway takes every one of them', () => {
  const all = [...regions.map(({ code }) => siteTones(code)), plainTones].flatMap((tones) => Object.values(tones));
  const taken = all.map((signal) => readCommand(JSON.stringify({ n: 1, do: 'signal', context: 'c', termination: 't', signal })));
  expect(taken.length).toBeGreaterThan(500);
  expect(taken.filter((command) => 'refusal' in command)).toEqual([]);
  expect('refusal' in readCommand(JSON.stringify({ n: 1, do: 'signal', context: 'c', termination: 't', signal: { ...all[0], tone: {} } }))).toBe(true);
});

import { expect, test } from 'vitest';
import { readDigit, writeDigit } from './dtmf-info.ts';

test.each([
  ['application/dtmf-relay', 'Signal=5\r\nDuration=250\r\n', { digit: '5', durationMs: 250 }],
  ['Application/DTMF-Relay; charset=utf-8', 'Signal= #\nDuration= 100', { digit: '#', durationMs: 100 }],
  ['application/dtmf-relay', 'Signal=10', { digit: '*', durationMs: 160 }],
  ['application/dtmf-relay', 'Duration=99999\r\nsignal=a', { digit: 'A', durationMs: 160 }],
  ['application/dtmf', '7\r\n', { digit: '7', durationMs: 160 }],
  ['application/dtmf', '12', undefined],
  ['application/dtmf-relay', 'Duration=100', undefined],
  ['application/dtmf-relay', `Signal=5${' '.repeat(300)}`, undefined],
  ['text/plain', 'Signal=5', undefined],
])('%s %j is %j', (type, body, digit) => {
  expect(readDigit(type, body)).toEqual(digit);
});

test('what is written is read back', () => {
  expect(readDigit('application/dtmf-relay', writeDigit({ digit: '*', durationMs: 120 }))).toEqual({ digit: '*', durationMs: 120 });
});

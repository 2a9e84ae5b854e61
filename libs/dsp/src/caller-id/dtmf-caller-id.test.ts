import { expect, test } from 'vitest';
import { seededRandom } from '../testing/signals.ts';
import { DtmfCallerIdAssembler, decodeDtmfCallerId, encodeDtmfCallerId } from './dtmf-caller-id.ts';
import { dtmfCallerIdPlans } from './dtmf-caller-id-plans.ts';

const plan = (country: string) => dtmfCallerIdPlans[country]!;

test('Sweden: A, number, C; D before the redirecting number; B00 and B10', () => {
  expect(decodeDtmfCallerId('A0812345678C', plan('SE'))).toEqual({ ok: true, value: { number: { shown: '0812345678' } } });
  expect(decodeDtmfCallerId('A0812345678D081111C', plan('SE'))).toEqual({ ok: true, value: { number: { shown: '0812345678' }, redirectingNumber: '081111' } });
  expect(decodeDtmfCallerId('B00C', plan('SE'))).toEqual({ ok: true, value: { number: { absent: 'unavailable' } } });
  expect(decodeDtmfCallerId('B10C', plan('SE'))).toEqual({ ok: true, value: { number: { absent: 'private' } } });
});

test('Denmark: A, number, #; D1#, D2#, D3#', () => {
  expect(decodeDtmfCallerId('A33994422#', plan('DK'))).toEqual({ ok: true, value: { number: { shown: '33994422' } } });
  expect(decodeDtmfCallerId('D1#', plan('DK'))).toEqual({ ok: true, value: { number: { absent: 'private' } } });
  for (const digits of ['D2#', 'D3#']) expect(decodeDtmfCallerId(digits, plan('DK'))).toEqual({ ok: true, value: { number: { absent: 'unavailable' } } });
});

test('the Netherlands: D, number, C; ten zeros are no number', () => {
  expect(decodeDtmfCallerId('D0201234567C', plan('NL'))).toEqual({ ok: true, value: { number: { shown: '0201234567' } } });
  expect(decodeDtmfCallerId('D0000000000C', plan('NL'))).toEqual({ ok: true, value: { number: { absent: 'unavailable' } } });
});

test('India, Brazil, China, Finland, Taiwan: A or D to begin, C or # to end', () => {
  for (const country of ['IN', 'BR', 'CN', 'FI', 'TW']) {
    for (const digits of ['A2212345678C', 'D2212345678C', 'D2212345678#']) expect(decodeDtmfCallerId(digits, plan(country))).toEqual({ ok: true, value: { number: { shown: '2212345678' } } });
  }
});

test('what is malformed is refused by its fault', () => {
  const refusals = [['', 'end'], ['A123', 'end'], ['123C', 'start'], ['A12*3C', 'digit'], ['B77C', 'reason'], ['AC', 'length'], ['A123456789012345678901C', 'length'], ['A1A2C', 'repeated'], ['A1D2D3C', 'repeated'], ['C', 'no-number'], ['B00A1C', 'repeated']] as const;
  for (const [digits, reason] of refusals) expect([digits, decodeDtmfCallerId(digits, plan('SE'))]).toEqual([digits, { ok: false, error: { reason } }]);
});

test('what is encoded is decoded to the same, in every country', () => {
  for (const its of Object.values(dtmfCallerIdPlans)) {
    for (const message of [{ number: { shown: '0123456789' } }, { number: { absent: 'private' } }, { number: { absent: 'unavailable' } }] as const) {
      const digits = encodeDtmfCallerId(message, its);
      expect(digits.ok && decodeDtmfCallerId(digits.value, its)).toEqual({ ok: true, value: message });
    }
  }
  expect(encodeDtmfCallerId({ number: { shown: '12+' } }, plan('SE'))).toEqual({ ok: false, error: { reason: 'digit' } });
  expect(encodeDtmfCallerId({ number: { shown: '12' }, redirectingNumber: '3' }, plan('DK'))).toEqual({ ok: false, error: { reason: 'start' } });
});

test('digit by digit: a pause of more than half a second begins anew', () => {
  const assembler = new DtmfCallerIdAssembler(plan('SE'));
  const push = (digits: string, fromMs: number) => Array.from(digits, (digit, n) => assembler.push(digit, fromMs + 140 * n)).filter((result) => result !== undefined);
  expect(push('12A5C', 0)).toEqual([{ ok: true, value: { number: { shown: '5' } } }]);
  expect(push('A99', 5_000)).toEqual([]);
  expect(push('A0812C', 6_000)).toEqual([{ ok: true, value: { number: { shown: '0812' } } }]);
  expect(push('A0*C', 9_000)).toEqual([{ ok: false, error: { reason: 'digit' } }]);
});

test('20,000 random digit strings: never an exception', () => {
  const random = seededRandom(16);
  let told = 0;
  for (let n = 0; n < 20_000; n++) {
    const digits = Array.from({ length: Math.floor(random() * 14) }, () => '0123456789*#ABCD'[Math.floor(random() * 16)]).join('');
    for (const country of ['SE', 'DK', 'NL']) if (decodeDtmfCallerId(`${random() < 0.5 ? 'A' : ''}${digits}C`, plan(country)).ok) told++;
  }
  expect(told).toBeGreaterThan(0);
});

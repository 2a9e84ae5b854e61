import type { CarrierAct } from '@tipring/carrier-control';
import { readCarrierRequest } from '@tipring/carrier-control';
import { expect, test } from 'vitest';
import { actOf, CarrierActBody } from './carrier-representations.ts';

const acts: readonly CarrierAct[] = [
  { do: 'call', to: '+12125550110', from: null, asserted: '+13105550123', sound: 'echo', givesUpAfterMs: 1_000 },
  { do: 'call', to: '5550110', from: '+13105550123', name: 'Carol', diversion: '+13105550199', lateOffer: true, sound: { hz: 700, levelDbm0: -12 } },
  { do: 'answer', call: 'c1' },
  { do: 'hangUp' },
  { do: 'hangUp', call: 'c1', reason: 'Q.850;cause=16' },
  { do: 'speak', call: 'c1', sound: 'silence' },
  { do: 'press', call: 'c1', digits: '12#' },
  { do: 'hold', call: 'c1' },
  { do: 'resume', call: 'c1' },
  { do: 'fail', failure: { is: 'blackHole' } },
  { do: 'fail', failure: { is: 'silentAfter', status: 183, of: 'carrier' } },
  { do: 'fail', failure: { is: 'refuse', status: 503, what: 'calls', retryAfterS: 10 } },
  { do: 'fail', failure: { is: 'reset' } },
  { do: 'fail', failure: { is: 'full' } },
  { do: 'fail', failure: { is: 'refuseRegistration', status: 403 } },
  { do: 'fail', failure: { is: 'closed' } },
  { do: 'fail', failure: { is: 'delay', ms: 300 } },
  { do: 'mend' },
  { do: 'forget' },
  { do: 'number', digits: '5550190', behaviour: { is: 'refused', status: 486 } },
  { do: 'number', digits: '5550190', behaviour: null },
  { do: 'limit', channels: 2 },
];

test.each(acts)('%j is taken by the API as by the carrier', (act) => {
  const body = CarrierActBody.safeParse(act);
  expect(body.success && actOf(body.data)).toEqual(act);
  expect(readCarrierRequest(JSON.stringify({ n: 1, act }))).toMatchObject({ ok: true });
});

test('what the API takes, the carrier knows: nothing else passes', () => {
  for (const act of [{ do: 'explode' }, { do: 'fail', failure: { is: 'late' } }, { do: 'call', to: 'x', from: null }, { do: 'answer' }]) expect(CarrierActBody.safeParse(act).success).toBe(false);
});

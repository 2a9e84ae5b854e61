import { expect, test } from 'vitest';
import { seededRandom } from '@tipring/dsp/test-support';
import { demoPlan } from './demo-plan.ts';
import { checkPlan } from './plan-check.ts';

const plain = (): Record<string, unknown> => JSON.parse(JSON.stringify(demoPlan())) as Record<string, unknown>;

/** The demo plan with another value at a path. */
function withValue(path: string, value: unknown): unknown {
  const plan = plain();
  const keys = path.split(/[.[\]]+/).filter((key) => key !== '');
  let at: Record<string, unknown> = plan;
  for (const key of keys.slice(0, -1)) at = at[key] as Record<string, unknown>;
  at[keys.at(-1)!] = value;
  return plan;
}

test('the demo plan is one, also after its way through JSON', () => {
  expect(checkPlan(demoPlan())).toEqual({ ok: true, plan: demoPlan() });
  expect(checkPlan(plain()).ok).toBe(true);
});

test('so is one with everything that can be left out', () => {
  const plan = {
    cards: [
      {
        serial: 'A', slot: '3', ppm: -50,
        ports: [
          null,
          { kind: 'fxo', line: null },
          {
            kind: 'fxo',
            line: {
              ...(demoPlan().cards[0]!.ports[0] as { line: object }).line,
              feed: { volts: 52, ohms: 800, limitAmperes: 0.06 }, impedance: '600', toneLevelDbm0: -10, partyTone: null, policy: { is: 'noAnswer' },
              wire: { cable: [{ gauge: 'AWG 26', km: 1, bridgedTap: { gauge: '0.4 mm', km: 0.2, temperatureC: 30 } }, { gauge: '0.5 mm', km: 3 }], seed: 9 },
              callerId: { by: 'dtmf', place: 'afterReversal', start: 'D', end: 'C', codes: { number: ['D', 'A'], redirecting: 'D', information: 'B', reasons: { '00': 'unavailable', '10': 'private' }, unknownNumber: '0000000000', end: ['C'] } },
              dialling: { pulses: 'ignored', dialToneAfterMs: 900, secondDialToneAfter: '00', digits: 8, pauseMs: 3_000 },
            },
          },
          { kind: 'fxs', telephone: { name: 'Fax', wire: { cable: { gauge: 'Cat 5', km: 0.01 } }, ren: 0, load: { volts: 5, ohms: 150 }, display: { fsk: 'v23', parity: 'even', dtmf: null, callWaiting: false, seizesForIt: true } } },
        ],
      },
    ],
  };
  expect(checkPlan(plan)).toEqual({ ok: true, plan });
});

test.each<[string, unknown, string]>([
  ['cards', [], 'cards: a list of 1 to 32.'],
  ['cards[0].serial', '', 'cards[0].serial: at most 64 characters.'],
  ['cards[0].colour', 'red', 'cards[0].colour: there is no such field.'],
  ['cards[0].ports[0]', 'fxo', 'cards[0].ports[0]: an object, or null.'],
  ['cards[0].ports[0].kind', 'isdn', 'cards[0].ports[0]: kind is one of fxo, fxs.'],
  ['cards[0].ports[0].line.tones.dial', undefined, 'cards[0].ports[0].line.tones.dial: an object.'],
  ['cards[0].ports[0].line.tones.dial.segments', [], 'cards[0].ports[0].line.tones.dial.segments: a list of 1 to 64.'],
  ['cards[0].ports[0].line.wire.cable.gauge', 'AWG 25', 'cards[0].ports[0].line.wire.cable.gauge: one of'],
  ['cards[0].ports[0].line.wire.cable', [], 'cards[0].ports[0].line.wire.cable: a list of 1 to 32.'],
  ['cards[0].ports[0].line.ringing.patterns.strange', [{ onMs: 1 }], 'cards[0].ports[0].line.ringing.patterns.strange[0].onMs: a number from 50 to 10000.'],
  ['cards[0].ports[0].line.callerId.place', 'someday', 'cards[0].ports[0].line.callerId.place: one of'],
  ['cards[0].ports[0].line.disconnect', [], 'cards[0].ports[0].line.disconnect: a list of 1 to 16.'],
  ['cards[0].ports[4].telephone.ren', -1, 'cards[0].ports[4].telephone.ren: a number from 0 to 20.'],
])('%s cannot be %j', (path, value, text) => {
  const checked = checkPlan(withValue(path, value));
  expect(checked.ok ? '' : checked.text).toContain(text);
});

test('two cards have two serials', () => {
  const { cards } = demoPlan();
  expect(checkPlan({ cards: [cards[0], cards[0]] })).toEqual({ ok: false, text: 'cards[1].serial: another card has it.' });
});

test('whatever is in a plan, nothing throws', () => {
  const random = seededRandom(8);
  const junk = [undefined, null, 0, 'x', [], {}, true, NaN, [null], { kind: 'fxo' }, { by: 'fsk' }];
  const spoil = (value: unknown): unknown => {
    if (random() < 0.05) return junk[Math.floor(random() * junk.length)];
    if (Array.isArray(value)) return value.map(spoil);
    return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, spoil(one)])) : value;
  };
  for (let round = 0; round < 500; round++) {
    const checked = checkPlan(spoil(plain()));
    expect(checked.ok || checked.text.length > 0).toBe(true);
  }
});

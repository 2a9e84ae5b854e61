import { expect, test } from 'vitest';
import { seededRandom } from '@tipring/dsp/test-support';
import { checkAct } from './act-check.ts';

const port = { card: 'SIM-1', port: 1 };

const good: readonly object[] = [
  { on: 'telephone', port, do: 'lift' },
  { on: 'telephone', port, do: 'hangUp' },
  { on: 'telephone', port, do: 'flash' },
  { on: 'telephone', port, do: 'flash', ms: 600 },
  { on: 'telephone', port, do: 'dial', digits: '0*#A', by: 'dtmf' },
  { on: 'telephone', port, do: 'speak', tone: { frequencyHz: 1_000, levelDbm0: -10 } },
  { on: 'telephone', port, do: 'speak', tone: null },
  { on: 'line', port, do: 'call' },
  { on: 'line', port, do: 'call', number: { shown: '+15551234' }, name: { absent: 'private' }, pattern: 'Bellcore-dr2' },
  { on: 'line', port, do: 'policy', policy: { is: 'answered', afterRings: 0, supervision: 'reversal' } },
  { on: 'line', port, do: 'policy', policy: { is: 'dead' } },
  { on: 'line', port, do: 'hangUp' },
  { on: 'line', port, do: 'hangUp', by: { by: 'openLoop', ms: 350 } },
  { on: 'line', port, do: 'hangUp', by: { by: 'tone', tone: 'busy' } },
  { on: 'line', port, do: 'battery', battery: 'off' },
  { on: 'line', port, do: 'polarity', polarity: 'reversed' },
  { on: 'line', port, do: 'lamp', lamp: 'blinks' },
  { on: 'wire', port, do: 'cut' },
  { on: 'wire', port, do: 'parallelSet', hook: 'off' },
  { on: 'wire', port, do: 'spike' },
  { on: 'wire', port, do: 'ringBleed', voltsRms: 30, hz: 25, ms: 2_000 },
  { on: 'wire', port, do: 'lightning' },
  { on: 'wire', port, do: 'noise', levelDbm0: null },
  { on: 'wire', port, do: 'hum', hum: { hz: 60, levelDbm0: -40 } },
  { on: 'card', card: 'SIM-1', do: 'pull' },
  { on: 'card', card: 'SIM-1', do: 'drift', ppm: -50 },
];

test.each(good.map((act) => [JSON.stringify(act), act]))('%s is an act', (_, act) => {
  expect(checkAct(act)).toEqual({ ok: true, act });
});

test.each<[unknown, string]>([
  [null, 'An act is an object.'],
  [[], 'An act is an object.'],
  ['lift', 'An act is an object.'],
  [{}, 'on: one of telephone, line, wire, card.'],
  [{ on: 'toString', do: 'lift' }, 'on: one of'],
  [{ on: 'card', card: 'A', do: 'constructor' }, 'do: one of pull, insert, drift.'],
  [{ on: 'telephone', port, do: 'ring' }, 'do: one of lift'],
  [{ on: 'telephone', do: 'lift' }, 'port: an object.'],
  [{ on: 'telephone', port: { card: 'A', port: 33 }, do: 'lift' }, 'port: a number from 1 to 32.'],
  [{ on: 'telephone', port: { card: 'A', port: 1.5 }, do: 'lift' }, 'port: a whole number.'],
  [{ on: 'telephone', port: { card: '', port: 1 }, do: 'lift' }, "card: a card's serial."],
  [{ on: 'telephone', port, do: 'lift', how: 'softly' }, 'how: there is no such field.'],
  [{ on: 'telephone', port, do: 'flash', ms: NaN }, 'ms: a number from 20 to 2000.'],
  [{ on: 'telephone', port, do: 'flash', ms: '300' }, 'ms: a number'],
  [{ on: 'telephone', port, do: 'dial', digits: '' }, 'digits: at most 64'],
  [{ on: 'telephone', port, do: 'dial', digits: '12a' }, 'digits: at most 64'],
  [{ on: 'telephone', port, do: 'speak' }, 'tone: an object.'],
  [{ on: 'telephone', port, do: 'speak', tone: { frequencyHz: 5_000 } }, 'frequencyHz: a number from 200 to 3600.'],
  [{ on: 'line', port, do: 'call', number: '5551234' }, 'number: an object.'],
  [{ on: 'line', port, do: 'call', number: { shown: 'anybody' } }, 'shown: at most 20 digits.'],
  [{ on: 'line', port, do: 'call', name: { absent: 'shy' } }, 'absent: one of private, unavailable.'],
  [{ on: 'line', port, do: 'policy', policy: { is: 'answered' } }, 'afterRings: a number'],
  [{ on: 'line', port, do: 'policy', policy: { is: 'valueOf' } }, 'policy: is is one of'],
  [{ on: 'line', port, do: 'hangUp', by: { by: 'openLoop' } }, 'ms: a number'],
  [{ on: 'line', port, do: 'hangUp', by: { by: 'tone', tone: 'howler' } }, 'tone: one of'],
  [{ on: 'wire', port, do: 'noise' }, 'levelDbm0: a number'],
  [{ on: 'wire', port, do: 'hum', hum: { hz: 55, levelDbm0: -40 } }, 'hz: one of 50, 60.'],
  [{ on: 'card', card: 'A', do: 'drift', ppm: 1e6 }, 'ppm: a number from -10000 to 10000.'],
])('%j is none, and it is said why', (act, text) => {
  const checked = checkAct(act);
  expect(checked).toMatchObject({ ok: false, refusal: { code: 'badAct' } });
  if (!checked.ok) expect(checked.refusal.text).toContain(text);
});

test('whatever is put in place of a value, nothing throws', () => {
  const random = seededRandom(4);
  const junk = [undefined, null, 0, -1, 1e300, NaN, '', 'x'.repeat(1_000), [], {}, true, { by: {} }, { is: 1 }, Symbol('x'), () => {}];
  for (let round = 0; round < 3_000; round++) {
    const act = structuredClone(good[Math.floor(random() * good.length)]) as Record<string, unknown>;
    const keys = Object.keys(act);
    act[random() < 0.1 ? '__proto__' : keys[Math.floor(random() * keys.length)]!] = junk[Math.floor(random() * junk.length)];
    const checked = checkAct(act);
    expect(checked.ok || checked.refusal.text.length > 0).toBe(true);
  }
});

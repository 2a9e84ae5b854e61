import { expect, test } from 'vitest';
import { loopOhms } from './cable.ts';
import { dcLoop } from './dc-loop.ts';

const exchange = { volts: 48, ohms: 400 };

test('the current is (Vbat − Vset) / (Rfeed + Rcable + Rset)', () => {
  const { amperes, feedVolts, setVolts } = dcLoop(exchange, loopOhms({ gauge: 'AWG 26', km: 2 }), [{ volts: 6, ohms: 200 }]);
  expect(amperes).toBeCloseTo(42 / (400 + 548 + 200), 6);
  expect(setVolts).toBeCloseTo(6 + amperes * 200, 4);
  expect(feedVolts).toBeCloseTo(48 - amperes * 400, 4);
});

test('on hook nothing flows and the whole battery is there', () => {
  expect(dcLoop(exchange, 1_000, [])).toEqual({ amperes: 0, feedVolts: 48, setVolts: 48 });
});

test('an electronic feed gives no more than its limit, and its voltage falls to what the loop needs', () => {
  const { amperes, feedVolts, setVolts } = dcLoop({ volts: 48, ohms: 100, limitAmperes: 0.025 }, 100, [{ volts: 6, ohms: 200 }]);
  expect(amperes).toBeCloseTo(0.025, 6);
  expect(setVolts).toBeCloseTo(11, 3);
  expect(feedVolts).toBeCloseTo(13.5, 3);
});

test('a set that limits at 60 mA draws no more from a short loop (ETSI TBR 21 4.7.1)', () => {
  expect(dcLoop({ volts: 50, ohms: 400 }, 0, [{ volts: 3.5, ohms: 50, limitAmperes: 0.06 }]).amperes).toBeCloseTo(0.06, 4);
});

test('of two sets off hook the one of the lower voltage has more of the current, and both have less than one alone', () => {
  const alone = dcLoop(exchange, 500, [{ volts: 6, ohms: 200 }]);
  const both = dcLoop(exchange, 500, [{ volts: 6, ohms: 200 }, { volts: 3.5, ohms: 100 }]);
  expect(both.setVolts).toBeLessThan(alone.setVolts);
  expect((both.setVolts - 3.5) / 100).toBeGreaterThan(Math.max(0, both.setVolts - 6) / 200);
  expect((both.setVolts - 3.5) / 100 + Math.max(0, both.setVolts - 6) / 200).toBeCloseTo(both.amperes, 6);
});

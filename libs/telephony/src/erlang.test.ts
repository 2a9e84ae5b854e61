import { expect, test } from 'vitest';
import { blockingOf, erlangsFor, linesFor } from './erlang.ts';

/** To one decimal: D. Collins, Carrier Grade Voice over IP, 2nd edition, Appendix A (globalspec.com/reference/55139). */
const losses = [0.0001, 0.0005, 0.001, 0.002, 0.003, 0.004, 0.005, 0.006, 0.007, 0.008, 0.009, 0.01, 0.02, 0.03, 0.04, 0.05];
const appendixA: readonly (readonly [lines: number, ...erlangs: number[]])[] = [
  [5, 0.5, 0.6, 0.8, 0.9, 1.0, 1.1, 1.1, 1.2, 1.2, 1.3, 1.3, 1.4, 1.7, 1.9, 2.1, 2.2],
  [6, 0.7, 1.0, 1.1, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.8, 1.9, 1.9, 2.3, 2.5, 2.8, 3.0],
  [7, 1.1, 1.4, 1.6, 1.8, 1.9, 2.1, 2.2, 2.2, 2.3, 2.4, 2.4, 2.5, 2.9, 3.2, 3.5, 3.7],
  [8, 1.4, 1.8, 2.1, 2.3, 2.5, 2.6, 2.7, 2.8, 2.9, 3.0, 3.1, 3.1, 3.6, 4.0, 4.3, 4.5],
  [9, 1.8, 2.3, 2.6, 2.9, 3.1, 3.2, 3.3, 3.4, 3.5, 3.6, 3.7, 3.8, 4.3, 4.7, 5.1, 5.4],
];

test.each(appendixA)('%i lines carry as much as the textbook’s table says', (lines, ...erlangs) => {
  expect(losses.map((blocking) => Math.round(erlangsFor(lines, blocking) * 10) / 10)).toEqual(erlangs);
});

test('15 lines at a loss of 1 % carry 8.108 erlangs (erlang.com/calculatormanual/howmuchtrafficcanatrunkgrouphandle.htm)', () => {
  expect(erlangsFor(15, 0.01)).toBeCloseTo(8.108, 3);
});

test.each([
  [1, 0.01, 5],
  [2, 0.01, 7],
  [2.8, 0.01, 8],
  [0.869, 0.01, 4],
  [0, 0.01, 0],
])('%d erlangs at a loss of %d need %i lines', (erlangs, blocking, lines) => {
  expect(linesFor(erlangs, blocking)).toBe(lines);
});

test('the three ways agree: so many lines are enough, one fewer is not, and the traffic found is just carried', () => {
  for (let erlangs = 0.05; erlangs < 400; erlangs *= 1.7) {
    for (const blocking of [0.001, 0.01, 0.05, 0.3]) {
      const lines = linesFor(erlangs, blocking);
      expect(blockingOf(erlangs, lines)).toBeLessThanOrEqual(blocking);
      expect(blockingOf(erlangs, lines - 1)).toBeGreaterThan(blocking);
      expect(blockingOf(erlangsFor(lines, blocking), lines)).toBeCloseTo(blocking, 9);
    }
  }
});

test('with no lines every call is blocked, with no calls none', () => {
  expect([blockingOf(3, 0), blockingOf(0, 3), erlangsFor(0, 0.01)]).toEqual([1, 0, 0]);
});

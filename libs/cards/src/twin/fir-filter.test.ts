import { expect, test } from 'vitest';
import { seededRandom } from '@tipring/dsp/test-support';
import { FirFilter } from './fir-filter.ts';

const response = { taps: Float64Array.of(0.5, 0.25, 0, 0, 0, 0, 0, -0.125), tail: null };

function through(filter: FirFilter, block: readonly number[]): number[] {
  const into = new Float32Array(block.length);
  filter.add(Float32Array.from(block), into);
  return [...into];
}

const silent = Array<number>(160).fill(0);

test('what a block leaves behind is heard in the next one, and then no more', () => {
  const filter = new FirFilter(160);
  filter.response = response;
  expect(through(filter, [...silent.slice(2), 8, 0]).slice(-2)).toEqual([4, 2]);
  expect(through(filter, silent).slice(0, 7)).toEqual([0, 0, 0, 0, 0, -1, 0]);
  expect(through(filter, silent)).toEqual(silent);
});

test('without a response nothing is let through, and afterwards what is under way is remembered', () => {
  const filter = new FirFilter(160);
  filter.response = null;
  expect(through(filter, [...silent.slice(1), 8])).toEqual(silent);
  filter.response = response;
  expect(through(filter, silent).slice(0, 7)).toEqual([2, 0, 0, 0, 0, 0, -1]);
});

const random = seededRandom(3);
const noise = Array.from({ length: 8 * 160 }, () => Math.round(2_000 * (random() - 0.5)));
const blocks = Array.from({ length: 8 }, (_, n) => noise.slice(160 * n, 160 * (n + 1)));
const slow = { taps: Float64Array.of(0.5, -0.25, 0.125, 0.5), tail: { gain: 0.1, ratio: 0.97 } };

/** By the definition: every sample that ever was. */
function ideal(samples: readonly number[]): number[] {
  return samples.map((_, n) => {
    let sum = 0;
    for (let k = 0; k <= n; k++) sum += (k < 4 ? slow.taps[k]! : slow.tail.gain * slow.tail.ratio ** (k - 4)) * samples[n - k]!;
    return sum;
  });
}

test('a tail is what its taps would be, for as long as it is heard, and then there is silence', () => {
  const filter = new FirFilter(160);
  filter.response = slow;
  const heard = [...blocks, silent, silent].flatMap((block) => through(filter, block));
  const expected = ideal([...noise, ...silent, ...silent]);
  expect(heard.every((sample, n) => Math.abs(sample - expected[n]!) < 0.01)).toBe(true);
  for (let n = 0; n < 10; n++) through(filter, silent);
  expect(through(filter, silent)).toEqual(silent);
});

test('a block in parts is the block', () => {
  const whole = new FirFilter(160);
  const parts = new FirFilter(160);
  whole.response = parts.response = slow;
  for (const block of blocks) {
    const into = new Float32Array(160);
    for (const [from, to] of [[0, 1], [1, 58], [58, 60], [60, 160]] as const) parts.add(Float32Array.from(block), into, from, to);
    expect([...into]).toEqual(through(whole, block));
  }
});

test('a response that comes back within a block finds what 16 ms have left behind', () => {
  const filter = new FirFilter(160);
  const always = new FirFilter(160);
  filter.response = always.response = slow;
  through(filter, blocks[0]!);
  through(always, blocks[0]!);
  filter.response = null;
  const into = new Float32Array(160);
  filter.add(Float32Array.from(blocks[1]!), into, 0, 130);
  filter.response = slow;
  filter.add(Float32Array.from(blocks[1]!), into, 130, 160);
  const expected = through(always, blocks[1]!);
  // What is older than 16 ms is 0.97 to the power of 123.
  expect(into.subarray(130).every((sample, n) => Math.abs(sample - expected[130 + n]!) < 0.025 * 1_000)).toBe(true);
  expect(into.subarray(0, 130).every((sample) => sample === 0)).toBe(true);
});

import { expect, test } from 'vitest';
import { impulseResponses } from './echo-path.ts';
import { type ImpedanceName, impedanceAt, impedances } from './impedance.ts';
import { type PathResponse, pathResponse } from './path-response.ts';
import { ringerImpedance } from './ringing.ts';

function at(end: ImpedanceName | number) {
  return typeof end === 'number' ? (hz: number) => ringerImpedance(end, hz) : (hz: number) => impedanceAt(impedances[end], hz);
}

function unfolded({ taps, tail }: PathResponse, length: number): number[] {
  return Array.from({ length }, (_, n) => (n < taps.length ? taps[n]! : tail === null ? 0 : tail.gain * tail.ratio ** (n - taps.length)));
}

test.each<[ImpedanceName, ImpedanceName | number]>([['900+2.16µF', '600'], ['900+2.16µF', '270+750∥150nF'], ['900+2.16µF', 0.2], ['600', 1], ['600', 5], ['600', '900+1µF'], ['600', '600']])(
  'between %s and %s 60 taps, or 56 and a tail, are the response, within a millionth of its power',
  (near, far) => {
    for (const km of [0.05, 3, 6]) {
      for (const response of Object.values(impulseResponses({ cable: { gauge: 'AWG 26', km }, near: at(near), far: at(far) })) as Float64Array[]) {
        const path = pathResponse(response);
        const wrong = unfolded(path, response.length).reduce((sum, tap, n) => sum + (tap - response[n]!) ** 2, 0);
        expect(wrong).toBeLessThan(1e-6 * response.reduce((sum, tap) => sum + tap ** 2, 0));
        expect(path.taps.length).toBeLessThanOrEqual(60);
      }
    }
  },
);

test('what dies away in another manner keeps its taps', () => {
  const beats = Float64Array.from({ length: 128 }, (_, n) => Math.cos(n / 5) * 0.98 ** n);
  expect(pathResponse(beats)).toEqual({ taps: beats, tail: null });
});

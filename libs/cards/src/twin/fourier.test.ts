import { expect, test } from 'vitest';
import { seededRandom } from '@tipring/dsp/test-support';
import { Fourier } from './fourier.ts';

const random = seededRandom(12);

test('the transform is the sum that defines it, and there and back is what there was', () => {
  const size = 64;
  const fourier = new Fourier(size);
  const samples = { re: Float64Array.from({ length: size }, () => random() - 0.5), im: Float64Array.from({ length: size }, () => random() - 0.5) };
  const [re, im] = [samples.re.slice(), samples.im.slice()];
  fourier.transform(re, im);
  for (let k = 0; k < size; k++) {
    let [x, y] = [0, 0];
    for (let n = 0; n < size; n++) {
      const angle = (-2 * Math.PI * k * n) / size;
      x += samples.re[n]! * Math.cos(angle) - samples.im[n]! * Math.sin(angle);
      y += samples.re[n]! * Math.sin(angle) + samples.im[n]! * Math.cos(angle);
    }
    expect(re[k]).toBeCloseTo(x, 9);
    expect(im[k]).toBeCloseTo(y, 9);
  }
  fourier.transform(re, im, 1);
  for (let n = 0; n < size; n++) expect([re[n]! / size, im[n]! / size].map((value) => value.toFixed(9))).toEqual([samples.re[n]!, samples.im[n]!].map((value) => value.toFixed(9)));
});

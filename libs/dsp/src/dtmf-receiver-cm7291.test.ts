import { expect, test } from 'vitest';
import { Cm7291, cm7291Digits, testDsp } from './test-support.ts';

test('each digit is heard as itself, once for each pulse (CM7291 test 1)', () => {
  const tape = new Cm7291(testDsp());
  for (const digit of cm7291Digits) expect(tape.decoded(digit), digit).toBe(10);
});

test('frequencies within 1.8 % are accepted and from 3 % refused, for all digits (CM7291 test 2; Q.24: 1.5 % + 2 Hz and 3.5 %)', () => {
  const tape = new Cm7291(testDsp());
  for (const digit of cm7291Digits) {
    const { acceptedPercent, rejectedPercent } = tape.bandwidth(digit);
    expect(acceptedPercent, digit).toBeGreaterThanOrEqual(1.8);
    expect(rejectedPercent, digit).toBeLessThanOrEqual(3);
  }
});

test('the high tone may be 4 dB stronger and the low tone 8 dB, and little more (CM7291 tests 3 and 4)', () => {
  const tape = new Cm7291(testDsp());
  for (const digit of ['1', '6', '8', '*', 'D']) {
    const ratio = tape.amplitudeRatio(digit);
    expect(ratio.highOverLowDb, digit).toBeGreaterThanOrEqual(4);
    expect(ratio.lowOverHighDb, digit).toBeGreaterThanOrEqual(8);
    expect(ratio.highOverLowRefusedDb, digit).toBeLessThanOrEqual(5);
    expect(ratio.lowOverHighRefusedDb, digit).toBeLessThanOrEqual(9);
  }
});

test('levels from 0 to -40 dBm0 for each tone are heard (CM7291 test 5: at least 35 dB; Q.24: 0 to -25 dBm)', () => {
  const tape = new Cm7291(testDsp());
  for (const digit of cm7291Digits) expect(tape.dynamicRangeDb(digit), digit).toBeGreaterThanOrEqual(40);
});

test('a tone is accepted from 40 ms on and refused up to 24 ms (CM7291 test 6; Q.24)', () => {
  const tape = new Cm7291(testDsp());
  for (const digit of ['1', '6', '9', 'D']) {
    const { acceptedMs, rejectedMs } = tape.guardTime(digit);
    expect(acceptedMs, digit).toBeLessThanOrEqual(34);
    expect(rejectedMs, digit).toBeGreaterThanOrEqual(24);
  }
});

test('with short tones asked for, a tone is accepted from 23 ms on', () => {
  const tape = new Cm7291(testDsp(), { shortTones: true });
  for (const digit of ['1', '8', 'D']) {
    const { acceptedMs, rejectedMs } = tape.guardTime(digit);
    expect(acceptedMs, digit).toBeLessThanOrEqual(22);
    expect(rejectedMs, digit).toBeGreaterThanOrEqual(10);
  }
});

test('a thousand pulses of digit 1 are heard in noise 24, 18, 12 and 9 dB below one tone (CM7291 test 7)', () => {
  const tape = new Cm7291(testDsp());
  for (const snrDb of [24, 18, 12, 9]) expect(tape.heardInNoise('1', snrDb), `${snrDb} dB`).toBe(1_000);
});

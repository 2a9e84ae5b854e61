import { expect, test } from 'vitest';
import { ToneAnalyzers, toneFrame } from './tone-analyzer.ts';
import { addSamples, gaussianNoise, seededRandom, silence, sine, testDsp } from './test-support.ts';

/** The last frame of each of four channels after 300 ms, and the loudest and faintest 5 ms of the last tick. */
function analyze(signals: readonly ArrayLike<number>[]) {
  const dsp = testDsp();
  const analyzers = new ToneAnalyzers(dsp, 4);
  const audio = dsp.rows(4, 160);
  for (let at = 0; at < 2_400; at += 160) {
    for (let channel = 0; channel < 4; channel++) for (let n = 0; n < 160; n++) audio.row(channel)[n] = Math.round(signals[channel]![at + n]!);
    analyzers.process(0, audio);
  }
  return Array.from({ length: 4 }, (_, channel) => {
    const frame = analyzers.frame(channel);
    const components = Array.from({ length: frame[toneFrame.count]! }, (_, n) => ({ hz: frame[toneFrame.frequenciesHz + n]!, dbm0: 10 * Math.log10(frame[toneFrame.powers + n]!) }));
    return { total: 10 * Math.log10(frame[toneFrame.total]!), components: components.sort((a, b) => a.hz - b.hz), block: 10 * Math.log10(analyzers.blocks(channel)[3]!) };
  });
}

test('frequencies within 1 Hz and levels within 0.5 dB at -28 dBm0 and 20 dB above noise (E.180/Q.35 2)', () => {
  const random = seededRandom(1);
  const noise = () => gaussianNoise(-48, 2_400, random);
  const pairs = [[425], [350, 440], [480, 620], [413, 438]];
  const signals = pairs.map((hz) => addSamples(...hz.map((f) => sine(f, -28 - 10 * Math.log10(hz.length), 2_400)), noise()));
  for (const [channel, { components }] of analyze(signals).entries()) {
    const expected = pairs[channel]!;
    expect(components).toHaveLength(expected.length);
    for (const [n, { hz, dbm0 }] of components.entries()) {
      expect(Math.abs(hz - expected[n]!)).toBeLessThan(1);
      // Two that beat once in the window take from each other.
      expect(Math.abs(dbm0 - (-28 - 10 * Math.log10(expected.length)))).toBeLessThan(expected.length === 2 && expected[0] === 413 ? 1 : 0.5);
    }
  }
});

test('a modulated tone is a carrier with its sidebands', () => {
  const modulated = sine(400, -20, 2_400).map((value, n) => value * (1 + 0.85 * Math.sin((2 * Math.PI * 25 * n) / 8_000)));
  const [{ components } = { components: [] }] = analyze([modulated, silence(2_400), silence(2_400), silence(2_400)]);
  expect(components.map(({ hz }) => Math.round(hz))).toEqual([375, 400, 425]);
  // Half the depth each; the carrier takes of the skirts.
  for (const side of [0, 2]) expect(Math.abs(components[1]!.dbm0 - components[side]!.dbm0 - 20 * Math.log10(2 / 0.85))).toBeLessThan(1);
});

test('DC, full scale and noise before do not change what is measured after', () => {
  const random = seededRandom(2);
  const after = sine(425, -20, 1_200);
  const before = [Array.from({ length: 1_200 }, () => 32_767), Array.from({ length: 1_200 }, (_, n) => (n % 16 < 8 ? 32_767 : -32_768)), [...gaussianNoise(0, 1_200, random)].map((v) => Math.max(-32_768, Math.min(32_767, v))), [...silence(1_200)]];
  for (const { components, block } of analyze(before.map((signal) => [...signal, ...after]))) {
    expect(components).toHaveLength(1);
    expect(components[0]!.hz).toBeCloseTo(425, 1);
    expect(block).toBeCloseTo(-20, 0);
  }
});

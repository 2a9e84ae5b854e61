import { expect, test } from 'vitest';
import { SoundHistory } from './sound-history.ts';
import { ToneAnalyzers } from './tone-analyzer.ts';
import { addSamples, gaussianNoise, seededRandom, silence, sine, testDsp } from './test-support.ts';

/** What a signal is cut into: milliseconds and rounded frequencies. */
function soundsOf(signal: Float64Array) {
  const dsp = testDsp();
  const analyzers = new ToneAnalyzers(dsp, 4);
  const audio = dsp.rows(4, 160);
  const history = new SoundHistory();
  history.reset();
  for (let at = 0; at + 160 <= signal.length; at += 160) {
    audio.row(0).set(signal.subarray(at, at + 160));
    analyzers.process(0, audio);
    history.listen(analyzers, 0);
  }
  return Array.from({ length: history.ready }, (_, index) => {
    const sound = history.sound(index);
    const frequenciesHz = sound.tonal ? [...sound.frequenciesHz.subarray(0, sound.components)].map(Math.round).sort((a, b) => a - b) : [];
    return { fromMs: sound.from / 8, ms: history.lengthOf(sound) / 8, frequenciesHz };
  });
}

function joined(...parts: readonly Float64Array[]): Float64Array {
  return Float64Array.from(parts.flatMap((part) => [...part]));
}

test('edges are found to 3 ms at 20 dB above noise, wherever they lie in a block', () => {
  const noise = gaussianNoise(-40, 24_000, seededRandom(3));
  for (const lead of [1_600, 1_613, 1_631]) {
    const signal = addSamples(joined(silence(lead), sine(425, -20, 4_000), silence(1_720), sine(425, -20, 800), silence(8_000)), noise.subarray(0, lead + 14_520));
    const [, first, pause, second] = soundsOf(signal);
    for (const [sound, ms] of [[first, 500], [pause, 215], [second, 100]] as const) expect(Math.abs(sound!.ms - ms)).toBeLessThan(3);
    expect(Math.abs(first!.fromMs - lead / 8)).toBeLessThan(3);
    expect([first!.frequenciesHz, pause!.frequenciesHz, second!.frequenciesHz]).toEqual([[425], [], [425]]);
  }
});

test('a change of frequency without a pause is found to 10 ms', () => {
  const sounds = soundsOf(joined(silence(1_600), sine(950, -15, 2_640), sine(1_400, -15, 2_640), sine(1_800, -15, 2_640), silence(4_000)));
  expect(sounds.map(({ frequenciesHz }) => frequenciesHz)).toEqual([[], [950], [1_400], [1_800]]);
  for (const { ms } of sounds.slice(1)) expect(Math.abs(ms - 330)).toBeLessThan(10);
});

test('a component that comes or goes is a change, to 45 ms', () => {
  const both = () => addSamples(sine(350, -18, 6_000), sine(440, -18, 6_000));
  const sounds = soundsOf(joined(silence(1_600), both(), sine(440, -15, 6_000), both(), silence(4_000)));
  expect(sounds.slice(1).map(({ frequenciesHz }) => frequenciesHz)).toEqual([[350, 440], [440], [350, 440]]);
  for (const { ms } of sounds.slice(1)) expect(Math.abs(ms - 750)).toBeLessThan(45);
});

test('the nulls of a beat of 25 Hz are no pauses, and a pause of 20 ms in an even tone is one', () => {
  const beat = soundsOf(joined(silence(1_600), addSamples(sine(413, -18, 8_000), sine(438, -18, 8_000)), silence(4_000)));
  expect(beat.map(({ frequenciesHz }) => frequenciesHz)).toEqual([[], [413, 438]]);
  const gaps = soundsOf(joined(silence(1_600), sine(425, -18, 2_560), silence(160), sine(425, -18, 2_560), silence(4_000)));
  expect(gaps.map(({ frequenciesHz }) => frequenciesHz)).toEqual([[], [425], [], [425]]);
});

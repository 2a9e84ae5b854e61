import { afterEach, expect, test } from 'vitest';
import { bandDbm0 } from './testing/g168/band-level.ts';
import { compositeSource, hothNoise } from './testing/g168/composite-source-signal.ts';
import { peakResidualDbm0, residualDbm0 } from './testing/g168/echo-measures.ts';
import { annexDPath, annexDPaths } from './testing/g168/echo-path.ts';
import { EchoTestBed, seconds } from './testing/g168/echo-test-bed.ts';
import { narrowBandTonesHz, tonesAt } from './testing/g168/narrow-band-tones.ts';
import { residualLimitDbm0 } from './testing/g168/requirements.ts';
import { listed, mean } from './testing/g168/statistics.ts';
import { addSamples, silence, sine } from './test-support.ts';

/*
 * What must not upset a canceller (ITU-T G.168 6.4.2, tests 4 to 7, 9 and 15). Far end: composite source signal at −10 dBm0 where
 * nothing else is said; A-law; echo return loss 10 dB.
 */

const all = annexDPaths.map((name) => annexDPath(name, { erlDb: 10 }));
const four = (['D.2', 'D.5', 'D.7', 'D.9'] as const).map((name) => annexDPath(name, { erlDb: 10 }));
let bed: EchoTestBed;

afterEach(() => {
  expect(bed.worseningDb, 'never worse than no canceller: dB in the worst 200 ms').toBeLessThan(0.5);
});

test('4, leak rate: after two minutes of silence the filter still is what it was (6.4.2.5)', () => {
  bed = new EchoTestBed({ paths: four });
  bed.run(compositeSource(-10, seconds(4.9)));
  bed.run(silence(seconds(120)));
  const residual = frozenResidual();
  // Required: within 10 dB of the limit.
  expect(Math.max(...residual), listed('residual, dBm0', residual)).toBeLessThanOrEqual(residualLimitDbm0(-10) + 10);
  expect(Math.max(...residual), listed('wanted below −58: residual, dBm0', residual)).toBeLessThanOrEqual(-58);
});

test('5, infinite return loss: 500 ms after the hybrid is gone the filter makes no echo of its own, and before that none that is louder than the echo was (6.4.2.6)', () => {
  bed = new EchoTestBed({ paths: all });
  bed.run(compositeSource(-10, seconds(4.9)));
  bed.disconnect();
  const recordings = bed.run(compositeSource(-10, seconds(4.9)));
  const atOnce = recordings.map((recording) => peakResidualDbm0(recording, 0, seconds(0.5)));
  expect(Math.max(...atOnce), listed('echo made at first, highest reading, dBm0', atOnce)).toBeLessThanOrEqual(-20);
  const made = recordings.map((recording) => peakResidualDbm0(recording, seconds(0.5)));
  // Required: −37 dBm0.
  expect(Math.max(...made), listed('echo made, highest reading, dBm0', made)).toBeLessThanOrEqual(-50);
});

test('6, narrow-band signals do not make a converged filter diverge (6.4.2.7)', () => {
  bed = new EchoTestBed({ paths: all });
  bed.run(compositeSource(-10, seconds(4.9)));
  for (const tones of narrowBandTonesHz) {
    const residual = bed.run(tonesAt(-10, tones, seconds(5))).map((recording) => residualDbm0(recording, seconds(1)));
    // A-law distorts the echo itself: more cannot be.
    expect(Math.max(...residual), listed(`during ${tones.join(' + ')} Hz: residual, dBm0`, residual)).toBeLessThanOrEqual(-50);
  }
  const residual = frozenResidual();
  // Required: within 10 dB of the limit.
  expect(Math.max(...residual), listed('after the tones: residual, dBm0', residual)).toBeLessThanOrEqual(residualLimitDbm0(-10) + 10);
  expect(mean(residual), listed('after the tones: residual, dBm0', residual)).toBeLessThanOrEqual(-53);
});

test('7, stability: two minutes of a tone into a cleared register (6.4.2.8)', () => {
  bed = new EchoTestBed({ paths: four.slice(0, 2) });
  bed.switch({ toneDisabler: false });
  const tone = sine(1_004, -10, seconds(10));
  for (let run = 0; run < 12; run++) {
    const residual = bed.run(tone).map((recording) => peakResidualDbm0(recording, seconds(8)));
    expect(Math.max(...residual), listed(`after ${10 * (run + 1)} s, highest reading, dBm0`, residual)).toBeLessThanOrEqual(residualLimitDbm0(-10));
  }
});

test.each([300, 2_100, 3_000])('7: … and 10 s of %i Hz (6.4.2.8)', (frequencyHz) => {
  bed = new EchoTestBed({ paths: four });
  bed.switch({ toneDisabler: false });
  const residual = bed.run(sine(frequencyHz, -10, seconds(10))).map((recording) => peakResidualDbm0(recording, seconds(5)));
  expect(Math.max(...residual), listed('highest reading, dBm0', residual)).toBeLessThanOrEqual(residualLimitDbm0(-10));
});

test('9, comfort noise is that of the near end within 2 dB: at −45 dBm0, then at −55, then at −45 again (6.4.2.10)', () => {
  bed = new EchoTestBed({ paths: four });
  bed.switch({ suppress: true, comfortNoise: true });
  let seed = 1;
  for (const [noiseDbm0, alone] of [[-45, 30], [-55, 10], [-45, 10]] as const) {
    bed.run(silence(seconds(alone)), hothNoise(noiseDbm0, seconds(alone), seed++));
    const recordings = bed.run(hothNoise(-10, seconds(2.7), seed++), hothNoise(noiseDbm0, seconds(2.7), seed++));
    const levels = recordings.map((recording) => residualDbm0(recording, seconds(2)));
    const wanted = residualDbm0({ ...recordings[0]!, out: recordings[0]!.near.map((_, n) => recordings[0]!.talk[n]!) }, seconds(2));
    expect(Math.max(...levels) - wanted, listed(`beside noise of ${wanted.toFixed(1)} dBm0`, levels)).toBeLessThanOrEqual(2);
    expect(Math.min(...levels) - wanted, listed(`beside noise of ${wanted.toFixed(1)} dBm0`, levels)).toBeGreaterThanOrEqual(-2);
  }
});

test('9: … and it sounds like the near end\'s: within 2 dB in each octave of the band', () => {
  bed = new EchoTestBed({ paths: four });
  bed.switch({ suppress: true, comfortNoise: true });
  bed.run(silence(seconds(15)), hothNoise(-45, seconds(15)));
  for (const { out, talk } of bed.run(hothNoise(-10, seconds(3), 5), hothNoise(-45, seconds(3), 6))) {
    const off = [400, 800, 1_600].map((hz) => bandDbm0(out, hz, 2 * hz, seconds(2)) - bandDbm0(talk, hz, 2 * hz, seconds(2)));
    expect(Math.max(...off.map(Math.abs)), listed('louder than the near end by, dB', off)).toBeLessThan(2);
  }
});

test('15, PCM offset: direct current on both ways does not matter (6.4.2.16)', () => {
  // Eight steps of A-law's first segment, towards the line and from it.
  const offset = new Float64Array(seconds(11.2)).fill(128);
  bed = new EchoTestBed({ paths: all });
  const recordings = bed.run(addSamples(compositeSource(-10, seconds(11.2)), offset), offset);
  const residual = recordings.map((recording) => peakResidualDbm0(recording, seconds(10)));
  expect(Math.max(...residual), listed('residual after 10 s, dBm0', residual)).toBeLessThanOrEqual(residualLimitDbm0(-10));
});

function frozenResidual(): readonly number[] {
  bed.switch({ adapt: false });
  return bed.run(compositeSource(-10, seconds(2.8))).map((recording) => residualDbm0(recording, seconds(0.7)));
}

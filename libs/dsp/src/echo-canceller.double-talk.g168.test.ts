import { afterEach, expect, test } from 'vitest';
import { compositeSource, doubleTalkSource } from './testing/g168/composite-source-signal.ts';
import { peakResidualDbm0, residualDbm0, talkAttenuationDb } from './testing/g168/echo-measures.ts';
import { annexDPath, annexDPaths } from './testing/g168/echo-path.ts';
import { EchoTestBed, seconds } from './testing/g168/echo-test-bed.ts';
import { LevelMeter } from './testing/g168/level-meter.ts';
import { residualLimitDbm0 } from './testing/g168/requirements.ts';
import { listed } from './testing/g168/statistics.ts';
import { speech } from './testing/speech.ts';

/*
 * Both parties at once (ITU-T G.168 6.4.2.4, test 3). Far end: composite source signal at −10 dBm0; near end: the other one of
 * Annex C. A-law; echo return loss 10 dB (what is echoed is at −20 dBm0); the models D.2 to D.9.
 */

const paths = annexDPaths.map((name) => annexDPath(name, { erlDb: 10 }));
let bed: EchoTestBed;

afterEach(() => {
  expect(bed.worseningDb, 'never worse than no canceller: dB in the worst 200 ms').toBeLessThan(0.5);
});

test('3A: a near end 15 dB below the far end, from the first moment, does not keep the filter from converging (6.4.2.4)', () => {
  bed = new EchoTestBed({ paths });
  bed.run(compositeSource(-10, seconds(5.6)), doubleTalkSource(-25, seconds(5.6)));
  // Required: no more residual than there was near end. Wanted: as good as single talk.
  const residual = frozenResidual();
  expect(Math.max(...residual), listed('residual, dBm0', residual)).toBeLessThanOrEqual(-53);
});

test('3B (a): a converged filter keeps to within 10 dB of its limit when the near end is as loud as the far end (6.4.2.4)', () => {
  const residual = afterDoubleTalk(-10);
  expect(Math.max(...residual), listed('residual, dBm0', residual)).toBeLessThanOrEqual(residualLimitDbm0(-10) + 10);
  expect(Math.max(...residual), listed('wanted below −53: residual, dBm0', residual)).toBeLessThanOrEqual(-53);
});

test('3B (b): … and to within 3 dB when it is 6 dB weaker (6.4.2.4)', () => {
  const residual = afterDoubleTalk(-16);
  expect(Math.max(...residual), listed('residual, dBm0', residual)).toBeLessThanOrEqual(residualLimitDbm0(-10) + 3);
  expect(Math.max(...residual), listed('wanted below −53: residual, dBm0', residual)).toBeLessThanOrEqual(-53);
});

test('3B: a near end louder than the echo by 20 dB does not throw the filter out', () => {
  const residual = afterDoubleTalk(0);
  expect(Math.max(...residual), listed('residual, dBm0', residual)).toBeLessThanOrEqual(-50);
});

test('3C: a conversation with the suppressor: neither bursts of echo nor swallowed talk (6.4.2.4)', () => {
  const nearDbm0 = -15;
  const near = (length: number) => doubleTalkSource(nearDbm0, seconds(length));
  const loudest = new LevelMeter(near(5.6)).peakDbm0();
  bed = new EchoTestBed({ paths });
  bed.switch({ suppress: true });
  // t1: both, from a cleared register; t2: far only; t3: far only, to converge; t4: both; t5: near only.
  bed.run(compositeSource(-10, seconds(5.6)), near(5.6));
  const t2 = bed.run(compositeSource(-10, seconds(1.4))).map((recording) => peakResidualDbm0(recording));
  expect(Math.max(...t2), listed('t2, highest reading, dBm0', t2)).toBeLessThanOrEqual(loudest);
  bed.run(compositeSource(-10, seconds(4.9)));
  const t4 = bed.run(compositeSource(-10, seconds(5.6)), near(5.6));
  const t5 = bed.run(new Float64Array(seconds(5.6)), near(5.6));
  for (const [name, recordings] of [['t4', t4], ['t5', t5]] as const) {
    const peaks = recordings.map((recording) => peakResidualDbm0(recording));
    expect(Math.max(...peaks), listed(`${name}, highest reading, dBm0`, peaks)).toBeLessThanOrEqual(loudest + 6);
    const attenuation = recordings.map((recording) => talkAttenuationDb(recording));
    expect(Math.max(...attenuation), listed(`${name}, near end attenuated by, dB`, attenuation)).toBeLessThan(0.5);
  }
});

test('real speech on both sides: what is left of the far voice is no more than −50 dBm0, the near voice loses less than 0.5 dB to the suppressor', ({ skip }) => {
  const far = speech(-15, seconds(24), 40);
  const near = speech(-15, seconds(12), 200);
  bed = new EchoTestBed({ paths });
  if (far === undefined || near === undefined) return skip('needs asterisk-core-sounds-en-wav');
  bed.switch({ suppress: true });
  bed.run(far.subarray(0, seconds(8)));
  const both = bed.run(far.subarray(seconds(8), seconds(20)), near);
  const attenuation = both.map((recording) => talkAttenuationDb(recording));
  expect(Math.max(...attenuation), listed('near voice attenuated by, dB', attenuation)).toBeLessThan(0.5);
  bed.switch({ suppress: false, adapt: false });
  const residual = bed.run(far.subarray(seconds(20))).map((recording) => residualDbm0(recording));
  expect(Math.max(...residual), listed('residual, dBm0', residual)).toBeLessThanOrEqual(-50);
});

/** 5 s alone, 5 s both; then as below. */
function afterDoubleTalk(nearDbm0: number): readonly number[] {
  bed = new EchoTestBed({ paths });
  bed.run(compositeSource(-10, seconds(4.9)));
  bed.run(compositeSource(-10, seconds(4.9)), doubleTalkSource(nearDbm0, seconds(4.9)));
  return frozenResidual();
}

/** Adaptation is inhibited and the near end silent: what is left of the far end on each path. */
function frozenResidual(): readonly number[] {
  bed.switch({ adapt: false });
  return bed.run(compositeSource(-10, seconds(2.8))).map((recording) => residualDbm0(recording, seconds(0.7)));
}

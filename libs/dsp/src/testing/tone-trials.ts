import type { Tone } from '../tone.ts';
import { ToneAnalyzers } from '../tone-analyzer.ts';
import { type RecognisedTone, ToneDetectors } from '../tone-detector.ts';
import { ToneGenerators } from '../tone-generator.ts';
import { type LearnedTone, ToneLearner } from '../tone-learner.ts';
import { ToneSet } from '../tone-set.ts';
import { gaussianNoise, seededRandom } from './signals.ts';
import { testDsp } from './test-dsp.ts';

/** A tone as a line brings it to a detector. */
export interface ToneTrial {
  readonly tone: Tone;
  readonly levelDbm0: number;
  /** White noise that far below the tone; 20. */
  readonly snrDb?: number;
  /** Factors of all frequencies and of all durations; 1. */
  readonly frequency?: number;
  readonly cadence?: number;
  /** Watched for; none: the learner alone listens. */
  readonly set?: ToneSet;
  /** For how long the tone is played. */
  readonly forMs: number;
}

export interface ToneTrialResult {
  readonly heard: readonly RecognisedTone[];
  readonly learned: readonly LearnedTone[];
  /** What was being heard at the end. */
  readonly atEnd: RecognisedTone | null;
  /** The sample of the channel where the tone began. */
  readonly from: number;
}

/** Runs trials, four at a time, each after 0.2…0.6 s of its noise. Deterministic by `seed`. */
export function runToneTrials(trials: readonly ToneTrial[], seed: number): ToneTrialResult[] {
  const dsp = testDsp();
  const analyzers = new ToneAnalyzers(dsp, 4);
  const detectors = new ToneDetectors(analyzers);
  const generators = new ToneGenerators(dsp, 4);
  const audio = dsp.rows(4, tick);
  const random = seededRandom(seed);
  const noise = gaussianNoise(0, tick * 499, random);
  const results: ToneTrialResult[] = [];
  for (let first = 0; first < trials.length; first += 4) {
    const batch = trials.slice(first, first + 4);
    const begin = 10 + Math.floor(random() * 20);
    const learners = batch.map(() => new ToneLearner());
    const batchResults = batch.map(() => ({ heard: [] as RecognisedTone[], learned: [] as LearnedTone[], from: begin * tick }));
    for (const [channel, { set = new ToneSet([]) }] of batch.entries()) {
      generators.stop(channel);
      generators.write(channel, audio, channel);
      detectors.watch(channel, set);
    }
    const ticks = begin + Math.ceil(Math.max(...batch.map(({ forMs }) => forMs)) / 20);
    for (let at = 0; at < ticks; at++) {
      for (const [channel, trial] of batch.entries()) {
        if (at === begin) generators.play(channel, changed(trial), trial.levelDbm0);
        generators.write(channel, audio, channel);
        addNoise(audio.row(channel), noise, Math.floor(random() * 498 * tick), 10 ** ((trial.levelDbm0 - (trial.snrDb ?? 20)) / 20));
      }
      analyzers.process(0, audio);
      for (const [channel, { heard, learned }] of batchResults.entries()) {
        const recognised = detectors.listen(channel);
        if (recognised !== null) heard.push(recognised);
        const lesson = learners[channel]!.learn(detectors.history(channel));
        if (lesson !== null) learned.push(lesson);
      }
    }
    results.push(...batchResults.map((result, channel) => ({ ...result, atEnd: detectors.current(channel) })));
  }
  return results;
}

/** Long enough for its recognition wherever it must wait: three cycles and more. */
export function trialMs({ segments }: Tone): number {
  const cycleMs = segments.reduce((sum, { durationMs }) => sum + (durationMs ?? 3_000), 0);
  return Math.max(4_000, Math.min(45_000, cycleMs * 3.2 + 1_500));
}

function changed({ tone, frequency = 1, cadence = 1 }: ToneTrial): Tone {
  const segments = tone.segments.map((segment) => ({
    ...segment,
    frequenciesHz: segment.frequenciesHz.map((hz) => hz * frequency),
    ...(segment.sweepToHz === undefined ? {} : { sweepToHz: segment.sweepToHz * frequency }),
    durationMs: segment.durationMs === null ? null : segment.durationMs * cadence,
  }));
  return { ...tone, segments };
}

function addNoise(row: Int16Array, noise: Float64Array, from: number, factor: number): void {
  for (let n = 0; n < row.length; n++) row[n] = Math.max(-32_768, Math.min(32_767, Math.round(row[n]! + factor * noise[from + n]!)));
}

const tick = 160;

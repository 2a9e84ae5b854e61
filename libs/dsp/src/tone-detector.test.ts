import { describe, expect, test } from 'vitest';
import type { Tone } from './tone.ts';
import { ToneAnalyzers } from './tone-analyzer.ts';
import { ToneDetectors } from './tone-detector.ts';
import { ToneSet, type ToneDetectorOptions } from './tone-set.ts';
import { runToneTrials, scaleTo, silence, sine, speechLike, testDsp, trialMs, type ToneTrial } from './test-support.ts';

function cadence(frequenciesHz: readonly number[], ...durations: readonly number[]): Tone {
  return { segments: durations.map((durationMs, index) => ({ frequenciesHz: index % 2 === 0 ? frequenciesHz : [], durationMs })) };
}

function continuous(...frequenciesHz: readonly number[]): Tone {
  return { segments: [{ frequenciesHz, durationMs: null }] };
}

function sequence(...steps: readonly (readonly [number, number])[]): Tone {
  return { segments: steps.map(([hz, durationMs]) => ({ frequenciesHz: hz === 0 ? [] : [hz], durationMs })) };
}

const german = {
  dial: continuous(425),
  ringing: cadence([425], 1_000, 4_000),
  busy: cadence([425], 480, 480),
  congestion: cadence([425], 240, 240),
  callWaiting: cadence([425], 200, 200, 200, 5_000),
  specialInformation: sequence([950, 330], [1_400, 330], [1_800, 330], [0, 1_000]),
};

function setOf(plan: Readonly<Record<string, Tone>>, options?: ToneDetectorOptions): ToneSet {
  return new ToneSet(Object.entries(plan).map(([id, tone]) => ({ id, tone })), options);
}

/** Ids that were heard, and after how many milliseconds. */
function hear(trial: Omit<ToneTrial, 'forMs'> & { readonly forMs?: number }) {
  const [result] = runToneTrials([{ forMs: trialMs(trial.tone), ...trial }], 11);
  return result!.heard.map(({ id, atSample }) => ({ id, ms: (atSample - result!.from) / 8 }));
}

test('tones of one plan that differ by their cadence alone are told apart (E.180/Q.35)', () => {
  const set = setOf(german);
  for (const [id, tone] of Object.entries(german)) expect(hear({ set, tone, levelDbm0: -20 }).map((heard) => heard.id)).toEqual([id]);
});

test('at band edges: 1.5 % off in frequency and 10 % in cadence, -31 dBm0, 20 dB above noise', () => {
  const set = setOf(german);
  for (const [frequency, scale] of [[0.985, 0.9], [1.015, 1.1], [0.985, 1.1], [1.015, 0.9]] as const) {
    for (const [id, tone] of Object.entries(german)) expect(hear({ set, tone, levelDbm0: -31, frequency, cadence: scale }).map((heard) => heard.id)).toEqual([id]);
  }
});

test('what is beyond the tolerance in frequency, cadence or level is not recognised', () => {
  const set = setOf(german);
  expect(hear({ set, tone: german.busy, levelDbm0: -20, frequency: 1.04 })).toEqual([]);
  expect(hear({ set, tone: german.busy, levelDbm0: -20, cadence: 1.35 })).toEqual([]);
  expect(hear({ set, tone: german.busy, levelDbm0: -38 })).toEqual([]);
  expect(hear({ set: setOf(german, { frequency: 0.05 }), tone: german.busy, levelDbm0: -20, frequency: 1.04 })).toHaveLength(1);
});

test('a continuous dial tone is recognised after 700 ms, or after what else it might be', () => {
  const [american] = hear({ set: setOf({ dial: continuous(350, 440), busy: cadence([480, 620], 500, 500) }), tone: continuous(350, 440), levelDbm0: -13 });
  expect(american!.ms).toBeGreaterThanOrEqual(700);
  expect(american!.ms).toBeLessThan(850);
  // Ringing tone is 1 s of the same frequency, up to 1.135 s within the tolerance.
  const [germany] = hear({ set: setOf(german), tone: german.dial, levelDbm0: -13 });
  expect(germany!.ms).toBeGreaterThan(1_135);
  expect(germany!.ms).toBeLessThan(1_350);
});

test('a tone that begins as another does is waited for', () => {
  const plan = { ringing: cadence([400, 450], 400, 200, 400, 2_000), hurried: cadence([400, 450], 400, 200) };
  expect(hear({ set: setOf(plan), tone: plan.ringing, levelDbm0: -20 }).map(({ id }) => id)).toEqual(['ringing']);
  expect(hear({ set: setOf(plan), tone: plan.hurried, levelDbm0: -20 }).map(({ id }) => id)).toEqual(['hurried']);
});

test('stutter dial tone is not dial tone', () => {
  const stutter: Tone = { segments: [...cadence([350, 440], 100, 100, 100, 100, 100, 100).segments, { frequenciesHz: [350, 440], durationMs: null }], repeatFrom: 6 };
  const set = setOf({ dial: continuous(350, 440), stutterDial: stutter });
  expect(hear({ set, tone: stutter, levelDbm0: -20 }).map(({ id }) => id)).toEqual(['stutterDial']);
  expect(hear({ set, tone: continuous(350, 440), levelDbm0: -20 }).map(({ id }) => id)).toEqual(['dial']);
});

describe('busy tone (E.180/Q.35)', () => {
  test('is certain within two cycles', () => {
    const [busy] = hear({ set: setOf(german), tone: german.busy, levelDbm0: -20 });
    expect(busy!.ms).toBeLessThan(2 * 960 + 100);
  });

  test('needs as many cycles as are asked for', () => {
    const [busy] = hear({ set: setOf(german, { cycles: 4 }), tone: german.busy, levelDbm0: -20, forMs: 6_000 });
    expect(busy!.ms).toBeGreaterThan(3.4 * 960);
  });

  test('at 12 dB above noise', () => {
    expect(hear({ set: setOf(german), tone: german.busy, levelDbm0: -20, snrDb: 12 }).map(({ id }) => id)).toEqual(['busy']);
  });
});

test('modulated tones, resolved by their sidebands or by their beat', () => {
  const modulated = (frequencyHz: number): Tone => ({ segments: [{ frequenciesHz: [400], modulation: { frequencyHz, depth: 0.9 }, durationMs: 1_000 }, { frequenciesHz: [], durationMs: 2_000 }] });
  const plan = { slow: modulated(16), ordinary: modulated(25), fast: modulated(50), plain: cadence([400], 1_000, 2_000), pair: cadence([400, 440], 1_000, 2_000) };
  const set = setOf(plan);
  for (const [id, tone] of Object.entries(plan)) expect(hear({ set, tone, levelDbm0: -20 }).map((heard) => heard.id)).toEqual([id]);
});

test('the special information tones of North America, told apart by which tones are short and which are low', () => {
  const kinds = { intercept: '913.8/274 1370.6/274 1776.7/380', vacant: '985.2/380 1370.6/274 1776.7/380', reorder: '913.8/274 1428.5/380 1776.7/380', noCircuit: '985.2/380 1428.5/380 1776.7/380', reorderFar: '985.2/274 1370.6/380 1776.7/380', noCircuitFar: '913.8/380 1370.6/380 1776.7/380', ineffective: '913.8/274 1370.6/380 1776.7/380' };
  const plan = Object.fromEntries(Object.entries(kinds).map(([id, kind]) => [id, { ...sequence(...kind.split(' ').map((step) => step.split('/').map(Number) as [number, number])), repeatFrom: null }]));
  const set = setOf(plan);
  for (const [id, tone] of Object.entries(plan)) {
    for (const frequency of [0.99, 1.01]) expect(hear({ set, tone, levelDbm0: -24, frequency, forMs: 3_000 }).map((heard) => heard.id)).toEqual([id]);
  }
});

test('what is heard now has its cycles, and none when it has ended', () => {
  const [result] = runToneTrials([{ set: setOf(german), tone: { ...cadence([425], ...Array.from({ length: 12 }, () => 480)), repeatFrom: null }, levelDbm0: -20, forMs: 8_000 }], 3);
  expect(result!.heard.map(({ id }) => id)).toEqual(['busy']);
  expect(result!.atEnd).toBeNull();
  const [lasting] = runToneTrials([{ set: setOf(german), tone: german.busy, levelDbm0: -20, forMs: 8_000 }], 3);
  expect(lasting!.atEnd).toMatchObject({ id: 'busy', atSample: lasting!.heard[0]!.atSample });
  expect(lasting!.atEnd!.cycles).toBeGreaterThan(6);
  expect(lasting!.atEnd!.confidence).toBeGreaterThan(0.8);
});

test('the pause before a tone says nothing about which it is', () => {
  const plan = { congestion: cadence([425], 200, 200), busy: cadence([425], 250, 250) };
  const trials = Array.from({ length: 24 }, () => ({ set: setOf(plan), tone: plan.congestion, cadence: 1.1, levelDbm0: -10, forMs: 2_000 }));
  for (const { heard } of runToneTrials(trials, 31)) expect(heard.map(({ id }) => id)).toEqual(['congestion']);
});

/** Ids that are recognised in a recording. */
function heardIn(samples: ArrayLike<number>, set: ToneSet): string[] {
  const dsp = testDsp();
  const analyzers = new ToneAnalyzers(dsp, 4);
  const detectors = new ToneDetectors(analyzers);
  const audio = dsp.rows(4, 160);
  detectors.watch(0, set);
  const ids: string[] = [];
  for (let from = 0; from + 160 <= samples.length; from += 160) {
    for (let n = 0; n < 160; n++) audio.row(0)[n] = samples[from + n]!;
    analyzers.process(0, audio);
    const heard = detectors.listen(0);
    if (heard !== null) ids.push(heard.id);
  }
  return ids;
}

test('a tone that comes while a suppressor still opens, or out of a word, has begun where it is even', () => {
  const tone = sine(425, -13, 8_000 * 3);
  const opening = tone.map((sample, n) => sample * Math.min(1, 0.4 + (0.6 * n) / 2_000));
  const word = scaleTo(speechLike(-13, 1).clean.subarray(600, 1_100), -12);
  expect(heardIn([...silence(4_000), ...opening], setOf(german))).toEqual(['dial']);
  expect(heardIn([...silence(4_000), ...word, ...tone], setOf(german))).toEqual(['dial']);
});

test('what a line rings on for after each burst is no sound of its own', () => {
  const french = { dial: continuous(440), ringing: cadence([440], 1_500, 3_500), congestion: cadence([440], 250, 250) };
  const burst = sine(440, -13, 4_000).map((sample, n) => sample * (n < 2_000 ? 1 : n < 2_072 ? 10 ** -0.45 : 10 ** -3));
  expect(heardIn(Array.from({ length: 8 }, () => [...burst]).flat(), setOf(french))).toEqual(['congestion']);
});

test('a burst of ringing tone that something breaks in two is no dial tone', () => {
  const set = setOf({ dial: continuous(440), ringing: cadence([440], 1_500, 3_500) });
  for (let at = 2_000; at < 6_000; at += 200) {
    const cycle = sine(440, -14, 8_000 * 5).map((sample, n) => (n < 12_000 ? sample * (n > at && n < at + 320 ? 0.05 : 1) : sample * 1e-3));
    expect(heardIn([...silence(4_000), ...cycle, ...cycle], set)).not.toContain('dial');
  }
});

test('a tone follows a word at once, at its level, wherever in the word: it is recognised', () => {
  const set = setOf({ dial: continuous(400), ringing: cadence([400], 1_000, 3_000), busy: cadence([400], 500, 500) });
  const words = speechLike(-15, 2, { seed: 3 }).noisy;
  for (let end = 8_200; end < 12_000; end += 130) expect(heardIn([...words.subarray(4_000, end), ...sine(400, -16, 8_000 * 3)], set), `${end}`).toEqual(['dial']);
});

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Dsp, type Tone, ToneAnalyzers, ToneDetectors, ToneLearner, ToneSet, type WatchedTone } from '@tipring/dsp';
import { readDspModule } from '@tipring/dsp/node';
import { gaussianNoise, learnedErrors, runToneTrials, seededRandom, syntheticMusic, trialMs, unlistedTones } from '@tipring/dsp/test-support';
import { isUnknownRegion, regionOf, regions, type ToneName, watchedTones } from '@tipring/line';
import { allTrials, judge, type PlanOutcome } from '../dsp/plan-trials.ts';
import { musicOnHold, type Piece, speechPieces, talkOff } from '../dsp/talk-off.ts';
import { compiledC } from '../testbed/compiled-c.ts';
import { isInstalled } from '../testbed/library-headers.ts';
import type { BenchContext, Figures } from './bench.ts';

export const title = 'Tones: recognised, mistaken, learned, and their cost';
export const explains =
  'Every tone and alternate of every regional plan at -10 and -28 dBm0, 20 dB above noise, off by 1 % in frequency and 10 % in cadence, before a detector that watches for its whole plan. ' +
  'Then speech (asterisk-core-sounds-*-wav), music on hold (asterisk-moh-opsound-wav) and synthetic music before a detector that watches for the tones of all countries at once, and a learner. ' +
  'Then twenty tones that no plan lists before the learner. Cost: analyzer, detector of one plan and learner, all on, on speech, four channels at a time, ' +
  "beside native libspandsp's super_tone_rx with the tones of the same plan on the same audio (where libspandsp-dev is installed). " +
  'Target: all recognised, nothing mistaken, 20 learned to 3 Hz and 10 ms, at most 9 ns.';
export const options = {
  music: { default: 30, explains: 'minutes of synthetic music' },
  seconds: { default: 60, explains: 'of audio for the cost' },
  rounds: { default: 12, explains: 'of which the quickest counts' },
  plan: { default: 'US', explains: 'the country watched for in the cost' },
};

export async function run(context: BenchContext): Promise<Figures> {
  const cost = measureCost(context);
  const plans = everyPlan(context);
  const talk = corpora(context);
  const lessons = learn(context);
  context.table([
    ['', 'ns a sample', 'channels a core'],
    ['analyzer', cost.analyzer.toFixed(2), Math.floor(125_000 / cost.analyzer)],
    ['analyzer, detector, learner', cost.all.toFixed(2), Math.floor(125_000 / cost.all)],
    ...(cost.spandsp === null ? [] : [['libspandsp super_tone_rx', cost.spandsp.toFixed(2), Math.floor(125_000 / cost.spandsp)]]),
  ]);
  return {
    nsPerSample: round(cost.all),
    nsPerSampleAnalyzer: round(cost.analyzer),
    channelsPerCore: Math.floor(125_000 / cost.all),
    ratioToSpandsp: cost.spandsp === null ? null : round(cost.all / cost.spandsp),
    plans: regions.length,
    tones: plans.tones,
    trials: plans.trials,
    recognisedPercent: round((100 * plans.recognised) / plans.trials),
    wrongTones: plans.wrong,
    ...talk,
    ...lessons,
  };
}

function everyPlan(context: BenchContext): PlanOutcome & { tones: number } {
  const outcomes = regions.map((region, index) => {
    context.progress(`${region.name} (${index + 1} of ${regions.length})`);
    return judge(allTrials(region), index + 1);
  });
  const sum = (of: (outcome: PlanOutcome) => number) => outcomes.reduce((total, outcome) => total + of(outcome), 0);
  const misses = outcomes.flatMap((outcome) => outcome.misses);
  if (misses.length > 0) context.table([['not as it should be'], ...misses.slice(0, 40).map((miss) => [miss])]);
  return { tones: regions.reduce((total, { tones }) => total + watchedTones(tones).length, 0), trials: sum(({ trials }) => trials), recognised: sum(({ recognised }) => recognised), wrong: sum(({ wrong }) => wrong), misses };
}

/** All countries' tones at once, each only once; with their names as ids. */
function allTones(): ToneSet {
  const seen = new Map<string, WatchedTone>();
  for (const { code, tones } of regions) for (const watched of watchedTones(tones)) seen.set(JSON.stringify(watched), { ...watched, id: `${code} ${watched.id}` });
  return new ToneSet([...seen.values()]);
}

function corpora(context: BenchContext): Figures {
  const set = allTones();
  const music = Array.from({ length: 4 }, (_, seed): Piece => ({ name: `synthetic music, seed ${seed + 1}`, samples: syntheticMusic(context.number('music') * 15, seed + 1) }));
  const corpus = { speech: speechPieces(), musicOnHold: musicOnHold(), syntheticMusic: music };
  const rows = Object.entries(corpus).map(([name, pieces]) => {
    context.progress(name);
    const { minutes, falseTones } = talkOff(new Dsp(readDspModule(), { memoryBytes: 2 ** 20 }), pieces, set);
    const recognised = falseTones.flatMap((one) => (one.recognised === undefined ? [] : [one.recognised]));
    const disconnects = recognised.filter(({ id }) => disconnectTones.includes(id.split(' ')[1] as ToneName)).length;
    const learned = falseTones.filter((one) => one.learned !== undefined).length;
    for (const one of falseTones.slice(0, 10)) context.table([[one.name, one.atSecond.toFixed(1), one.recognised?.id ?? JSON.stringify(one.learned?.tone)]]);
    return { name, minutes, recognised: recognised.length, disconnects, learned };
  });
  context.table([['corpus', 'minutes', 'tones recognised', 'of these disconnects', 'learned'], ...rows.map((row) => [row.name, row.minutes.toFixed(1), row.recognised, row.disconnects, row.learned])]);
  const sum = (of: (row: (typeof rows)[number]) => number) => rows.reduce((total, row) => total + of(row), 0);
  return {
    falseDisconnects: sum(({ disconnects }) => disconnects),
    falseTones: sum(({ recognised }) => recognised),
    corpusMinutes: round(sum(({ minutes }) => minutes)),
    speechMinutes: round(rows[0]!.minutes),
    learnedFromSpeech: rows[0]!.learned,
    learnedFromMusic: rows[1]!.learned + rows[2]!.learned,
  };
}

function learn(context: BenchContext): Figures {
  context.progress('unlisted tones');
  const levels = [-10, -20, -28];
  const trials = levels.flatMap((levelDbm0) => unlistedTones.map((tone) => ({ tone, levelDbm0, forMs: Math.max(9_000, trialMs(tone) * 1.4) })));
  const results = runToneTrials(trials, 5);
  let [worstHz, worstMs] = [0, 0];
  const good = trials.map(({ tone }, index) => {
    const { learned } = results[index]!;
    if (learned.length !== 1) return false;
    const { hz, ms } = learnedErrors(learned[0]!.tone, tone);
    [worstHz, worstMs] = [Math.max(worstHz, hz), Math.max(worstMs, ms)];
    return hz <= 3 && ms <= 10;
  });
  return {
    // At every level.
    learned: unlistedTones.filter((_, tone) => levels.every((_level, level) => good[level * unlistedTones.length + tone])).length,
    learnedFrequencyErrorHz: round(worstHz),
    learnedCadenceErrorMs: worstMs,
  };
}

function measureCost(context: BenchContext): { analyzer: number; all: number; spandsp: number | null } {
  context.progress('the cost');
  const plan = regionOf(context.text('plan'));
  if (isUnknownRegion(plan)) throw new Error(`There is no plan "${plan.unknownRegion}".`);
  const audio = speechOf(context.number('seconds'));
  const dsp = new Dsp(readDspModule(), { memoryBytes: 4 * 2 ** 20 });
  const analyzers = new ToneAnalyzers(dsp, 16);
  const detectors = new ToneDetectors(analyzers);
  const learners = Array.from({ length: 16 }, () => new ToneLearner());
  const set = new ToneSet(watchedTones(plan.tones));
  const rows = dsp.rows(16, 160);
  const ticks = Math.floor(audio.length / 160);
  const time = (listen: boolean): number => {
    for (let channel = 0; channel < 16; channel++) {
      detectors.watch(channel, set);
      learners[channel]!.reset();
    }
    const began = process.cpuUsage();
    for (let tick = 0; tick < ticks; tick++) {
      // Each channel is elsewhere in the audio.
      for (let channel = 0; channel < 16; channel++) rows.row(channel).set(audio.subarray(((tick + channel * 97) % ticks) * 160, (((tick + channel * 97) % ticks) + 1) * 160));
      for (let group = 0; group < 4; group++) analyzers.process(group, rows);
      for (let channel = 0; listen && channel < 16; channel++) {
        detectors.listen(channel);
        learners[channel]!.learn(detectors.history(channel));
      }
    }
    const { user, system } = process.cpuUsage(began);
    return ((user + system) * 1_000) / (ticks * 160 * 16);
  };
  const spandsp = spandspCost(context, audio, plan.tones.dial.tone, ...watchedTones(plan.tones).map(({ tone }) => tone));
  const rounds = Array.from({ length: context.number('rounds') }, () => ({ analyzer: time(false), all: time(true), spandsp: spandsp() }));
  return { analyzer: Math.min(...rounds.map((one) => one.analyzer)), all: Math.min(...rounds.map((one) => one.all)), spandsp: rounds[0]!.spandsp === null ? null : Math.min(...rounds.map((one) => one.spandsp!)) };
}

/** One round of the peer each time it is called; null without libspandsp. It knows one or two frequencies a segment and no modulation. */
function spandspCost(context: BenchContext, audio: Int16Array, ...tones: readonly Tone[]): () => number | null {
  if (!isInstalled('spandsp')) return () => null;
  const folder = mkdtempSync(join(tmpdir(), 'tipring-tones-'));
  context.atEnd(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'audio.raw'), audio);
  const peer = compiledC(join(import.meta.dirname, 'native/tones-peer.c'), ['spandsp']);
  const lines = tones.map(({ segments }) =>
    segments
      .flatMap(({ frequenciesHz, durationMs }, index) => {
        if (frequenciesHz.length === 0) return [];
        const next = segments[index + 1];
        return [frequenciesHz[0]!, frequenciesHz[1] ?? 0, durationMs ?? 0, next !== undefined && next.frequenciesHz.length === 0 ? next.durationMs! : 0].map(Math.round);
      })
      .join(' '),
  );
  return () => Number(execFileSync(peer, [join(folder, 'audio.raw'), '1'], { input: `${lines.join('\n')}\n`, encoding: 'utf8' }).split(' ')[0]);
}

/** Prompts one after the other, or noise where there are none. */
function speechOf(seconds: number): Int16Array {
  const samples = Int16Array.from(gaussianNoise(-25, seconds * 8_000, seededRandom(8)));
  let at = 0;
  for (const piece of speechPieces(7)) {
    if (at >= samples.length) break;
    samples.set(piece.samples.subarray(0, samples.length - at), at);
    at += piece.samples.length;
  }
  return samples;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** What a line machine would take for the end of a call. */
const disconnectTones: readonly ToneName[] = ['busy', 'congestion', 'numberUnobtainable', 'specialInformation', 'dial', 'offHook'];

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Dsp, NoiseReductions } from '@tipring/dsp';
import { readDspModule } from '@tipring/dsp/node';
import { addSamples, dbm0, gaussianNoise, readWave, seededRandom, speechLike, speechPrompts } from '@tipring/dsp/test-support';
import { compiledC } from '../testbed/compiled-c.ts';
import { isInstalled } from '../testbed/library-headers.ts';
import type { BenchContext, Figures } from './bench.ts';
import { falseHumSeconds, levelsCost } from './load/levels-cost.ts';
import { median } from './load/median.ts';

export const title = 'Mixing, resampling, levels, hum and noise';
export const explains =
  'Nanoseconds of CPU for a sample of one channel, ours in WebAssembly in blocks of 20 ms (a converter\'s samples are those of its lower rate; the mixer\'s are of each member), beside native libspeexdsp (where libspeexdsp-dev is installed) turn by turn in the same run: the median of the turns. ' +
  'Then noise reduction in speech (prompts of asterisk-core-sounds-*-wav, otherwise synthetic) with white noise below it: how much quieter the pauses are, what is left of the speech, and the ratio of speech to error before and after, beside libspeexdsp at the same 12 dB. ' +
  'And for how many seconds of speech hum was seen that is not there. ' +
  'Targets: no slower than libspeexdsp; pauses 11 dB quieter; speech at 20 dB above the noise changed by less than 0.3 dB and never worse than it came; no hum in speech.';
export const options = {
  seconds: { default: 30, explains: 'of signal' },
  turns: { default: 7, explains: 'each a run by both' },
  speech: { default: 600, explains: 'seconds of prompts in which no hum may be found' },
};

export async function run(context: BenchContext): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'tipring-levels-'));
  context.atEnd(() => rmSync(folder, { recursive: true, force: true }));
  const voice = spoken(context.number('seconds'));
  const file = join(folder, 'samples.raw');
  writeFileSync(file, whole(addSamples(voice, gaussianNoise(-50, voice.length, seededRandom(1)))));
  const peer = isInstalled('speexdsp') ? compiledC(join(import.meta.dirname, 'native/speexdsp-levels.c'), ['speexdsp']) : undefined;

  const ours: Record<string, number[]> = {};
  const theirs: Record<string, number[]> = {};
  const measure = levelsCost(whole(addSamples(voice, gaussianNoise(-50, voice.length, seededRandom(1)))));
  for (let turn = -1; turn < context.number('turns'); turn++) {
    context.progress(turn < 0 ? 'warming up' : `turn ${turn + 1}`);
    const measured = measure();
    const told = peer === undefined ? '' : execFileSync(peer, ['time', file], { encoding: 'utf8' });
    if (turn < 0) continue;
    for (const [name, value] of Object.entries(measured)) (ours[name] ??= []).push(value);
    for (const [, name = '', value] of told.matchAll(/(\S+) (\S+)\n/g)) (theirs[name] ??= []).push(Number(value));
  }
  // Two of ours do what its preprocessor does in one.
  ours['noiseReductionAndAgc'] = ours['noiseReduction']!.map((value, turn) => value + ours['agc']![turn]!);
  const names = Object.keys(ours);
  const ratio = (name: string): number | null => (theirs[name] === undefined ? null : rounded(median(ours[name]!) / median(theirs[name])));
  const compared = ['resample8to16', 'resample16to8', 'resample8to48', 'resample48to8', 'resample16to48', 'resample48to16', 'drift', 'noiseReduction', 'noiseReductionAndAgc'];
  context.table([['ns per sample', 'ours in WASM', 'libspeexdsp', 'ratio'], ...names.map((name) => [name, rounded(median(ours[name]!)), theirs[name] === undefined ? '' : rounded(median(theirs[name])), ratio(name) ?? ''])]);

  const quality = compareReduction(context, voice, folder, peer);
  context.progress('looking for hum in speech');
  const heard = spoken(context.number('speech'));
  return {
    ...Object.fromEntries(names.map((name) => [`${name}NsPerSample`, rounded(median(ours[name]!))])),
    ...Object.fromEntries(compared.map((name) => [`${name}RatioToSpeexdsp`, ratio(name)])),
    ...quality,
    falseHumSeconds: falseHumSeconds(whole(heard)),
    falseHumOfSeconds: heard.length / 8_000,
  };
}

function compareReduction(context: BenchContext, voice: Float64Array, folder: string, peer: string | undefined): Figures {
  const rows: (string | number)[][] = [['noise reduction', 'speech over noise dB', 'pauses quieter by dB', 'speech changed by dB', 'speech over error dB']];
  const figures: Figures = {};
  for (const snr of [10, 20, 30]) {
    context.progress(`noise reduction at ${snr} dB`);
    const noisy = whole(addSamples(voice, gaussianNoise(-20 - snr, voice.length, seededRandom(snr))));
    const mine = judged(voice, noisy, reducedByOurs(noisy));
    rows.push(['ours', snr, ...mine]);
    figures[`pausesQuieterAt${snr}Db`] = mine[0];
    figures[`speechChangedAt${snr}Db`] = mine[1];
    figures[`snrGainAt${snr}Db`] = rounded(mine[2] - snr);
    if (peer === undefined) continue;
    const file = join(folder, 'noisy.raw');
    writeFileSync(file, noisy);
    const bytes = execFileSync(peer, ['reduce', file], { maxBuffer: 2 ** 28 });
    const other = judged(voice, noisy, new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)));
    rows.push(['libspeexdsp', snr, ...other]);
    figures[`speexdspPausesQuieterAt${snr}Db`] = other[0];
    figures[`speexdspSnrGainAt${snr}Db`] = rounded(other[2] - snr);
  }
  context.table(rows);
  return figures;
}

function reducedByOurs(noisy: Int16Array): Int16Array {
  const dsp = new Dsp(readDspModule(), { memoryBytes: 2 ** 20 });
  const reductions = new NoiseReductions(dsp, 1);
  const audio = dsp.rows(4, 160);
  const heard = new Int16Array(noisy.length);
  reductions.enable(0, 12);
  for (let at = 0; at + 160 <= noisy.length; at += 160) {
    audio.row(0).set(noisy.subarray(at, at + 160));
    reductions.process(0, audio);
    heard.set(audio.row(0), at);
  }
  return heard;
}

/** How much quieter pauses are, how speech changed in level, and speech over all that is not speech; after three seconds, at the delay that fits best. */
function judged(clean: Float64Array, noisy: Int16Array, heard: Int16Array): [number, number, number] {
  const blocks = Array.from({ length: Math.floor(clean.length / 160) - 4 }, (_, block) => block).slice(150);
  const level = (block: number): number => dbm0(clean, block * 160, block * 160 + 160);
  const [speech, pauses] = [blocks.filter((block) => level(block) > -45), blocks.filter((block) => [-2, -1, 0, 1].every((near) => level(block + near) < -60))];
  const product = (late: number, of: readonly number[]): number => of.reduce((sum, block) => sum + range(block).reduce((part, n) => part + heard[n + late]! * clean[n]!, 0), 0);
  let delay = 0;
  for (let late = 0, most = -Infinity; late < 320; late++) {
    const found = product(late, speech.slice(0, 100));
    if (found > most) [most, delay] = [found, late];
  }
  const power = speech.reduce((sum, block) => sum + range(block).reduce((part, n) => part + clean[n]! ** 2, 0), 0);
  const error = speech.reduce((sum, block) => sum + range(block).reduce((part, n) => part + (heard[n + delay]! - clean[n]!) ** 2, 0), 0);
  const quiet = (signal: Int16Array, late: number): number => dbm0(pauses.flatMap((block) => range(block).map((n) => signal[n + late]!)));
  return [rounded(quiet(noisy, 0) - quiet(heard, delay)), rounded(20 * Math.log10(product(delay, speech) / power)), rounded(10 * Math.log10(power / error))];
}

function range(block: number): number[] {
  return Array.from({ length: 160 }, (_, n) => block * 160 + n);
}

/** 8 kHz: prompts one after the other, half a second of silence between them, each of −20 dBm0 where it is spoken. */
function spoken(seconds: number): Float64Array {
  const signal = new Float64Array(seconds * 8_000);
  // Not the files of silence, whose last bit would be raised to the level of speech.
  const prompts = speechPrompts().filter((path) => !path.includes('/silence/'));
  if (prompts.length === 0) return speechLike(-20, seconds, { noiseDbm0: -200 }).clean;
  for (let at = 0, index = 0; at < signal.length; index += 41) {
    const wave = readWave(prompts[index % prompts.length]!).samples;
    const frames = Array.from({ length: Math.floor(wave.length / 160) }, (_, frame) => dbm0(wave, frame * 160, frame * 160 + 160));
    const loudest = Math.max(...frames);
    const voice = Array.from(wave).filter((_, n) => (frames[Math.floor(n / 160)] ?? -Infinity) > loudest - 30);
    const gain = 10 ** ((-20 - dbm0(voice)) / 20);
    for (let n = 0; n < wave.length && at + n < signal.length; n++) signal[at + n] = wave[n]! * gain;
    at += wave.length + 4_000;
  }
  return signal;
}

function whole(signal: ArrayLike<number>): Int16Array {
  return Int16Array.from(signal, (value) => Math.max(-32_768, Math.min(32_767, Math.round(value))));
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

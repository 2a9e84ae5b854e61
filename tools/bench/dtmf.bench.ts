import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Dsp, DtmfReceivers, type DtmfReceiverSettings } from '@tipring/dsp';
import { readDspModule } from '@tipring/dsp/node';
import { Cm7291, cm7291Digits, dtmfDigits, dtmfSignal, gaussianNoise, joined, readWave, seededRandom, silenceMs, speechPrompts } from '@tipring/dsp/test-support';
import { compiledC } from '../testbed/compiled-c.ts';
import { isInstalled } from '../testbed/library-headers.ts';
import type { BenchContext, Figures } from './bench.ts';
import { median } from './load/median.ts';

export const title = 'The DTMF receiver by the Mitel CM7291 sequence, and its cost';
export const explains =
  'Every test of the tape, generated, with figures per digit: bandwidth accepted (target at least 1.5 % + 2 Hz) and rejected (at most 3.5 %), how much stronger the high tone ("forward", ' +
  'target 4 dB) and the low tone ("reverse", 8 dB) may be, dynamic range (at least 35 dB), the shortest tone, and 1000 pulses in white noise of 4 kHz (all at 9 dB below one tone). Then talk-off: ' +
  'no digit in the prompts of asterisk-core-sounds-*-wav and the music of asterisk-moh-opsound-wav. Cost in WebAssembly, in ticks of 20 ms, on the most expensive of three signals (target at most 4 ns per ' +
  'sample and channel), beside native libspandsp (libspandsp-dev) on the same signals, turn by turn in the same run: medians.';
export const options = {
  turns: { default: 7, explains: 'of the cost, each over all signals by both' },
  pulses: { default: 1_000, explains: 'in noise, for each digit and level' },
};

export async function run(context: BenchContext): Promise<Figures> {
  const cost = costFigures(context);
  const digits = digitFigures(context);
  const snrDb = noiseFigures(context);
  const talkOff = talkOffFigures(context);
  const short = new Cm7291(newDsp(), { shortTones: true });
  const shortestOf = (tape: Cm7291): number => Math.max(...cm7291Digits.map((digit) => tape.guardTime(digit).acceptedMs));
  return { ...cost, ...digits, snrDb, ...talkOff, shortestToneMsShortTones: shortestOf(short) };
}

function digitFigures(context: BenchContext): Figures {
  const tape = new Cm7291(newDsp());
  const rows = cm7291Digits.map((digit) => {
    context.progress(`tests 1 to 7 of digit ${digit}`);
    const bandwidth = tape.bandwidth(digit);
    const ratio = tape.amplitudeRatio(digit);
    const guard = tape.guardTime(digit);
    const heard = [24, 18, 12, 9].map((snr) => tape.heardInNoise(digit, snr, context.number('pulses')));
    return { digit, decoded: tape.decoded(digit), ...bandwidth, ...ratio, range: tape.dynamicRangeDb(digit), ...guard, heard };
  });
  context.table([
    ['digit', 'decoded of 10', 'accepted %', 'rejected %', 'high over low dB', 'low over high dB', 'range dB', 'accepted ms', 'rejected ms', 'SNR 24 dB', '18 dB', '12 dB', '9 dB'],
    ...rows.map((row) => [row.digit, row.decoded, row.acceptedPercent, row.rejectedPercent, row.highOverLowDb, row.lowOverHighDb, row.range, row.acceptedMs, row.rejectedMs, ...row.heard]),
  ]);
  const worst = (value: (row: (typeof rows)[number]) => number): number => Math.min(...rows.map(value));
  return {
    decodedPercent: worst(({ decoded }) => decoded * 10),
    bandwidthAcceptedPercent: worst(({ acceptedPercent }) => acceptedPercent),
    bandwidthRejectedPercent: -worst(({ rejectedPercent }) => -rejectedPercent),
    twistForwardDb: worst(({ highOverLowDb }) => highOverLowDb),
    twistReverseDb: worst(({ lowOverHighDb }) => lowOverHighDb),
    dynamicRangeDb: worst(({ range }) => range),
    shortestToneMs: -worst(({ acceptedMs }) => -acceptedMs),
    longestRejectedToneMs: worst(({ rejectedMs }) => rejectedMs),
    heardAt9Db: worst(({ heard }) => heard[3]!),
  };
}

/** The lowest level over noise at which all pulses of digit 1, the tape's, are heard, and at all levels above it. */
function noiseFigures(context: BenchContext): number {
  const tape = new Cm7291(newDsp());
  const pulses = context.number('pulses');
  let lowest = 24;
  for (let snr = 12; snr >= 0 && tape.heardInNoise('1', snr, pulses) === pulses; snr -= 0.5) {
    context.progress(`digit 1, ${snr} dB over noise`);
    lowest = snr;
  }
  return lowest;
}

function talkOffFigures(context: BenchContext): Figures {
  const kinds: Readonly<Record<string, DtmfReceiverSettings>> = { usual: {}, shortTones: { shortTones: true }, dialTone: { dialTone: true }, both: { shortTones: true, dialTone: true } };
  const prompts = speechPrompts();
  const music = existsSync(musicFolder) ? readdirSync(musicFolder).filter((name) => name.endsWith('.wav')).map((name) => join(musicFolder, name)) : [];
  const rows = Object.entries(kinds).map(([name, settings]) => {
    context.progress(`talk-off, ${name}`);
    return { name, speech: talkOff(settings, prompts), music: talkOff(settings, music) };
  });
  context.table([['talk-off', 'minutes of speech', 'hits', 'minutes of music', 'hits'], ...rows.map(({ name, speech, music: played }) => [name, speech.minutes, speech.hits, played.minutes, played.hits])]);
  const usual = rows[0]!;
  return {
    talkOffHits: usual.speech.hits, talkOffMinutes: usual.speech.minutes, talkOffHitsAnySetting: Math.max(...rows.map(({ speech }) => speech.hits)),
    musicHits: usual.music.hits, musicMinutes: usual.music.minutes,
  };
}

function talkOff(settings: DtmfReceiverSettings, files: readonly string[]): { readonly minutes: number; readonly hits: number } {
  const tape = new Cm7291(newDsp(), settings);
  let samples = 0;
  let hits = 0;
  for (let at = 0; at < files.length; at += 4) {
    const recordings = files.slice(at, at + 4).map((path) => readWave(path).samples);
    tape.talkOff(recordings, () => (hits += 1));
    for (const { length } of recordings) samples += length;
  }
  return { minutes: Math.round(samples / 480_00) / 10, hits };
}

function costFigures(context: BenchContext): Figures {
  const folder = mkdtempSync(join(tmpdir(), 'tipring-dtmf-'));
  context.atEnd(() => rmSync(folder, { recursive: true, force: true }));
  const peer = isInstalled('spandsp') ? compiledC(join(import.meta.dirname, 'native/dtmf-peer.c'), ['spandsp']) : undefined;
  const signals = costSignals().map(([name, signal]) => {
    const path = join(folder, `${name}.raw`);
    writeFileSync(path, signal);
    return { name, ours: ourTask(signal), path, nanoseconds: [] as number[], plain: [] as number[], filtered: [] as number[] };
  });
  for (let turn = -1; turn < context.number('turns'); turn++) {
    context.progress(turn < 0 ? 'warming up' : `cost, turn ${turn + 1}`);
    for (const signal of signals) {
      const mine = signal.ours();
      const told = peer === undefined ? '' : execFileSync(peer, [signal.path, String(passes)], { encoding: 'utf8' });
      if (turn < 0) continue;
      signal.nanoseconds.push(mine);
      if (told !== '') for (const name of ['plain', 'filtered'] as const) signal[name].push(Number(new RegExp(`^${name} (.*)$`, 'm').exec(told)![1]));
    }
  }
  const rows = signals.map(({ name, nanoseconds, plain, filtered }) => ({ name, ours: median(nanoseconds), plain: median(plain), filtered: median(filtered) }));
  context.table([['ns per sample', 'ours in WASM', 'libspandsp', 'with dial tone filter'], ...rows.map(({ name, ours, plain, filtered }) => [name, round(ours), round(plain), round(filtered)])]);
  const worst = rows.reduce((most, row) => (row.ours > most.ours ? row : most));
  return {
    nsPerSample: round(worst.ours), worstSignal: worst.name, channelsPerCore: Math.floor(125_000 / worst.ours),
    ...(peer === undefined ? { ratioToSpandsp: null, ratioToSpandspDialTone: null } : { ratioToSpandsp: round(worst.ours / worst.plain), ratioToSpandspDialTone: round(worst.ours / worst.filtered) }),
  };
}

/** A second each: digits as fast as they may come, one digit held, noise. */
function costSignals(): [string, Int16Array][] {
  const rounded = (signal: Float64Array): Int16Array => Int16Array.from(signal.subarray(0, 8_000), Math.round);
  return [
    ['digits', rounded(joined(...[...dtmfDigits].map((digit) => joined(dtmfSignal({ digit, ms: 40 }), silenceMs(40)))))],
    ['held', rounded(dtmfSignal({ digit: '5', ms: 1_000 }))],
    ['noise', rounded(gaussianNoise(-15, 8_000, seededRandom(4)))],
  ];
}

/** Nanoseconds of CPU per sample and channel: 64 channels, ticks of 20 ms, events taken as the gateway does. */
function ourTask(signal: Int16Array): () => number {
  const dsp = newDsp();
  const receivers = new DtmfReceivers(dsp, 4 * groups);
  const ticks = Array.from({ length: signal.length / 160 }, (_, tick) => {
    const audio = dsp.rows(4 * groups, 160);
    for (let row = 0; row < 4 * groups; row++) audio.row(row).set(signal.subarray(tick * 160, tick * 160 + 160));
    return audio;
  });
  return () => {
    const began = process.cpuUsage();
    for (let pass = 0; pass < passes; pass++) {
      for (const audio of ticks) {
        for (let group = 0; group < groups; group++) {
          if (receivers.process(group, audio) === 0) continue;
          for (let channel = 4 * group; channel < 4 * group + 4; channel++) while (receivers.take(channel) !== undefined);
        }
      }
    }
    const { user, system } = process.cpuUsage(began);
    return ((user + system) * 1_000) / (passes * signal.length * 4 * groups);
  };
}

function newDsp(): Dsp {
  return new Dsp(readDspModule(), { memoryBytes: 16 * 2 ** 20 });
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

const groups = 16;
const passes = 40;
const musicFolder = '/usr/share/asterisk/moh';

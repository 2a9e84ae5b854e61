import { annexDPath, annexDPaths, cables, echoReturnLossDb, EchoTestBed, erleDb, type Law, mean, type Recording, seconds, speech, t20Ms, terminations, twoWirePath, worseningDb } from '@tipring/dsp/test-support';
import type { BenchContext, Figures } from './bench.ts';
import { EchoCost } from './load/echo-cost.ts';
import { echoPeer, type EchoPeer, type EchoPeerName } from './load/echo-peer.ts';
import { annexD, convergence, doubleTalk, farEndAlone, frozenAfterNoiseDbm0, nearVoiceAttenuationDb, noise, pathChange, type Scene, speechOnBothSides, tones } from './load/echo-scenes.ts';
import { median } from './load/median.ts';

export const title = 'The line echo canceller: cost, convergence, depth';
export const explains =
  'Composite source signal (ITU-T G.168 Annex C) through A-law and the echo paths D.2 to D.9 at 10 dB of echo return loss, tail 64 ms, without suppressor. T20: until 20 dB of the echo are gone. ' +
  'Cost in nanoseconds of CPU for a sample of one channel, with the suppressor: ours in WebAssembly, four channels at a time; beside it, in turns and with the same signals, the echo cancellers of libspandsp and libspeexdsp as the distribution builds them (libspandsp-dev, libspeexdsp-dev), without suppressors (spandsp counts in 16 bits and diverges with loud echo and a long tail: --level=-16 shows what it can). ' +
  'Targets: at most 30 ns settled and 100 ns converging, 0.33 of speexdsp, 0.15 of spandsp; mean T20 at most 190 ms, worst 280 ms, 450 ms after a change of the path; ERLE at least 33 dB after 1 s and 36.5 dB settled; residual at most -53 dBm0 after noise (frozen) and after tones, -50 dBm0 after double talk in speech.';
export const options = {
  level: { default: -10, explains: 'dBm0 of the far end; the figures are meant for -10' },
  rounds: { default: 15, explains: 'of timing; the figure is the median' },
  matrix: { default: 'yes', explains: 'no: without the table of all lines' },
};

interface Contestant {
  readonly name: 'ours' | EchoPeerName;
  /** What it leaves of the same lines; ours as it was recorded. */
  readonly of: (recordings: readonly Recording[]) => readonly Recording[];
}

export async function run(context: BenchContext): Promise<Figures> {
  const peers = { spandsp: echoPeer('spandsp', context.atEnd), speexdsp: echoPeer('speexdsp', context.atEnd) };
  const alone = farEndAlone(context.number('level'));
  const costs = measureCosts(context, alone, peers);
  const figures = { ...costs, ...compareQuality(context, alone, peers) };
  return { ...figures, ...(context.text('matrix') === 'yes' ? measureMatrix(context) : {}) };
}

function measureCosts(context: BenchContext, alone: readonly Recording[], peers: Record<EchoPeerName, EchoPeer | undefined>): Figures {
  const lines = [0, 3, 5, 7].map((line) => alone[line]!);
  const tails = [32, 64, 128] as const;
  const ours = tails.map((tailMs) => ({ tailMs, all: new EchoCost(lines, tailMs, 'suppress'), filter: new EchoCost(lines, tailMs, 'cancel only') }));
  const samples: Record<string, number[]> = {};
  const note = (what: string, value: number): void => void (samples[what] ??= []).push(value);
  for (let round = 0; round < context.number('rounds'); round++) {
    context.progress(`cost: round ${round + 1} of ${context.number('rounds')}`);
    const { far, near } = lines[round % lines.length]!;
    for (const { tailMs, all, filter } of ours) {
      note(`ours ${tailMs} settled`, all.settledNs());
      note(`ours ${tailMs} converging`, all.convergingNs(convergingSamples));
      note(`ours ${tailMs} filter`, filter.settledNs());
      for (const [name, peer] of Object.entries(peers)) {
        if (peer === undefined) continue;
        const { settled, converging } = peer.time(far, near, tailMs, convergingSamples);
        note(`${name} ${tailMs} settled`, settled);
        note(`${name} ${tailMs} converging`, converging);
      }
    }
  }
  const ns = (what: string): number => Number(median(samples[what] ?? []).toFixed(1));
  const row = (name: string, tailMs: number): (string | number)[] => [name, tailMs, ns(`${name} ${tailMs} settled`), ns(`${name} ${tailMs} converging`), Math.floor(125_000 / ns(`${name} ${tailMs} settled`))];
  context.table([
    ['canceller', 'tail ms', 'ns/sample settled', 'ns/sample converging', 'channels a core'],
    ...tails.map((tailMs) => row('ours', tailMs)),
    ...Object.entries(peers).flatMap(([name, peer]) => (peer === undefined ? [[`${name}: not installed`]] : tails.map((tailMs) => row(name, tailMs)))),
  ]);
  const ratio = (name: EchoPeerName): number | null => (peers[name] === undefined ? null : Number((median(samples['ours 64 settled']!) / median(samples[`${name} 64 settled`]!)).toFixed(3)));
  return {
    nsPerSampleSettled: ns('ours 64 settled'),
    nsPerSampleConverging: ns('ours 64 converging'),
    nsPerSampleWithoutSuppressor: ns('ours 64 filter'),
    channelsPerCore: Math.floor(125_000 / ns('ours 64 settled')),
    nsPerSampleSettled32Ms: ns('ours 32 settled'),
    nsPerSampleSettled128Ms: ns('ours 128 settled'),
    ratioToSpeexdsp: ratio('speexdsp'),
    ratioToSpandsp: ratio('spandsp'),
  };
}

function compareQuality(context: BenchContext, alone: readonly Recording[], peers: Record<EchoPeerName, EchoPeer | undefined>): Figures {
  const contestants: Contestant[] = [{ name: 'ours', of: (recordings) => recordings }];
  for (const name of ['spandsp', 'speexdsp'] as const) {
    const peer = peers[name];
    if (peer !== undefined) contestants.push({ name, of: (recordings) => recordings.map((recording) => ({ ...recording, out: peer.residual(recording.far, recording.near, 64) })) });
  }
  const level = context.number('level');
  const scenes: Record<string, Scene | undefined> = { 'T20 after a change': pathChange(level), 'after double talk': doubleTalk(level), 'after noise': noise(level), 'after tones': tones(level), 'after two voices': speechOnBothSides() };
  const rows: (string | number)[][] = [['canceller', 'T20 ms mean', 'worst', 'in band', 'ERLE 1 s', 'settled', ...Object.keys(scenes).flatMap((name) => [name, 'worst'])]];
  const figures: Figures = {};
  for (const { name, of } of contestants) {
    context.progress(`quality: ${name}`);
    const single = of(alone);
    const t20 = single.map(convergence.t20Ms);
    const [inBand, oneSecond, settled] = [convergence.t20InBandMs, convergence.erleOneSecondDb, convergence.erleSettledDb].map((measure) => mean(single.map(measure))) as [number, number, number];
    const measured = Object.values(scenes).map((scene) => (scene === undefined ? [] : of(scene.recordings).map(scene.measure)));
    rows.push([name, ...[mean(t20), Math.max(...t20), inBand, oneSecond, settled].map(rounded), ...measured.flatMap((values): (string | number)[] => (values.length === 0 ? ['', ''] : [rounded(mean(values)), rounded(Math.max(...values))]))]);
    if (name !== 'ours') continue;
    const [change, talk, inNoise, afterTones, voices] = measured as [number[], number[], number[], number[], number[]];
    Object.assign(figures, { meanT20Ms: rounded(mean(t20)), worstT20Ms: Math.max(...t20), meanT20InBandMs: rounded(inBand), erleOneSecondDb: rounded(oneSecond), erleSettledDb: rounded(settled) });
    Object.assign(figures, { reconvergenceMeanT20Ms: rounded(mean(change)), reconvergenceWorstT20Ms: Math.max(...change), doubleTalkResidualDbm0: rounded(mean(talk)), noiseResidualDbm0: rounded(mean(inNoise)), noiseFrozenResidualDbm0: rounded(mean(frozenAfterNoiseDbm0(level))), tonesResidualDbm0: rounded(mean(afterTones)) });
    Object.assign(figures, { speechDoubleTalkResidualDbm0: voices.length === 0 ? null : rounded(Math.max(...voices)) });
  }
  context.table(rows);
  const attenuation = nearVoiceAttenuationDb();
  return { ...figures, nearVoiceAttenuationDb: attenuation === undefined ? null : rounded(Math.max(...attenuation)) };
}

/** Every path, return loss, law and delay within the tail; two-wire lines; speech. The figures are of the tail of 64 ms. */
function measureMatrix(context: BenchContext): Figures {
  const rows: (string | number)[][] = [['line', 'paths', 'T20 ms mean', 'worst', 'ERLE 1 s mean', 'settled mean', 'least', 'worst 200 ms beside no canceller, dB']];
  const level = context.number('level');
  let [worstT20, leastErle, worsening] = [0, Infinity, -Infinity];
  const add = (line: string, recordings: readonly Recording[]): void => {
    const measured = linesMeasured(recordings);
    rows.push(measuredRow(line, measured));
    worstT20 = Math.max(worstT20, ...measured.t20);
    leastErle = Math.min(leastErle, ...measured.settled);
    worsening = Math.max(worsening, measured.worsening);
  };
  for (const tailMs of [64, 128] as const) {
    for (const law of ['A', 'µ'] as const satisfies readonly Law[]) {
      for (const erlDb of [6, 10, 20]) {
        for (const delayMs of tailMs === 64 ? [0, 25, 50] : [0, 100]) {
          const line = `tail ${tailMs} ms, ${law}-law, ERL ${erlDb} dB, ${delayMs} ms`;
          context.progress(line);
          const paths = annexDPaths.map((name) => annexDPath(name, { erlDb, delayMs })).filter(({ length }) => length <= tailMs * 8);
          if (tailMs === 64) add(line, farEndAlone(level, { paths, law, tailMs }));
          else rows.push(measuredRow(line, linesMeasured(farEndAlone(level, { paths, law, tailMs }))));
        }
      }
    }
  }
  for (const [name, line] of Object.entries(twoWireLines)) {
    const erlDb = echoReturnLossDb(line);
    const title = `two-wire: ${name}, ERL ${erlDb.toFixed(1)} dB`;
    // Of a well matched line so little comes back that G.711 says how much of it can be cancelled.
    if (erlDb < 20) add(title, farEndAlone(level, { paths: [twoWirePath(line)] }));
    else rows.push(measuredRow(title, linesMeasured(farEndAlone(level, { paths: [twoWirePath(line)] }))));
  }
  context.table(rows);
  const figures: Figures = { matrixWorstT20Ms: worstT20, matrixLeastErleDb: rounded(leastErle), matrixWorseningDb: rounded(worsening) };
  return { ...figures, speechErleDb: speechErleDb() };
}

interface LinesMeasured {
  readonly t20: readonly number[];
  readonly oneSecond: readonly number[];
  readonly settled: readonly number[];
  readonly worsening: number;
}

function linesMeasured(recordings: readonly Recording[]): LinesMeasured {
  return {
    t20: recordings.map(t20Ms),
    oneSecond: recordings.map(convergence.erleOneSecondDb),
    settled: recordings.map(convergence.erleSettledDb),
    worsening: Math.max(...recordings.map(worseningDb)),
  };
}

function measuredRow(line: string, { t20, oneSecond, settled, worsening }: LinesMeasured): (string | number)[] {
  return [line, t20.length, rounded(mean(t20)), Math.max(...t20), ...[mean(oneSecond), mean(settled), Math.min(...settled), worsening].map(rounded)];
}

/** Least of the eight paths, from the fifth second of a voice. */
function speechErleDb(): number | null {
  const far = speech(-15, seconds(20), 60);
  if (far === undefined) return null;
  return rounded(Math.min(...new EchoTestBed({ paths: annexD }).run(far).map((recording) => erleDb(recording, seconds(5)))));
}

function rounded(value: number): number {
  return Number(value.toFixed(1));
}

/** Whole ticks of the 250 ms in which all channels are still learning. */
const convergingSamples = 1_920;

const twoWireLines = {
  'TBR 21 exchange at 0.2 km, 600 Ω card': { card: terminations.ohms600, cable: cables.awg26, km: 0.2, exchange: terminations.tbr21 },
  '900 Ω exchange at 4 km, 600 Ω card': { card: terminations.ohms600, cable: cables.awg26, km: 4, exchange: terminations.ohms900 },
  'UK exchange at 1 km, 600 Ω card': { card: terminations.ohms600, cable: cables.awg24, km: 1, exchange: terminations.uk },
  'TBR 21 exchange at 2 km, TBR 21 card': { card: terminations.tbr21, cable: cables.awg26, km: 2, exchange: terminations.tbr21 },
  'TBR 21 exchange at 0.2 km, TBR 21 card': { card: terminations.tbr21, cable: cables.awg26, km: 0.2, exchange: terminations.tbr21 },
} as const;

import { Dsp, ToneGenerators, type Tone } from '@tipring/dsp';
import { readDspModule } from '@tipring/dsp/node';
import { isUnknownRegion, regionOf } from '@tipring/line';
import type { BenchContext, Figures } from './bench.ts';

export const title = 'Tones: the cost of playing them';
export const explains =
  'One channel plays tones of real plans in ticks of 20 ms: nanoseconds a sample, beside a channel that plays nothing. Channels a core are those that could play all the time; ' +
  'in a telephone system few do.';
export const options = { seconds: { default: 200, explains: 'of audio for each row' } };

export async function run(context: BenchContext): Promise<Figures> {
  const seconds = context.number('seconds');
  const plan = regionOf('US');
  if (isUnknownRegion(plan)) throw new Error('the plan of the bench is unknown');
  const { dial, busy, offHook } = plan.tones;
  const silent: Tone = { segments: [{ frequenciesHz: [], durationMs: null }] };
  const modulated: Tone = { segments: [{ frequenciesHz: [425], modulation: { frequencyHz: 25, depth: 0.9 }, durationMs: null }] };
  const rows = [
    ['nothing', silent, 8_000],
    ['dial tone, two frequencies', dial.tone, 8_000],
    ['busy tone, with its edges', busy.tone, 8_000],
    ['a modulated carrier', modulated, 8_000],
    ['howler, four frequencies', offHook!.tone, 8_000],
    ['dial tone at 48 kHz', dial.tone, 48_000],
  ] as const;
  const nsPerSample = rows.map(([name, tone, rate]) => {
    context.progress(name);
    return measure(tone, rate, seconds);
  });
  context.table([['tone', 'ns a sample', 'channels a core'], ...rows.map(([name, , rate], index) => [name, nsPerSample[index]!.toFixed(2), Math.floor(1e9 / rate / nsPerSample[index]!)])]);
  return { nsPerSampleSilent: nsPerSample[0]!, nsPerSampleDial: nsPerSample[1]!, nsPerSampleBusy: nsPerSample[2]!, nsPerSampleModulated: nsPerSample[3]!, nsPerSampleHowler: nsPerSample[4]! };
}

function measure(tone: Tone, rate: number, seconds: number): number {
  const dsp = new Dsp(readDspModule(), { memoryBytes: 2 ** 20 });
  const generators = new ToneGenerators(dsp, 1, { rate });
  const audio = dsp.rows(1, rate / 50);
  generators.play(0, tone, -10);
  for (let tick = 0; tick < 500; tick++) generators.write(0, audio, 0);
  // The best of ten rounds: others use the processor too.
  let best = Infinity;
  for (let round = 0; round < 10; round++) {
    const began = performance.now();
    for (let tick = 0; tick < seconds * 5; tick++) generators.write(0, audio, 0);
    best = Math.min(best, performance.now() - began);
  }
  return (best * 1e7) / (seconds * rate);
}

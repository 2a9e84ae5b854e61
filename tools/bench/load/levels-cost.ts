import { AutomaticGains, DriftResamplers, Dsp, Gains, HumFilters, LevelMeters, Mixer, NoiseReductions, Resamplers, type AudioRows, type SampleRate } from '@tipring/dsp';
import { readDspModule } from '@tipring/dsp/node';
import { addSamples, sine } from '@tipring/dsp/test-support';

/** Nanoseconds of CPU a sample of one channel, by what was done; `samples` of 8 kHz are heard by all channels. */
export function levelsCost(samples: Int16Array): () => Record<string, number> {
  const dsp = new Dsp(readDspModule(), { memoryBytes: 64 * 2 ** 20 });
  const blocks = Math.floor(samples.length / 160);
  const four = dsp.rows(4, 160);
  const hummed = Int16Array.from(addSamples(samples, ...[50, 100, 150, 200, 250, 300, 350, 400].map((hz) => sine(hz, -45, samples.length))), (value) => Math.max(-32_768, Math.min(32_767, value)));
  const fill = (from: Int16Array, block: number): void => {
    for (let row = 0; row < 4; row++) four.row(row).set(from.subarray(block * 160, block * 160 + 160));
  };
  // What it costs to bring the samples there is taken off.
  const overFour = (from: Int16Array, work: () => void): number => {
    const filling = cpuNs(() => { for (let block = 0; block < blocks; block++) fill(from, block); });
    const all = cpuNs(() => { for (let block = 0; block < blocks; block++) { fill(from, block); work(); } });
    return (all - filling) / (blocks * 640);
  };

  const [gains, meters, agc, quiet, hum, noise] = [new Gains(dsp, 4), new LevelMeters(dsp, 4), new AutomaticGains(dsp, 4), new HumFilters(dsp, 4), new HumFilters(dsp, 4), new NoiseReductions(dsp, 4)];
  for (let channel = 0; channel < 4; channel++) {
    gains.set(channel, -3);
    agc.enable(channel);
    noise.enable(channel);
  }
  const converters = ([[8_000, 16_000], [16_000, 8_000], [8_000, 48_000], [48_000, 8_000], [16_000, 48_000], [48_000, 16_000]] as const).map(([from, to]) => converter(dsp, from, to));
  const drift = new DriftResamplers(dsp, 1);
  const into = dsp.rows(1, 164);
  const conferences = ([[3, 'quiet'], [8, 'quiet'], [30, 'quiet'], [30, 'limited']] as const).map(([members, level]) => conference(dsp, members, level, samples));
  return () => ({
    gain: overFour(samples, () => gains.process(0, four)),
    meter: overFour(samples, () => meters.push(0, four)),
    agc: overFour(samples, () => agc.process(0, four)),
    humMeasured: overFour(samples, () => quiet.process(0, four)),
    humRemoved: overFour(hummed, () => hum.process(0, four)),
    noiseReduction: overFour(samples, () => noise.process(0, four)),
    ...Object.fromEntries(converters.map(({ name, work, perCall }) => [name, cpuNs(() => { for (let block = 0; block < blocks; block++) work(); }) / (blocks * perCall)])),
    drift: cpuNs(() => {
      drift.set(0, 100);
      for (let block = 0; block < blocks; block++) drift.push(0, four.address, 160, into.address);
    }) / (blocks * 160),
    ...Object.fromEntries(conferences.map(({ name, work, members }) => [name, cpuNs(() => { for (let block = 0; block < blocks / 4; block++) work(); }) / ((blocks / 4) * 160 * members)])),
  });
}

/** Seconds in which steady hum was seen. */
export function falseHumSeconds(samples: Int16Array): number {
  const dsp = new Dsp(readDspModule(), { memoryBytes: 2 ** 20 });
  const hum = new HumFilters(dsp, 1);
  const audio = dsp.rows(4, 160);
  let found = 0;
  for (let block = 0; block * 160 + 160 <= samples.length; block++) {
    audio.row(0).set(samples.subarray(block * 160, block * 160 + 160));
    hum.process(0, audio);
    if (block % 50 === 49 && hum.read(0).fundamentalHz !== null) found++;
  }
  return found;
}

function converter(dsp: Dsp, from: SampleRate, to: SampleRate) {
  const resamplers = new Resamplers(dsp, { channels: 1, from, to });
  const [input, output] = [dsp.rows(1, from / 50), dsp.rows(1, to / 50)];
  input.row(0).set(sine(700, -15, input.samples, { rate: from }));
  return { name: `resample${from / 1_000}to${to / 1_000}`, perCall: Math.min(from, to) / 50, work: () => resamplers.process(0, input, 0, output, 0) };
}

function conference(dsp: Dsp, members: number, level: 'quiet' | 'limited', samples: Int16Array) {
  const mixer = new Mixer(dsp, { channels: members });
  const group = mixer.group(members);
  const [spoken, given]: [AudioRows, AudioRows] = [dsp.rows(members, 160), dsp.rows(members, 160)];
  for (let seat = 0; seat < members; seat++) {
    group.seat(seat, seat);
    spoken.row(seat).set(samples.subarray(seat * 800, seat * 800 + 160).map((value) => (level === 'limited' ? 12_000 : value / 64)));
  }
  return { name: `mixer${members}${level === 'limited' ? 'Limited' : ''}`, members, work: () => mixer.mix(group, spoken, given) };
}

function cpuNs(work: () => void): number {
  const began = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(began);
  return (user + system) * 1_000;
}

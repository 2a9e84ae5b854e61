/**
 * What is done with synthesised speech before it is a prompt: cut where one text ends and the next begins, freed of silence, brought to 16 kHz and to
 * one loudness, written as WAV. Samples are 16 bit, mono.
 */

export interface Sound {
  readonly sampleRateHz: number;
  readonly samples: Int16Array;
}

/** With a header of 44 bytes, as `wavOf` and the synthesiser write it. */
export function readWav(wav: Buffer): Sound {
  if (wav.toString('latin1', 0, 4) !== 'RIFF' || wav.readUInt16LE(20) !== 1 || wav.readUInt16LE(22) !== 1 || wav.readUInt16LE(34) !== 16 || wav.toString('latin1', 36, 40) !== 'data') {
    throw new Error('This is no WAV of 16 bit, mono.');
  }
  return { sampleRateHz: wav.readUInt32LE(24), samples: new Int16Array(new Uint8Array(wav.subarray(44)).buffer) };
}

export function wavOf({ samples, sampleRateHz }: Sound): Buffer {
  const wav = Buffer.alloc(44 + samples.byteLength);
  wav.write('RIFF', 0, 'latin1');
  wav.writeUInt32LE(36 + samples.byteLength, 4);
  wav.write('WAVEfmt ', 8, 'latin1');
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(sampleRateHz, 24);
  wav.writeUInt32LE(sampleRateHz * 2, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write('data', 36, 'latin1');
  wav.writeUInt32LE(samples.byteLength, 40);
  Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength).copy(wav, 44);
  return wav;
}

/**
 * Cuts where nothing at all is spoken for so long: digital silence, which a synthesiser makes between texts and no voice within one. What is left are
 * views.
 */
export function cutAtSilence({ samples, sampleRateHz }: Sound, silenceMs: number): readonly Sound[] {
  const silentSamples = (sampleRateHz * silenceMs) / 1000;
  const parts: Sound[] = [];
  let begin = -1;
  let end = 0;
  for (let index = 0; index < samples.length; index++) {
    if (samples[index] === 0) continue;
    if (begin >= 0 && index - end > silentSamples) {
      parts.push({ sampleRateHz, samples: samples.subarray(begin, end) });
      begin = index;
    }
    if (begin < 0) begin = index;
    end = index + 1;
  }
  if (begin >= 0) parts.push({ sampleRateHz, samples: samples.subarray(begin, end) });
  return parts;
}

/** One prompt of what was spoken: words follow each other closely, behind a sentence there is a breath. */
export function promptOf(spoken: Sound, ending: 'open' | 'closed'): Sound {
  const audible = resampled(trimmed(spoken), spoken.sampleRateHz);
  const [before, after] = [ms(10), ms(ending === 'closed' ? 180 : 50)];
  const prompt = new Int16Array(before + audible.length + after);
  const gain = gainFor(audible);
  const fade = ms(4);
  for (let index = 0; index < audible.length; index++) {
    const edge = Math.min(1, (index + 1) / fade, (audible.length - index) / fade);
    prompt[before + index] = Math.round(audible[index]! * gain * edge);
  }
  return { sampleRateHz: promptRateHz, samples: prompt };
}

/** Leaves out what is 45 dB below the loudest sample, at both ends. */
function trimmed({ samples, sampleRateHz }: Sound): Int16Array {
  const floor = peakOf(samples) * 0.0056;
  const frame = Math.round(sampleRateHz / 200);
  let [begin, end] = [0, samples.length];
  while (begin + frame < end && peakOf(samples.subarray(begin, begin + frame)) < floor) begin += frame;
  while (end - frame > begin && peakOf(samples.subarray(end - frame, end)) < floor) end -= frame;
  return samples.subarray(begin, end);
}

/** By a windowed sinc, for each of the phases that occur. */
function resampled(samples: Int16Array, fromHz: number): Float32Array {
  const divisor = greatestCommonDivisor(fromHz, promptRateHz);
  const [phases, step] = [promptRateHz / divisor, fromHz / divisor];
  const filter = filterFor(phases, step);
  // Silence on both sides, so that the filter never looks over an edge.
  const padded = new Float32Array(samples.length + 4 * halfTaps);
  padded.set(samples, 2 * halfTaps);
  const made = new Float32Array(Math.floor((samples.length * phases) / step));
  for (let index = 0; index < made.length; index++) {
    const at = index * step;
    const taps = (at % phases) * 2 * halfTaps;
    const first = Math.floor(at / phases) + halfTaps + 1;
    let sum = 0;
    for (let tap = 0; tap < 2 * halfTaps; tap++) sum += padded[first + tap]! * filter[taps + tap]!;
    made[index] = sum;
  }
  return made;
}

/** For each phase 2 × halfTaps, of gain 1. */
function filterFor(phases: number, step: number): Float32Array {
  const known = filters.get(`${phases}/${step}`);
  if (known !== undefined) return known;
  // Of the lower of both rates' half; the rest is for the filter's slope.
  const cutoff = 0.92 * Math.min(1, phases / step);
  const made = new Float32Array(phases * 2 * halfTaps);
  for (let phase = 0; phase < phases; phase++) {
    const taps = made.subarray(phase * 2 * halfTaps, (phase + 1) * 2 * halfTaps);
    for (let tap = 0; tap < taps.length; tap++) {
      const distance = tap - halfTaps + 1 - phase / phases;
      const hann = 0.5 + 0.5 * Math.cos((Math.PI * distance) / (halfTaps + 1));
      taps[tap] = hann * (distance === 0 ? 1 : Math.sin(Math.PI * cutoff * distance) / (Math.PI * cutoff * distance));
    }
    const sum = taps.reduce((total, value) => total + value, 0);
    for (let tap = 0; tap < taps.length; tap++) taps[tap]! /= sum;
  }
  filters.set(`${phases}/${step}`, made);
  return made;
}

/** To -16 dBm0 while it is spoken (of the frames within 30 dB of the loudest), and no peak above -2 dBFS. */
function gainFor(samples: Float32Array): number {
  const frame = ms(10);
  const powers: number[] = [];
  for (let begin = 0; begin + frame <= samples.length; begin += frame) {
    let sum = 0;
    for (let index = begin; index < begin + frame; index++) sum += samples[index]! ** 2;
    powers.push(sum / frame);
  }
  const loudest = Math.max(...powers);
  const active = powers.filter((power) => power > loudest / 1000);
  const rms = Math.sqrt(active.reduce((sum, power) => sum + power, 0) / active.length);
  return Math.min(targetRms / rms, highestPeak / peakOf(samples));
}

function peakOf(samples: Int16Array | Float32Array): number {
  let peak = 0;
  for (let index = 0; index < samples.length; index++) {
    const height = Math.abs(samples[index]!);
    if (height > peak) peak = height;
  }
  return peak;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

function ms(duration: number): number {
  return Math.round((promptRateHz * duration) / 1000);
}

/** Wide-band for those who have it; the gateway brings it down for the others. */
export const promptRateHz = 16_000;
const filters = new Map<string, Float32Array>();
const halfTaps = 16;
/** G.711: 0 dBm0 is 3.14 dB below the peak of a sine, whose mean is 3.01 dB below that. */
const targetRms = 32_768 * 10 ** (-(16 + 6.15) / 20);
const highestPeak = 32_768 * 10 ** (-2 / 20);

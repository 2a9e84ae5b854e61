import { gaussianNoise, rms, rms0Dbm0, seededRandom, type Random } from '../signals.ts';
import g168 from './g168.json' with { type: 'json' };

/**
 * The composite source signals of ITU-T G.168 Annex C: a stretch of voiced sound, one of noise and a pause, then the same inverted.
 * The Recommendation builds them at 44.1 kHz and filters; here the same lines of their spectra are summed at 8 kHz, which is exact.
 *
 * @param levelDbm0 of the sounding parts
 */
export function compositeSource(levelDbm0: number, samples: number): Float64Array {
  return repeated(period ??= build(singleTalk, () => 1), levelDbm0, samples);
}

/** C.4: what the near party says in the double-talk tests; another pitch, another rhythm, Gaussian noise. */
export function doubleTalkSource(levelDbm0: number, samples: number): Float64Array {
  const random = seededRandom(20);
  return repeated(doubleTalkPeriod ??= build(doubleTalk, () => gaussianNoise(0, 1, random)[0]! / rms0Dbm0), levelDbm0, samples);
}

/** Noise with the spectrum of a room (Hoth, ITU-T P.800 B): the near end's background in tests 2C and 9. */
export function hothNoise(levelDbm0: number, samples: number, seed = 1): Float64Array {
  const random = seededRandom(seed);
  // A second of it, repeated: its lines lie 1 Hz apart.
  const second = lines(8_000, 1, hothSpectrum, () => gaussianNoise(0, 1, random)[0]! / rms0Dbm0, random);
  const factor = amplitude(levelDbm0) / rms(second);
  return Float64Array.from({ length: samples }, (_, n) => second[n % second.length]! * factor);
}

interface Recipe {
  /** One pitch period at 44.1 kHz. */
  readonly pitch: readonly number[];
  readonly voicedSamples: number;
  readonly noiseSamples: number;
  readonly pauseSamples: number;
}

interface Period {
  readonly samples: Float64Array;
  /** Root mean square of what is not pause. */
  readonly rms: number;
}

function build({ pitch, voicedSamples, noiseSamples, pauseSamples }: Recipe, magnitude: Random): Period {
  const random = seededRandom(168);
  const voiced = pitchSound(pitch, voicedSamples);
  const noise = lines(noiseSamples, noiseSpacingHz, noiseSpectrum, magnitude, random);
  const half = voicedSamples + noiseSamples + pauseSamples;
  const samples = new Float64Array(2 * half);
  const gain = rms(voiced) / rms(noise);
  for (let n = 0; n < voicedSamples; n++) samples[n] = voiced[n]!;
  for (let n = 0; n < noiseSamples; n++) samples[voicedSamples + n] = noise[n]! * gain;
  for (let n = 0; n < half; n++) samples[half + n] = -samples[n]!;
  return { samples, rms: rms(voiced) };
}

function repeated({ samples, rms: level }: Period, levelDbm0: number, length: number): Float64Array {
  const factor = amplitude(levelDbm0) / level;
  return Float64Array.from({ length }, (_, n) => samples[n % samples.length]! * factor);
}

/** The harmonics of a periodic sound that lie in the telephone band, at 8 kHz. */
function pitchSound(pitch: readonly number[], samples: number): Float64Array {
  const sound = new Float64Array(samples);
  const fundamentalHz = 44_100 / pitch.length;
  for (let harmonic = 1; harmonic * fundamentalHz < 3_600; harmonic++) {
    let cosine = 0;
    let sine = 0;
    for (const [n, value] of pitch.entries()) {
      cosine += (2 / pitch.length) * value * Math.cos((2 * Math.PI * harmonic * n) / pitch.length);
      sine += (2 / pitch.length) * value * Math.sin((2 * Math.PI * harmonic * n) / pitch.length);
    }
    const step = (2 * Math.PI * harmonic * fundamentalHz) / 8_000;
    for (let n = 0; n < samples; n++) sound[n]! += cosine * Math.cos(step * n) + sine * Math.sin(step * n);
  }
  return sound;
}

/** A sum of lines of the given spectrum (dB over Hz), each of a random sign and of a magnitude that the caller draws. */
function lines(samples: number, spacingHz: number, spectrum: readonly (readonly [number, number])[], magnitude: Random, random: Random): Float64Array {
  const sum = new Float64Array(samples);
  for (let line = 1; line * spacingHz < spectrum.at(-1)![0]; line++) {
    const frequencyHz = line * spacingHz;
    if (frequencyHz < spectrum[0]![0]) continue;
    const peak = 10 ** (decibelsAt(spectrum, frequencyHz) / 20) * magnitude();
    const step = (2 * Math.PI * frequencyHz) / 8_000;
    // By rotation: a sine for each sample of each line would take a second.
    const [turnCosine, turnSine] = [Math.cos(step), Math.sin(step)];
    const phase = 2 * Math.PI * random();
    let [real, imaginary] = [peak * Math.cos(phase), peak * Math.sin(phase)];
    for (let n = 0; n < samples; n++) {
      sum[n]! += imaginary;
      const next = real * turnCosine - imaginary * turnSine;
      imaginary = real * turnSine + imaginary * turnCosine;
      real = next;
    }
  }
  return sum;
}

function decibelsAt(spectrum: readonly (readonly [number, number])[], frequencyHz: number): number {
  const above = spectrum.findIndex(([hz]) => hz > frequencyHz);
  const [[fromHz, fromDb], [toHz, toDb]] = [spectrum[above - 1]!, spectrum[above]!];
  return fromDb + ((frequencyHz - fromHz) * (toDb - fromDb)) / (toHz - fromHz);
}

function amplitude(levelDbm0: number): number {
  return rms0Dbm0 * 10 ** (levelDbm0 / 20);
}

/** C.2: 48.62 ms, 200 ms and 101.38 ms, together 350 ms; table C.1 sixteen times. */
const singleTalk: Recipe = { pitch: g168.cssTableC1, voicedSamples: 389, noiseSamples: 1_600, pauseSamples: 811 };
/** C.4: 72.69 ms, 200 ms and 127.31 ms, together 400 ms; table C.3 fourteen times. */
const doubleTalk: Recipe = { pitch: g168.cssTableC3, voicedSamples: 582, noiseSamples: 1_600, pauseSamples: 1_018 };

/** C.2: the pseudo-noise is an inverse transform of 8192 points at 44.1 kHz, begun anew where it ends before the 200 ms. */
const noiseSpacingHz = 44_100 / 8_192;
/** Figure C.2, dB at Hz: speech-like, limited to the telephone band. */
const noiseSpectrum = [[50, -25.8], [100, -12.8], [200, 17.4], [215, 17.8], [500, 12.2], [1_000, 7.2], [2_850, 0], [3_600, -2], [3_660, -20], [3_680, -30]] as const;
/** ITU-T P.800 table B.2, dB of spectral density in thirds of an octave, within the telephone band. */
const hothSpectrum = [[200, 27.6], [250, 26], [315, 24.4], [400, 22.7], [500, 21.1], [630, 19.5], [800, 17.8], [1_000, 16.2], [1_250, 14.6], [1_600, 12.9], [2_000, 11.3], [2_500, 9.6], [3_150, 7.8], [3_600, 6.6]] as const;

let period: Period | undefined;
let doubleTalkPeriod: Period | undefined;

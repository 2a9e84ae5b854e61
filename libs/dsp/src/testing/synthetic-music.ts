import { type Random, rms0Dbm0, seededRandom } from './signals.ts';

/**
 * Music that is hard on a detector of tones: played by machines, in time to the millisecond, with repeated notes, staccato as long as
 * its pauses, at tempi whose beats are those of busy tones, and among the notes those next to 425, 440 and 480 Hz. Seven kinds in
 * turn, 20 s each, at −16 dBm0 or so. Float units of 16-bit samples.
 */
export function syntheticMusic(seconds: number, seed: number): Int16Array {
  const random = seededRandom(seed);
  const samples = new Float64Array(seconds * rate);
  for (let from = 0, kind = 0; from < samples.length; from += 20 * rate, kind++) {
    const piece = samples.subarray(from, Math.min(samples.length, from + 20 * rate));
    pieces[kind % pieces.length]!(piece, random);
  }
  return Int16Array.from(samples, (value) => Math.max(-32_768, Math.min(32_767, Math.round(value))));
}

interface Instrument {
  /** Amplitudes of the partials. */
  readonly partials: readonly number[];
  /** Seconds to a third of the level; Infinity for what is blown or bowed. */
  readonly decay: number;
  readonly attack: number;
  /** Part of the frequency, at 5.5 Hz. */
  readonly vibrato: number;
}

const organ: Instrument = { partials: [1, 0.7, 0.5, 0.35, 0.2, 0.2], decay: Infinity, attack: 0.005, vibrato: 0 };
const flute: Instrument = { partials: [1, 0.2, 0.08], decay: Infinity, attack: 0.04, vibrato: 0.006 };
const piano: Instrument = { partials: [1, 0.6, 0.35, 0.25, 0.15, 0.1], decay: 0.7, attack: 0.004, vibrato: 0 };
const bell: Instrument = { partials: [1, 0, 0.4, 0, 0.15], decay: 0.5, attack: 0.002, vibrato: 0 };
const square: Instrument = { partials: [1, 0, 0.33, 0, 0.2, 0, 0.14], decay: Infinity, attack: 0.002, vibrato: 0 };
const strings: Instrument = { partials: [1, 0.5, 0.33, 0.25, 0.2, 0.17], decay: Infinity, attack: 0.08, vibrato: 0.004 };

const pieces: readonly ((piece: Float64Array, random: Random) => void)[] = [
  (piece, random) => melody(piece, random, organ, { staccato: 0.5, repeat: 0.6 }),
  (piece, random) => melody(piece, random, flute, { staccato: 0.5, repeat: 0.5 }),
  (piece, random) => chords(piece, random, organ, 4),
  (piece, random) => melody(piece, random, square, { staccato: 0.5, repeat: 0.7 }),
  (piece, random) => chords(piece, random, strings, 2),
  (piece, random) => melody(piece, random, piano, { staccato: 0.9, repeat: 0.4 }),
  (piece, random) => melody(piece, random, bell, { staccato: 0.7, repeat: 0.6 }),
];

/** Crotchets of 250 … 1000 ms, quavers among them, in A minor from A3 to A5. */
function melody(piece: Float64Array, random: Random, instrument: Instrument, { staccato, repeat }: { readonly staccato: number; readonly repeat: number }): void {
  const beat = [0.4, 0.5, 0.7, 0.75, 0.96, 1][Math.floor(random() * 6)]!;
  let step = 7;
  for (let at = 0; at < piece.length / rate; ) {
    const length = random() < 0.25 ? beat / 2 : beat;
    if (random() > repeat) step = Math.max(0, Math.min(14, step + Math.floor(random() * 5) - 2));
    note(piece, at, length * staccato, noteHz(step), instrument, loudness);
    at += length;
  }
}

/** Sustained for `beats` of half a second, then struck at each beat as often. */
function chords(piece: Float64Array, random: Random, instrument: Instrument, beats: number): void {
  for (let at = 0; at < piece.length / rate; at += beats) {
    const root = Math.floor(random() * 8);
    for (const step of [root, root + 2, root + 4]) {
      note(piece, at, (beats / 2) * 0.95, noteHz(step), instrument, loudness * 0.6);
      for (let n = 0; n < beats; n++) note(piece, at + beats / 2 + n / 2, 0.25, noteHz(step), instrument, loudness * 0.6);
    }
  }
}

function note(piece: Float64Array, from: number, seconds: number, hz: number, { partials, decay, attack, vibrato }: Instrument, peak: number): void {
  const first = Math.round(from * rate);
  const release = 0.015;
  const last = Math.min(piece.length, first + Math.round((seconds + release) * rate));
  let phase = 0;
  for (let n = first; n < last; n++) {
    const t = (n - first) / rate;
    phase += (2 * Math.PI * hz * (1 + vibrato * Math.sin(2 * Math.PI * 5.5 * t))) / rate;
    let value = 0;
    for (let k = 0; k < partials.length; k++) if (partials[k]! > 0 && hz * (k + 1) < 3_700) value += partials[k]! * Math.sin((k + 1) * phase);
    piece[n]! += value * peak * Math.min(1, t / attack) * Math.exp(-t / decay) * Math.max(0, Math.min(1, (seconds + release - t) / release));
  }
}

/** Of the natural minor scale, A3 upwards. */
function noteHz(step: number): number {
  return 220 * 2 ** (Math.floor(step / 7) + minor[step % 7]! / 12);
}

const minor = [0, 2, 3, 5, 7, 8, 10];
const rate = 8_000;
const loudness = rms0Dbm0 * 0.2;

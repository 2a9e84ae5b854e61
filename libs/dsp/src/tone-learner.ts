import type { SoundHistory } from './sound-history.ts';
import type { Sound } from './sound.ts';
import type { Tone, ToneSegment } from './tone.ts';

/** A steady cadence that was heard, described as the tables do: a detector can be given it. */
export interface LearnedTone {
  readonly tone: Tone;
  /** Root mean square while it sounds, of its loudest segment. */
  readonly levelDbm0: number;
  /** 0 … 1: how alike its repetitions were. */
  readonly confidence: number;
  readonly cycles: number;
  readonly atSample: number;
}

export interface ToneLearnerOptions {
  /** 3: repetitions before a cadence is learned. */
  readonly cycles?: number;
  /** 8000: for how long a tone must go on to be continuous. */
  readonly continuousMs?: number;
}

/**
 * Learns the tones of an exchange that no table describes, from the history of one channel. It knows nothing of tables: what the
 * detector recognises it learns as well. Speech and music do not repeat themselves to 20 ms, 2 dB and 3 Hz.
 */
export class ToneLearner {
  readonly #cycles: number;
  readonly #continuousSamples: number;
  #judgedReady = 0;
  /** What was told last begins and ends with these sounds. */
  #toldFrom = -1;
  #toldLength = 0;

  constructor({ cycles = 3, continuousMs = 8_000 }: ToneLearnerOptions = {}) {
    this.#cycles = cycles;
    this.#continuousSamples = continuousMs * 8;
  }

  /** When the history was reset. */
  reset(): void {
    this.#judgedReady = 0;
    this.#toldFrom = -1;
  }

  /** After the history listened. What is learned now, once; null nearly always. */
  learn(history: SoundHistory): LearnedTone | null {
    const { ready } = history;
    const head = history.sound(ready);
    if (history.lengthOf(head) >= this.#continuousSamples && this.#toldFrom !== ready && isSteadyTone(head) && head.drift < steadyDrift) {
      this.#toldFrom = ready;
      this.#toldLength = 0;
      return learned(history, [ready], 1, this.#confidence(history, 1, 1));
    }
    if (ready === this.#judgedReady) return null;
    this.#judgedReady = ready;
    const last = history.sound(ready - 1);
    if (ready < this.#cycles * 2 || !(isSteadyTone(last) || isSteadyTone(history.sound(ready - 2)))) return null;
    for (let length = 2; length <= mostSegments && length <= ready; length++) {
      const cycles = Math.max(this.#cycles, Math.ceil(shortestSamples / (last.to - history.sound(ready - length).from)));
      if (length * this.#cycles > Math.min(ready, historyKept) || !this.#repeats(history, length, this.#cycles)) continue;
      if (length * cycles > Math.min(ready, historyKept) || !this.#repeats(history, length, cycles)) return null;
      if (this.#isTold(history, length, cycles)) return null;
      this.#toldFrom = ready - 1;
      this.#toldLength = length;
      return learned(history, cycleOf(history, length), cycles, this.#confidence(history, length, cycles));
    }
    return null;
  }

  #repeats(history: SoundHistory, length: number, cycles: number): boolean {
    const { ready } = history;
    // A pause before the first tone was of any length.
    if (!isSteadyTone(history.sound(ready - length * cycles))) return false;
    for (let index = ready - length * cycles; index < ready; index++) {
      if (!isSteadyTone(history.sound(index)) && !isPauseAt(history, index)) return false;
      if (index >= ready - length * (cycles - 1) && !this.#alike(history, index, index - length)) return false;
    }
    return true;
  }

  /** The same tone goes on: what was told moves along with it. */
  #isTold(history: SoundHistory, length: number, cycles: number): boolean {
    const last = history.ready - 1;
    if (this.#toldFrom < 0 || this.#toldLength !== length || this.#toldFrom < last - length * cycles) return false;
    const since = last - this.#toldFrom;
    if (!this.#alike(history, last, this.#toldFrom + (since % length))) return false;
    this.#toldFrom += since - (since % length);
    return true;
  }

  #alike(history: SoundHistory, at: number, other: number): boolean {
    if (other < 0 || history.ready - other > historyKept) return false;
    const [a, b] = [history.sound(at), history.sound(other)];
    const [lengthA, lengthB] = [history.lengthOf(a), history.lengthOf(b)];
    if (Math.abs(lengthA - lengthB) > 160 + 0.03 * lengthA) return false;
    if (!isSteadyTone(a) || !isSteadyTone(b)) return !isSteadyTone(a) && !isSteadyTone(b);
    if (a.components !== b.components || a.power > b.power * 1.6 || b.power > a.power * 1.6) return false;
    for (let n = 0; n < a.components; n++) if (nearestOffHz(b, a.frequenciesHz[n]!) > 3) return false;
    return true;
  }

  /** From how much durations vary: 20 ms is nothing left. */
  #confidence(history: SoundHistory, length: number, cycles: number): number {
    let worst = 0;
    for (let index = history.ready - length * (cycles - 1); index < history.ready; index++) {
      worst = Math.max(worst, Math.abs(history.lengthOf(history.sound(index)) - history.lengthOf(history.sound(index - length))));
    }
    return Math.max(0.1, 1 - worst / 400);
  }
}

/** Indices of one cycle, the latest, from the tone after its longest pause. */
function cycleOf(history: SoundHistory, length: number): number[] {
  const { ready } = history;
  let first = ready - length;
  let longest = -1;
  for (let index = ready - length; index < ready; index++) {
    const sound = history.sound(index);
    if (isSteadyTone(sound) || history.lengthOf(sound) <= longest) continue;
    longest = history.lengthOf(sound);
    first = index + 1 === ready ? ready - length : index + 1;
  }
  return Array.from({ length }, (_, n) => (first + n >= ready ? first + n - length : first + n));
}

function learned(history: SoundHistory, indices: readonly number[], cycles: number, confidence: number): LearnedTone {
  const loudest = Math.max(...indices.map((index) => history.sound(index).power));
  const segments = indices.map((index): ToneSegment => {
    const repetitions = Array.from({ length: cycles }, (_, n) => history.sound(index - n * indices.length));
    const sound = history.sound(index);
    const durationMs = cycles === 1 ? null : Math.round(mean(repetitions.map((one) => history.lengthOf(one))) / 8);
    if (!isSteadyTone(sound)) return { frequenciesHz: [], durationMs };
    const levelDb = Math.round(100 * Math.log10(sound.power / loudest)) / 10;
    return { ...content(repetitions), ...(levelDb < -1.5 ? { levelDb } : {}), durationMs };
  });
  return { tone: { segments }, levelDbm0: 10 * Math.log10(loudest), confidence, cycles, atSample: history.now };
}

/** Frequencies, the mean over the repetitions; symmetrical sidebands, or a slow beat, are modulation. */
function content(repetitions: readonly Sound[]): Pick<ToneSegment, 'frequenciesHz' | 'modulation'> {
  const sound = repetitions[0]!;
  const components = Array.from({ length: sound.components }, (_, n) => ({
    hz: mean(repetitions.map((one) => nearestHz(one, sound.frequenciesHz[n]!))),
    power: sound.powers[n]!,
  })).sort((a, b) => a.hz - b.hz);
  const frequenciesHz = components.map(({ hz }) => Math.round(hz * 10) / 10);
  const [low, middle, high] = components;
  if (components.length === 3 && Math.abs(high!.hz + low!.hz - 2 * middle!.hz) < 4 && middle!.power > 1.5 * Math.max(low!.power, high!.power)) {
    const depth = 2 * Math.sqrt((low!.power + high!.power) / 2 / middle!.power);
    return { frequenciesHz: [frequenciesHz[1]!], modulation: { frequencyHz: Math.round((high!.hz - low!.hz) * 5) / 10, depth: Math.min(1, depth) } };
  }
  if (components.length === 1 && sound.unsteadiness > 0.3) {
    return { frequenciesHz, modulation: { frequencyHz: Math.round(mean(repetitions.map(({ beatHz }) => beatHz)) * 10) / 10, depth: Math.min(1, sound.unsteadiness) } };
  }
  return { frequenciesHz };
}

function isSteadyTone(sound: Sound): boolean {
  return sound.steadyTone && sound.power >= faintestPower;
}

/** 8 dB below the tone beside it, as sounds are cut. */
function isPauseAt(history: SoundHistory, index: number): boolean {
  const neighbour = index > 0 && isSteadyTone(history.sound(index - 1)) ? history.sound(index - 1) : history.sound(index + 1);
  return isSteadyTone(neighbour) && history.sound(index).power <= neighbour.power * 0.16;
}

function nearestHz(sound: Sound, hz: number): number {
  let nearest = Infinity;
  for (let n = 0; n < sound.components; n++) if (Math.abs(sound.frequenciesHz[n]! - hz) < Math.abs(nearest - hz)) nearest = sound.frequenciesHz[n]!;
  return nearest;
}

function nearestOffHz(sound: Sound, hz: number): number {
  return Math.abs(nearestHz(sound, hz) - hz);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

const mostSegments = 8;
const historyKept = 28;
/** All repetitions together. */
const shortestSamples = 8_000;
/** -40 dBm0. */
const faintestPower = 1e-4;
/** Loudest over faintest 60 ms of what goes on for seconds: 1.2 dB. */
const steadyDrift = 1.32;

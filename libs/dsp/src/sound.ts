import { toneFrame } from './tone-analyzer.ts';

/**
 * A stretch of audio that sounds alike from its beginning to its end, by level and by frequencies; a pause is one as well.
 * Times are in samples since the channel was reset. Objects are kept and filled anew.
 */
export class Sound {
  from = 0;
  /** Infinity while it lasts. */
  to = Infinity;
  /** Frames of 128 ms that lie within it; none for a short one, whose best frame reaches over its edges. */
  frames = 0;

  /** What is steady in it, strongest first, filled by `summarize`; frequencies closer than 20.5 Hz are one, in their middle. */
  components = 0;
  readonly frequenciesHz = new Float64Array(slots);
  readonly powers = new Float64Array(slots);
  /** The part of the power of 120…3500 Hz that the components are. */
  purity = 0;
  /** A tone as exchanges give it, by the last `summarize`: pure, of one level and one frequency throughout. */
  steadyTone = false;

  #blocks = 0;
  #sum = 0;
  #squares = 0;
  #runs = new LevelRuns();
  #beat = new BeatMeter();
  #used = 0;
  #seen = 0;
  #total = 0;
  #reach = 0;
  #leastHz = Infinity;
  #mostHz = 0;
  #lastHz = 0;
  readonly #hz = new Float64Array(slots);
  readonly #power = new Float64Array(slots);
  readonly #count = new Int32Array(slots);

  begin(from: number): void {
    this.from = from;
    this.to = Infinity;
    this.#blocks = this.#sum = this.#squares = 0;
    this.#runs.begin();
    this.#beat.begin();
    this.frames = this.#seen = this.#reach = 0;
    this.#forgetFrames();
  }

  /** Mean square of its inside; 1 is 0 dBm0. */
  get power(): number {
    return this.#blocks === 0 ? 0 : this.#sum / this.#blocks;
  }

  /** Standard deviation of the power of 5 ms over its mean: 0.05 for a tone of one frequency, 0.7 for two that beat slowly. */
  get unsteadiness(): number {
    const mean = this.power;
    return mean === 0 ? 0 : Math.sqrt(Math.max(0, this.#squares / this.#blocks - mean * mean)) / mean;
  }

  /** Long enough a tone of one level: a fall is no beat. */
  get even(): boolean {
    return this.#blocks >= 8 && this.unsteadiness < 0.3;
  }

  /** Loudest over faintest 60 ms: 1 for a tone of one frequency, up to 1.75 for slow beats, more for what dies away. */
  get drift(): number {
    return this.#runs.ratio;
  }

  /** It keeps its level: 2.2 dB, beats apart. */
  get keepsLevel(): boolean {
    return this.drift < (this.unsteadiness > 0.5 ? 2.2 : 1.66);
  }

  /** How often the level goes up and down in a second, 0 where it does not: the beat of what is too close for a spectrum. */
  get beatHz(): number {
    return this.#beat.hz(this.power);
  }

  get tonal(): boolean {
    // A short pause is seen through a window that reaches into the tones beside it: more power than the pause has.
    return this.components > 0 && this.purity >= (this.frames > 0 ? 0.85 : 0.75) && this.powers[0]! < 4 * this.power;
  }

  addBlock(power: number): void {
    this.#blocks++;
    this.#sum += power;
    this.#squares += power * power;
    if (this.#runs.add(power)) this.#keepFrequencyFromHere();
    this.#beat.add(power);
  }

  /** A frame around `centre`, `components` of `hz` and `power`. */
  addFrame(centre: number, total: number, components: number, hz: Float64Array, power: Float64Array): void {
    const reach = Math.min(centre - this.from, this.to - centre);
    if (reach < wholeReach) {
      if (this.frames > 0 || reach <= this.#reach) return;
      this.#forgetFrames();
      this.#reach = reach;
    } else if (this.frames++ === 0) this.#forgetFrames();
    this.#seen++;
    this.#total += total;
    for (let n = 0; n < components; n++) {
      let slot = 0;
      while (slot < this.#used && Math.abs(this.#hz[slot]! / this.#power[slot]! - hz[n]!) > sameHz) slot++;
      if (slot === this.#used) {
        if (slot < slots) this.#used++;
        else if ((slot = this.#freed(power[n]!)) < 0) continue;
      }
      this.#hz[slot]! += hz[n]! * power[n]!;
      this.#power[slot]! += power[n]!;
      this.#count[slot]!++;
      if (slot === 0 && this.frames > 0) this.#followFrequency(hz[n]!, power[n]! * this.#count[slot]! > 0.9 * this.#power[slot]! && power[n]! > 0.93 * total);
    }
  }

  /** A place for so much power, of what was fainter in all frames together: the end of a word takes all places. -1: there is none. */
  #freed(power: number): number {
    let weakest = 0;
    for (let slot = 1; slot < slots; slot++) if (this.#power[slot]! < this.#power[weakest]!) weakest = slot;
    if (this.#power[weakest]! >= power) return -1;
    this.#hz[weakest] = this.#power[weakest] = this.#count[weakest] = 0;
    return weakest;
  }

  #keepFrequencyFromHere(): void {
    this.#leastHz = Infinity;
    this.#mostHz = this.#lastHz = 0;
  }

  /** A frame counts once the next is as whole: the last before another tone has a part of that. */
  #followFrequency(hz: number, whole: boolean): void {
    if (whole && this.#lastHz > 0) {
      this.#leastHz = Math.min(this.#leastHz, this.#lastHz);
      this.#mostHz = Math.max(this.#mostHz, this.#lastHz);
    }
    this.#lastHz = whole ? hz : 0;
  }

  /** Fills `components`, their frequencies and powers, and `purity`. */
  summarize(): void {
    let strongest = 0;
    for (let slot = 0; slot < this.#used; slot++) if (this.#steady(slot)) strongest = Math.max(strongest, this.#power[slot]!);
    let sum = 0;
    this.components = 0;
    for (let slot = 0; slot < this.#used; slot++) {
      const power = this.#power[slot]!;
      if (!this.#steady(slot) || power < strongest * faintest) continue;
      sum += power;
      let at = this.components++;
      for (; at > 0 && this.powers[at - 1]! < power / this.#seen; at--) {
        this.powers[at] = this.powers[at - 1]!;
        this.frequenciesHz[at] = this.frequenciesHz[at - 1]!;
      }
      this.powers[at] = power / this.#seen;
      this.frequenciesHz[at] = this.#hz[slot]! / power;
    }
    this.purity = this.#total > 0 ? sum / this.#total : 0;
    this.steadyTone = this.tonal && this.keepsLevel && !this.#hasHarmonics() && (this.components > 1 || this.#keepsFrequency());
  }

  /** As a voice or an instrument has them: the strongest is none of a pair of frequencies. */
  #hasHarmonics(): boolean {
    for (let slot = 0; slot < this.#used; slot++) {
      const times = this.#hz[slot]! / this.#power[slot]! / this.frequenciesHz[0]!;
      const part = this.#power[slot]! / (this.powers[0]! * this.#seen);
      if (times > 1.5 && Math.abs(times - Math.round(times)) < 0.02 && part > leastHarmonic && part < mostHarmonic && this.#steady(slot)) return true;
    }
    return false;
  }

  /** Of one frequency, without vibrato; or a slow beat of two. */
  #keepsFrequency(): boolean {
    const unsteady = this.unsteadiness;
    if (unsteady < 0.3) return this.frames < 2 || this.#mostHz - this.#leastHz < mostVibratoHz;
    return unsteady < 1.05 && this.beatHz > 10 && this.beatHz < 24;
  }

  #steady(slot: number): boolean {
    return this.#count[slot]! >= 0.6 * this.#seen;
  }

  #forgetFrames(): void {
    this.#used = this.#seen = this.#total = this.components = this.purity = this.#mostHz = this.#lastHz = 0;
    this.#leastHz = Infinity;
    this.steadyTone = false;
    this.#hz.fill(0);
    this.#power.fill(0);
    this.#count.fill(0);
  }
}

/**
 * Levels of 60 ms each: whole periods of the beats that there are (16⅔, 25, 50 Hz), or nearly. What has kept its level as only exchanges do
 * for a while has begun there: before, a canceller's suppressor may have been at it, or the end of a word.
 */
class LevelRuns {
  readonly #latest = new Float64Array(evenRuns);
  #runs = 0;
  #sum = 0;
  #count = 0;
  #least = Infinity;
  #most = 0;

  begin(): void {
    this.#sum = this.#count = this.#most = this.#runs = 0;
    this.#least = Infinity;
  }

  /** @returns whether it has begun anew */
  add(power: number): boolean {
    this.#sum += power;
    if (++this.#count < runBlocks) return false;
    this.#least = Math.min(this.#least, this.#sum);
    this.#most = Math.max(this.#most, this.#sum);
    this.#latest[this.#runs++ % evenRuns] = this.#sum;
    this.#sum = this.#count = 0;
    return this.#most > this.#least * mostEvenRatio && this.#runs >= evenRuns && this.#beginWhereEven();
  }

  get ratio(): number {
    return this.#most > 0 ? this.#most / this.#least : 1;
  }

  #beginWhereEven(): boolean {
    let [least, most] = [Infinity, 0];
    for (let n = 0; n < evenRuns; n++) {
      least = Math.min(least, this.#latest[n]!);
      most = Math.max(most, this.#latest[n]!);
    }
    if (most > least * mostEvenRatio) return false;
    [this.#least, this.#most] = [least, most];
    return true;
  }
}

/** Counts how often the power of 5 ms rises through its mean. */
class BeatMeter {
  #blocks = 0;
  #last = 0;
  #mean = 0;
  #below = false;
  #first = 0;
  #latest = 0;
  #rises = 0;

  begin(): void {
    this.#blocks = this.#last = this.#mean = this.#first = this.#latest = this.#rises = 0;
    this.#below = false;
  }

  add(power: number): void {
    this.#blocks++;
    this.#mean += (power - this.#mean) / Math.min(this.#blocks, 64);
    if (power < 0.7 * this.#mean) this.#below = true;
    else if (this.#below && power >= this.#mean) {
      this.#below = false;
      const at = this.#blocks - (power - this.#mean) / Math.max(1e-12, power - this.#last);
      if (this.#rises++ === 0) this.#first = at;
      this.#latest = at;
    }
    this.#last = power;
  }

  hz(mean: number): number {
    return mean === 0 || this.#rises < 2 ? 0 : ((this.#rises - 1) * blocksPerSecond) / (this.#latest - this.#first);
  }
}

const slots = 6;
const runBlocks = 12;
/** 600 ms within 0.5 dB: notes that die away so slowly are steady from their beginning, too. */
const evenRuns = 10;
const mostEvenRatio = 1.12;
const blocksPerSecond = 8_000 / toneFrame.blockSamples;
/** A frame's window lies within a sound but for its faint ends. */
const wholeReach = 440;
/** From frame to frame; two that are apart are 20.5 Hz apart. */
const sameHz = 9;
/** From frame to frame a tone of an exchange keeps to 0.2 Hz at 15 dB above noise. */
const mostVibratoHz = 0.8;
/** -16 and -6 dB. */
const leastHarmonic = 0.025;
const mostHarmonic = 0.25;
/** Beside the strongest: -14 dB. */
const faintest = 0.04;

import { Sound } from './sound.ts';
import { toneFrame, type ToneAnalyzers } from './tone-analyzer.ts';

/**
 * What a channel was heard to do: its audio cut into sounds where the level falls by 10 dB for 30 ms (10 ms in a tone that does not beat: special dial tones have such pauses), rises by 7 dB for 10 ms, or
 * the frequencies change. Detector and learner read cadences from it.
 */
export class SoundHistory {
  readonly #sounds = Array.from({ length: kept + 1 }, () => new Sound());
  #closed = 0;
  #ready = 0;
  #now = 0;

  readonly #powers = new Float64Array(powersKept);
  #block = 0;
  #startBlock = 0;
  #level = 0;
  #low = 0;
  /** The sound began by a fall of the level: it has no attack. */
  #fell = false;
  #high = 0;

  readonly #hz = new Float64Array(toneFrame.components);
  readonly #power = new Float64Array(toneFrame.components);
  #components = 0;
  readonly #lastHz = new Float64Array(toneFrame.components);
  readonly #lastPower = new Float64Array(toneFrame.components);
  #lastComponents = 0;

  /** Samples heard since the reset. */
  get now(): number {
    return this.#now;
  }

  /** Sounds that have ended and been measured, ever; the last 31 can be had. */
  get ready(): number {
    return this.#ready;
  }

  /** Sound `index` of all that there were, `ready - 31` … `ready`; the one at `ready` may be going on still. */
  sound(index: number): Sound {
    return this.#sounds[index % (kept + 1)]!;
  }

  /** How long it was, or is so far, in samples. */
  lengthOf(sound: Sound): number {
    return Math.min(sound.to, this.#now) - sound.from;
  }

  reset(): void {
    this.#closed = this.#ready = this.#now = this.#block = this.#startBlock = 0;
    this.#fell = false;
    this.#level = this.#low = this.#high = this.#components = this.#lastComponents = 0;
    this.#powers.fill(0);
    this.sound(0).begin(0);
  }

  /** What the analyzer's last `process` found. Returns whether there was a frame: only then something new can be told. */
  listen(analyzers: ToneAnalyzers, channel: number): boolean {
    const blocks = analyzers.blocks(channel);
    for (let n = 0; n < analyzers.blockCount(channel); n++) this.#addBlock(blocks[n]!);
    if (!analyzers.hasFrame(channel)) return false;
    this.#addFrame(analyzers.frame(channel), this.#now - analyzers.frameAge(channel) - toneFrame.windowSamples / 2);
    return true;
  }

  #addBlock(power: number): void {
    const block = this.#block++;
    this.#now = this.#block * toneFrame.blockSamples;
    this.#powers[block % powersKept] = power;
    const sound = this.sound(this.#closed);
    const age = block - this.#startBlock;
    const level = Math.max(this.#level, silence);
    this.#low = power < level * fall && this.#level > silence ? this.#low + 1 : 0;
    this.#high = power > level * rise && (this.#fell || age >= attackBlocks) ? this.#high + 1 : 0;
    if (!this.#fell && age < attackBlocks) this.#level = Math.max(this.#level, power);
    else if (!this.#fell && age === attackBlocks) this.#level = this.#meanPower(this.#startBlock, block);
    else if (this.#low === 0 && this.#high === 0) this.#level += (power - this.#level) / levelBlocks;
    if (block - delayBlocks >= this.#startBlock + edgeBlocks) sound.addBlock(this.#powers[(block - delayBlocks) % powersKept]!);

    const previous = this.#powers[(block - 1 + powersKept) % powersKept]!;
    if (sound.even && power + previous < level * evenFall && this.#level > silence) this.#fall(this.#low > 1 ? block + 1 - this.#low : previous < level * 0.7 ? block - 1 : block);
    else if (this.#low === fallBlocks) this.#fall(block + 1 - fallBlocks);
    else if (this.#high === riseBlocks) this.#split(block + 1 - riseBlocks, this.#edge(block + 1 - riseBlocks, power), false);
  }

  #fall(block: number): void {
    const before = this.#level;
    if (this.#isTail(block)) this.#low = 0;
    else this.#split(block, this.#edge(block, before), true);
    // The first block still has a part of what was before; after a pause of 10 ms the next is louder again already.
    this.#level = Math.min(before * fall, block + 1 < this.#block ? this.#meanPower(block + 1, this.#block - 1) : Infinity);
  }

  /** What a line rings on for is the end of the tone before it, and no sound of its own. Instruments do that otherwise, and more than two frequencies are one. */
  #isTail(block: number): boolean {
    if (!this.#fell || block - this.#startBlock > tailBlocks || this.#closed === 0) return false;
    const before = this.sound(this.#closed - 1);
    return before.steadyTone && before.components <= 2;
  }

  /** The instant of a change of level within the blocks on both sides of where it shows; `loud` is the power on the louder side. */
  #edge(block: number, loud: number): number {
    const [before, first] = [block > this.#startBlock ? this.#powers[(block - 1) % powersKept]! : 0, this.#powers[block % powersKept]!];
    const [partBefore, partFirst] = [Math.min(1, before / loud), Math.min(1, first / loud)];
    // A fall shows in the first block below, so the one before counts as loud; a rise in the first above.
    const shift = this.#high === 0 ? partBefore - 1 + partFirst : 1 - partFirst - partBefore;
    return (block + shift) * toneFrame.blockSamples;
  }

  #split(block: number, at: number, fell: boolean): void {
    this.sound(this.#closed).to = at;
    this.#closed++;
    const next = this.sound(this.#closed);
    next.begin(at);
    this.#startBlock = block;
    this.#fell = fell;
    this.#low = this.#high = this.#level = 0;
    for (let n = block; n < this.#block; n++) {
      if (n - block < attackBlocks) this.#level = Math.max(this.#level, this.#powers[n % powersKept]!);
      if (n >= block + edgeBlocks && n <= this.#block - 1 - delayBlocks) next.addBlock(this.#powers[n % powersKept]!);
    }
    if (this.#block - block > attackBlocks) this.#level = this.#meanPower(block, this.#block - 1);
  }

  #meanPower(from: number, to: number): number {
    let sum = 0;
    for (let n = from; n <= to; n++) sum += this.#powers[n % powersKept]!;
    return sum / (to - from + 1);
  }

  #addFrame(frame: Float32Array, centre: number): void {
    this.#readComponents(frame);
    const total = frame[toneFrame.total]!;
    this.#splitWhereFrequenciesChange(total, centre);
    let index = this.#closed;
    while (index > this.#ready && this.sound(index).from > centre) index--;
    const sound = this.sound(index);
    if (sound.from <= centre) sound.addFrame(centre, total, this.#components, this.#hz, this.#power);
    sound.summarize();
    while (this.#ready < this.#closed && this.sound(this.#ready).to < centre) this.sound(this.#ready++).summarize();
    this.#lastHz.set(this.#hz);
    this.#lastPower.set(this.#power);
    this.#lastComponents = this.#components;
  }

  /** By frequency; those closer than a spectrum of 128 ms can always tell apart become one in their middle. */
  #readComponents(frame: Float32Array): void {
    const hz = this.#hz;
    const power = this.#power;
    let count = 0;
    for (let n = 0; n < frame[toneFrame.count]!; n++, count++) {
      let at = count;
      for (; at > 0 && hz[at - 1]! > frame[toneFrame.frequenciesHz + n]!; at--) {
        hz[at] = hz[at - 1]!;
        power[at] = power[at - 1]!;
      }
      hz[at] = frame[toneFrame.frequenciesHz + n]!;
      power[at] = frame[toneFrame.powers + n]!;
    }
    this.#components = 0;
    let previous = -Infinity;
    for (let n = 0; n < count; n++) {
      const here = hz[n]!;
      const strength = power[n]!;
      if (here - previous >= closestHz) this.#components++;
      const at = this.#components - 1;
      const known = here - previous >= closestHz ? 0 : power[at]!;
      hz[at] = known === 0 ? here : (hz[at]! * known + here * strength) / (known + strength);
      power[at] = known + strength;
      previous = here;
    }
  }

  /** No pause between two tones (special information tone): the instant is where each has its part of the window's power. */
  #splitWhereFrequenciesChange(total: number, centre: number): void {
    const sound = this.sound(this.#closed);
    if (!sound.tonal || this.#components === 0 || centre <= sound.from) return;
    const end = centre + toneFrame.windowSamples / 2;
    const sum = this.#sumOf(this.#power, this.#components);
    const old = this.#knownPower(sound, this.#hz, this.#power, this.#components);
    if (sum - old > old && sum - old > 0.6 * total) {
      if (old > 0.02 * sum) return this.#splitWithin(sound, end, old / sum);
      const before = this.#sumOf(this.#lastPower, this.#lastComponents);
      const part = before > 0 ? this.#knownPower(sound, this.#lastHz, this.#lastPower, this.#lastComponents) / before : 0;
      return part > 0 ? this.#splitWithin(sound, end - toneFrame.hopSamples, part) : this.#splitWithin(sound, end, old / sum);
    }
    if (sound.frames < 2) return;
    // Some go on: what is left of those that do not, beside those that do.
    let [lasting, least, strongest] = [0, Infinity, 0];
    for (let c = 0; c < sound.components; c++) {
      const power = sound.powers[c]!;
      strongest = Math.max(strongest, power);
      if (power < sound.powers[0]! * secondary) continue;
      const left = this.#powerAt(sound.frequenciesHz[c]!) / power;
      lasting = Math.max(lasting, left);
      least = Math.min(least, left);
    }
    if (lasting > 0 && least < 0.5 * lasting) return this.#splitWithin(sound, end, least / lasting);
    const fresh = this.#freshPower(sound, this.#hz, this.#power, this.#components);
    if (lasting > 0.8 && fresh > 0.5 * strongest * lasting) return this.#splitWithin(sound, end, Math.max(0, 1 - fresh / (strongest * lasting)));
    // Those that go on did so more faintly: seen when the new has come to its level.
    const before = this.#freshPower(sound, this.#lastHz, this.#lastPower, this.#lastComponents);
    if (fresh > secondary * strongest && before > 0.85 * fresh && before < 1.15 * fresh) this.#splitWithin(sound, end - toneFrame.hopSamples, Math.max(0, 1 - before / fresh));
  }

  /** `part`: of the power of the window that ends at `end`, what was before the change. */
  #splitWithin(sound: Sound, end: number, part: number): void {
    const at = end - toneFrame.windowSamples * (1 - windowPart(part));
    const block = Math.round(at / toneFrame.blockSamples);
    if (at > sound.from + shortestSamples && block > this.#startBlock && this.#block - block < powersKept) this.#split(block, at, false);
  }

  #powerAt(hz: number): number {
    let sum = 0;
    for (let n = 0; n < this.#components; n++) if (Math.abs(this.#hz[n]! - hz) < changeHz) sum += this.#power[n]!;
    return sum;
  }

  /** The strongest component that the sound does not have. */
  #freshPower(sound: Sound, hz: Float64Array, power: Float64Array, count: number): number {
    let strongest = 0;
    for (let n = 0; n < count; n++) if (!knows(sound, hz[n]!)) strongest = Math.max(strongest, power[n]!);
    return strongest;
  }

  /** The power in components that the sound has. */
  #knownPower(sound: Sound, hz: Float64Array, power: Float64Array, count: number): number {
    let sum = 0;
    for (let n = 0; n < count; n++) if (knows(sound, hz[n]!)) sum += power[n]!;
    return sum;
  }

  #sumOf(power: Float64Array, count: number): number {
    let sum = 0;
    for (let n = 0; n < count; n++) sum += power[n]!;
    return sum;
  }
}

function knows(sound: Sound, hz: number): boolean {
  for (let c = 0; c < sound.components; c++) if (Math.abs(sound.frequenciesHz[c]! - hz) < changeHz) return true;
  return false;
}

/** The part of a Hann window, from its beginning, that holds this part of its power. */
function windowPart(powerPart: number): number {
  let [low, high] = [0, 1];
  for (let n = 0; n < 12; n++) {
    const x = (low + high) / 2;
    const power = x - Math.sin(2 * Math.PI * x) / (1.5 * Math.PI) + Math.sin(4 * Math.PI * x) / (12 * Math.PI);
    if (power < powerPart) low = x;
    else high = x;
  }
  return (low + high) / 2;
}

const kept = 31;
const powersKept = 64;
/** -45 dBm0: all below is the same silence. */
const silence = 10 ** -4.5;
/** 10 dB. */
const fall = 0.1;
/** Of the power of two blocks, beside one of a tone that does not beat: a pause of 9 ms, or 8 dB. */
const evenFall = 0.65;
const rise = 5;
/** A slow beat (25 Hz, 16⅔ Hz) is below that for up to 17 ms. */
const fallBlocks = 6;
const riseBlocks = 2;
/** Cable and filters ring on for 10 ms after a tone has ended. */
const tailBlocks = 2;
/** While a sound begins its level is the loudest so far. */
const attackBlocks = 8;
const levelBlocks = 32;
/** Of both edges nothing goes into a sound's level. */
const edgeBlocks = 2;
const delayBlocks = 8;
const closestHz = 20.5;
const changeHz = 20;
/** A component that counts, beside the strongest: -10 dB. */
const secondary = 0.1;
const shortestSamples = 320;

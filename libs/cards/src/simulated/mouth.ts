import type { Tone } from '@tipring/dsp';
import { ToneVoice } from './tone-voice.ts';

/** What a scripted far end sends: a tone, and samples and digits one after the other. */
export class Mouth {
  /** Called before anything becomes another: what sounds now is heard until now. */
  beforeChange: (() => void) | null = null;
  #tone: ToneVoice | null = null;
  #alone: ToneVoice | null = null;
  readonly #queue: (Samples | ToneVoice)[] = [];

  /** Samples or digits are still being said. */
  get isSaying(): boolean {
    return this.#queue.length > 0;
  }

  /** In place of the tone that plays; null: silence. */
  play(tone: Tone | null, levelDbm0 = -13): void {
    this.beforeChange?.();
    this.#tone = tone === null ? null : new ToneVoice(tone, levelDbm0);
  }

  /** At 8 kHz, 16 bits, behind what is queued. */
  say(samples: ArrayLike<number>): void {
    this.beforeChange?.();
    this.#queue.push({ samples, at: 0 });
  }

  /** DTMF, behind what is queued; throws for what is no digit. */
  dial(digits: string, { onMs = 80, offMs = 80, levelDbm0 = -6 }: { readonly onMs?: number; readonly offMs?: number; readonly levelDbm0?: number } = {}): void {
    this.beforeChange?.();
    for (const digit of digits) this.#queue.push(dtmfVoice(digit, onMs, offMs, levelDbm0));
  }

  /** A digit by itself: everything else is silent while it and the time after it last, and goes on then. */
  acknowledge(digit: string, { onMs, offMs, levelDbm0 = -9 }: { readonly onMs: number; readonly offMs: number; readonly levelDbm0?: number }): void {
    this.beforeChange?.();
    this.#alone = dtmfVoice(digit, onMs, offMs, levelDbm0);
  }

  /** After `acknowledge`, at once. */
  goOn(): void {
    this.beforeChange?.();
    this.#alone = null;
  }

  hush(): void {
    this.beforeChange?.();
    this.#tone = null;
    this.#alone = null;
    this.#queue.length = 0;
  }

  /** Adds to these samples of `into`. */
  add(into: Float32Array, from = 0, to: number = into.length): void {
    if (this.#alone !== null) {
      if (!this.#alone.add(into, from, to)) this.#alone = null;
      return;
    }
    if (this.#tone !== null && !this.#tone.add(into, from, to)) this.#tone = null;
    const first = this.#queue[0];
    if (first === undefined) return;
    if (!(first instanceof ToneVoice ? first.add(into, from, to) : addSamples(first, into, from, to))) this.#queue.shift();
  }
}

interface Samples {
  readonly samples: ArrayLike<number>;
  at: number;
}

/** @returns false once the last has been added */
function addSamples(source: Samples, into: Float32Array, from: number, to: number): boolean {
  const count = Math.min(to - from, source.samples.length - source.at);
  for (let n = 0; n < count; n++) into[from + n]! += source.samples[source.at + n]!;
  source.at += count;
  return source.at < source.samples.length;
}

function dtmfVoice(digit: string, onMs: number, offMs: number, levelDbm0: number): ToneVoice {
  return new ToneVoice({ segments: [{ frequenciesHz: dtmfHz(digit), durationMs: onMs }, { frequenciesHz: [], durationMs: offMs }], repeatFrom: null }, levelDbm0);
}

/** ITU-T Q.23. */
export function dtmfHz(digit: string): readonly [number, number] {
  const at = dtmfKeys.indexOf(digit);
  if (at < 0 || digit.length !== 1) throw new RangeError(`"${digit}" is not a DTMF digit.`);
  return [dtmfLowHz[at >> 2]!, dtmfHighHz[at & 3]!];
}

export const dtmfKeys = '123A456B789C*0#D';
export const dtmfLowHz = [697, 770, 852, 941] as const;
export const dtmfHighHz = [1_209, 1_336, 1_477, 1_633] as const;

import type { Address, AudioRows, Dsp } from './dsp.ts';
import type { Tone, ToneSegment } from './tone.ts';

/** Plays tones on a number of channels, whose memory is taken once. A channel plays one tone at a time. */
export class ToneGenerators {
  readonly #c: ToneGeneratorExports;
  readonly #channels: readonly Address[];
  readonly #segmentsAddress: Address;
  readonly #segments: Float32Array;

  /** `rate`: samples a second of the rows, 8000 … 48000. */
  constructor(dsp: Dsp, channels: number, { rate = 8_000 }: { readonly rate?: number } = {}) {
    this.#c = dsp.exports as ToneGeneratorExports;
    this.#channels = Array.from({ length: channels }, () => {
      const channel = dsp.allocate(this.#c.tone_generator_size());
      this.#c.tone_generator_init(channel, rate);
      return channel;
    });
    this.#segmentsAddress = dsp.allocate(mostToneSegments * segmentFloats * 4);
    this.#segments = dsp.float32(this.#segmentsAddress, mostToneSegments * segmentFloats);
  }

  /**
   * From the next sample on, in place of what is played; edges of 1.5 ms. `levelDbm0` is the root mean square of a segment while
   * it sounds, all its frequencies together, -90 … +10; what would not fit 16 bits is played as loud as fits (one frequency
   * +3.1 dBm0, two 0.1, four -2.9). Throws RangeError for a tone that cannot be played: see native-dsp/src/tone_generator.h.
   */
  play(channel: number, tone: Tone, levelDbm0: number): void {
    const { segments, repeatFrom = 0 } = tone;
    if (segments.length > mostToneSegments) throw new RangeError(`A tone of ${segments.length} segments: at most ${mostToneSegments} can be played.`);
    for (let index = 0; index < segments.length; index++) this.#write(index, segments[index]!);
    if (!this.#c.tone_generator_play(this.#channels[channel]!, this.#segmentsAddress, segments.length, repeatFrom ?? -1, levelDbm0)) {
      throw new RangeError(`This tone cannot be played at ${levelDbm0} dBm0: ${JSON.stringify(tone)}`);
    }
  }

  /** Fades out within 1.5 ms. */
  stop(channel: number): void {
    this.#c.tone_generator_stop(this.#channels[channel]!);
  }

  /** False before the first tone, and once a tone has ended by itself or been stopped and its last edge has been written. */
  playing(channel: number): boolean {
    return this.#c.tone_generator_playing(this.#channels[channel]!) !== 0;
  }

  /** Overwrites samples [from, to) of a row, with silence when nothing is played. Split a block to begin or end within it. */
  write(channel: number, audio: AudioRows, row: number, from = 0, to = audio.samples): void {
    this.#c.tone_generator_write(this.#channels[channel]!, audio.addressOf(row) + from * 2, to - from);
  }

  /** Adds to samples [from, to) of a row, saturated. */
  add(channel: number, audio: AudioRows, row: number, from = 0, to = audio.samples): void {
    this.#c.tone_generator_add(this.#channels[channel]!, audio.addressOf(row) + from * 2, to - from);
  }

  /** As tone_generator_segment_t. */
  #write(index: number, segment: ToneSegment): void {
    const { frequenciesHz, modulation, sweepToHz = 0, levelDb = 0, durationMs } = segment;
    if (frequenciesHz.length > 4) throw new RangeError(`A segment of ${frequenciesHz.length} frequencies: at most four can be played.`);
    if (durationMs === 0 || frequenciesHz.includes(0)) throw new RangeError('A segment of no duration, or a frequency of 0 Hz.');
    const at = index * segmentFloats;
    for (let partial = 0; partial < 4; partial++) this.#segments[at + partial] = frequenciesHz[partial] ?? 0;
    this.#segments[at + 4] = modulation?.frequencyHz ?? 0;
    this.#segments[at + 5] = modulation?.depth ?? 0;
    this.#segments[at + 6] = sweepToHz;
    this.#segments[at + 7] = levelDb;
    this.#segments[at + 8] = durationMs ?? 0;
  }
}

export const mostToneSegments = 32;

/** Of a tone_generator_segment_t. */
const segmentFloats = 9;

interface ToneGeneratorExports {
  tone_generator_size(): number;
  tone_generator_init(generator: Address, rateHz: number): void;
  tone_generator_play(generator: Address, segments: Address, count: number, repeatFrom: number, levelDbm0: number): number;
  tone_generator_stop(generator: Address): void;
  tone_generator_playing(generator: Address): number;
  tone_generator_write(generator: Address, samples: Address, count: number): void;
  tone_generator_add(generator: Address, samples: Address, count: number): void;
}

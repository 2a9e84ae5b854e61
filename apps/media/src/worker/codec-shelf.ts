import { type AudioCodec, type Dsp, type EncodingName, G711Codec, G722Codec } from '@tipring/dsp';
import { OpusCodec } from '../codecs/opus.ts';

/**
 * The codecs of one worker. A channel of the DSP keeps those of G.711 and G.722 that it once needed; Opus, whose memory is not
 * ours, is opened ahead, because a worker that sits in `poll` can wait for nothing.
 */
export class CodecShelf {
  readonly #dsp: Dsp;
  readonly #byChannel: Map<EncodingName, AudioCodec>[];
  readonly #opus: OpusCodec[];
  readonly #lent = new Map<number, OpusCodec>();

  static async open(dsp: Dsp, { channels, opus }: { readonly channels: number; readonly opus: number }): Promise<CodecShelf> {
    return new CodecShelf(dsp, channels, await Promise.all(Array.from({ length: opus }, () => OpusCodec.open({ sampleRateHz: 16_000 }))));
  }

  private constructor(dsp: Dsp, channels: number, opus: OpusCodec[]) {
    this.#dsp = dsp;
    this.#byChannel = Array.from({ length: channels }, () => new Map());
    this.#opus = opus;
  }

  /** As new; undefined when all of this encoding are in use. */
  take(channel: number, name: EncodingName): AudioCodec | undefined {
    if (name === 'opus') {
      const codec = this.#opus.pop();
      if (codec !== undefined) this.#lent.set(channel, codec);
      return codec;
    }
    const kept = this.#byChannel[channel]!;
    let codec = kept.get(name);
    if (codec === undefined) {
      codec = name === 'G722' ? new G722Codec(this.#dsp) : new G711Codec(this.#dsp, name);
      kept.set(name, codec);
    }
    codec.reset();
    return codec;
  }

  /** The channel needs its codec no more. */
  giveBack(channel: number): void {
    const codec = this.#lent.get(channel);
    if (codec === undefined) return;
    this.#lent.delete(channel);
    codec.reset();
    this.#opus.push(codec);
  }
}

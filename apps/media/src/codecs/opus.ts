import { Application, createDecoder, createEncoder, isOpusError, Signal } from 'libopus-wasm';
import type { OpusDecoderHandle, OpusEncoderHandle } from 'libopus-wasm';
import { encodings } from '@tipring/dsp';
import type { AudioCodec } from '@tipring/dsp';

export interface OpusSettings {
  /** Of the rows. What is sent may have less bandwidth, what comes may have more: every Opus decoder decodes to every rate. */
  readonly sampleRateHz?: 8_000 | 12_000 | 16_000 | 24_000 | 48_000;
  /** a=fmtp maxaveragebitrate. */
  readonly bitsPerSecond?: number;
  /** 0 to 10: processor time for quality. */
  readonly complexity?: number;
  /** Above 0, and if the other side said useinbandfec=1, packets carry a poor copy of the ones before them. */
  readonly expectedLossPercent?: number;
}

/**
 * Opus (RFC 6716, RFC 7587) of one leg, mono. The library works in its own memory, so audio is copied, and it makes one small
 * array for each packet. To be closed when it is no more needed.
 */
export class OpusCodec implements AudioCodec {
  readonly encoding = encodings.opus;
  readonly sampleRateHz: number;
  readonly #encoder: OpusEncoderHandle;
  readonly #decoder: OpusDecoderHandle;

  private constructor(encoder: OpusEncoderHandle, decoder: OpusDecoderHandle) {
    this.sampleRateHz = encoder.sampleRate;
    this.#encoder = encoder;
    this.#decoder = decoder;
  }

  /** The first one loads the library, which takes some 20 ms. */
  static async open({ sampleRateHz = 16_000, bitsPerSecond = 24_000, complexity = 5, expectedLossPercent = 0 }: OpusSettings = {}): Promise<OpusCodec> {
    const encoder = await createEncoder({
      channels: 1, sampleRate: sampleRateHz, application: Application.Voip, signal: Signal.Voice,
      bitrate: bitsPerSecond, complexity, fec: expectedLossPercent > 0, packetLossPercent: expectedLossPercent,
    });
    return new OpusCodec(encoder, await createDecoder({ channels: 1, sampleRate: sampleRateHz }));
  }

  accepts(samples: number): boolean {
    return frameMs.some((ms) => samples * 1_000 === ms * this.sampleRateHz);
  }

  encode(samples: Int16Array, payload: Uint8Array): number {
    if (!this.accepts(samples.length) || payload.length === 0) throw new RangeError(`${samples.length} samples of Opus into ${payload.length} bytes.`);
    const packet = this.#encoder.encode(samples, { frameSize: samples.length, maxPacketBytes: Math.min(payload.length, longestPacket) });
    payload.set(packet);
    return packet.length;
  }

  decode(payload: Uint8Array, into: Int16Array): number {
    if (payload.length === 0) return 0;
    try {
      return put(this.#decoder.decode(payload), into);
    } catch (error) {
      // RFC 6716 3.4: a packet against the rules of framing is not decoded.
      if (!isOpusError(error)) throw error;
      return 0;
    }
  }

  conceal(into: Int16Array, next?: Uint8Array): void {
    if (next !== undefined && next.length > 0 && this.accepts(into.length)) {
      try {
        // RFC 7587 3.3: the copy in the packet that follows; without one the decoder makes something up.
        put(this.#decoder.decode(next, { decodeFec: true, frameSize: into.length }), into);
        return;
      } catch (error) {
        if (!isOpusError(error)) throw error;
      }
    }
    // The decoder makes up whole steps of 2.5 ms, at most 60 ms at once.
    const step = this.sampleRateHz / 400;
    for (let at = 0; at < into.length; ) {
      const samples = Math.min(24 * step, Math.ceil((into.length - at) / step) * step);
      put(this.#decoder.decodePacketLoss(samples), into.subarray(at));
      at += samples;
    }
  }

  /** The library resets nothing, so the past is played out: both sides are led through 100 ms of silence. */
  reset(): void {
    const silence = new Int16Array(this.sampleRateHz / 50);
    for (let packet = 0; packet < 5; packet++) this.#decoder.decode(this.#encoder.encode(silence, { frameSize: silence.length }));
  }

  close(): void {
    this.#encoder.free();
    this.#decoder.free();
  }
}

function put(samples: Int16Array, into: Int16Array): number {
  const count = Math.min(samples.length, into.length);
  into.set(count === samples.length ? samples : samples.subarray(0, count));
  return count;
}

/** RFC 6716 2.1.4; longer packets are several frames, which the encoder does not make. */
const frameMs = [2.5, 5, 10, 20, 40, 60] as const;
/** RFC 6716 3.2.1: bytes of the longest frame. */
const longestPacket = 1_275;

/** What RTP and SDP call the codecs that a leg can speak (RFC 3551 6, RFC 7587). */
export type EncodingName = 'PCMU' | 'PCMA' | 'G722' | 'opus';

export interface Encoding {
  readonly name: EncodingName;
  /** Static payload type of RFC 3551 table 4; undefined where SDP assigns one. */
  readonly payloadType: number | undefined;
  /** Of the audio. Opus decodes to any of 8, 12, 16, 24 and 48 kHz; this is its highest. */
  readonly sampleRateHz: number;
  /** Of RTP timestamps and of a=rtpmap. RFC 3551 4.5.2: G.722 says 8000 although it samples at 16000. RFC 7587 4.1: Opus always says 48000. */
  readonly rtpClockHz: number;
  /** Of a=rtpmap. RFC 7587 7: Opus always says 2, whatever is sent. */
  readonly rtpChannels: 1 | 2;
}

export const encodings: Readonly<Record<EncodingName, Encoding>> = {
  PCMU: { name: 'PCMU', payloadType: 0, sampleRateHz: 8_000, rtpClockHz: 8_000, rtpChannels: 1 },
  PCMA: { name: 'PCMA', payloadType: 8, sampleRateHz: 8_000, rtpClockHz: 8_000, rtpChannels: 1 },
  G722: { name: 'G722', payloadType: 9, sampleRateHz: 16_000, rtpClockHz: 8_000, rtpChannels: 1 },
  opus: { name: 'opus', payloadType: undefined, sampleRateHz: 48_000, rtpClockHz: 48_000, rtpChannels: 2 },
};

/**
 * Both directions of one leg, mono. Not shared between legs: encoder and decoder remember. Codecs live as long as their Dsp and are
 * reused by `reset`. Nothing is allocated by `encode`, `decode` and `conceal`.
 *
 * `samples` and `into` of audio are rows of the Dsp that the codec was made with, or parts of them. Payloads may lie anywhere;
 * those inside the Dsp's memory are not copied.
 */
export interface AudioCodec {
  readonly encoding: Encoding;
  /** Of the rows that this codec reads and writes. */
  readonly sampleRateHz: number;
  /** Whether one call of `encode` takes so many samples. */
  accepts(samples: number): boolean;
  /**
   * The payload of one packet.
   * @returns bytes written to `payload`
   * @throws {RangeError} when `accepts` refuses, or `payload` is too short
   */
  encode(samples: Int16Array, payload: Uint8Array): number;
  /**
   * Any bytes give some audio; what does not fit `into` is left out.
   * @returns samples written to `into`; 0 for a payload that the codec cannot read, which is then treated as lost: call `conceal`
   */
  decode(payload: Uint8Array, into: Int16Array): number;
  /**
   * In the place of a packet that did not come, the whole of `into`: one call for each lost packet. Many of them fade to silence (Opus: to the background it has heard).
   * `next` is the payload of the packet after it, where that has come already: Opus may carry a copy of the lost one there. It is decoded afterwards as usual.
   */
  conceal(into: Int16Array, next?: Uint8Array): void;
  /** As new: the next leg hears nothing of the last one. */
  reset(): void;
}

/** RTP timestamp units of so many samples of a codec's rows. */
export function rtpUnits(codec: AudioCodec, samples: number): number {
  return (samples * codec.encoding.rtpClockHz) / codec.sampleRateHz;
}

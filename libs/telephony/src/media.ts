/** A media end in the gateway, and what joins ends so that they hear each other (H.248's words). */
export type TerminationId = string;
export type ContextId = string;

/** One codec as two ends agree on it. `name` is the RTP encoding name (IANA, RFC 3551 6), e.g. 'PCMA', 'opus'. */
export interface Codec {
  readonly name: string;
  readonly clockRate: number;
  readonly channels?: number;
  /** Format parameters as SDP writes them after `a=fmtp:PT `. */
  readonly parameters?: string;
}

/** How this end gives and takes digits: RFC 4733 events, SIP INFO (or whatever the signalling has), or only as tones in the audio. */
export type DigitMethod = 'rtpEvent' | 'signalling' | 'inBand';

/** What a leg can carry, in order of preference. As an offer: what it would take. As an answer: what it took (first codec is in use). */
export interface MediaProfile {
  readonly codecs: readonly Codec[];
  readonly digits: DigitMethod;
}

/** What was measured on one termination while it lived. */
export interface MediaQuality {
  readonly codec: string | null;
  readonly packetsReceived: number;
  readonly packetsSent: number;
  readonly packetsLost: number;
  /** RFC 3550 A.8 interarrival jitter at the end, in milliseconds. */
  readonly jitterMs: number;
  /** From RTCP (RFC 3550 6.4.1); null when the far end sent no reports. */
  readonly roundTripMs: number | null;
  /** Estimated listening quality, ITU-T G.107 E-model, 1.0–4.5; null without packets. */
  readonly mos: number | null;
  /** Arrived and of no use: not RTP, a payload type that was not agreed on, from another source. The rest is absent where it was not measured. */
  readonly packetsDiscarded?: number;
  /** The most that `jitterMs` ever was. */
  readonly worstJitterMs?: number;
  /** Of what was sent: what the far end reported as lost, and its jitter; null: it reported nothing. */
  readonly farLost?: number | null;
  readonly farJitterMs?: number | null;
}

import type { Attribute, Codec, Direction, PayloadCodec, SessionDescription } from './description.ts';

/** A socket address as SDP names it; never a host name. */
export interface MediaAddress {
  readonly address: string;
  readonly port: number;
}

/** The far end of an audio stream as its description says; `{rtp, rtcp, rtcpMux, codecs}` is the gateway's RemoteMedia. */
export interface RemoteMedia {
  /** Which m-line it is. */
  readonly index: number;
  readonly rtp: MediaAddress;
  /** RFC 3605; the RTP port + 1 without it, the RTP port itself when multiplexed (RFC 5761). */
  readonly rtcp: MediaAddress;
  readonly rtcpMux: boolean;
  /** In the far end's order, with the far end's payload types; telephone-event and CN are in the list. */
  readonly codecs: readonly PayloadCodec[];
  /**
   * What the far end does: 'sendonly' = it sends and does not listen. An unspecified connection address (RFC 2543 hold)
   * already counts as not listening.
   */
  readonly direction: Direction;
  /** The far end does not want to hear us: sendonly, inactive, or an unspecified address without ICE. */
  readonly hold: boolean;
  readonly protocol: string;
  readonly ptimeMs: number | undefined;
  readonly maxptimeMs: number | undefined;
}

/** What two ends agreed on. The first of `remote.codecs` is in use. */
export interface Agreement {
  /** The far end, its codecs reduced to those both have: audio first, in the answer's order, then telephone-event and CN. */
  readonly remote: RemoteMedia;
  /** What we do, after both sides' wishes: 'recvonly' = we listen and do not send. The gateway's mode is its reverse. */
  readonly direction: Direction;
}

/** Why there is no audio stream. `refused`: the answer has port 0. `mediaMismatch`: other m-lines than were offered (RFC 3264 6). */
export interface MediaRefusal {
  readonly kind: 'noAudio' | 'refused' | 'noCommonCodec' | 'mediaMismatch' | 'badAddress';
  readonly text: string;
}

/** Where we are, and what we would take. */
export interface LocalMedia {
  /** In order of preference. One 'telephone-event' stands for events at every clock rate of the audio codecs (RFC 4733 2.1). */
  readonly codecs: readonly (Codec & { readonly payloadType?: number })[];
  /** IPv4 or IPv6, without brackets. */
  readonly address: string;
  readonly rtpPort: number;
  /** Default RTP port + 1. */
  readonly rtcpPort?: number;
  /** We can take RTCP on the RTP port (RFC 5761): said in an offer, accepted in an answer. Default false. */
  readonly rtcpMux?: boolean;
  /** Default 'sendrecv'. In an answer it is narrowed to what the offer permits. */
  readonly direction?: Direction;
  /** o= session id (digits) and first version. Ignored when `previous` is given. */
  readonly sessionId: string;
  readonly version: number;
  /**
   * Our last description in this dialog, offer or answer. Keeps o=, the m-line count and the payload types (RFC 3264 8);
   * the version is raised only when the text changes.
   */
  readonly previous?: SessionDescription;
  readonly ptimeMs?: number;
  /** Further a= lines of the audio m-line (crypto, ICE, DTLS), written last. */
  readonly attributes?: readonly Attribute[];
  /** Offer: the first is written. Answer: those we can do; default RTP/AVP and RTP/AVPF. */
  readonly protocols?: readonly string[];
}

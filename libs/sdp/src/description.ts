/**
 * A session description as RFC 8866 lays it out. Attributes are kept in their order and never interpreted here, so
 * crypto, ICE and DTLS lines pass through untouched; `codecsOf`, `directionOf`, `remoteMedia` read what calls need.
 */
export interface SessionDescription {
  readonly origin: Origin;
  /** s=, '-' when there is nothing to say. */
  readonly name: string;
  readonly connection: Connection | undefined;
  /** i=, u=, e=, p=, b=, k= lines as written, in their order, e.g. 'b=AS:64'. */
  readonly information: readonly string[];
  /** t=, r=, z= lines as written; `['t=0 0']` for a call. */
  readonly timing: readonly string[];
  readonly attributes: readonly Attribute[];
  readonly media: readonly MediaDescription[];
}

export interface Origin {
  readonly username: string;
  /** Digits; a string, because 64 bits are allowed. */
  readonly sessionId: string;
  readonly version: string;
  readonly address: Connection;
}

export interface Connection {
  readonly family: 'IP4' | 'IP6';
  /** Without the multicast suffix (`/ttl/count`), which is kept in `suffix`. */
  readonly address: string;
  readonly suffix?: string;
}

export interface MediaDescription {
  /** 'audio', 'video', 'image', 'message', 'application' … as written. */
  readonly kind: string;
  /** 0 = refused or ended (RFC 3264 6, 8.2). */
  readonly port: number;
  /** `49170/2`: number of ports, when written. */
  readonly portCount?: number;
  /** 'RTP/AVP', 'RTP/SAVP', 'UDP/TLS/RTP/SAVPF', 'udptl' … as written. */
  readonly protocol: string;
  readonly formats: readonly string[];
  readonly connection: Connection | undefined;
  /** i=, b=, k= lines as written. */
  readonly information: readonly string[];
  readonly attributes: readonly Attribute[];
}

/** `a=name` or `a=name:value`. */
export interface Attribute {
  readonly name: string;
  readonly value?: string;
}

/** As the one who writes it sees it. */
export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

export interface Codec {
  /** RTP encoding name (RFC 3551 6), compared without case. */
  readonly name: string;
  readonly clockRate: number;
  /** Absent = 1. */
  readonly channels?: number;
  /** What follows `a=fmtp:PT `. */
  readonly parameters?: string;
}

export interface PayloadCodec extends Codec {
  readonly payloadType: number;
}

export type Result<T, E> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

import type { PortCodec } from '@tipring/gateway';

/** What carries a port's audio in a call: RTP to a packet worker, or what a test plugs in. Called within the port's block; nothing waits. */
export interface PortLink {
  /** 20 ms from the line, 160 octets of G.711, good until return. Every 20 ms by the card's clock, in silence too. */
  fromLine(payload: Uint8Array, codec: PortCodec): void;
  /** How digits that are heard at the line go from now on: as events, and then they leave the audio; or in it, and nothing is told here. */
  sendDigits(as: PortLinkAddress['digits']): void;
  /** A digit is heard at the line; it began so long before the end of the block that follows. */
  digitBegan(digit: string, beganMsAgo: number): void;
  digitEnded(digit: string, durationMs: number): void;
  close(): void;
}

/** A port's end of its link. */
export interface PortLinkEnd {
  /** A packet for the line: `length` octets of G.711 at `at`, at most 80 ms. It is copied. */
  packet(codec: PortCodec, bytes: Uint8Array, at: number, length: number, ssrc: number, sequence: number): void;
  /** Played to the line as DTMF, in place of the audio. */
  digit(digit: string, durationMs: number): void;
}

/** Where a port's link goes: the packet worker's pair that was bound for it. */
export interface PortLinkAddress {
  readonly address: string;
  readonly port: number;
  /** Payload type of digits as events (RFC 4733), which are understood always. */
  readonly telephoneEvent: number;
  /** How digits that are heard from the line go: not everybody who hears it may take events. */
  readonly digits: 'events' | 'audio';
}

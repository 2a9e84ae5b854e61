import type { Timers } from '@tipring/clock';
import type { Hop, SessionCore, SipMessage, SocketAddress } from '@tipring/sip';
import type { GatewayMedia } from './gateway-media.ts';
import type { SessionLegs } from './session-legs.ts';
import type { SipEndpointsSettings } from './sip-endpoints-ports.ts';

/** What every leg of this adapter has at hand. */
export interface Surroundings {
  readonly sessions: SessionCore;
  readonly legs: SessionLegs;
  readonly media: GatewayMedia;
  readonly timers: Timers;
  readonly settings: SipEndpointsSettings;
  /** A message of no transaction. */
  readonly send: (hop: Hop, message: SipMessage) => void;
  /** Our address as that hop sees it. */
  readonly advertised: (hop: Hop) => SocketAddress;
  /** A new o= session id (RFC 8866 5.2: digits). */
  readonly sdpSessionId: () => string;
}

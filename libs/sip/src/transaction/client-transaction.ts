import type { SipRequest, SipResponse } from '../message/message.ts';
import type { Flow, Hop, TransportName } from '../transport/flow.ts';

/** Who sent a request and waits for its responses. */
export interface ClientUser {
  /** Every provisional, then one final response; not its repetitions. `flow` is the one it came by. */
  onResponse(response: SipResponse, flow: Flow): void;
  /** Instead of a final response (RFC 3261 8.1.3.1): `timeout` is timer B or F; `transport` says why in `detail`. */
  onFailure(failure: 'timeout' | 'transport', detail: string): void;
}

/** A request on its way (RFC 3261 17.1). */
export interface ClientTransaction {
  /** As sent, with our Via on top. */
  readonly request: SipRequest;
  /** Where it went: its CANCEL goes there too. */
  readonly hop: Hop;
  /** Forgets it: nothing more is sent, its user hears nothing more. */
  abandon(): void;
}

/** What a client machine sends. */
export interface Sending {
  /** The branch of its Via: how responses find it. */
  readonly branch: string;
  readonly request: SipRequest;
  readonly bytes: Uint8Array;
  readonly hop: Hop;
  readonly transport: TransportName;
}

export type TransportName = 'udp' | 'tcp' | 'tls' | 'ws' | 'wss';

export interface SocketAddress {
  readonly address: string;
  readonly port: number;
}

/** One way to reach a peer: transport, local and remote socket (RFC 5626 2). A registration remembers its flow. */
export interface Flow {
  /** Unique while the process lives; for a datagram flow the same (local, remote) pair yields the same object or an equal id. */
  readonly id: string;
  readonly transport: TransportName;
  readonly local: SocketAddress;
  readonly remote: SocketAddress;
  /** Names that the peer's certificate bears (RFC 5922 7.1), where it showed one that is trusted. */
  readonly certified?: readonly string[];
}

/** Where a request is to be sent: a flow that exists, or an address to which one is to be opened. */
export type Hop = { readonly flow: Flow } | AddressHop;

export interface AddressHop extends SocketAddress {
  readonly transport: TransportName;
  /** Name to verify (TLS SNI). */
  readonly host?: string;
  /** Over UDP whatever the size: to whoever is known to drop TCP in silence, where RFC 3261 18.1.1 would cost the time of a connection attempt. */
  readonly keepsUdp?: boolean;
}

/** What the transaction layer asks of the sockets. Implemented over node sockets and, for tests, over a lossy virtual wire. */
export interface Transport {
  /**
   * Sends without waiting. `failed` is called at most once, later, when the bytes certainly did not leave (RFC 3261 18.4).
   * The bytes belong to the transport from now on: do not write into them again.
   */
  send(hop: Hop, bytes: Uint8Array, failed: (reason: string) => void): void;
  /**
   * The hop a request of `size` bytes is to take; ask before Via is written, since Via names the transport. Above 1300
   * bytes an address hop over UDP becomes TCP (RFC 3261 18.1.1); every other hop comes back as it is, a flow included (a phone behind
   * NAT has no other way in). When `send` then reports `failed`, ask again: the destination is remembered as not
   * speaking TCP, the answer is UDP, and the request goes out with a new Via (same clause).
   */
  hopFor(hop: Hop, size: number): Hop;
  /** What to write in Via and Contact towards this hop: our listening address, RFC 3261 18.1.1. */
  advertised(hop: Hop): SocketAddress & { readonly transport: TransportName };
}

/** What a transport tells its owner. Calls come one after the other, never from inside `send`. */
export interface TransportEvents {
  /**
   * One whole message as it came in, unparsed; the bytes are the owner's to keep. Keepalives are answered below and not
   * shown. `received` and `rport` (RFC 3581) are the reader's to stamp, from `flow.remote`.
   */
  onMessage(bytes: Uint8Array, flow: Flow): void;
  /** A connection is gone, whoever closed it; comes once per stream flow, also one that carried nothing. */
  onFlowClosed(flow: Flow, reason: string): void;
  /** Something an operator may want to know; the transport goes on. */
  onError(reason: string): void;
}

/** UDP alone is unreliable (RFC 3261 17): timers A, E, G run and the wait states D, I, J, K have a length. */
export function isReliable(transport: TransportName): boolean {
  return transport !== 'udp';
}

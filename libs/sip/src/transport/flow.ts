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
}

/** Where a request is to be sent: a flow that exists, or an address to which one is to be opened. */
export type Hop =
  | { readonly flow: Flow }
  | { readonly transport: TransportName; readonly address: string; readonly port: number; /** Name to verify (TLS SNI). */ readonly host?: string };

/** What the transaction layer asks of the sockets. Implemented over node sockets and, for tests, over a lossy virtual wire. */
export interface Transport {
  /** Sends without waiting. `failed` is called at most once, later, when the bytes certainly did not leave (RFC 3261 18.4). */
  send(hop: Hop, bytes: Uint8Array, failed: (reason: string) => void): void;
  /** What to write in Via and Contact towards this hop: our listening address, RFC 3261 18.1.1. */
  advertised(hop: Hop): SocketAddress & { readonly transport: TransportName };
}

/** UDP alone is unreliable (RFC 3261 17): timers A, E, G run and the wait states D, I, J, K have a length. */
export function isReliable(transport: TransportName): boolean {
  return transport !== 'udp';
}

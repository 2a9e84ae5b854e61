import type { SocketAddress, TransportName } from '../flow.ts';

export interface ListenAddress extends SocketAddress {
  readonly transport: TransportName;
}

export interface Certificate {
  /** PEM, the chain with the leaf first. */
  readonly cert: string;
  /** PEM. */
  readonly key: string;
}

/** Bounds on connections; what passes them is closed, told to `onFlowClosed`, and counted. */
export interface StreamLimits {
  readonly connections: number;
  readonly connectionsPerAddress: number;
  /** From the connection (with its TLS and WebSocket handshakes) to the first whole message, ms. */
  readonly firstMessageMs: number;
  /** From a message's first byte to its last, ms. */
  readonly messageMs: number;
  /** Without any byte from the peer, once it has sent a message, ms. Longer than a registration lasts. */
  readonly idleMs: number;
  /** Of our own connections, TLS handshake included, ms. */
  readonly connectMs: number;
  /** Bytes that wait because the peer does not read. */
  readonly writeQueueBytes: number;
  readonly messageBytes: number;
}

export interface NodeTransportSettings {
  /**
   * Port 0 takes a free one. UDP on 0.0.0.0 or :: becomes a socket on every address this machine has now, so that a flow's
   * local address is exact; streams listen as written.
   */
  readonly listen: readonly ListenAddress[];
  /** For tls and wss. Where certificates come from is the owner's business; `selfSigned` makes one. */
  readonly certificate?: Certificate;
  /** What TLS connections trust (PEM), beside verifying the hop's `host` on our own. Default: the system's authorities. */
  readonly trust?: { readonly authorities?: string; /** Only for laboratories. */ readonly acceptAny?: boolean };
  readonly limits?: Partial<StreamLimits>;
  /** Path of the addon of native/datagrams.c; absent or '': every datagram goes Node's way. */
  readonly native?: string;
  /** UDP receive buffer asked of the kernel, which may give less (net.core.rmem_max). Default 4 MiB. */
  readonly receiveBufferBytes?: number;
  /** UDP flows remembered as objects. Default 65,536. */
  readonly datagramFlows?: number;
  /** What to write in Via and Contact instead of our own address, for those beyond a NAT. Default: `local` as it is. */
  readonly advertise?: (local: ListenAddress, remote: SocketAddress) => SocketAddress;
  /** Whether a TLS peer that connects now is asked for its certificate (not one over WSS: browsers would ask their user). What it showed stands in `Flow.certified`; without one it is served all the same. Default: no. */
  readonly asksCertificates?: () => boolean;
  /** Asked before a connection is accepted; the guard's place. */
  readonly admits?: (address: string) => boolean;
}

/** For health and metrics. */
export interface TransportCounters {
  readonly received: number;
  readonly sent: number;
  readonly connections: number;
  readonly accepted: number;
  readonly refused: number;
  /** Connections that passed a time limit. */
  readonly closedAsLate: number;
  readonly keepalives: number;
  readonly datagramFlows: number;
}

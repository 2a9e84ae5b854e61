import type { Flow } from '../flow.ts';
import { certifiedNames } from './certified-names.ts';
import type { StreamLimits } from './settings.ts';

/** A connection to one peer: a TCP or TLS stream, or a WebSocket. */
export interface Connection {
  /** undefined until it is connected. */
  readonly flow: Flow | undefined;
  /** False as soon as either side has begun to close. */
  readonly isUsable: boolean;
  send(bytes: Uint8Array, failed: (reason: string) => void): void;
  close(reason: string): void;
  /** Why it has to be closed at this instant (ms), or undefined. */
  overdue(now: number): string | undefined;
}

/** What a connection tells the transport that owns it. */
export interface ConnectionEvents {
  onConnected(connection: Connection, flow: Flow): void;
  onMessage(bytes: Uint8Array, flow: Flow): void;
  onKeepalive(): void;
  /** Once, and last. `flow` is undefined when it never was connected. */
  onClosed(connection: Connection, flow: Flow | undefined, reason: string): void;
}

/** What a connection is given for its life. */
export interface ConnectionPorts {
  readonly limits: StreamLimits;
  readonly events: ConnectionEvents;
  /** ms, monotonic. */
  readonly now: () => number;
}

/** Whether somebody owes us something on this connection, and since when (ms). */
export type Patience =
  | { readonly at: 'connecting'; readonly since: number }
  | { readonly at: 'silent'; readonly since: number }
  | { readonly at: 'idle'; readonly since: number }
  | { readonly at: 'midMessage'; readonly since: number };

export function overdue(patience: Patience, now: number, limits: StreamLimits): string | undefined {
  const passed = now - patience.since;
  switch (patience.at) {
    case 'connecting':
      return passed > limits.connectMs ? 'connect timeout' : undefined;
    case 'silent':
      return passed > limits.firstMessageMs ? 'no message came' : undefined;
    case 'idle':
      return passed > limits.idleMs ? 'idle' : undefined;
    case 'midMessage':
      return passed > limits.messageMs ? 'a message did not end' : undefined;
  }
}

/** A stream's id carries a serial: the four addresses alone come again with the next connection. */
export function streamFlow(transport: Flow['transport'], socket: { localAddress?: string; localPort?: number; remoteAddress?: string; remotePort?: number }): Flow {
  const local = { address: socket.localAddress ?? '', port: socket.localPort ?? 0 };
  const remote = { address: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 };
  serial += 1;
  const certified = transport === 'tls' ? certifiedNames(socket) : undefined;
  return { id: `${transport}:${local.address}:${local.port}>${remote.address}:${remote.port}#${serial}`, transport, local, remote, ...(certified === undefined ? {} : { certified }) };
}

let serial = 0;

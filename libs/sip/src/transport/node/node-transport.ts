import { useLatin1 } from '../../message/latin1.ts';
import type { AddressHop, Flow, Hop, Transport, TransportEvents } from '../flow.ts';
import { RecentMap } from '../recent-map.ts';
import { bufferLatin1 } from './buffer-latin1.ts';
import type { Connection, ConnectionEvents, ConnectionPorts } from './connection.ts';
import { DatagramSocket } from './datagram-socket.ts';
import type { DatagramFlow, DatagramSocketEvents } from './datagram-socket.ts';
import { Gate } from './gate.ts';
import { openListener } from './listener.ts';
import type { Listener } from './listener.ts';
import { concrete, Locals } from './local-addresses.ts';
import { NativeDatagrams } from './native-datagrams.ts';
import { openConnection } from './open-connection.ts';
import type { ListenAddress, NodeTransportSettings, StreamLimits, TransportCounters } from './settings.ts';

/** SIP over the sockets of this machine: UDP, TCP, TLS, WS and WSS, any number of each. */
export class NodeTransport implements Transport {
  readonly #settings: NodeTransportSettings;
  readonly #events: TransportEvents;
  readonly #socketEvents: ConnectionEvents & DatagramSocketEvents;
  readonly #ports: ConnectionPorts;
  readonly #gate: Gate;
  readonly #native: NativeDatagrams | undefined;
  readonly #datagramSockets: DatagramSocket[] = [];
  readonly #listeners: Listener[] = [];
  #locals: Locals | undefined;
  /** With the key in #byRemote. */
  readonly #connections = new Map<Connection, string>();
  /** Connected ones, by the id of their flow. */
  readonly #byFlow = new Map<string, Connection>();
  /** Those that a request to an address may use (RFC 5923), by transport and remote socket. */
  readonly #byRemote = new Map<string, Connection>();
  /** Destinations that took no TCP connection, with the instant (ms) until which that is believed. */
  readonly #withoutTcp = new RecentMap<string, number>(WITHOUT_TCP_REMEMBERED);
  readonly #sweep: NodeJS.Timeout;
  #received = 0;
  #sent = 0;
  #keepalives = 0;
  #closedAsLate = 0;
  #lastOneLeft: (() => void) | undefined;

  /** Rejects with the system's error when one of the addresses cannot be had; then nothing stays open. */
  static async open(settings: NodeTransportSettings, events: TransportEvents): Promise<NodeTransport> {
    // The parser may not import node:*; where Node's sockets are, its faster codec is too.
    useLatin1(bufferLatin1);
    const transport = new NodeTransport(settings, events);
    try {
      for (const wanted of settings.listen) await transport.#listen(wanted);
    } catch (error) {
      await transport.close();
      throw error;
    }
    transport.#locals = new Locals(transport.#datagramSockets, transport.listening);
    return transport;
  }

  private constructor(settings: NodeTransportSettings, events: TransportEvents) {
    this.#settings = settings;
    this.#events = events;
    this.#native = settings.native === undefined || settings.native === '' ? undefined : new NativeDatagrams(settings.native);
    const limits: StreamLimits = { ...defaultStreamLimits, ...settings.limits };
    this.#gate = new Gate(limits, settings.admits ?? (() => true));
    this.#socketEvents = this.#eventsOfSockets();
    this.#ports = { limits, events: this.#socketEvents, now: monotonicMs };
    const shortest = Math.min(limits.firstMessageMs, limits.messageMs, limits.idleMs, limits.connectMs);
    this.#sweep = setInterval(() => this.#closeLate(), Math.max(20, Math.min(1000, shortest / 4)));
    this.#sweep.unref();
  }

  /** What is listened on, with the ports that were taken. */
  get listening(): readonly ListenAddress[] {
    return [...this.#datagramSockets, ...this.#listeners].map(({ local }) => local);
  }

  send(hop: Hop, bytes: Uint8Array, failed: (reason: string) => void): void {
    this.#sent += 1;
    if ('flow' in hop) this.#sendOnFlow(hop.flow, bytes, failed);
    else if (hop.transport === 'udp') this.#sendDatagram(hop, bytes, failed);
    else this.#sendOnConnection(hop, bytes, failed);
  }

  hopFor(hop: Hop, size: number): Hop {
    if ('flow' in hop || hop.transport !== 'udp' || hop.keepsUdp === true || size <= LARGEST_DATAGRAM_REQUEST) return hop;
    const tcp: AddressHop = { ...hop, transport: 'tcp' };
    return (this.#withoutTcp.get(remoteKey(tcp)) ?? 0) > monotonicMs() ? hop : tcp;
  }

  advertised(hop: Hop): ListenAddress {
    const remote = 'flow' in hop ? hop.flow.remote : hop;
    const local = 'flow' in hop ? this.#knownLocals().of(hop.flow) : this.#knownLocals().towards(hop.transport, hop.address);
    const { advertise } = this.#settings;
    if (advertise === undefined) return local;
    const { address, port } = advertise(local, remote);
    return { transport: local.transport, address, port };
  }

  counters(): TransportCounters {
    return {
      received: this.#received,
      sent: this.#sent,
      connections: this.#connections.size,
      accepted: this.#gate.accepted,
      refused: this.#gate.refused,
      closedAsLate: this.#closedAsLate,
      keepalives: this.#keepalives,
      datagramFlows: this.#datagramSockets.reduce((sum, socket) => sum + socket.flows, 0),
    };
  }

  /** Closes every socket, and resolves when they are gone. Connections are still told to the owner as closed. */
  async close(): Promise<void> {
    clearInterval(this.#sweep);
    const listenersGone = this.#listeners.map((listener) => listener.close());
    this.#gate.closeHandshaking();
    for (const connection of this.#connections.keys()) connection.close('the transport is closed');
    const connectionsGone = new Promise<void>((resolve) => {
      if (this.#connections.size === 0) resolve();
      else this.#lastOneLeft = resolve;
    });
    await Promise.all([connectionsGone, ...listenersGone, ...this.#datagramSockets.map((socket) => socket.close())]);
  }

  async #listen(wanted: ListenAddress): Promise<void> {
    const { certificate, trust, asksCertificates, receiveBufferBytes = DEFAULT_RECEIVE_BUFFER, datagramFlows = DEFAULT_DATAGRAM_FLOWS } = this.#settings;
    if (wanted.transport !== 'udp') {
      const ports = { ...this.#ports, gate: this.#gate, certificate, authorities: trust?.authorities, asksCertificates, onError: this.#socketEvents.onError };
      this.#listeners.push(await openListener(wanted, ports));
      return;
    }
    for (const address of concrete(wanted.address)) {
      const settings = { receiveBufferBytes, flows: datagramFlows, ...(this.#native === undefined ? {} : { native: this.#native }) };
      this.#datagramSockets.push(await DatagramSocket.open({ address, port: wanted.port }, settings, this.#socketEvents));
    }
  }

  #sendOnFlow(flow: Flow, bytes: Uint8Array, failed: (reason: string) => void): void {
    if (flow.transport === 'udp') {
      // A flow that was stored and read back does not know its socket.
      const socket = (flow as Partial<DatagramFlow>).socket ?? this.#knownLocals().socketAt(flow.local, flow.remote);
      if (socket === undefined) process.nextTick(failed, NO_SOCKET);
      // Who sent us something can be reached as far as this machine can tell, so the outcome is not asked for.
      else socket.send(bytes, flow.remote, undefined, (flow as Partial<DatagramFlow>).ipv4);
      return;
    }
    const connection = this.#byFlow.get(flow.id);
    if (connection === undefined) process.nextTick(failed, 'the connection is closed');
    else connection.send(bytes, failed);
  }

  #sendDatagram(hop: AddressHop, bytes: Uint8Array, failed: (reason: string) => void): void {
    const socket = this.#knownLocals().socketTowards(hop.address);
    if (socket === undefined) process.nextTick(failed, NO_SOCKET);
    else socket.send(bytes, hop, failed);
  }

  #sendOnConnection(hop: AddressHop, bytes: Uint8Array, failed: (reason: string) => void): void {
    const key = remoteKey(hop);
    let connection = this.#byRemote.get(key);
    if (connection === undefined || !connection.isUsable) {
      connection = openConnection(hop, this.#ports, this.#settings.trust, this.#settings.certificate);
      this.#byRemote.set(key, connection);
      this.#connections.set(connection, key);
    }
    const { flow } = connection;
    if (flow !== undefined || hop.transport !== 'tcp') {
      connection.send(bytes, failed);
      return;
    }
    const opening = connection;
    opening.send(bytes, (reason) => {
      if (opening.flow === undefined) this.#withoutTcp.set(key, monotonicMs() + WITHOUT_TCP_MS);
      failed(reason);
    });
  }

  #eventsOfSockets(): ConnectionEvents & DatagramSocketEvents {
    return {
      onConnected: (connection, flow) => {
        this.#byFlow.set(flow.id, connection);
        if (this.#connections.has(connection)) return;
        // RFC 5923 4: a request to where a connection comes from goes back on it. Not for a TLS hop with a name to verify: its key differs.
        const key = remoteKey({ transport: flow.transport, ...flow.remote });
        this.#connections.set(connection, key);
        if (this.#byRemote.get(key)?.isUsable !== true) this.#byRemote.set(key, connection);
      },
      onMessage: (bytes, flow) => {
        this.#received += 1;
        this.#events.onMessage(bytes, flow);
      },
      onKeepalive: () => {
        this.#keepalives += 1;
      },
      onClosed: (connection, flow, reason) => {
        const key = this.#connections.get(connection);
        this.#connections.delete(connection);
        if (key !== undefined && this.#byRemote.get(key) === connection) this.#byRemote.delete(key);
        if (flow !== undefined) {
          this.#byFlow.delete(flow.id);
          this.#events.onFlowClosed(flow, reason);
        }
        if (this.#connections.size === 0) this.#lastOneLeft?.();
      },
      onError: (reason) => this.#events.onError(reason),
    };
  }

  #closeLate(): void {
    const now = monotonicMs();
    this.#closedAsLate += this.#gate.closeLate(now);
    for (const connection of this.#connections.keys()) {
      const reason = connection.overdue(now);
      if (reason === undefined) continue;
      this.#closedAsLate += 1;
      connection.close(reason);
    }
  }

  #knownLocals(): Locals {
    if (this.#locals === undefined) throw new Error('the transport is not open yet');
    return this.#locals;
  }
}

function remoteKey({ transport, address, port, host }: AddressHop): string {
  return `${transport}:${address}:${port}${host !== undefined && (transport === 'tls' || transport === 'wss') ? `/${host}` : ''}`;
}

function monotonicMs(): number {
  return performance.now();
}

const NO_SOCKET = 'no UDP socket of this address family';

/** RFC 3261 18.1.1, for a path whose MTU is unknown. */
const LARGEST_DATAGRAM_REQUEST = 1300;

const WITHOUT_TCP_MS = 300_000;
const WITHOUT_TCP_REMEMBERED = 1024;
const DEFAULT_RECEIVE_BUFFER = 4 * 1024 * 1024;
const DEFAULT_DATAGRAM_FLOWS = 65_536;

export const defaultStreamLimits: StreamLimits = {
  connections: 10_000,
  connectionsPerAddress: 2000,
  firstMessageMs: 10_000,
  messageMs: 10_000,
  idleMs: 7_500_000,
  connectMs: 5000,
  writeQueueBytes: 1024 * 1024,
  messageBytes: 65_535,
};

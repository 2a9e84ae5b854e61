import type { Timers } from '@tipring/clock';
import { isReliable } from './flow.ts';
import type { Flow, Hop, SocketAddress, Transport, TransportEvents, TransportName } from './flow.ts';

export interface VirtualWireSettings {
  readonly timers: Timers;
  /** Uniform in [0, 1); give a seeded one, so that a failure can be repeated. */
  readonly random: () => number;
  /** Share of datagrams lost each way, 0..1. */
  readonly loss?: number;
  /** Share of datagrams delivered twice, 0..1. */
  readonly duplication?: number;
  /** One-way delay in ms, uniform between the two; datagrams overtake each other when they differ. Default [1, 1]. */
  readonly delayMs?: readonly [least: number, most: number];
  /** Sees every message before its fate takes place. `passed` is false for one that is lost. */
  readonly tap?: (from: SocketAddress, to: SocketAddress, bytes: Uint8Array, passed: boolean) => void;
}

export interface VirtualListener extends SocketAddress {
  readonly transport: TransportName;
  /** Over TLS: names in the certificate it shows to whoever it connects to. */
  readonly bears?: readonly string[];
}

/** One end of the wire. */
export interface VirtualStation extends Transport {
  /** Leaves the wire: its connections close, datagrams to it vanish. Nothing is called afterwards. */
  leave(): void;
}

/**
 * Joins SIP stacks in virtual time. Datagrams are lost, doubled, delayed and reordered as set; streams (tcp, tls, ws, wss) are
 * opened on demand, reused, and deliver whole messages in order. The same seed gives the same run.
 */
export class VirtualWire {
  readonly #settings: VirtualWireSettings;
  readonly #stations = new Map<string, Station>();
  #loss: number;
  #ephemeralPort = 49152;

  constructor(settings: VirtualWireSettings) {
    this.#settings = settings;
    this.#loss = settings.loss ?? 0;
  }

  /** Connects a stack that listens at these addresses; the first of a transport is what it sends from. */
  attach(listeners: readonly VirtualListener[], events: TransportEvents): VirtualStation {
    const station: Station = { listeners, events, datagramFlows: new Map(), connections: new Set(), withoutTcp: new Set() };
    for (const listener of listeners) this.#stations.set(key(listener.transport, listener), station);
    return {
      send: (hop, bytes, failed) => this.#send(station, hop, bytes, failed),
      hopFor: (hop, size) => hopFor(station, hop, size),
      advertised: (hop) => advertised(station, hop),
      leave: () => this.#leave(station),
    };
  }

  /** From now on; 1 cuts the wire for datagrams. */
  setLoss(loss: number): void {
    this.#loss = loss;
  }

  /** Nobody can connect there any more, as to a phone behind NAT; connections that stand go on. */
  unlisten(listener: VirtualListener): void {
    this.#stations.delete(key(listener.transport, listener));
  }

  /** Breaks a stream flow from outside; both ends are told. */
  cut(flow: Flow, reason = 'connection reset'): void {
    for (const station of new Set(this.#stations.values())) {
      for (const connection of station.connections) {
        if (connection.flow === flow) this.#close(connection, reason);
      }
    }
  }

  #send(from: Station, hop: Hop, bytes: Uint8Array, failed: (reason: string) => void): void {
    const transport = 'flow' in hop ? hop.flow.transport : hop.transport;
    if (isReliable(transport)) this.#sendOnStream(from, hop, bytes, failed);
    else this.#sendDatagram(from, hop, bytes);
  }

  #sendDatagram(from: Station, hop: Hop, bytes: Uint8Array): void {
    const local = 'flow' in hop ? hop.flow.local : advertised(from, hop);
    const remote = 'flow' in hop ? hop.flow.remote : hop;
    const { random, timers, tap, duplication = 0 } = this.#settings;
    const passed = random() >= this.#loss;
    tap?.(local, remote, bytes, passed);
    if (!passed) return;
    const copy = bytes.slice();
    const deliver = (): void => {
      const to = this.#stations.get(key('udp', remote));
      to?.events.onMessage(copy, datagramFlow(to, remote, local));
    };
    timers.start(this.#delay(), deliver);
    if (random() < duplication) timers.start(this.#delay(), deliver);
  }

  #sendOnStream(from: Station, hop: Hop, bytes: Uint8Array, failed: (reason: string) => void): void {
    const connection = 'flow' in hop ? openConnection(from, hop.flow) : this.#connectionTo(from, hop);
    const { timers, tap } = this.#settings;
    if (connection === undefined) {
      const refused = !('flow' in hop);
      if (refused && hop.transport === 'tcp') from.withoutTcp.add(key('tcp', hop));
      timers.start(this.#delay(), () => failed(refused ? 'connection refused' : 'the connection is closed'));
      return;
    }
    const { peer, flow } = connection;
    tap?.(flow.local, flow.remote, bytes, true);
    const copy = bytes.slice();
    // A stream keeps its order whatever the delays are.
    const at = Math.max(timers.now() + this.#delay(), connection.lastArrival);
    connection.lastArrival = at;
    const sending = { failed };
    connection.unsent.add(sending);
    timers.start(at - timers.now(), () => {
      if (!connection.unsent.delete(sending) || peer === undefined) return;
      peer.station.events.onMessage(copy, peer.flow);
    });
  }

  #connectionTo(from: Station, to: SocketAddress & { readonly transport: TransportName }): Connection | undefined {
    for (const connection of from.connections) {
      const { transport, remote } = connection.flow;
      if (transport === to.transport && remote.port === to.port && remote.address === to.address) return connection;
    }
    const station = this.#stations.get(key(to.transport, to));
    if (station === undefined) return undefined;
    const { address } = advertised(from, to);
    const local = { address, port: this.#ephemeralPort++ };
    const remote = { address: to.address, port: to.port };
    const near: Connection = { station: from, flow: streamFlow(to.transport, local, remote), lastArrival: 0, unsent: new Set(), peer: undefined };
    const { bears } = advertised(from, to);
    const far: Connection = { station, flow: { ...streamFlow(to.transport, remote, local), ...(bears === undefined ? {} : { certified: bears }) }, lastArrival: 0, unsent: new Set(), peer: near };
    near.peer = far;
    from.connections.add(near);
    station.connections.add(far);
    return near;
  }

  #close(connection: Connection, reason: string): void {
    for (const end of [connection, connection.peer]) {
      if (end === undefined || !end.station.connections.delete(end)) continue;
      const lost = [...end.unsent];
      end.unsent.clear();
      this.#settings.timers.start(this.#delay(), () => {
        for (const sending of lost) sending.failed(reason);
        end.station.events.onFlowClosed(end.flow, reason);
      });
    }
  }

  #leave(station: Station): void {
    station.events = deaf;
    for (const listener of station.listeners) this.#stations.delete(key(listener.transport, listener));
    for (const connection of station.connections) this.#close(connection, 'the peer went away');
  }

  #delay(): number {
    const [least, most] = this.#settings.delayMs ?? [1, 1];
    return least + (most - least) * this.#settings.random();
  }
}

interface Station {
  readonly listeners: readonly VirtualListener[];
  events: TransportEvents;
  readonly datagramFlows: Map<string, Flow>;
  readonly connections: Set<Connection>;
  readonly withoutTcp: Set<string>;
}

interface Connection {
  readonly station: Station;
  readonly flow: Flow;
  /** Virtual instant in ms. */
  lastArrival: number;
  readonly unsent: Set<{ readonly failed: (reason: string) => void }>;
  peer: Connection | undefined;
}

function hopFor(station: Station, hop: Hop, size: number): Hop {
  if ('flow' in hop || hop.transport !== 'udp' || hop.keepsUdp === true || size <= LARGEST_DATAGRAM_REQUEST) return hop;
  return station.withoutTcp.has(key('tcp', hop)) ? hop : { ...hop, transport: 'tcp' };
}

function advertised(station: Station, hop: Hop): VirtualListener {
  if ('flow' in hop) {
    const { transport, local } = hop.flow;
    const listener = station.listeners.find((one) => one.transport === transport && one.address === local.address);
    return { transport, address: local.address, port: listener?.port ?? local.port };
  }
  const listener = station.listeners.find((one) => one.transport === hop.transport) ?? station.listeners[0];
  if (listener === undefined) throw new Error('a station without any listener cannot send');
  return { transport: hop.transport, address: listener.address, port: listener.port, ...(listener.bears === undefined ? {} : { bears: listener.bears }) };
}

function openConnection(station: Station, flow: Flow): Connection | undefined {
  for (const connection of station.connections) if (connection.flow === flow) return connection;
  return undefined;
}

function datagramFlow(station: Station, local: SocketAddress, remote: SocketAddress): Flow {
  const id = flowId('udp', local, remote);
  let flow = station.datagramFlows.get(id);
  if (flow === undefined) {
    flow = { id, transport: 'udp', local: socketAddress(local), remote: socketAddress(remote) };
    station.datagramFlows.set(id, flow);
  }
  return flow;
}

function streamFlow(transport: TransportName, local: SocketAddress, remote: SocketAddress): Flow {
  return { id: flowId(transport, local, remote), transport, local, remote };
}

function socketAddress({ address, port }: SocketAddress): SocketAddress {
  return { address, port };
}

function flowId(transport: TransportName, local: SocketAddress, remote: SocketAddress): string {
  return `${key(transport, local)}>${remote.address}:${remote.port}`;
}

function key(transport: TransportName, { address, port }: SocketAddress): string {
  return `${transport}:${address}:${port}`;
}

const deaf: TransportEvents = { onMessage: () => {}, onFlowClosed: () => {}, onError: () => {} };

/** RFC 3261 18.1.1, for a path whose MTU is unknown. */
const LARGEST_DATAGRAM_REQUEST = 1300;

import { createSocket } from 'node:dgram';
import type { RemoteInfo, Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Flow, SocketAddress } from '../flow.ts';
import { RecentMap } from '../recent-map.ts';
import type { ListenAddress } from './settings.ts';

export interface DatagramSocketSettings {
  readonly receiveBufferBytes: number;
  /** Flows remembered as objects; a forgotten one comes back with an equal id. */
  readonly flows: number;
}

export interface DatagramSocketEvents {
  onMessage(bytes: Uint8Array, flow: Flow): void;
  onKeepalive(): void;
  onError(reason: string): void;
}

/** A UDP flow; it leads back to its socket, so that an answer needs no search. */
export interface DatagramFlow extends Flow {
  readonly socket: DatagramSocket;
}

/** One bound UDP socket. */
export class DatagramSocket {
  readonly local: ListenAddress;
  readonly #socket: Socket;
  readonly #events: DatagramSocketEvents;
  readonly #flows: RecentMap<number | string, DatagramFlow>;
  readonly #isIPv6: boolean;
  #open = true;

  /** Rejects with the system's error when the address cannot be had. */
  static open(local: SocketAddress, settings: DatagramSocketSettings, events: DatagramSocketEvents): Promise<DatagramSocket> {
    const ipv6 = isIPv6(local.address);
    const socket = createSocket({
      type: ipv6 ? 'udp6' : 'udp4',
      ipv6Only: ipv6,
      recvBufferSize: settings.receiveBufferBytes,
      // dgram asks a resolver for every datagram. Ours are addresses already; answering at once lets the kernel be called at once.
      lookup: (address, _options, found) => found(null, address, ipv6 ? 6 : 4),
    });
    return new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.bind({ address: local.address, port: local.port }, () => {
        socket.off('error', reject);
        resolve(new DatagramSocket(socket, settings, events));
      });
    });
  }

  private constructor(socket: Socket, settings: DatagramSocketSettings, events: DatagramSocketEvents) {
    const { address, port, family } = socket.address();
    this.local = { transport: 'udp', address, port };
    this.#socket = socket;
    this.#events = events;
    this.#flows = new RecentMap(settings.flows);
    this.#isIPv6 = family === 'IPv6';
    socket.on('message', (bytes, remote) => this.#received(bytes, remote));
    socket.on('error', (error) => events.onError(`udp ${address}:${port}: ${error.message}`));
  }

  get flows(): number {
    return this.#flows.size;
  }

  get isIPv6(): boolean {
    return this.#isIPv6;
  }

  /** Asking for the outcome costs a tenth of a send; leave `failed` out where nothing can be done about it. */
  send(bytes: Uint8Array, remote: SocketAddress, failed?: (reason: string) => void): void {
    if (!this.#open || bytes.length > LARGEST_DATAGRAM || remote.port === 0) {
      if (failed !== undefined) process.nextTick(failed, this.#open ? 'not a datagram that can be sent' : 'the socket is closed');
      return;
    }
    if (failed === undefined) this.#socket.send(bytes, remote.port, remote.address);
    else this.#socket.send(bytes, remote.port, remote.address, (error) => error && failed(error.message));
  }

  close(): Promise<void> {
    if (!this.#open) return Promise.resolve();
    this.#open = false;
    return new Promise((resolve) => this.#socket.close(() => resolve()));
  }

  #received(bytes: Uint8Array, remote: RemoteInfo): void {
    if ((bytes[0] ?? 0) <= SPACE && isKeepalive(bytes)) this.#events.onKeepalive();
    else this.#events.onMessage(bytes, this.#flow(remote));
  }

  #flow(remote: RemoteInfo): DatagramFlow {
    const key = this.#isIPv6 ? `${remote.address}|${remote.port}` : ipv4Key(remote.address, remote.port);
    const known = this.#flows.get(key);
    if (known !== undefined) return known;
    const { address, port } = remote;
    const id = `udp:${this.local.address}:${this.local.port}>${address}:${port}`;
    const flow: DatagramFlow = { id, transport: 'udp', local: this.local, remote: { address, port }, socket: this };
    this.#flows.set(key, flow);
    return flow;
  }
}

/** 48 bits, so that no string is built for a datagram. */
function ipv4Key(address: string, port: number): number {
  let whole = 0;
  let byte = 0;
  for (let i = 0; i < address.length; i++) {
    const code = address.charCodeAt(i);
    if (code === DOT) {
      whole = whole * 256 + byte;
      byte = 0;
    } else {
      byte = byte * 10 + code - ZERO;
    }
  }
  return (whole * 256 + byte) * 65_536 + port;
}

/** What phones send to keep a NAT binding open: nothing, zeros, or line ends. */
function isKeepalive(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0 || byte === CR || byte === LF || byte === SPACE);
}

const CR = 13;
const LF = 10;
const SPACE = 32;
const DOT = 46;
const ZERO = 48;

/** The largest UDP payload over IPv4 (RFC 768, RFC 791). */
const LARGEST_DATAGRAM = 65_507;

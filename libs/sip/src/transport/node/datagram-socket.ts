import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Flow, SocketAddress } from '../flow.ts';
import { RecentMap } from '../recent-map.ts';
import type { NativeDatagrams } from './native-datagrams.ts';
import type { ListenAddress } from './settings.ts';

export interface DatagramSocketSettings {
  readonly receiveBufferBytes: number;
  /** Flows remembered as objects; a forgotten one comes back with an equal id. */
  readonly flows: number;
  /** Without it every datagram goes Node's way. */
  readonly native?: NativeDatagrams;
}

export interface DatagramSocketEvents {
  onMessage(bytes: Uint8Array, flow: Flow): void;
  onKeepalive(): void;
  onError(reason: string): void;
}

/** A UDP flow; it leads back to its socket, so that an answer needs no search. */
export interface DatagramFlow extends Flow {
  readonly socket: DatagramSocket;
  /** The remote address as a number; undefined for IPv6. */
  readonly ipv4: number | undefined;
}

/** One bound UDP socket. */
export class DatagramSocket {
  readonly local: ListenAddress;
  readonly #socket: Socket;
  readonly #events: DatagramSocketEvents;
  readonly #flows: RecentMap<number | string, DatagramFlow>;
  readonly #isIPv6: boolean;
  readonly #native: NativeDatagrams | undefined;
  readonly #descriptor: number;
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
    this.#descriptor = descriptorOf(socket);
    this.#native = this.#isIPv6 || this.#descriptor < 0 ? undefined : settings.native;
    socket.on('message', (bytes, remote) => {
      this.#received(bytes, this.#flow(this.#isIPv6 ? `${remote.address}|${remote.port}` : ipv4Of(remote.address) * 65_536 + remote.port, remote));
      this.#readOn();
    });
    socket.on('error', (error) => events.onError(`udp ${address}:${port}: ${error.message}`));
  }

  get flows(): number {
    return this.#flows.size;
  }

  get isIPv6(): boolean {
    return this.#isIPv6;
  }

  /** Asking for the outcome costs a tenth of a send; leave `failed` out where nothing can be done about it. */
  send(bytes: Uint8Array, remote: SocketAddress, failed?: (reason: string) => void, ipv4?: number): void {
    if (!this.#open || bytes.length > LARGEST_DATAGRAM || remote.port === 0) {
      if (failed !== undefined) process.nextTick(failed, this.#open ? 'not a datagram that can be sent' : 'the socket is closed');
      return;
    }
    if (this.#native !== undefined) {
      const error = this.#native.send(this.#descriptor, bytes, ipv4 ?? ipv4Of(remote.address), remote.port);
      if (error === 0) return;
      // A full buffer is waited for by Node; other errors it finds again, and says them in its own words.
    }
    if (failed === undefined) this.#socket.send(bytes, remote.port, remote.address);
    else this.#socket.send(bytes, remote.port, remote.address, (error) => error && failed(error.message));
  }

  close(): Promise<void> {
    if (!this.#open) return Promise.resolve();
    this.#open = false;
    return new Promise((resolve) => this.#socket.close(() => resolve()));
  }

  #received(bytes: Uint8Array, flow: DatagramFlow): void {
    if ((bytes[0] ?? 0) <= SPACE && isKeepalive(bytes)) this.#events.onKeepalive();
    else this.#events.onMessage(bytes, flow);
  }

  /** What else is in the socket: nothing waits there that could be read, and what is done first is decided where all is known. */
  #readOn(): void {
    if (this.#native === undefined) return;
    let batches = 0;
    while (this.#open && batches++ < MOST_BATCHES && this.#native.receive(this.#descriptor, this.#take) > 0);
  }

  #take = (bytes: Uint8Array, address: number, port: number): void => {
    if (this.#open) this.#received(bytes, this.#flow(address * 65_536 + port, { address, port }));
  };

  /** `key`: of an IPv4 address and its port 48 bits, so that no string is built for a datagram. */
  #flow(key: number | string, from: { readonly address: string | number; readonly port: number }): DatagramFlow {
    const known = this.#flows.get(key);
    if (known !== undefined) return known;
    const { port } = from;
    const address = typeof from.address === 'number' ? textOf(from.address) : from.address;
    const id = `udp:${this.local.address}:${this.local.port}>${address}:${port}`;
    const flow: DatagramFlow = { id, transport: 'udp', local: this.local, remote: { address, port }, socket: this, ipv4: this.#isIPv6 ? undefined : ipv4Of(address) };
    this.#flows.set(key, flow);
    return flow;
  }
}

/** Node keeps a socket's handle, which knows its descriptor, behind a symbol of its own; -1 where it should not. */
function descriptorOf(socket: Socket): number {
  const symbol = Object.getOwnPropertySymbols(socket).find(({ description }) => description === 'state symbol');
  const state = symbol === undefined ? undefined : (socket as unknown as Record<symbol, { readonly handle?: { readonly fd?: number } }>)[symbol];
  return state?.handle?.fd ?? -1;
}

function textOf(ipv4: number): string {
  return `${ipv4 >>> 24}.${(ipv4 >>> 16) & 255}.${(ipv4 >>> 8) & 255}.${ipv4 & 255}`;
}

function ipv4Of(address: string): number {
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
  return whole * 256 + byte;
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

/** Of 32; then timers and connections have their turn. */
const MOST_BATCHES = 16;

/** The largest UDP payload over IPv4 (RFC 768, RFC 791). */
const LARGEST_DATAGRAM = 65_507;

import type { Socket } from 'node:net';
import type { StreamLimits } from './settings.ts';

/** Counts what peers have opened, and holds those whose handshake is not over. */
export class Gate {
  readonly #limits: StreamLimits;
  readonly #admits: (address: string) => boolean;
  readonly #perAddress = new Map<string, number>();
  /** In a TLS or WebSocket handshake, by the peer's socket address; in the order of their coming. */
  readonly #handshaking = new Map<string, { readonly socket: Socket; readonly since: number }>();
  #open = 0;
  #accepted = 0;
  #refused = 0;

  constructor(limits: StreamLimits, admits: (address: string) => boolean) {
    this.#limits = limits;
    this.#admits = admits;
  }

  /** Connections that peers have opened and that are still there. */
  get open(): number {
    return this.#open;
  }

  get accepted(): number {
    return this.#accepted;
  }

  get refused(): number {
    return this.#refused;
  }

  /** Takes the socket on at the instant `now` (ms), or destroys it. */
  admit(socket: Socket, now: number): boolean {
    const address = socket.remoteAddress;
    const there = this.#perAddress.get(address ?? '') ?? 0;
    if (address === undefined || this.#open >= this.#limits.connections || there >= this.#limits.connectionsPerAddress || !this.#admits(address)) {
      this.#refused += 1;
      socket.on('error', ignore);
      socket.destroy();
      return false;
    }
    this.#accepted += 1;
    this.#open += 1;
    this.#perAddress.set(address, there + 1);
    const key = peerOf(socket);
    this.#handshaking.set(key, { socket, since: now });
    socket.once('close', () => {
      if (this.#handshaking.get(key)?.socket === socket) this.#handshaking.delete(key);
      this.#left(address);
    });
    return true;
  }

  /** The handshake is over. Returns when the peer came (ms). */
  established(socket: Socket, now: number): number {
    const key = peerOf(socket);
    const since = this.#handshaking.get(key)?.since ?? now;
    this.#handshaking.delete(key);
    return since;
  }

  /** Ends handshakes that take too long. Returns how many. */
  closeLate(now: number): number {
    let closed = 0;
    for (const { socket, since } of this.#handshaking.values()) {
      if (now - since <= this.#limits.firstMessageMs) break;
      socket.destroy();
      closed += 1;
    }
    return closed;
  }

  closeHandshaking(): void {
    for (const { socket } of this.#handshaking.values()) socket.destroy();
  }

  #left(address: string): void {
    this.#open -= 1;
    const there = (this.#perAddress.get(address) ?? 1) - 1;
    if (there === 0) this.#perAddress.delete(address);
    else this.#perAddress.set(address, there);
  }
}

function peerOf(socket: Socket): string {
  return `${socket.localAddress}:${socket.localPort}<${socket.remoteAddress}:${socket.remotePort}`;
}

function ignore(): void {}

import { connect, type NetConnectOpts, type Socket } from 'node:net';
import type { Gateway, GatewayCommand, GatewayEvent, GatewayRefusal } from './contract.ts';
import { LineFramer } from './line-framer.ts';
import type { PlayerGatewayEvent } from './player-contract.ts';
import type { PortGatewayEvent } from './port-contract.ts';
import { maximumCommandLength, maximumReplyLength, readFromGateway, writeCommand } from './wire.ts';

/** Where a gateway listens: a UNIX socket on this host, or TCP. */
export type GatewayAddress = { readonly path: string } | { readonly host: string; readonly port: number };

type Done = (reply: never, refusal: GatewayRefusal | { readonly code: 'gone'; readonly text: string } | null) => void;

/**
 * The controller's end of the gateway protocol over a socket. It connects by itself and again whenever the connection is
 * lost: at once, then every 50 to 200 ms. Assign `onEvent`, `onPlayerEvent`, `onPortEvent` and `onState` right after construction: nothing arrives before
 * the next turn of the event loop.
 *
 *   const gateway = new GatewayClient({ path: '/run/tipring/gateway.sock' });
 */
export class GatewayClient implements Gateway {
  onEvent: (event: GatewayEvent) => void = () => {};
  onPlayerEvent: (event: PlayerGatewayEvent) => void = () => {};
  onPortEvent: (event: PortGatewayEvent) => void = () => {};
  onState: (state: 'up' | 'down') => void = () => {};

  readonly #address: GatewayAddress;
  #socket: Socket | null = null;
  #state: 'up' | 'down' = 'down';
  #closed = false;
  /** Commands sent and not answered, in order of their numbers. */
  #pending = new Map<number, Done | undefined>();
  #lastNumber = 0;
  #outgoing = '';
  #flushing = false;
  #flushedAt = 0;
  #attempt = 0;
  #retry: NodeJS.Timeout | null = null;
  #replaced = false;

  constructor(address: GatewayAddress) {
    this.#address = address;
    this.#connect();
  }

  get state(): 'up' | 'down' {
    return this.#state;
  }

  send: Gateway['send'] = (command: GatewayCommand, done?: (reply: never, refusal: GatewayRefusal | { readonly code: 'gone'; readonly text: string } | null) => void): void => {
    if (this.#state === 'down') return refuseSoon(done, { code: 'gone', text: 'the media gateway is not connected' });
    const n = ++this.#lastNumber;
    const line = writeCommand(n, command);
    if (line.length > maximumCommandLength) return refuseSoon(done, { code: 'badCommand', text: `the command has more than ${maximumCommandLength} characters` });
    this.#pending.set(n, done);
    this.#outgoing += line;
    if (this.#flushing) return;
    this.#flushing = true;
    // The check phase comes after all the callbacks of this turn, so what they send leaves in one write. Under load turns are
    // short, and each write wakes the gateway and its worker: then what a few milliseconds bring leaves together.
    const early = this.#flushedAt + GATHER_MS - performance.now();
    if (early > 0) setTimeout(this.#flush, early);
    else setImmediate(this.#flush);
  };

  /** Ends the connection for good. What is not answered is refused as `gone`; `onState` is not called any more. */
  close(): void {
    this.#closed = true;
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.onState = () => {};
    this.#flush();
    this.#socket?.end();
    this.#lost();
  }

  #flush = (): void => {
    this.#flushing = false;
    if (this.#outgoing.length === 0) return;
    this.#flushedAt = performance.now();
    this.#socket?.write(this.#outgoing);
    this.#outgoing = '';
  };

  #connect(): void {
    this.#retry = null;
    const socket = connect({ ...this.#address, noDelay: true } as NetConnectOpts);
    const framer = new LineFramer(maximumReplyLength);
    this.#socket = socket;
    socket.setEncoding('utf8');
    socket.on('connect', () => {
      this.#attempt = 0;
      this.#state = 'up';
      this.onState('up');
    });
    socket.on('data', (text: string) => framer.push(text, this.#take));
    // The reason is of no use here: `close` always follows, and the state says the rest.
    socket.on('error', () => {});
    socket.on('close', () => {
      if (this.#closed || socket !== this.#socket) return;
      this.#lost();
      this.#reconnect();
    });
  }

  #reconnect(): void {
    // A controller that was replaced must not take the gateway straight back from its successor.
    const wait = this.#replaced ? replacedWaitMs : this.#attempt === 0 ? 0 : Math.min(200, 25 * 2 ** this.#attempt);
    this.#replaced = false;
    this.#attempt++;
    this.#retry = setTimeout(() => this.#connect(), wait);
  }

  #lost(): void {
    const pending = this.#pending;
    this.#pending = new Map();
    this.#outgoing = '';
    const wasUp = this.#state === 'up';
    this.#state = 'down';
    this.#socket = null;
    if (wasUp) this.onState('down');
    for (const done of pending.values()) guarded(() => done?.(null as never, { code: 'gone', text: 'the connection to the media gateway was lost' }));
  }

  #take = (line: string | null): void => {
    if (line === null || this.#state === 'down') return;
    const message = readFromGateway(line);
    switch (message.type) {
      case 'ok':
        return this.#answer(message.n, message.reply, null);
      case 'no':
        if (message.n !== null) this.#answer(message.n, null, message.refusal);
        return;
      case 'event':
        return guarded(() => this.onEvent(message.event));
      case 'playerEvent':
        return guarded(() => this.onPlayerEvent(message.event));
      case 'portEvent':
        return guarded(() => this.onPortEvent(message.event));
      case 'bye':
        this.#replaced = message.reason === 'replaced';
        return;
      case 'unreadable':
        return;
    }
  };

  #answer(n: number, reply: unknown, refusal: GatewayRefusal | null): void {
    const done = this.#pending.get(n);
    this.#pending.delete(n);
    if (done !== undefined) guarded(() => done(reply as never, refusal));
  }
}

function refuseSoon(done: Done | undefined, refusal: GatewayRefusal | { readonly code: 'gone'; readonly text: string }): void {
  if (done !== undefined) setImmediate(() => done(null as never, refusal));
}

/** A listener's bug is the process's to hear of, but not at the price of the replies that follow in the same chunk. */
function guarded(action: () => void): void {
  try {
    action();
  } catch (error) {
    setImmediate(() => {
      throw error;
    });
  }
}

const replacedWaitMs = 5000;
const GATHER_MS = 3;

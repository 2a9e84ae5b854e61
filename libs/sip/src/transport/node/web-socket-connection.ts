import { isUtf8 } from 'node:buffer';
import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { Flow, TransportName } from '../flow.ts';
import type { Connection, ConnectionPorts, Patience } from './connection.ts';
import { overdue, streamFlow } from './connection.ts';

/** SIP over a WebSocket: every WebSocket message is one SIP message (RFC 7118 5). */
export class WebSocketConnection implements Connection {
  readonly #webSocket: WebSocket;
  readonly #ports: ConnectionPorts;
  #flow: Flow | undefined;
  #patience: Patience;
  #spoken: boolean;
  #closing: string | undefined;
  /** What the owner sent before the handshake was over. */
  #early: { readonly bytes: Uint8Array; readonly failed: (reason: string) => void }[] = [];
  #earlyBytes = 0;

  /** One that a peer opened; `acceptedAt` as for a stream. */
  static accepted(webSocket: WebSocket, socket: Socket, transport: TransportName, ports: ConnectionPorts, acceptedAt: number): WebSocketConnection {
    const connection = new WebSocketConnection(webSocket, ports, { at: 'silent', since: acceptedAt });
    connection.#connected(streamFlow(transport, socket));
    return connection;
  }

  /** One of ours, whose handshake is under way. */
  static opening(webSocket: WebSocket, transport: TransportName, ports: ConnectionPorts): WebSocketConnection {
    const connection = new WebSocketConnection(webSocket, ports, { at: 'connecting', since: ports.now() });
    connection.#spoken = true;
    let flow: Flow | undefined;
    webSocket.once('upgrade', (response) => (flow = streamFlow(transport, response.socket)));
    webSocket.once('open', () => {
      if (flow === undefined) return;
      connection.#patience = { at: 'idle', since: ports.now() };
      connection.#connected(flow);
      for (const { bytes, failed } of connection.#early.splice(0)) connection.send(bytes, failed);
    });
    return connection;
  }

  private constructor(webSocket: WebSocket, ports: ConnectionPorts, patience: Patience) {
    this.#webSocket = webSocket;
    this.#ports = ports;
    this.#patience = patience;
    this.#spoken = false;
    webSocket.on('message', (data) => this.#received(data as Uint8Array));
    webSocket.on('error', (error) => (this.#closing ??= error.message));
    webSocket.on('close', () => this.#closed());
  }

  get flow(): Flow | undefined {
    return this.#flow;
  }

  get isUsable(): boolean {
    return this.#closing === undefined && this.#webSocket.readyState <= this.#webSocket.OPEN;
  }

  send(bytes: Uint8Array, failed: (reason: string) => void): void {
    if (this.#closing === undefined && this.#webSocket.bufferedAmount + this.#earlyBytes + bytes.length > this.#ports.limits.writeQueueBytes) this.close(QUEUE_FULL);
    if (!this.isUsable) {
      process.nextTick(failed, this.#closing ?? 'the connection is closed');
    } else if (this.#flow === undefined) {
      this.#early.push({ bytes, failed });
      this.#earlyBytes += bytes.length;
    } else {
      this.#earlyBytes = 0;
      // RFC 7118 5: both kinds are allowed; browsers take text with less ado, but text has to be UTF-8.
      this.#webSocket.send(bytes, { binary: !isUtf8(bytes) }, (error) => error && failed(this.#closing ?? error.message));
    }
  }

  close(reason: string): void {
    if (this.#closing !== undefined) return;
    this.#closing = reason;
    this.#webSocket.terminate();
  }

  overdue(now: number): string | undefined {
    return overdue(this.#patience, now, this.#ports.limits);
  }

  #connected(flow: Flow): void {
    this.#flow = flow;
    this.#ports.events.onConnected(this, flow);
  }

  #received(data: Uint8Array): void {
    const flow = this.#flow;
    if (flow === undefined || this.#closing !== undefined) return;
    if (data.length <= 4 && data.every((byte) => byte === CR || byte === LF)) {
      this.#ports.events.onKeepalive();
      // RFC 7118 6 leaves CRLF keepalives (RFC 5626 3.5.1) to those who like them; sip.js does.
      if (data.length === 4) this.send(PONG, ignore);
      if (this.#spoken) this.#patience = { at: 'idle', since: this.#ports.now() };
      return;
    }
    this.#spoken = true;
    this.#patience = { at: 'idle', since: this.#ports.now() };
    this.#ports.events.onMessage(data, flow);
  }

  #closed(): void {
    const reason = this.#closing ?? 'closed by the peer';
    this.#closing = reason;
    for (const { failed } of this.#early.splice(0)) failed(reason);
    this.#ports.events.onClosed(this, this.#flow, reason);
  }
}

function ignore(): void {}

const CR = 13;
const LF = 10;
const PONG = new Uint8Array([13, 10]);
const QUEUE_FULL = 'the peer does not read: write queue over its limit';

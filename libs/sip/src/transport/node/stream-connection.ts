import type { Socket } from 'node:net';
import type { Flow, TransportName } from '../flow.ts';
import type { Connection, ConnectionPorts, Patience } from './connection.ts';
import { overdue, streamFlow } from './connection.ts';
import { StreamFramer } from './stream-framer.ts';

/** SIP over a TCP or TLS socket (RFC 3261 18.3): one that a peer opened, or one that is being opened. */
export class StreamConnection implements Connection {
  readonly #socket: Socket;
  readonly #transport: TransportName;
  readonly #ports: ConnectionPorts;
  readonly #framer: StreamFramer;
  #flow: Flow | undefined;
  #patience: Patience;
  /** Whether the peer has shown that it speaks SIP. */
  #spoken: boolean;
  #closing: string | undefined;

  /** `acceptedAt`: instant in ms at which the peer connected, TLS handshake included; undefined for a connection of ours. */
  constructor(socket: Socket, transport: TransportName, ports: ConnectionPorts, acceptedAt: number | undefined) {
    this.#socket = socket;
    this.#transport = transport;
    this.#ports = ports;
    this.#framer = new StreamFramer(ports.limits.messageBytes);
    this.#spoken = acceptedAt === undefined;
    socket.setNoDelay(true);
    // Finds peers that vanished without a word, long before the idle limit does.
    socket.setKeepAlive(true, KEEPALIVE_MS);
    socket.on('data', (chunk: Uint8Array) => this.#received(chunk));
    socket.on('error', (error) => (this.#closing ??= error.message));
    socket.on('close', () => ports.events.onClosed(this, this.#flow, this.#closing ?? 'closed by the peer'));
    if (acceptedAt === undefined) {
      this.#patience = { at: 'connecting', since: ports.now() };
      socket.once(transport === 'tls' ? 'secureConnect' : 'connect', () => this.#connected());
    } else {
      this.#patience = { at: 'silent', since: acceptedAt };
      this.#flow = streamFlow(transport, socket);
      ports.events.onConnected(this, this.#flow);
    }
  }

  get flow(): Flow | undefined {
    return this.#flow;
  }

  get isUsable(): boolean {
    return this.#closing === undefined && this.#socket.writable;
  }

  send(bytes: Uint8Array, failed: (reason: string) => void): void {
    if (this.#closing === undefined && this.#socket.writableLength + bytes.length > this.#ports.limits.writeQueueBytes) this.close(QUEUE_FULL);
    if (!this.isUsable) {
      process.nextTick(failed, this.#closing ?? 'the connection is closed');
      return;
    }
    this.#socket.write(bytes, (error) => error && failed(this.#closing ?? error.message));
  }

  close(reason: string): void {
    this.#closing ??= reason;
    this.#socket.destroy();
  }

  overdue(now: number): string | undefined {
    return overdue(this.#patience, now, this.#ports.limits);
  }

  #connected(): void {
    this.#flow = streamFlow(this.#transport, this.#socket);
    this.#patience = { at: 'idle', since: this.#ports.now() };
    this.#ports.events.onConnected(this, this.#flow);
  }

  #received(chunk: Uint8Array): void {
    const flow = this.#flow;
    if (flow === undefined) return;
    this.#framer.push(chunk);
    while (this.#closing === undefined) {
      const event = this.#framer.poll();
      switch (event.kind) {
        case 'message':
          this.#spoken = true;
          this.#patience = { at: 'idle', since: this.#ports.now() };
          this.#ports.events.onMessage(event.bytes, flow);
          continue;
        case 'ping':
          this.#ports.events.onKeepalive();
          // RFC 5626 3.5.1: a double CRLF is answered by a single one.
          this.send(PONG, ignore);
          continue;
        case 'pong':
          this.#ports.events.onKeepalive();
          continue;
        case 'garbage':
          if (event.message === undefined) this.close(event.reason);
          else this.#answerAndClose(event.message, event.reason, flow);
          return;
        case 'wait':
          this.#wait(event.midMessage);
          return;
      }
    }
  }

  /** RFC 3261 18.3: a request without a good Content-Length on a stream gets a 400; then the stream has to end. */
  #answerAndClose(message: Uint8Array, reason: string, flow: Flow): void {
    this.#socket.removeAllListeners('data');
    this.#socket.resume();
    this.#patience = { at: 'midMessage', since: this.#ports.now() };
    this.#ports.events.onMessage(message, flow);
    setImmediate(() => {
      this.#closing ??= reason;
      this.#socket.destroySoon();
    });
  }

  #wait(midMessage: boolean): void {
    if (midMessage) {
      // A peer that has not said anything whole yet is held to the first limit, one that has to the time of each message.
      if (this.#patience.at === 'idle') this.#patience = { at: 'midMessage', since: this.#ports.now() };
    } else if (this.#spoken) {
      this.#patience = { at: 'idle', since: this.#ports.now() };
    }
  }
}

function ignore(): void {}

const PONG = new Uint8Array([13, 10]);
const KEEPALIVE_MS = 60_000;
const QUEUE_FULL = 'the peer does not read: write queue over its limit';

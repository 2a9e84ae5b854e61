import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import type { CarrierFailure } from '@tipring/carrier-control';
import { type Certificate, type Flow, type Hop, type ListenAddress, NodeTransport, reasonPhrase, statelessResponse, type Transport } from '@tipring/sip';
import { fieldOf, type MessageHead, type MessageLog } from './message-log.ts';

/** What the sockets are told besides messages. */
export interface CarrierSocketsUser {
  receive(bytes: Uint8Array, flow: Flow): void;
  closed(flow: Flow): void;
  /** A failure has begun by itself: of the whole carrier, or of one call. */
  fellSilent(callId: string | null): void;
}

/**
 * A carrier's sockets, and all that can be wrong with them. Whatever the layers above send while nothing may be sent is swallowed, so that they
 * live on as if nothing were.
 */
export class CarrierSockets implements Transport {
  readonly #log: MessageLog;
  readonly #user: CarrierSocketsUser;
  readonly #certificate: Certificate | undefined;
  #listen: readonly ListenAddress[];
  #transport!: NodeTransport;
  #failure: CarrierFailure | null = null;
  /** By Call-ID: calls that nothing is sent in. */
  readonly #silent = new Set<string>();
  readonly #accepted = new Set<Socket>();
  readonly #delayed = new Set<NodeJS.Timeout>();
  readonly #onAccepted = (message: unknown): void => this.#accept((message as { readonly socket: Socket }).socket);

  static async open(listen: readonly ListenAddress[], certificate: Certificate | undefined, log: MessageLog, user: CarrierSocketsUser): Promise<CarrierSockets> {
    const sockets = new CarrierSockets(listen, certificate, log, user);
    subscribe('net.server.socket', sockets.#onAccepted);
    await sockets.#open();
    return sockets;
  }

  private constructor(listen: readonly ListenAddress[], certificate: Certificate | undefined, log: MessageLog, user: CarrierSocketsUser) {
    this.#listen = listen;
    this.#certificate = certificate;
    this.#log = log;
    this.#user = user;
  }

  get listening(): readonly ListenAddress[] {
    return this.#listen;
  }

  get failure(): CarrierFailure | null {
    return this.#failure;
  }

  /** Nothing is sent at all, RTP neither. */
  get isDead(): boolean {
    return this.#failure?.is === 'blackHole' || this.#failure?.is === 'reset' || this.#failure?.is === 'closed';
  }

  isSilent(callId: string): boolean {
    return this.isDead || this.#silent.has(callId);
  }

  async become(failure: CarrierFailure | null): Promise<void> {
    const wasClosed = this.#failure?.is === 'closed';
    this.#failure = failure;
    if (failure === null) this.#silent.clear();
    if (failure?.is === 'reset') for (const socket of this.#accepted) socket.resetAndDestroy();
    if (failure?.is === 'closed') await this.#transport.close();
    else if (wasClosed) await this.#open();
  }

  async close(): Promise<void> {
    unsubscribe('net.server.socket', this.#onAccepted);
    for (const delayed of this.#delayed) clearTimeout(delayed);
    if (this.#failure?.is !== 'closed') await this.#transport.close();
  }

  send(hop: Hop, bytes: Uint8Array, failed: (reason: string) => void): void {
    const isDead = this.isDead;
    const head = this.#log.note(isDead ? 'swallowed' : 'sent', bytes, hop);
    if (isDead || head === undefined || this.#silent.has(fieldOf(head, 'call-id') ?? '')) return;
    this.#transport.send(hop, bytes, failed);
    this.#afterSending(head);
  }

  hopFor(hop: Hop, size: number): Hop {
    return this.#transport.hopFor(hop, size);
  }

  advertised(hop: Hop): ListenAddress {
    return this.#transport.advertised(hop);
  }

  async #open(): Promise<void> {
    this.#transport = await NodeTransport.open(
      { listen: this.#listen, ...(this.#certificate === undefined ? {} : { certificate: this.#certificate }), trust: { acceptAny: true } },
      { onMessage: (bytes, flow) => this.#receive(bytes, flow), onFlowClosed: (flow) => this.#user.closed(flow), onError() {} },
    );
    // The same ports again after it was closed.
    this.#listen = this.#transport.listening;
  }

  #receive(bytes: Uint8Array, flow: Flow): void {
    const failure = this.#failure;
    const head = this.#log.note(this.isDead ? 'swallowed' : 'received', bytes, { flow });
    if (this.isDead || head === undefined || this.#silent.has(fieldOf(head, 'call-id') ?? '')) return;
    if (failure?.is === 'delay') {
      const delayed = setTimeout(() => {
        this.#delayed.delete(delayed);
        if (!this.isDead) this.#user.receive(bytes, flow);
      }, failure.ms);
      this.#delayed.add(delayed);
    } else if (failure?.is === 'refuse' && failure.what === 'everything' && !head.startLine.startsWith('SIP/')) {
      const later: [string, string][] = failure.retryAfterS === undefined ? [] : [['Retry-After', String(failure.retryAfterS)]];
      const response = statelessResponse(bytes, failure.status, reasonPhrase(failure.status), later, flow.remote);
      if (response !== undefined) this.send({ flow }, response, () => {});
    } else this.#user.receive(bytes, flow);
  }

  #afterSending(head: MessageHead): void {
    const failure = this.#failure;
    if (failure?.is !== 'silentAfter' || !head.startLine.startsWith(`SIP/2.0 ${failure.status} `)) return;
    const callId = fieldOf(head, 'call-id');
    if (callId === undefined || fieldOf(head, 'cseq')?.endsWith('INVITE') !== true) return;
    if (failure.of === 'call') this.#silent.add(callId);
    this.#failure = failure.of === 'call' ? null : { is: 'blackHole' };
    this.#user.fellSilent(failure.of === 'call' ? callId : null);
  }

  #accept(socket: Socket): void {
    const isOurs = this.#listen.some(({ transport, port }) => transport !== 'udp' && port === socket.localPort && this.#isHere(socket));
    if (!isOurs) return;
    if (this.#failure?.is === 'reset') {
      // When whoever accepted it has taken it.
      setImmediate(() => socket.resetAndDestroy());
      return;
    }
    this.#accepted.add(socket);
    socket.on('close', () => this.#accepted.delete(socket));
  }

  #isHere({ localAddress }: Socket): boolean {
    return this.#listen.some(({ address }) => address === localAddress || address === '0.0.0.0');
  }
}

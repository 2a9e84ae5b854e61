import { FakeTimers } from '@tipring/clock';
import { createRequest, createResponse } from '../message/create.ts';
import type { SipRequest, SipResponse } from '../message/message.ts';
import { parseMessage } from '../message/parse.ts';
import { serialize } from '../message/serialize.ts';
import type { Flow, Hop, TransportName } from '../transport/flow.ts';
import type { ServerTransaction } from './server-transaction.ts';
import { TransactionLayer } from './transaction-layer.ts';
import type { TransactionSettings } from './transaction-layer.ts';

/** Test support: one transaction layer, its user and its wire, all written down with their times. */
export class Bench {
  readonly timers = new FakeTimers();
  /** `500 INVITE`, `1500 INVITE`: when what was sent. */
  readonly sent: string[] = [];
  readonly messages: (SipRequest | SipResponse)[] = [];
  readonly hops: Hop[] = [];
  readonly told: string[] = [];
  readonly transactions: ServerTransaction[] = [];
  readonly layer: TransactionLayer;
  readonly flow: Flow;
  #lastFailed: ((reason: string) => void) | undefined;

  constructor(transport: TransportName = 'udp', settings: TransactionSettings = {}) {
    this.flow = { id: 'f', transport, local: { address: '192.0.2.1', port: 5060 }, remote: { address: '192.0.2.2', port: 5060 } };
    this.layer = new TransactionLayer(
      {
        send: (hop, bytes, failed) => {
          const outcome = parseMessage(bytes);
          if (!outcome.ok) throw new Error('we sent something malformed');
          const { message } = outcome;
          this.sent.push(`${this.timers.now()} ${message.kind === 'request' ? message.method : `${message.status} ${message.cseq.method}`}`);
          this.messages.push(message);
          this.hops.push(hop);
          this.#lastFailed = failed;
        },
        hopFor: (hop) => hop,
        advertised: () => ({ transport, address: '192.0.2.1', port: 5060 }),
      },
      this.timers,
      () => 0.5,
      settings,
    );
    this.layer.bind({
      onRequest: (transaction) => {
        this.transactions.push(transaction);
        this.told.push(transaction.request.method);
      },
      onAck: () => this.told.push('ACK'),
      onCancel: (_invite, cancel) => {
        this.told.push('CANCEL');
        cancel.respond(createResponse(cancel.request, 200));
      },
      onStrayResponse: (response) => this.told.push(`stray ${response.status}`),
      onQuiet() {},
    });
  }

  /** A request of the peer. */
  incoming(method: string, details: { branch?: string; headers?: [string, string][]; via?: string; cseq?: number; uri?: string; toTag?: string } = {}): SipRequest {
    const { branch = 'z9hG4bKx', via = `SIP/2.0/UDP 192.0.2.2:5060;branch=${branch}`, cseq = 1, uri = 'sip:b@192.0.2.1', toTag } = details;
    const request = createRequest({
      method,
      uri,
      headers: [
        ['Via', via],
        ['Max-Forwards', '70'],
        ['From', '<sip:a@192.0.2.2>;tag=a'],
        ['To', `<sip:b@192.0.2.1>${toTag === undefined ? '' : `;tag=${toTag}`}`],
        ['Call-ID', 'c'],
        ['CSeq', `${cseq} ${method}`],
        ...(details.headers ?? []),
      ],
    });
    this.layer.receiveBytes(serialize(request), this.flow);
    return request;
  }

  /** A request of ours; what it leads to is told. */
  send(method: string) {
    const request = createRequest({ method, uri: 'sip:b@192.0.2.2', headers: [['Route', '<sip:p;lr>'], ['Max-Forwards', '70'], ['From', '<sip:a@192.0.2.1>;tag=a'], ['To', '<sip:b@192.0.2.2>'], ['Call-ID', 'c'], ['CSeq', `1 ${method}`]] });
    return this.layer.request(request, { flow: this.flow }, {
      onResponse: (response) => this.told.push(String(response.status)),
      onFailure: (failure) => this.told.push(`${failure} at ${this.timers.now()}`),
    });
  }

  /** The peer answers the request sent first. */
  answer(status: number, toTag = 'b'): void {
    const [request] = this.messages;
    if (request?.kind !== 'request') throw new Error('nothing was sent');
    this.layer.receive(createResponse(request, status, { toTag }), this.flow);
  }

  respond(status: number): void {
    const transaction = this.transactions.at(-1);
    transaction?.respond(createResponse(transaction.request, status, { toTag: 'b' }));
  }

  /** What was sent last did not leave. */
  fail(): void {
    this.#lastFailed?.('gone');
  }

  pass(ms: number): void {
    this.timers.advance(ms);
  }

  get isEmpty(): boolean {
    const { clients, servers, pending } = this.layer.size;
    return clients + servers + pending + this.timers.size === 0;
  }
}

import { createRequest, createResponse, DigestClient, nodeHashing, TransactionLayer } from '@tipring/sip';
import type { HeaderLines, Hop, ServerTransaction, SipRequest, SipResponse, TransactionUser } from '@tipring/sip';
import { type Network, PBX, REALM } from '../scripted-phone.ts';

/** A telephone that watches, and does nothing else: made of the stack's transactions, without a dialog of its own. */
export class Watcher implements TransactionUser {
  readonly username: string;
  readonly address: string;
  /** NOTIFYs that came, oldest first. */
  readonly notified: SipRequest[] = [];
  /** What it answers them; undefined: nothing. */
  answer: (notify: SipRequest) => number | undefined = () => 200;
  readonly #transactions: TransactionLayer;
  readonly #network: Network;
  readonly #unanswered: ServerTransaction[] = [];
  #cseq = 0;

  constructor(network: Network, username: string, address: string) {
    this.#network = network;
    this.username = username;
    this.address = address;
    const station = network.wire.attach([{ transport: 'udp', address, port: 5060 }], { onMessage: (bytes, flow) => this.#transactions.receiveBytes(bytes, flow), onFlowClosed() {}, onError() {} });
    this.#transactions = new TransactionLayer(station, network.timers, network.random);
    this.#transactions.bind(this);
  }

  /** `dialog`: the response that made it, for a refresh. `answers` gets the final response. */
  subscribe(user: string, event: string, how: { readonly expires?: number; readonly dialog?: SipResponse; readonly headers?: HeaderLines; readonly callId?: string } = {}, answers: (response: SipResponse) => void = () => {}): void {
    const uri = `sip:${user}@${REALM}`;
    const digest = new DigestClient([{ username: this.username, password: `secret-${this.username}` }], nodeHashing, () => this.#network.random().toString(36).slice(2));
    const callId = how.dialog?.callId ?? how.callId ?? `${user}-${event}-${this.address}`;
    const send = (authorization: HeaderLines, tries: number): void => {
      const request = createRequest({
        method: 'SUBSCRIBE', uri,
        headers: [
          ['Max-Forwards', '70'], ['From', how.dialog?.headers.get('From') ?? `<sip:${this.username}@${REALM}>;tag=w${callId}`], ['To', how.dialog?.headers.get('To') ?? `<${uri}>`], ['Call-ID', callId], ['CSeq', `${++this.#cseq} SUBSCRIBE`],
          ['Contact', `<sip:${this.username}@${this.address}>`], ['Event', event], ['Expires', String(how.expires ?? 600)], ...(how.headers ?? []), ...authorization,
        ],
      });
      this.#transactions.request(request, this.#hop, {
        onResponse: (response) => {
          if (response.status < 200) return;
          if (response.status === 401 && tries > 0 && digest.challenged(response) === 'retry') return send(digest.authorize('SUBSCRIBE', uri), tries - 1);
          answers(response);
        },
        onFailure: () => {},
      });
    };
    send([], 1);
  }

  /** Bodies of its NOTIFYs. */
  bodies(): string[] {
    return this.notified.map(({ body }) => new TextDecoder().decode(body));
  }

  /** What its lamp would show by the last dialog-info: the state of each dialog. */
  lamp(): string[] {
    return [...(this.bodies().at(-1) ?? '').matchAll(/<state>(\w+)<\/state>/g)].map(([, state]) => state ?? '');
  }

  onRequest(transaction: ServerTransaction): void {
    const { request } = transaction;
    this.notified.push(request);
    const status = this.answer(request);
    if (status === undefined) this.#unanswered.push(transaction);
    else transaction.respond(createResponse(request, status));
  }

  /** Those that it has not answered. */
  answerLate(): void {
    for (const transaction of this.#unanswered.splice(0)) transaction.respond(createResponse(transaction.request, 200));
  }

  onAck(): void {}
  onCancel(): void {}
  onStrayResponse(): void {}
  onQuiet(): void {}

  get #hop(): Hop {
    return { transport: 'udp', ...PBX };
  }
}

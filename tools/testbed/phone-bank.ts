import { randomBytes } from 'node:crypto';
import { nodeTimers } from '@tipring/clock';
import {
  createRequest, createResponse, DigestClient, type IncomingInvite, NodeTransport, nodeHashing, type Session, type SessionEvent, SessionLayer, type SipResponse, TransactionLayer,
} from '@tipring/sip';
import type { DemoDevice } from './pbx.ts';

/** The two ends of a call between two phones of the bank, and where each of them sends its RTP. */
export interface BankCall {
  readonly caller: BankParty;
  readonly called: BankParty;
}

export interface BankParty {
  /** Own RTP port, as in its SDP. */
  readonly rtpPort: number;
  /** The PBX's RTP port for this party. */
  pbxRtpPort: number;
  session: Session;
  /** Type of every session event, in order; `ended` is the last. */
  readonly events: string[];
  /** Why it ended, once it has. */
  end: string | undefined;
}

export interface PhoneBankOptions {
  readonly registrar: { readonly address: string; readonly port: number };
  readonly devices: readonly DemoDevice[];
  /** Each party of each call takes the next even port. */
  readonly firstRtpPort: number;
}

/**
 * Many phones in one process, on one UDP socket, made of our own SIP stack: they register, call, answer at once, hold and
 * hang up. Who is called is told by the user part of the Request-URI. For tests of the PBX under load and under kill;
 * that it speaks with others is proved by other people's phones in tools/interop.
 */
export class PhoneBank {
  readonly #options: PhoneBankOptions;
  readonly #timers = nodeTimers();
  readonly #transport: NodeTransport;
  readonly #transactions: TransactionLayer;
  readonly #sessions: SessionLayer;
  readonly #digest = new Map<string, DigestClient>();
  /** Who waits for the called side of its call, in the order of placing. */
  readonly #arrivals: ((party: BankParty) => void)[] = [];
  #nextPort: number;

  static async start(options: PhoneBankOptions): Promise<PhoneBank> {
    let receive: ((bytes: Uint8Array, flow: Parameters<TransactionLayer['receiveBytes']>[1]) => void) | undefined;
    const transport = await NodeTransport.open(
      { listen: [{ transport: 'udp', address: options.registrar.address, port: 0 }] },
      { onMessage: (bytes, flow) => receive?.(bytes, flow), onFlowClosed() {}, onError() {} },
    );
    const bank = new PhoneBank(options, transport);
    receive = (bytes, flow) => bank.#transactions.receiveBytes(bytes, flow);
    return bank;
  }

  private constructor(options: PhoneBankOptions, transport: NodeTransport) {
    this.#options = options;
    this.#transport = transport;
    this.#nextPort = options.firstRtpPort;
    this.#transactions = new TransactionLayer(transport, this.#timers, Math.random);
    this.#sessions = new SessionLayer(
      { transactions: this.#transactions, timers: this.#timers, random: Math.random },
      { onInvite: (invite) => this.#answer(invite), onRequest: (transaction) => transaction.respond(createResponse(transaction.request, 405)) },
      { product: 'Tipring phone bank', methods: [], dialogMethods: [], sessionTimer: { expiresS: 0, minimumS: 90 } },
    );
  }

  /** Dialogs that live at this side. */
  get sessions(): number {
    return this.#sessions.size;
  }

  /** All devices register; resolves when each has its 200. */
  async register(): Promise<void> {
    for (const device of this.#options.devices) await this.#register(device);
  }

  /** Places a call and waits until both sides have it up. Calls are placed one after the other, so that the arrival is theirs. */
  async call(from: DemoDevice, to: DemoDevice): Promise<BankCall> {
    const arrived = new Promise<BankParty>((resolve) => this.#arrivals.push(resolve));
    const rtpPort = this.#takePort();
    const caller: BankParty = { rtpPort, pbxRtpPort: 0, session: undefined as never, events: [], end: undefined };
    const accepted = new Promise<void>((resolve, reject) => {
      caller.session = this.#sessions.invite(
        {
          hop: { transport: 'udp', ...this.#options.registrar },
          uri: `sip:${to.extension}@${this.#host}`,
          from: `<sip:${from.username}@${this.#host}>`,
          to: `<sip:${to.extension}@${this.#host}>`,
          contactUser: from.username,
          offer: this.#sdp(rtpPort, 'sendrecv', 1),
          authenticate: (challenge, request) => this.#authorize(from, challenge, request.method, request.uri),
        },
        (event) => {
          note(caller, event);
          if (event.type === 'accepted') {
            caller.pbxRtpPort = audioPort(event.sdp ?? '');
            resolve();
          }
          if (event.type === 'rejected') reject(new Error(`the call was refused: ${event.status} ${event.reason}`));
          if (event.type === 'ended') reject(new Error(`the call ended: ${event.detail}`));
        },
      );
    });
    await accepted;
    return { caller, called: await arrived };
  }

  /** Holds (sendonly) or resumes by re-INVITE; resolves with whether the PBX took it. */
  hold(party: BankParty, direction: 'sendonly' | 'sendrecv', timeoutMs = 10_000): Promise<boolean> {
    const from = party.events.length;
    party.session.reinvite(this.#sdp(party.rtpPort, direction, 2 + from));
    return this.#heard(party, from, ['answer', 'offerRefused', 'ended'], timeoutMs).then((type) => type === 'answer');
  }

  /** Hangs up at one party; resolves when the other one was told. */
  async hangUp(party: BankParty, other: BankParty, timeoutMs = 10_000): Promise<boolean> {
    party.session.end();
    return (await this.#heard(other, 0, ['ended'], timeoutMs)) === 'ended';
  }

  async close(): Promise<void> {
    this.#timers.close();
    await this.#transport.close();
  }

  get #host(): string {
    return `${this.#options.registrar.address}:${this.#options.registrar.port}`;
  }

  #takePort(): number {
    const port = this.#nextPort;
    this.#nextPort += 2;
    return port;
  }

  #register(device: DemoDevice): Promise<void> {
    const [local] = this.#transport.listening;
    const registrar = { transport: 'udp', ...this.#options.registrar } as const;
    return new Promise((resolve, reject) => {
      const attempt = (cseq: number, extra: readonly (readonly [string, string])[]) => {
        const request = createRequest({
          method: 'REGISTER',
          uri: `sip:${this.#host}`,
          headers: [
            ['Max-Forwards', '70'],
            ['From', `<sip:${device.username}@${this.#host}>;tag=${randomBytes(6).toString('hex')}`],
            ['To', `<sip:${device.username}@${this.#host}>`],
            ['Call-ID', `bank-${device.username}`],
            ['CSeq', `${cseq} REGISTER`],
            ['Contact', `<sip:${device.username}@${local?.address}:${local?.port}>`],
            ['Expires', '3600'],
            ...extra,
          ],
        });
        this.#transactions.request(request, registrar, {
          onResponse: (response) => {
            if (response.status === 200) return resolve();
            if (response.status === 401 && extra.length === 0) {
              const value = this.#authorize(device, response, 'REGISTER', request.uri);
              if (value !== undefined) return attempt(cseq + 1, [['Authorization', value]]);
            }
            if (response.status >= 200) reject(new Error(`${device.username} was not registered: ${response.status}`));
          },
          onFailure: (failure, detail) => reject(new Error(`${device.username} was not registered: ${failure} ${detail}`)),
        });
      };
      attempt(1, []);
    });
  }

  #authorize(device: DemoDevice, challenge: SipResponse, method: string, uri: string): string | undefined {
    let client = this.#digest.get(device.username);
    if (client === undefined) {
      client = new DigestClient([{ username: device.username, password: device.password }], nodeHashing, () => randomBytes(8).toString('hex'));
      this.#digest.set(device.username, client);
    }
    return client.challenged(challenge) === 'retry' ? client.authorize(method, uri)[0]?.[1] : undefined;
  }

  #answer(invite: IncomingInvite): void {
    const rtpPort = this.#takePort();
    const party: BankParty = { rtpPort, pbxRtpPort: audioPort(invite.offer ?? ''), session: undefined as never, events: [], end: undefined };
    party.session = invite.take((event) => {
      note(party, event);
      if (event.type === 'offer') party.session.answerOffer(this.#sdp(rtpPort, 'sendrecv', party.events.length + 1));
    });
    party.session.provisional(180);
    party.session.accept(this.#sdp(rtpPort, 'sendrecv', 1));
    this.#arrivals.shift()?.(party);
  }

  #sdp(rtpPort: number, direction: string, version: number): string {
    const { address } = this.#options.registrar;
    return [
      'v=0', `o=bank ${rtpPort} ${version} IN IP4 ${address}`, 's=-', `c=IN IP4 ${address}`, 't=0 0',
      `m=audio ${rtpPort} RTP/AVP 0 101`, 'a=rtpmap:0 PCMU/8000', 'a=rtpmap:101 telephone-event/8000', `a=${direction}`, '',
    ].join('\r\n');
  }

  /** The first event of these types from the n-th on, or undefined in time. */
  async #heard(party: BankParty, from: number, types: readonly string[], timeoutMs: number): Promise<string | undefined> {
    const end = performance.now() + timeoutMs;
    for (;;) {
      const found = party.events.slice(from).find((type) => types.includes(type));
      if (found !== undefined || performance.now() > end) return found;
      await new Promise((resume) => setTimeout(resume, 5));
    }
  }
}

function note(party: BankParty, event: SessionEvent): void {
  party.events.push(event.type);
  if (event.type === 'ended') party.end = event.detail;
}

function audioPort(sdp: string): number {
  return Number(/^m=audio (\d+)/m.exec(sdp)?.[1] ?? 0);
}

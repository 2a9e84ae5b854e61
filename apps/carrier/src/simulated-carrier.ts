import { randomInt } from 'node:crypto';
import type { Acted, CarriedMessage, CarrierAct, CarrierCustomer, CarrierFailure, CarrierOutcome, CarrierPlan, CarrierRefusal, CarrierState, NumberBehaviour, OutsideCall } from '@tipring/carrier-control';
import { nodeTimers } from '@tipring/clock';
import { type Certificate, createResponse, type Flow, formatUri, type Hop, type IncomingInvite, parseUri, type ServerTransaction, SessionLayer, type SessionUser, TransactionLayer } from '@tipring/sip';
import { CallMedia } from './call-media.ts';
import { CarriedCall } from './carried-call.ts';
import { CarrierSockets, type CarrierSocketsUser } from './carrier-sockets.ts';
import { Customers } from './customers.ts';
import { MessageLog } from './message-log.ts';

export interface CarrierOptions {
  /** For TLS. */
  readonly certificate?: Certificate;
}

/**
 * A telephone company on SIP that is a program: customers register or are known by address, calls to any number are answered with a tone of their
 * own, it places calls itself, and it can be told to fail in every way that carriers fail.
 *
 *   const carrier = await SimulatedCarrier.start({ name: 'A', listen: [{ transport: 'udp', address: '127.0.0.61', port: 0 }], … });
 *   await carrier.act({ do: 'call', from: '+13105550123', to: '+12125550110' });
 */
export class SimulatedCarrier implements SessionUser, CarrierSocketsUser {
  readonly #plan: CarrierPlan;
  readonly #timers = nodeTimers();
  readonly #log = new MessageLog();
  readonly #customers: Customers;
  readonly #calls: CarriedCall[] = [];
  /** Of acts, by digits. */
  readonly #behaviours = new Map<string, NumberBehaviour>();
  /** INVITEs that were left without an answer. */
  #abandoned: IncomingInvite[] = [];
  #channels: number;
  #lastCall = 0;
  #sockets!: CarrierSockets;
  #transactions!: TransactionLayer;
  #sessions!: SessionLayer;
  #pump: NodeJS.Timeout | undefined;

  /** Rejects with the system's error when one of its sockets cannot be had. */
  static async start(plan: CarrierPlan, { certificate }: CarrierOptions = {}): Promise<SimulatedCarrier> {
    const carrier = new SimulatedCarrier(plan);
    carrier.#sockets = await CarrierSockets.open(plan.listen, certificate, carrier.#log, carrier);
    const random = (): number => randomInt(2 ** 47) / 2 ** 47;
    carrier.#transactions = new TransactionLayer(carrier.#sockets, carrier.#timers, random);
    carrier.#sessions = new SessionLayer({ transactions: carrier.#transactions, timers: carrier.#timers, random }, carrier, {
      product: 'Tipring simulated carrier', methods: ['REGISTER'], dialogMethods: [], sessionTimer: { expiresS: 0, minimumS: 90 },
    });
    return carrier;
  }

  private constructor(plan: CarrierPlan) {
    this.#plan = plan;
    this.#channels = plan.channels ?? Infinity;
    this.#customers = new Customers(plan, this.#timers);
  }

  state(): CarrierState {
    return {
      name: this.#plan.name,
      listening: this.#sockets.listening.map(({ transport, address, port }) => ({ transport: transport as 'udp' | 'tcp' | 'tls', address, port })),
      failure: this.#sockets.failure,
      registrations: this.#customers.registrations,
      calls: this.#calls.map((call) => call.state()),
      received: this.#log.received,
    };
  }

  messages(after: number): readonly CarriedMessage[] {
    return this.#log.after(after);
  }

  async act(act: CarrierAct): Promise<CarrierOutcome<Acted>> {
    switch (act.do) {
      case 'call':
        return this.#place(act);
      case 'answer':
        return this.#ofCall(act.call, (call) => call.answer());
      case 'hangUp':
        if (act.call !== undefined) return this.#ofCall(act.call, (call) => call.hangUp(act.reason));
        for (const call of this.#live) call.hangUp(act.reason);
        return done;
      case 'speak':
        return this.#ofCall(act.call, (call) => call.speak(act.sound));
      case 'press':
        return this.#ofCall(act.call, (call) => call.media.press(act.digits));
      case 'hold':
      case 'resume':
        return this.#ofCall(act.call, (call) => call.hold(act.do === 'hold' ? 'sendonly' : 'sendrecv'));
      case 'fail':
        await this.#become(act.failure);
        return done;
      case 'mend':
        await this.#become(null);
        return done;
      case 'forget':
        this.#customers.forget();
        return done;
      case 'number':
        if (act.behaviour === null) this.#behaviours.delete(act.digits);
        else this.#behaviours.set(act.digits, act.behaviour);
        return done;
      case 'limit':
        this.#channels = act.channels ?? Infinity;
        return done;
    }
  }

  /** Says goodbye to every call first. */
  async close(): Promise<void> {
    for (const call of this.#live) call.hangUp();
    // What they send leaves in this turn.
    await new Promise((resolve) => setImmediate(resolve));
    clearInterval(this.#pump);
    await this.#sockets.close();
    this.#timers.close();
    for (const call of this.#live) call.media.close();
  }

  // CarrierSocketsUser

  receive(bytes: Uint8Array, flow: Flow): void {
    this.#transactions.receiveBytes(bytes, flow);
  }

  closed(flow: Flow): void {
    this.#customers.closed(flow);
  }

  fellSilent(): void {
    this.#muteTheDead();
  }

  // SessionUser

  onRequest(transaction: ServerTransaction): void {
    const { failure } = this.#sockets;
    if (failure?.is === 'refuseRegistration') transaction.respond(createResponse(transaction.request, failure.status, { toTag: 'refused' }));
    else this.#customers.register(transaction);
  }

  onInvite(invite: IncomingInvite): void {
    const { failure } = this.#sockets;
    if (failure?.is === 'refuse') {
      invite.refuse(failure.status, failure.retryAfterS === undefined ? {} : { headers: [['Retry-After', String(failure.retryAfterS)]] });
      return;
    }
    const verdict = this.#customers.callerOf(invite.request, invite.flow);
    if ('status' in verdict) return invite.refuse(verdict.status, { headers: verdict.headers });
    if (failure?.is === 'full' || this.#live.length >= this.#channels) return invite.refuse(503, { headers: [['Reason', 'Q.850;cause=34;text="No circuit available"']] });
    // The layer sends the 100, and that is the last thing it sends.
    if (failure?.is === 'silentAfter' && failure.status === 100) this.#abandoned.push(invite);
    else void this.#take(invite, failure);
  }

  async #take(invite: IncomingInvite, failure: CarrierFailure | null): Promise<void> {
    const number = parseUri(invite.request.uri)?.user ?? '';
    const behaviour = failure?.is === 'silentAfter' ? ({ is: 'noAnswer', earlyMedia: failure.status === 183 } as const) : this.#behaviourOf(number);
    const ports = await this.#portsOfCall();
    if (ports === undefined) invite.refuse(500);
    else this.#keep(CarriedCall.receive(invite, number, behaviour, ports));
  }

  async #place(wish: OutsideCall): Promise<CarrierOutcome<Acted>> {
    const customer = this.#customers.calledBy(wish.to);
    if (customer === undefined) return refusal('noSuchCustomer', `${wish.to} is nobody’s number`);
    const way = this.#wayTo(customer, wish.to);
    if (way === undefined) return refusal('notNow', 'the customer is not registered');
    const ports = await this.#portsOfCall();
    if (ports === undefined) return refusal('notNow', 'no port is free for its audio');
    const { domain } = this.#plan;
    const from = wish.from === null ? anonymous : `${wish.name === undefined ? '' : `"${wish.name}" `}<sip:${wish.from}@${domain}>`;
    const asserted = wish.asserted === undefined ? wish.from : wish.asserted;
    const headers = [
      ...(asserted === null ? [] : [['P-Asserted-Identity', `${wish.name === undefined || wish.from === null ? '' : `"${wish.name}" `}<sip:${asserted}@${domain}>`] as const]),
      ...(wish.from === null ? [['Privacy', 'id'] as const] : []),
      ...(wish.diversion === undefined ? [] : [['Diversion', `<sip:${wish.diversion}@${domain}>;reason=unconditional;counter=1`] as const]),
    ];
    const to = `<sip:${wish.to}@${domain}>`;
    const call = CarriedCall.place(this.#sessions, { ...way, from, to, headers }, { number: wish.to, sound: wish.sound ?? 'own', lateOffer: wish.lateOffer === true, givesUpAfterMs: wish.givesUpAfterMs }, ports);
    this.#keep(call);
    return { ok: true, value: { call: call.id } };
  }

  #wayTo(customer: CarrierCustomer, number: string): { readonly hop: Hop; readonly uri: string } | undefined {
    if (customer.type === 'address') {
      const { transport, address, port } = customer;
      return { hop: { transport, address, port }, uri: `sip:${number}@${address}:${port}${transport === 'udp' ? '' : `;transport=${transport}`}` };
    }
    const binding = this.#customers.binding(customer);
    if (binding === undefined) return undefined;
    const contact = parseUri(binding.contact);
    const uri = customer.calledIn === 'to' || contact === undefined ? binding.contact : formatUri({ ...contact, user: number });
    return { hop: { flow: binding.flow }, uri };
  }

  #behaviourOf(number: string): NumberBehaviour {
    const told = [...this.#behaviours].find(([digits]) => number.endsWith(digits))?.[1];
    return told ?? this.#plan.numbers.find(({ digits }) => number.endsWith(digits))?.behaviour ?? this.#plan.usual ?? { is: 'answered', afterMs: 500 };
  }

  async #portsOfCall() {
    const { listen, codecs = ['PCMU', 'PCMA'], tones: { firstHz, stepHz, count } = usualTones } = this.#plan;
    const address = listen[0]?.address ?? '127.0.0.1';
    const media = await CallMedia.open(address).catch(() => undefined);
    if (media === undefined) return undefined;
    const n = (this.#lastCall += 1);
    return { id: `c${n}`, ownHz: firstHz + stepHz * ((n - 1) % count), address, codecs, media, timers: this.#timers };
  }

  #keep(call: CarriedCall): void {
    this.#calls.push(call);
    const over = this.#calls.length > mostCallsKept ? this.#calls.findIndex(({ isOver }) => isOver) : -1;
    if (over >= 0) this.#calls.splice(over, 1);
    this.#muteTheDead();
    this.#pump ??= setInterval(() => this.#speakAll(), 10);
  }

  #speakAll(): void {
    const now = performance.now();
    const live = this.#live;
    for (const { media } of live) media.tick(now);
    if (live.length > 0) return;
    clearInterval(this.#pump);
    this.#pump = undefined;
  }

  async #become(failure: CarrierFailure | null): Promise<void> {
    await this.#sockets.become(failure);
    this.#muteTheDead();
    if (failure !== null) return;
    for (const invite of this.#abandoned.splice(0)) invite.refuse(480);
  }

  #muteTheDead(): void {
    for (const call of this.#live) call.media.isDead = this.#sockets.isSilent(call.callId);
  }

  #ofCall(id: string, act: (call: CarriedCall) => boolean | void): CarrierOutcome<Acted> {
    const call = this.#live.find((one) => one.id === id);
    if (call === undefined) return refusal('noSuchCall', `${id} is no call, or over`);
    return act(call) === false ? refusal('notNow', `${id} is not where that can be done`) : done;
  }

  get #live(): CarriedCall[] {
    return this.#calls.filter(({ isOver }) => !isOver);
  }
}

function refusal(code: CarrierRefusal['code'], text: string): CarrierOutcome<never> {
  return { ok: false, refusal: { code, text } };
}

const done: CarrierOutcome<Acted> = { ok: true, value: {} };
/** RFC 3323 4.1.1.3. */
const anonymous = '"Anonymous" <sip:anonymous@anonymous.invalid>';
const usualTones = { firstHz: 2_400, stepHz: 60, count: 16 };
const mostCallsKept = 100;

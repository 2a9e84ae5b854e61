import { FakeTimers } from '@tipring/clock';
import { anyMedia, BedMedia, pcmu } from './exchange-bed.ts';
import { Exchange } from './exchange.ts';
import type { BugReport } from './exchange-ports.ts';
import { FakeEndpoint, type FakeLeg, type FakeRelease } from './fake-endpoint.ts';
import type { LegEvent } from './leg.ts';
import type { CallBegun, CallRecord } from './record.ts';
import type { Attempt, RouteOutcome } from './route.ts';

/** Twelve telephones, 201 to 212, a parking lot, and nobody who knows what he does. For the property test. */
export class RandomOffice {
  timers = new FakeTimers();
  readonly media = new BedMedia();
  readonly bugs: BugReport[] = [];
  readonly begun: CallBegun[] = [];
  readonly records: CallRecord[] = [];
  /** What was done, for who looks for the reason. */
  readonly story: string[] = [];
  readonly #random: () => number;
  readonly #release: () => FakeRelease;
  /** How much of what telephones say is lost. */
  readonly #loss: number;
  exchange: Exchange;
  telephones: readonly FakeEndpoint[];
  #ids = 0;
  /** When this process was started, ms since the epoch. */
  #since = 1_000_000;
  restarts = 0;

  constructor(random: () => number, how: { readonly release: () => FakeRelease; readonly loss: number }) {
    this.#random = random;
    this.#release = how.release;
    this.#loss = how.loss;
    this.telephones = this.#telephones();
    this.exchange = this.#exchange();
  }

  /** One thing that somebody does. */
  act(): void {
    const what = this.pick(actions);
    this.story.push(`${this.timers.now()} ${what}`);
    this[what]();
  }

  end(): void {
    for (let round = 0; round < 3; round++) {
      for (const { id } of this.exchange.calls()) this.exchange.hangUp(id);
      this.timers.advance(60_000);
    }
  }

  get legs(): readonly FakeLeg[] {
    return this.telephones.flatMap(({ legs }) => legs);
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.#random() * list.length)] as T;
  }

  call(): void {
    const from = this.pick(this.telephones);
    this.exchange.offer(from.offer(this.#number(), { number: from.id }, this.pick([anyMedia, pcmu])));
  }

  originate(): void {
    const from = this.pick(this.telephones).id;
    const into = this.#call();
    if (into === undefined || this.#random() < 0.6) this.exchange.originate({ from, party: { number: from }, to: this.#number() });
    else this.exchange.originate({ from, party: { number: from }, to: 'it', intoCall: { call: into, as: this.pick([{ is: 'party' }, { is: 'answer' }, { is: 'observer', of: this.#leg(), mode: 'listen' }]) } });
  }

  replace(): void {
    const from = this.pick(this.telephones);
    this.exchange.offer({ ...from.offer('', { number: from.id }, anyMedia), replaces: this.#leg() });
  }

  answer(): void {
    for (const leg of this.#some(({ request, commands }) => request !== undefined && commands.length === 0)) this.#say(leg, { type: 'answered', supervision: 'signalled', media: pcmu });
  }

  ring(): void {
    for (const leg of this.#some(({ request }) => request !== undefined)) this.#say(leg, this.pick<LegEvent>([{ type: 'ringing' }, { type: 'progress', media: pcmu }]));
  }

  hold(): void {
    for (const leg of this.#some()) this.#say(leg, { type: 'held' });
  }

  resume(): void {
    for (const leg of this.#some()) this.#say(leg, { type: 'resumed' });
  }

  holdByApi(): void {
    const [call, leg] = [this.#call() ?? '', this.#leg()];
    this.pick([() => this.exchange.hold(call, leg), () => this.exchange.resume(call, leg), () => this.exchange.mute(call, leg, this.#random() < 0.5)])();
  }

  transfer(): void {
    const party = this.#party();
    for (const leg of this.#some(({ id }) => id === party)) this.#say(leg, { type: 'transferRequested', to: { type: 'number', number: this.#number() } });
  }

  transferToLeg(): void {
    const party = this.#party();
    for (const leg of this.#some(({ id }) => id === party)) this.#say(leg, { type: 'transferRequested', to: { type: 'leg', leg: this.pick([this.#party(), this.#sameTelephone(leg)]) } });
  }

  transferByApi(): void {
    const leg = this.#party();
    this.exchange.transfer({ call: callOf(leg), leg, to: this.#random() < 0.7 ? { number: this.#number() } : { call: this.#call() ?? '' }, kind: this.pick(['blind', 'attended']) });
  }

  changeTransfer(): void {
    const transfer = this.pick(this.exchange.transfers().filter(({ endedAt }) => endedAt === null));
    if (transfer === undefined) return;
    this.pick([() => this.exchange.completeTransfer(transfer.id), () => this.exchange.cancelTransfer(transfer.id), () => this.exchange.swapTransfer(transfer.id)])();
  }

  park(): void {
    const leg = this.#party();
    this.exchange.park({ call: callOf(leg), leg, lot: 'lot' });
  }

  retrieve(): void {
    const parked = this.pick(this.exchange.parked());
    this.exchange.retrieve({ lot: 'lot', slot: parked?.slot ?? '1', with: this.#party() });
  }

  pickUp(): void {
    this.exchange.pickUp({ call: this.#call() ?? '', with: this.#leg() });
  }

  merge(): void {
    this.exchange.merge(callOf(this.#party()), callOf(this.#party()));
  }

  mergeAsked(): void {
    const party = this.#party();
    for (const leg of this.#some(({ id }) => id === party)) this.#say(leg, { type: 'mergeRequested', with: this.pick([this.#party(), this.#sameTelephone(leg)]) });
  }

  supervise(): void {
    const leg = this.#party();
    this.exchange.supervise({ call: callOf(leg), party: leg, mode: this.pick(['listen', 'whisper', 'barge']), with: this.#party() });
  }

  redirect(): void {
    this.exchange.redirect(this.#call() ?? '', this.#number());
  }

  record(): void {
    this.exchange.record(this.#call() ?? '', this.pick(['start', 'start', 'pause', 'resume', 'stop']));
  }

  hangUp(): void {
    for (const leg of this.#some()) this.#say(leg, { type: 'released', cause: this.pick(['normalClearing', 'userBusy', 'rejected', 'preempted']), evidence: { kind: 'fake', text: 'hung up' } });
  }

  hangUpByApi(): void {
    const call = this.#call();
    if (call !== undefined && this.#random() < 0.3) this.exchange.hangUp(call);
  }

  wait(): void {
    this.timers.advance(this.pick([1, 100, 2_000, 20_000, 40_000]));
  }

  loseGateway(): void {
    if (this.#random() < 0.2) this.exchange.gatewayReturned([]);
  }

  /** kill -9, and a new process: telephones are the same, what the former had in mind is gone. */
  restart(): void {
    if (this.#random() < 0.85) return;
    this.restarts++;
    const contexts = new Set([...this.media.blobs.keys(), ...this.media.hearings.keys(), ...this.media.players.values()]);
    const held = [...contexts].map((context) => ({ context, blob: this.media.blobs.get(context) ?? null }));
    this.#since += this.timers.now();
    this.timers = new FakeTimers();
    this.telephones = this.#telephones();
    this.exchange = this.#exchange();
    this.exchange.adopt(held);
  }

  #say(leg: FakeLeg, event: LegEvent): void {
    if (this.#random() >= this.#loss) leg.say(event);
  }

  #some(which: (leg: FakeLeg) => boolean = () => true): readonly FakeLeg[] {
    const open = this.legs.filter((leg) => !leg.released && which(leg));
    return open.length === 0 ? [] : [this.pick(open)];
  }

  #leg(): string {
    return this.#some()[0]?.id ?? 'none';
  }

  #sameTelephone(leg: FakeLeg): string {
    const telephone = this.telephones.find(({ legs }) => legs.includes(leg));
    return this.pick(telephone?.legs.filter((other) => other !== leg && !other.released) ?? [])?.id ?? 'none';
  }

  /** Somebody who talks, mostly. */
  #party(): string {
    const talking = this.exchange.calls().filter(({ state }) => state === 'talking' || state === 'held').flatMap(({ legs }) => legs.filter(({ state }) => state === 'answered' || state === 'held'));
    return talking.length === 0 || this.#random() < 0.2 ? this.#leg() : (this.pick(talking)?.id ?? 'none');
  }

  #call(): string | undefined {
    return this.pick(this.exchange.calls())?.id;
  }

  #number(): string {
    return this.pick([...this.telephones.map(({ id }) => id), '300', '400', '999']);
  }

  #telephones(): readonly FakeEndpoint[] {
    return Array.from({ length: 12 }, (_, index) => new FakeEndpoint(`${201 + index}`, this.timers, { release: this.#release() }));
  }

  #exchange(): Exchange {
    const absent = new FakeEndpoint('absent', this.timers, { refuse: 'subscriberAbsent' });
    const { timers } = this;
    const since = this.#since;
    return new Exchange(
      {
        routes: { resolve: ({ number }) => this.#route(number) },
        endpoints: { find: (id) => [this.telephones.find((one) => one.id === id) ?? absent] },
        media: this.media,
        records: { begun: (line) => this.begun.push(line), ended: (record) => this.records.push(record) },
        lots: { lot: (id) => (id === 'lot' ? { slots: ['1', '2', '3'], timeoutMs: 30_000, returnMs: 15_000, fallback: this.pick([{ number: '205' }, null]), music: null } : undefined) },
      },
      timers,
      {
        wallClock: () => since + timers.now(), newId: () => `c${++this.#ids}`, media: anyMedia, transcoded: pcmu.codecs,
        setupMs: 120_000, silenceMs: 0, releasingMs: 5_000, bug: (report) => this.bugs.push(report),
      },
    );
  }

  #route(number: string): RouteOutcome {
    const attempt = (endpoints: readonly string[], more: Partial<Attempt> = {}): Attempt => ({ endpoints, number, timeoutMs: 15_000, ...more });
    if (number === '300') return { ok: true, route: { direction: 'internal', features: { record: true }, attempts: [attempt(['201', '202', '203'], { delays: { '202': 3_000, '203': 6_000 } })] } };
    if (number === '400') return { ok: true, route: { direction: 'internal', attempts: [attempt(['204']), attempt(['205'], { on: ['userBusy', 'noAnswer'] })] } };
    if (number === '999') return { ok: false, cause: 'unallocatedNumber', evidence: { kind: 'routing', text: 'nobody' } };
    return { ok: true, route: { direction: 'internal', attempts: [attempt([number])] } };
  }
}

export function callOf(leg: string): string {
  return leg.slice(0, leg.lastIndexOf('.'));
}

const actions = [
  'call', 'call', 'call', 'originate', 'replace', 'answer', 'answer', 'answer', 'answer', 'ring', 'hold', 'resume', 'holdByApi', 'transfer', 'transfer', 'transferToLeg', 'transferToLeg', 'transferByApi', 'transferByApi',
  'changeTransfer', 'changeTransfer', 'park', 'park', 'retrieve', 'retrieve', 'pickUp', 'pickUp', 'merge', 'mergeAsked', 'supervise', 'redirect', 'record', 'record', 'hangUp', 'hangUp', 'hangUpByApi', 'wait', 'wait', 'wait', 'loseGateway', 'restart',
] as const;

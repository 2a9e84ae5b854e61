import { FakeTimers } from '@tipring/clock';
import type { CallerIdTime } from '@tipring/dsp';
import { fakeCard, FakeGateway, type GatewayCommand, type GatewayEvent, type PortHappening, type TerminationId } from '@tipring/gateway';
import { defaultFxoSettings, hookSettings, isUnknownRegion, regionOf, fxsSettings, type Region, watchedTones } from '@tipring/line';
import { type BugReport, type CallMedia, type CallRecord, type Endpoint, Exchange, FakeEndpoint, type Hearing, type HeldContext, type Leg, type LegId, type LegListener, type MediaProfile, type MediaQuality, type RouteOutcome } from '@tipring/telephony';
import { LineEndpoints } from './line-endpoints.ts';
import type { Offers, PortGateway } from './line-endpoints-ports.ts';
import type { LinePlan, Plans, StationPlan } from './plan.ts';

export const anyMedia: MediaProfile = { codecs: [{ name: 'PCMA', clockRate: 8000 }, { name: 'PCMU', clockRate: 8000 }], digits: 'rtpEvent' };

const region = american();

/** A telephone on port 1 or 2 of the bed's card. */
export function station(n: 1 | 2, change: Partial<StationPlan> = {}): StationPlan {
  return {
    id: `station-${n}`, port: `SIM-1/${n}`, portSettings: {}, treatment: {}, codec: 'PCMU', extensionId: `ext-${n}`, extension: `10${n}`, displayName: `Telephone ${n}`, settings: fxsSettings(region),
    hook: hookSettings(region.dialing ?? {}, { flash: true, pulse: true }), tones: region.tones, toneDbm0: -13, howlerDbm0: -3,
    callerId: { by: 'fsk', modem: 'bell-202', format: 'mdmf', levelDbm0: -13.5, alertToneDbm0: -18 }, isFax: false, door: null, recallMs: 60_000, ...change,
  };
}

/** A line on port 3 or 4; who calls on it gets extension 101. */
export function line(n: 3 | 4, change: Partial<LinePlan> = {}): LinePlan {
  const tones = watchedTones(region.tones);
  return { id: `line-${n}`, port: `SIM-1/${n}`, portSettings: {}, treatment: { tones }, codec: 'PCMU', isEnabled: true, settings: defaultFxoSettings, tones, learns: false, digitDbm0: -9, played: region.tones, playedDbm0: -13, callerIdForm: {}, inboundNumber: '101', isAnswered: true, ...change };
}

export const usualPlans: Plans = { stations: [station(1), station(2)], lines: [line(3), line(4)] };

/** Lines and stations between a fake gateway and an exchange, in virtual time. 101 and 102 are telephones, 9… goes out over line 3, then 4, and so does 911, for help; `desk` (103) is a fake. */
export class LineBed {
  readonly timers: FakeTimers;
  readonly gateway: FakeGateway;
  readonly lines: LineEndpoints;
  readonly exchange: Exchange;
  readonly desk: FakeEndpoint;
  readonly records: CallRecord[] = [];
  readonly bugs: (BugReport | { readonly id: string; readonly error: unknown })[] = [];
  readonly incidents: string[] = [];
  /** New ones, by extension. */
  readonly messages = new Map<string, number>();
  readonly media: BedMedia;
  readonly card = fakeCard('SIM-1', ['fxs', 'fxs', 'fxo', 'fxo']);

  constructor(how: { readonly plans?: Plans; readonly before?: LineBed; readonly prefix?: string; readonly localTime?: () => CallerIdTime; /** In place of the exchange. */ readonly offers?: Offers } = {}) {
    this.timers = how.before?.timers ?? new FakeTimers();
    this.gateway = how.before?.gateway ?? new FakeGateway({ timers: this.timers, cards: [this.card] });
    this.media = new BedMedia(this.gateway);
    this.desk = new FakeEndpoint('desk', this.timers);
    let ids = 0;
    this.lines = new LineEndpoints(
      {
        gateway: this.media,
        exchange: how.offers ?? { offer: (offer) => this.exchange.offer({ ...offer, accept: (leg, context, listener) => offer.accept(leg, context, this.#watched(leg, listener)) }) },
        messages: (extension) => ({ new: this.messages.get(extension) ?? 0, urgent: 0 }),
        log: { incident: (id, what, text) => this.incidents.push(`${id} ${what}: ${text}`), bug: (id, error) => this.bugs.push({ id, error }) },
      },
      this.timers,
      { localTime: how.localTime ?? (() => ({ month: 11, day: 22, hour: 20, minute: 33 })) },
    );
    this.exchange = new Exchange(
      {
        routes: { resolve: ({ number }) => routeOf(number) },
        endpoints: { find: (id) => this.#find(id) },
        media: this.media,
        records: { begun: () => {}, ended: (record) => void (this.media.isDead || this.records.push(record)) },
      },
      this.timers,
      {
        wallClock: () => 1_000_000 + this.timers.now(), newId: () => `${how.prefix ?? 'call'}-${++ids}`, media: anyMedia, transcoded: [], setupMs: 180_000, silenceMs: 60_000, releasingMs: 5_000,
        bug: (report) => this.bugs.push(report),
      },
    );
    this.gateway.onPortEvent = (event) => this.lines.portEvent(event);
    this.gateway.onEvent = (event) => this.media.tell(event);
    this.gateway.onState = (state) => {
      if (state === 'up') this.audit();
      this.lines.gatewayState(state);
    };
    this.lines.configure(how.plans ?? usualPlans);
    if (how.before !== undefined) {
      how.before.media.isDead = true;
      this.gateway.goDown();
      this.gateway.comeUp();
    } else {
      this.audit();
      this.lines.gatewayState('up');
    }
    this.settle();
    this.pass(3_000);
  }

  #isFirst = true;

  audit(): void {
    this.gateway.send({ do: 'audit' }, (reply) => {
      if (reply === null) return;
      const held: HeldContext[] = reply.contexts.map(({ context, blob }) => ({ context, blob }));
      if (this.#isFirst) this.exchange.adopt(held);
      this.#isFirst = false;
      this.exchange.gatewayReturned(held.map(({ context }) => context));
    });
  }

  settle(): void {
    this.timers.advance(5);
  }

  pass(ms: number): void {
    this.timers.advance(ms);
  }

  /** Something happens at a port, by its number. */
  happen(port: number, is: PortHappening): void {
    this.gateway.emitPort(`SIM-1/${port}`, is);
    this.settle();
  }

  /** The handset of a telephone; what its hook filter makes of it is waited for. */
  lift(port: 1 | 2): void {
    this.happen(port, { type: 'hook', hook: 'off' });
    this.pass(300);
  }

  hangUp(port: 1 | 2): void {
    this.happen(port, { type: 'hook', hook: 'on' });
    this.pass(2_600);
  }

  flash(port: 1 | 2): void {
    this.happen(port, { type: 'hook', hook: 'on' });
    this.pass(500);
    this.happen(port, { type: 'hook', hook: 'off' });
    this.pass(300);
  }

  dial(port: number, digits: string): void {
    for (const digit of digits) {
      this.happen(port, { type: 'digit', digit, durationMs: 80, levelDbm0: -9 });
      this.pass(100);
    }
  }

  /** 101 dials, and waits as long as it takes until that is a number. */
  call(number: string, from: 1 | 2 = 1): void {
    this.lift(from);
    this.dial(from, `${number}#`);
  }

  /** What was sent for a port since the last time, in short words. */
  did(port: number): readonly string[] {
    const name = `SIM-1/${port}`;
    const words = this.gateway.sent.slice(this.#seen.get(port) ?? 0).flatMap((command) => ('port' in command && command.port === name ? [wordsFor(command)] : []));
    this.#seen.set(port, this.gateway.sent.length);
    return words.filter((word) => word !== '');
  }

  readonly #seen = new Map<number, number>();

  state(id: string): string {
    return this.lines.live(id)?.state ?? 'unknown';
  }

  /** So many new ones in the mailbox of an extension. */
  leave(extension: string, messages: number): void {
    this.messages.set(extension, messages);
    this.lines.messagesChanged(extension);
  }

  /** Who hears whom, of the only call or the one named. */
  joined(context = 'call-1'): readonly string[] {
    let pairs: readonly string[] = ['no context'];
    this.gateway.send({ do: 'inspect', context }, (reply) => (pairs = reply === null ? ['no context'] : reply.joined.map((pair) => pair.join('+'))));
    this.settle();
    return pairs;
  }

  get record(): CallRecord {
    const record = this.records.at(-1);
    if (record === undefined) throw new Error('no record yet');
    return record;
  }

  /** The far end of a line rings it, so often. */
  ring(port: 3 | 4, rings = 1): void {
    for (let n = 0; n < rings; n++) {
      this.happen(port, { type: 'ringBegan' });
      this.pass(100);
      this.happen(port, { type: 'ringMeasured', frequencyHz: 20, voltsRms: 60 });
      this.pass(1_900);
      this.happen(port, { type: 'ringEnded', durationMs: 2_000, frequencyHz: 20, voltsRms: 60 });
      if (n + 1 < rings) this.pass(4_000);
    }
  }

  tone(port: 3 | 4, id: string, cycles = 2): void {
    this.happen(port, { type: 'tone', tone: { id, confidence: 0.95, cycles }, isContinuous: id === 'dial', levelDbm0: -15 });
  }

  /** Of legs of lines and stations: how often each said `released`, and what any said after that. */
  readonly ends = new Map<LegId, number>();
  readonly late: string[] = [];
  /** All that were called. */
  readonly legs: Leg[] = [];
  /** What telephones with two calls asked for. */
  readonly asked = { transfers: 0, merges: 0 };

  #watchedEndpoint(endpoint: Endpoint): Endpoint {
    return {
      id: endpoint.id,
      originate: (id, request, listener) => {
        const leg = endpoint.originate(id, request, this.#watched(id, listener));
        this.legs.push(leg);
        return leg;
      },
      adopt: (leg, snapshot, listener) => endpoint.adopt(leg, snapshot, this.#watched(leg, listener)),
    };
  }

  #watched(leg: LegId, listener: LegListener): LegListener {
    this.ends.set(leg, 0);
    return (event) => {
      const ended = this.ends.get(leg) ?? 0;
      if (ended > 0) this.late.push(`${leg} ${event.type}`);
      if (event.type === 'released') this.ends.set(leg, ended + 1);
      if (event.type === 'transferRequested') this.asked.transfers++;
      if (event.type === 'mergeRequested') this.asked.merges++;
      listener(event);
    };
  }

  #find(id: string): readonly Endpoint[] {
    const found = this.lines.find(id);
    if (found.length > 0) return found.map((endpoint) => this.#watchedEndpoint(endpoint));
    return [id === 'desk' ? this.desk : new FakeEndpoint(id, this.timers, { refuse: 'outOfOrder' })];
  }
}

/** The fake gateway as calls and ports want it: what `GatewayMedia` is outside of tests. */
export class BedMedia implements CallMedia, PortGateway {
  readonly #gateway: FakeGateway;
  readonly #listeners = new Map<TerminationId, (event: GatewayEvent) => void>();

  constructor(gateway: FakeGateway) {
    this.#gateway = gateway;
  }

  get state(): 'up' | 'down' {
    return this.#gateway.state;
  }

  get size(): number {
    return this.#listeners.size;
  }

  /** Of a process that was killed: nothing goes out any more. */
  isDead = false;

  send: PortGateway['send'] = (command, done) => {
    if (!this.isDead) this.#gateway.send(command as GatewayCommand, done as never);
  };

  listen(termination: TerminationId, listener: (event: GatewayEvent) => void): void {
    this.#listeners.set(termination, listener);
  }

  unlisten(termination: TerminationId): void {
    this.#listeners.delete(termination);
  }

  tell(event: GatewayEvent): void {
    this.#listeners.get(event.termination)?.(event);
  }

  connect(context: string, { joined }: Hearing): void {
    // What a fake endpoint has in place of media.
    for (const [a, b] of joined) for (const termination of [a, b]) if (termination.startsWith('t-')) this.#raw({ do: 'add', context, termination });
    this.#raw({ do: 'topology', context, joined });
  }

  move(context: string, termination: TerminationId, to: string): void {
    this.#raw({ do: 'move', context, termination, to });
  }

  // There are no players here.
  onRecorded = (): void => {};
  addPlayer(): void {}
  music(): void {}
  record(): void {}
  recording(): void {}

  attach(context: string, blob: string): void {
    this.#raw({ do: 'attach', context, blob });
  }

  drop(context: string, termination: TerminationId): void {
    this.#raw({ do: 'subtract', context, termination });
  }

  release(context: string, done: (quality: Readonly<Record<TerminationId, MediaQuality>> | null) => void): void {
    if (!this.isDead) this.#gateway.send({ do: 'release', context }, (reply) => done(reply === null ? null : {}));
  }

  #raw(command: GatewayCommand): void {
    if (!this.isDead) this.#gateway.send(command);
  }
}

function routeOf(number: string): RouteOutcome {
  const attempt = (endpoint: string, dialled = number) => ({ endpoints: [endpoint], number: dialled, timeoutMs: 60_000 });
  if (number === '101' || number === '102') return { ok: true, route: { direction: 'internal', attempts: [attempt(`station-${number.slice(2)}`)] } };
  if (number === '103') return { ok: true, route: { direction: 'internal', attempts: [attempt('desk')] } };
  if (number === '911') {
    const attempts = ['line-3', 'line-4'].map((id) => ({ ...attempt(id), priority: 'emergency' as const }));
    return { ok: true, route: { direction: 'outbound', emergency: { number, isTest: false }, attempts } };
  }
  if (number.startsWith('9')) return { ok: true, route: { direction: 'outbound', attempts: [attempt('line-3', number.slice(1)), attempt('line-4', number.slice(1))] } };
  return { ok: false, cause: 'unallocatedNumber', evidence: { kind: 'routing', text: `nobody has the number ${number}` } };
}

function wordsFor(command: GatewayCommand): string {
  switch (command.do) {
    case 'commandPort': {
      const { command: order } = command;
      switch (order.do) {
        case 'hook': return `${order.hook}-hook`;
        case 'ring': return `ring${order.callerId === undefined ? '' : `, caller ID after ${order.callerId.afterBurst}`}`;
        case 'polarity': return order.polarity;
        case 'dialPulses': return `pulses ${order.digits}`;
        default: return order.do;
      }
    }
    case 'play': return command.sounds.length === 0 ? 'hush' : command.sounds.map((sound) => (sound.type === 'digits' ? `digits ${sound.digits}` : sound.type === 'tone' ? `tone ${sound.tone.segments[0]?.frequenciesHz.join('+')}${sound.over === true ? ' over' : ''}` : sound.type)).join(', ');
    case 'listen': return `listen ${Object.keys(command.listening).join(' ')}`.trim();
    case 'addPort': return `add ${command.termination}`;
    case 'modifyPort': return `modify ${command.codec}`;
    case 'openPort': return 'open';
    case 'closePort': return 'close';
    default: return '';
  }
}

function american(): Region {
  const found = regionOf('US');
  if (isUnknownRegion(found)) throw new Error('no region US');
  return found;
}

import type { Timers } from '@tipring/clock';
import type { Cause } from './cause.ts';
import type { Endpoint, EndpointId, Offer } from './endpoint.ts';
import type { DialRequest, Leg, LegCommand, LegEvent, LegId, LegListener, LegSnapshot, Party } from './leg.ts';
import type { ContextId, MediaProfile, TerminationId } from './media.ts';

/** How a fake leg takes `release`: says `released` inside the command, after `ms`, or never. */
export type FakeRelease = 'atOnce' | 'never' | { readonly ms: number };

/** A leg whose far end is the test. */
export class FakeLeg implements Leg {
  readonly media: TerminationId;
  readonly reference: string;
  /** Every command, oldest first. */
  readonly commands: LegCommand[] = [];
  /** What it was asked for; undefined for an arriving or adopted one. */
  readonly request: DialRequest | undefined;
  readonly #listener: LegListener;
  readonly #release: FakeRelease;
  readonly #timers: Timers;
  /** In which context its termination is. */
  context: ContextId | undefined;
  #id: LegId;
  #state: 'open' | 'leaving' | 'released' = 'open';

  constructor(id: LegId, listener: LegListener, how: { readonly timers: Timers; readonly release: FakeRelease; readonly request?: DialRequest; readonly media?: TerminationId }) {
    this.#id = id;
    this.media = how.media ?? `t-${id}`;
    this.reference = `fake-${id}`;
    this.request = how.request;
    this.#listener = listener;
    this.#release = how.release;
    this.#timers = how.timers;
  }

  get id(): LegId {
    return this.#id;
  }

  get released(): boolean {
    return this.#state === 'released';
  }

  /** It was told to release, and has not said that it is. */
  get leaving(): boolean {
    return this.#state === 'leaving';
  }

  send(command: LegCommand): void {
    if (this.#state === 'released') return;
    this.commands.push(command);
    if (command.type === 'moved') {
      this.#id = command.leg;
      this.context = command.context;
    }
    if (command.type === 'answer') this.say({ type: 'changed' });
    if (command.type !== 'release' || this.#state === 'leaving') return;
    this.#state = 'leaving';
    if (this.#release === 'atOnce') this.#gone(command.cause);
    else if (this.#release !== 'never') this.#timers.start(this.#release.ms, () => this.#gone(command.cause));
  }

  snapshot(): LegSnapshot {
    return { fake: this.id, media: this.media };
  }

  /** The far end does something. Nothing is heard of a leg that was told to release but that it is released. */
  say(event: LegEvent): void {
    if (this.#state === 'released' || (this.#state === 'leaving' && event.type !== 'released')) return;
    if (event.type === 'released') this.#state = 'released';
    this.#listener(event);
  }

  /** Commands by type, for short expectations. */
  told(): string[] {
    return this.commands.map((command) => (command.type === 'release' ? `release ${command.cause}` : command.type));
  }

  #gone(cause: Cause): void {
    this.say({ type: 'released', cause, evidence: { kind: 'fake', text: 'released as told' } });
  }
}

/** An endpoint in memory: it passes the conformance suite, and does what the test says. */
export class FakeEndpoint implements Endpoint {
  readonly id: EndpointId;
  /** Of this endpoint, oldest first: called, arriving and adopted ones. */
  readonly legs: FakeLeg[] = [];
  readonly #timers: Timers;
  readonly #release: FakeRelease;
  readonly #refuse: Cause | undefined;

  /** `refuse`: every leg is released with this cause at once, like a phone that is not registered. */
  constructor(id: EndpointId, timers: Timers, how: { readonly release?: FakeRelease; readonly refuse?: Cause } = {}) {
    this.id = id;
    this.#timers = timers;
    this.#release = how.release ?? 'atOnce';
    this.#refuse = how.refuse;
  }

  /** The newest leg. */
  get leg(): FakeLeg {
    const leg = this.legs.at(-1);
    if (leg === undefined) throw new Error(`${this.id} has no leg`);
    return leg;
  }

  originate(id: LegId, request: DialRequest, listener: LegListener): Leg {
    const leg = this.#leg(id, listener, request);
    const cause = this.#refuse;
    if (cause !== undefined) this.#timers.start(0, () => leg.say({ type: 'released', cause, evidence: { kind: 'fake', text: cause } }));
    return leg;
  }

  adopt(id: LegId, { media }: LegSnapshot, listener: LegListener): Leg {
    const leg = new FakeLeg(id, listener, { timers: this.#timers, release: this.#release, ...(typeof media === 'string' ? { media } : {}) });
    this.legs.push(leg);
    return leg;
  }

  /** An arriving call of this endpoint. */
  offer(number: string, from: Party, media: MediaProfile): Offer {
    return {
      endpoint: this.id,
      from,
      number,
      media,
      reference: `call-of-${this.id}`,
      accept: (id: LegId, _context: ContextId, listener: LegListener) => this.#leg(id, listener),
    };
  }

  #leg(id: LegId, listener: LegListener, request?: DialRequest): FakeLeg {
    const leg = new FakeLeg(id, listener, { timers: this.#timers, release: this.#release, ...(request === undefined ? {} : { request }) });
    this.legs.push(leg);
    return leg;
  }
}

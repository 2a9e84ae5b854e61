import type { Timer } from '@tipring/clock';
import { aborted, call } from './call.ts';
import { type CallBlob, writeBlob } from './call-blob.ts';
import type { CallView, OriginateRequest } from './call-control.ts';
import type { Call, CallEffect, CallInput, CallStep, CallTimer } from './call-machine.ts';
import { CallLog, type CallLogState, concealed, concealedCommand, type LoggedLeg } from './call-log.ts';
import { offerable, transcoding } from './codec-choice.ts';
import { CallAttempts } from './call-attempts.ts';
import { callState } from './call-state.ts';
import type { CallSurroundings } from './call-surroundings.ts';
import { CallTimers } from './call-timers.ts';
import { Dialling } from './dialling.ts';
import type { Endpoint, EndpointId, Offer } from './endpoint.ts';
import type { DialRequest, Leg, LegEvent, LegId, LegListener, LegSnapshot } from './leg.ts';
import type { MediaProfile, MediaQuality, TerminationId } from './media.ts';
import type { Outcome } from './outcome.ts';
import type { CallId } from './record.ts';
import type { Attempt, RouteExplanation } from './route.ts';

/**
 * Runs one call: feeds its machine one input after the other (an event that is raised while effects are performed
 * waits), performs the effects, writes its story. The call's id is its context's id. What our own code throws ends this
 * call and nothing else.
 */
export class RunningCall {
  readonly #log: CallLog;
  readonly #attempts: CallAttempts;
  readonly #surroundings: CallSurroundings;
  readonly #legs = new Map<LegId, Leg>();
  readonly #timers: CallTimers;
  readonly #inbox: CallInput[] = [];
  #state: Call = { at: 'new' };
  #busy = false;
  #attachDue = false;
  /** A blob that is soon to be written. */
  #later: Timer | undefined;
  #recorded = false;
  /** `legChanges` when an event was published last: each has all legs. */
  #toldLegs = 0;
  /** Undefined of a call that was taken back: it is dialled no more. */
  #dialling: Dialling | undefined;
  /** The first party, when it is no configured one. */
  #first: Endpoint | undefined;
  #quality: Readonly<Record<TerminationId, MediaQuality>> | null = null;

  constructor(log: CallLogState, surroundings: CallSurroundings) {
    this.#log = new CallLog(log);
    this.#surroundings = surroundings;
    this.#timers = new CallTimers(surroundings.timers, (timer) => this.#expired(timer));
    this.#attempts = new CallAttempts(this.#log, surroundings);
  }

  get id(): CallId {
    return this.#log.state.id;
  }

  get isEmergency(): boolean {
    return this.#log.state.emergency !== null;
  }

  view(): CallView {
    return this.#log.view(callState(this.#state));
  }

  /** An arriving call; with a refusal it is only recorded and released. The record is begun before the leg can say anything to the caller. */
  offered(offer: Offer, refusal: Outcome | null): void {
    this.#work(() => {
      const id = this.#nextLeg();
      const { endpoint, from, number, diversions, hopsLeft } = offer;
      this.#dialling = new Dialling({ call: this.id, endpoint, from, number, diversions, hopsLeft }, this.#surroundings.ports.routes);
      this.#begun(offer.endpoint, offer.reference);
      this.#hold(offer.accept(id, this.id, this.#listener(id)), offer.endpoint, 'caller', 'offered');
      this.#publish('call.started');
      if (offer.refusal !== undefined) return this.#refused(id, offer.refusal);
      const outcome = this.#dialling.resolve(refusal);
      if (outcome.ok) this.#inbox.push({ type: 'offered', leg: id, media: offer.media, route: this.#attempts.routed(this.#now(), outcome.route) });
      else if (outcome.asks === 'pin') this.#inbox.push({ type: 'asks', leg: id, media: offer.media });
      else this.#refused(id, outcome);
    });
  }

  /** Click to dial. */
  originated(request: OriginateRequest, refusal: Outcome | null): void {
    this.#work(() => {
      this.#begun(request.from, '');
      this.#log.tell(this.#now(), 'offered', `dialled for ${request.from}`);
      this.#publish('call.started');
      this.#dialling = new Dialling({ call: this.id, endpoint: request.from, from: request.party, number: request.to }, this.#surroundings.ports.routes);
      const outcome = this.#dialling.resolve(refusal);
      if (!outcome.ok && outcome.asks === undefined) return this.#refused(null, outcome);
      this.#first = request.first;
      const first: Attempt = { endpoints: [request.from], number: this.#log.state.from.number, timeoutMs: request.timeoutMs ?? FIRST_PARTY_MS };
      this.#inbox.push({ type: 'originated', first, media: this.#surroundings.settings.media, route: outcome.ok ? this.#attempts.routed(this.#now(), outcome.route) : null });
    });
  }

  /** Takes a call back that was up, or ends one that was being set up. */
  adopt({ talking, snapshots }: CallBlob): void {
    this.#work(() => {
      this.#log.state.recovered = true;
      this.#toldLegs = NEVER;
      this.#log.tell(this.#now(), 'recovered', 'the controller was restarted, and took this call back');
      const open = this.#log.state.legs.filter((leg) => leg.state !== 'released');
      const legs = open.map((leg) => leg.id);
      if (talking === null) {
        this.#inbox.push({ type: 'interrupted', legs, outcome: { cause: 'temporaryFailure', evidence: { kind: 'restart', text: 'controller restarted during set-up' } } });
      } else {
        this.#inbox.push({ type: 'adopted', ...talking, isEmergency: this.#log.state.emergency !== null, losers: legs.filter((leg) => leg !== talking.caller && leg !== talking.called) });
      }
      for (const leg of open) this.#adoptLeg(leg, snapshots[leg.id]);
    });
  }

  hangUp(outcome: Outcome): void {
    this.#work(() => {
      this.#log.tell(this.#now(), 'hangUp', outcome.evidence.text, undefined, { cause: outcome.cause });
      this.#inbox.push({ type: 'hangUp', outcome });
    });
  }

  mediaLost(): void {
    this.#work(() => {
      this.#log.tell(this.#now(), 'restored', 'the media gateway came back without this call: its media is made again');
      this.#inbox.push({ type: 'mediaLost' });
    });
  }

  /** Made here, where nothing else is in scope: a closure holds all its neighbours for as long as the call lasts, the caller's whole INVITE among them. */
  #listener(id: LegId): LegListener {
    return (event) => this.#heard(id, event);
  }

  #heard(id: LegId, event: LegEvent): void {
    this.#work(() => {
      const logged = this.#log.leg(id);
      // After `released` a leg has nothing to say; one that does must not wake a call that is over.
      if (logged === undefined || logged.state === 'released') return;
      const isSecret = this.#state.at === 'asking' || this.#state.at === 'new' || [...this.#legs.values()].some(({ isConfidential }) => isConfidential);
      this.#log.event(this.#now(), logged, isSecret ? concealed(event) : event);
      if (event.type === 'released') this.#legs.delete(id);
      this.#inbox.push({ type: 'leg', leg: id, event });
    });
  }

  #expired(timer: CallTimer): void {
    this.#work(() => {
      this.#log.tell(this.#now(), 'timeout', `timer ${timer}`);
      this.#inbox.push({ type: 'timeout', timer });
    });
  }

  #unjoined(text: string): void {
    this.#work(() => this.#inbox.push({ type: 'hangUp', outcome: { cause: 'congestion', evidence: { kind: 'gateway', text: `media gateway: ${text}` } } }));
  }

  /** Takes something in, then works the inbox off unless that is being done further up the stack. */
  #work(take: () => void): void {
    const nested = this.#busy;
    this.#busy = true;
    try {
      take();
    } catch (error) {
      this.#failed(error);
    }
    if (nested) return;
    for (let input = this.#inbox.shift(); input !== undefined; input = this.#inbox.shift()) {
      try {
        this.#perform(call(this.#state, input, this.#surroundings.settings));
        if (input.type === 'leg' && (input.event.type === 'changed' || input.event.type === 'answered')) this.#tellTranscoding();
      } catch (error) {
        this.#failed(error);
      }
    }
    this.#busy = false;
    if (this.#log.legChanges !== this.#toldLegs && !this.#recorded) this.#publish('call.legsChanged');
    this.#attach();
  }

  #perform([state, effects]: CallStep): void {
    const answered = this.#state.at === 'setup' && state.at === 'talking';
    this.#state = state;
    if (answered) this.#log.answered(this.#now(), state.called, state.caller);
    for (const effect of effects) this.#effect(effect);
  }

  /** Both have answered, or one of them changed its codecs. */
  #tellTranscoding(): void {
    const state = this.#state;
    if (state.at !== 'talking') return;
    const [a, b] = [this.#legs.get(state.caller)?.spoken?.(), this.#legs.get(state.called)?.spoken?.()];
    if (a !== undefined && b !== undefined) this.#log.transcoded(this.#now(), transcoding(a, b));
  }

  #effect(effect: CallEffect): void {
    const { ports } = this.#surroundings;
    switch (effect.do) {
      case 'ring':
        return this.#ring(effect.attempt, effect.media, effect.role);
      case 'failed':
        return this.#attempts.failed(this.#now(), effect.outcome, effect.next);
      case 'resolve':
        return this.#tryPin(effect.pin);
      case 'send': {
        const leg = this.#legs.get(effect.leg);
        this.#log.commanded(this.#now(), effect.leg, leg?.isConfidential ? concealedCommand(effect.command) : effect.command);
        return leg?.send(effect.command);
      }
      case 'join': {
        const [a, b] = [this.#log.leg(effect.a), this.#log.leg(effect.b)];
        if (a === undefined || b === undefined) throw new Error('a leg to be joined is not known');
        this.#log.tell(this.#now(), 'joined', 'the two hear each other', effect.b);
        return ports.media.connect(this.id, { joined: [[a.media, b.media]], oneWay: [] }, (text) => this.#unjoined(text));
      }
      case 'part':
        this.#log.tell(this.#now(), 'parted', 'nobody hears anybody any more');
        return ports.media.connect(this.id, { joined: [], oneWay: [] }, () => {});
      case 'drop': {
        const leg = this.#log.leg(effect.leg);
        if (leg !== undefined) ports.media.drop(this.id, leg.media);
        return;
      }
      case 'attach':
        this.#attachDue = true;
        return;
      case 'measure':
        this.#later?.stop();
        return ports.media.release(this.id, (quality) => this.#work(() => {
          this.#quality = quality;
          this.#inbox.push({ type: 'measured' });
        }));
      case 'publish':
        return this.#publish(effect.type, 'leg' in effect ? effect.leg : undefined);
      case 'start':
        return this.#timers.start(effect.timer, effect.ms);
      case 'stop':
        return this.#timers.stop(effect.timer);
      case 'tell':
        return this.#log.tell(this.#now(), effect.type, effect.text, effect.leg);
      case 'abandon': {
        const leg = this.#log.leg(effect.leg);
        this.#legs.delete(effect.leg);
        if (leg !== undefined) this.#log.event(this.#now(), leg, { type: 'released', cause: 'recoveryOnTimerExpiry', evidence: { kind: 'timer', text: 'told to release, and never confirmed it' } });
        return;
      }
      case 'close':
        return this.#close(effect.outcome);
    }
  }

  #ring(attempt: Attempt, media: MediaProfile, role: 'caller' | 'called'): void {
    const request = role === 'caller' ? this.#firstRequest(attempt, media) : this.#dialling?.request(attempt, offerable(media, this.#surroundings.settings.transcoded));
    if (request === undefined) throw new Error('a call that was taken back is not dialled');
    const legs: LegId[] = [];
    // The machine is to know the legs before it hears of them.
    this.#inbox.unshift({ type: 'rung', legs });
    const startedAt = this.#now();
    for (const name of attempt.endpoints) {
      const endpoints = role === 'caller' && this.#first !== undefined ? [this.#first] : this.#surroundings.ports.endpoints.find(name);
      for (const endpoint of endpoints) {
        const id = this.#nextLeg();
        const leg = endpoint.originate(id, { ...request, ...attempt.given?.[name] }, this.#listener(id));
        legs.push(id);
        this.#hold(leg, endpoint.id, role, 'originated');
      }
    }
    if (legs.length === 0) throw new Error(`nothing to ring for ${attempt.endpoints.join(', ')}`);
    if (role === 'called') this.#attempts.launched(startedAt, attempt, legs, this);
  }

  /** Who is rung for a call of its own sees whom it will talk to. */
  #firstRequest({ number }: Attempt, media: MediaProfile): DialRequest {
    return { context: this.id, from: { number: this.#log.state.to }, number, media };
  }

  #hold(leg: Leg, endpoint: EndpointId, role: 'caller' | 'called', how: 'offered' | 'originated'): void {
    this.#legs.set(leg.id, leg);
    const { id, reference, media } = leg;
    this.#log.started({ id, endpoint, role, reference, media, party: role === 'caller' ? this.#log.state.from : { number: this.#log.state.to }, isMuted: false, startedAt: this.#now(), state: 'trying', answeredAt: null, endedAt: null, cause: null, evidence: null }, how);
  }

  #adoptLeg(logged: LoggedLeg, snapshot: LegSnapshot | undefined): void {
    const [endpoint] = this.#surroundings.ports.endpoints.find(logged.endpoint);
    if (endpoint !== undefined && snapshot !== undefined) {
      this.#legs.set(logged.id, endpoint.adopt(logged.id, snapshot, (event) => this.#heard(logged.id, event)));
    } else {
      // Nothing is known of it: its far end has to find out by itself.
      this.#heard(logged.id, { type: 'released', cause: 'temporaryFailure', evidence: { kind: 'restart', text: 'nothing was left to take this leg back' } });
    }
  }

  #refused(leg: LegId | null, { cause, evidence, explanation }: Outcome & { readonly explanation?: RouteExplanation }): void {
    this.#log.tell(this.#now(), 'refused', evidence.text, undefined, explanation === undefined ? { cause } : { cause, explanation });
    this.#inbox.unshift({ type: 'refused', leg, outcome: { cause, evidence } });
  }

  #tryPin(pin: string): void {
    const outcome = this.#dialling?.resolve(null, pin);
    if (outcome === undefined || this.#state.at !== 'asking') throw new Error('nobody asked for a PIN');
    const { leg, media } = this.#state.caller;
    // It is the very next input.
    if (outcome.ok) this.#inbox.unshift({ type: 'routed', route: this.#attempts.routed(this.#now(), outcome.route) });
    else if (outcome.asks === 'pin') this.#inbox.unshift({ type: 'asks', leg, media });
    else this.#refused(leg, outcome);
  }

  /** Once for all that was done in one go. While it is set up a little later: a call that is answered meanwhile has spared the gateway a blob. */
  #attach(): void {
    if (!this.#attachDue) return;
    this.#attachDue = false;
    const { at } = this.#state;
    if (at === 'talking') this.#writeBlob();
    else if (at === 'first' || at === 'asking' || at === 'setup') this.#later ??= this.#surroundings.timers.start(SETUP_BLOB_MS, () => this.#writeBlob());
  }

  #writeBlob(): void {
    this.#later?.stop();
    this.#later = undefined;
    const state = this.#state;
    // What is ending keeps its last blob: the next process finds out that the far ends are gone.
    if (state.at !== 'first' && state.at !== 'asking' && state.at !== 'setup' && state.at !== 'talking') return;
    this.#work(() => {
      const snapshots: Record<LegId, LegSnapshot> = {};
      for (const [id, leg] of this.#legs) snapshots[id] = leg.snapshot();
      const talking = state.at === 'talking' ? { caller: state.caller, called: state.called, held: state.held } : null;
      this.#surroundings.ports.media.attach(this.id, writeBlob({ log: this.#log.state, talking, snapshots }));
    });
  }

  /** A bug of ours. */
  #failed(error: unknown): void {
    const { settings } = this.#surroundings;
    this.#log.tell(this.#now(), 'bug', error instanceof Error ? error.message : 'unknown');
    this.#report(error);
    const outcome: Outcome = { cause: 'temporaryFailure', evidence: { kind: 'bug', text: 'an internal error ended the call' } };
    const ending = this.#state.at === 'releasing' || this.#state.at === 'measuring' || this.#state.at === 'ended';
    this.#inbox.length = 0;
    this.#timers.stopAll();
    // A second failure, while ending: nothing more is expected of the legs.
    const [state, effects] = ending ? [{ at: 'ended' } as const, [{ do: 'measure' }, { do: 'close', outcome }] as const] : aborted([...this.#legs.keys()], outcome, settings);
    this.#state = state;
    for (const effect of effects) {
      try {
        this.#effect(effect);
      } catch (further) {
        this.#report(further);
      }
    }
  }

  #report(error: unknown): void {
    this.#surroundings.settings.bug({ call: this.id, error, last: this.#log.state.story.slice(-20) });
  }

  #close(outcome: Outcome): void {
    if (this.#recorded) return;
    this.#recorded = true;
    this.#later?.stop();
    const record = this.#log.record(this.#now(), outcome, this.#quality);
    try {
      this.#surroundings.ports.records.ended(record);
      if (this.#surroundings.observed) this.#surroundings.publish({ type: 'call.ended', at: record.endedAt, call: this.view(), cause: record.cause });
    } finally {
      this.#surroundings.ended(this.id);
    }
  }

  #begun(endpoint: EndpointId, reference: string): void {
    const { id, startedAt, from, to } = this.#log.state;
    this.#surroundings.ports.records.begun({ id, startedAt, from, to, endpoint, reference });
  }

  #publish(type: 'call.legsChanged' | 'call.started' | 'call.ringing' | 'call.answered' | 'call.held' | 'call.resumed', leg?: LegId): void {
    this.#toldLegs = this.#log.legChanges;
    if (!this.#surroundings.observed) return;
    const [at, view] = [this.#now(), this.view()];
    if (type === 'call.held' || type === 'call.resumed') this.#surroundings.publish({ type, at, call: view, leg: leg ?? '' });
    else this.#surroundings.publish({ type, at, call: view });
  }

  #nextLeg(): LegId {
    return `${this.id}.${this.#log.state.legs.length + 1}`;
  }

  #now(): number {
    return this.#surroundings.settings.wallClock();
  }
}

const FIRST_PARTY_MS = 30_000;
/** Short against ringing, long against a phone that answers by itself. */
const SETUP_BLOB_MS = 5;
/** Of a call that was taken back nobody has heard yet. */
const NEVER = -1;

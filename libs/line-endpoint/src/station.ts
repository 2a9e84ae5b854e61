import type { PortHappening } from '@tipring/gateway';
import { fxsLine, newFxsLine, type FxsEffect, type FxsInput, type FxsLine, type FxsTimer, type Held } from '@tipring/line';
import type { Availability, Cause, DialRequest, EndpointId, Leg, LegCommand, LegId, LegListener, LegSnapshot, Offer } from '@tipring/telephony';
import { CallData } from './call-data.ts';
import { DigitSender } from './digit-sender.ts';
import { portProfile } from './g711.ts';
import { driverLost, gatewayLost, gatewayRestarted } from './gateway-evidence.ts';
import { HandOvers } from './hand-overs.ts';
import { Inbox } from './inbox.ts';
import type { LiveStation } from './live.ts';
import { MachineTimers } from './machine-timers.ts';
import type { StationPlan } from './plan.ts';
import { isAnotherPort } from './plan-in-force.ts';
import { PortEnd } from './port-end.ts';
import type { LegOwner, PortLeg } from './port-leg.ts';
import { keptOf, PortLegs } from './port-legs.ts';
import { type Absence, PortLink, type PortUser } from './port-link.ts';
import { PortUse } from './port-use.ts';
import { stationAvailability, whyNotRung } from './station-availability.ts';
import { StationCalls } from './station-calls.ts';
import { StationDoor } from './station-door.ts';
import { StationHook } from './station-hook.ts';
import { hookInput, stationInput } from './station-inputs.ts';
import { StationPort } from './station-port.ts';
import { StationSettings } from './station-settings.ts';
import { callerShown } from './station-sounds.ts';
import type { Surroundings } from './surroundings.ts';

/** An input of the machine; of some it matters whose call they are about. */
interface Entry {
  readonly input: FxsInput;
  readonly leg?: PortLeg;
}

/**
 * Runs the machine of one analog telephone: one input after the other (what is raised while effects are performed waits), its timers, its port,
 * its calls, and what it has handed over.
 */
export class Station implements PortUser, LegOwner {
  readonly id: EndpointId;
  readonly link: PortLink;
  readonly #surroundings: Surroundings;
  readonly #timers: MachineTimers<FxsTimer | 'recall'>;
  readonly #hook: StationHook;
  readonly #legs: PortLegs;
  readonly #calls: StationCalls;
  readonly #door: StationDoor;
  readonly #handOvers: HandOvers;
  readonly #end: PortEnd;
  readonly #data: CallData;
  readonly #digits: DigitSender;
  readonly #port: StationPort;
  readonly #inbox: Inbox<Entry>;
  readonly #own: StationSettings;
  readonly #use = new PortUse();
  #line: FxsLine = newFxsLine;
  /** Of the call that was taken over, as who had it before has left it. */
  #polarityBefore: 'normal' | 'reversed' = 'normal';
  #heldBefore: Held = 'toConsult';
  #isClosed = false;
  #since: number;

  constructor(plan: StationPlan, surroundings: Surroundings) {
    this.id = plan.id;
    this.#own = new StationSettings(plan, surroundings.messages);
    this.#surroundings = surroundings;
    this.#since = surroundings.timers.now();
    this.#inbox = new Inbox((entry) => this.#step(entry), (error) => this.#failed(error), () => this.#settle());
    this.link = new PortLink(this, plan, surroundings);
    this.#end = new PortEnd(surroundings.gateway, plan.port);
    this.#legs = new PortLegs(this, () => this.plan, surroundings);
    this.#data = new CallData(this.link, () => this.plan.treatment);
    this.#digits = new DigitSender(this.link);
    this.#port = new StationPort(this.link, this.#digits, surroundings, () => this.plan, (input) => this.#push({ input }));
    this.#calls = new StationCalls(this.#end, this.#port, (leg, evidence) => this.#release(leg, 'temporaryFailure', evidence));
    this.#door = new StationDoor(() => this.plan, this.#port, surroundings);
    this.#handOvers = new HandOvers(surroundings.timers, (leg) => this.#ringBack(leg));
    this.#timers = new MachineTimers(surroundings.timers, (timer) => this.#expired(timer));
    this.#hook = new StationHook(surroundings.timers, () => this.plan.hook, (event) => this.#push({ input: hookInput(event) }));
  }

  get plan(): StationPlan {
    return this.#own.plan;
  }

  get polarity(): 'normal' | 'reversed' {
    return 'polarity' in this.#line ? this.#line.polarity : 'normal';
  }

  get held(): Held {
    return this.#line.at === 'holding' ? 'toConsult' : 'held' in this.#line ? this.#line.held : 'none';
  }

  live(): LiveStation {
    const { current, incoming, held } = this.#calls;
    return {
      kind: 'station', id: this.id, port: this.plan.port, isPresent: this.link.isOpen, state: this.#line.at, since: this.#since,
      party: (current ?? incoming ?? held)?.party ?? null,
      polarity: this.polarity,
      hook: this.#hook.isOff ? 'off' : 'on',
      held: [current, held].filter((leg) => leg?.isHeld === true).length,
      waiting: current === null ? null : (incoming?.party ?? null),
    };
  }

  /** Whether it could be rung now, and if not why. */
  availability(): Availability {
    return stationAvailability({ line: this.#line, settings: this.#own.settings, link: this.link, calls: this.#calls, use: this.#use }, this.#surroundings.timers.now());
  }

  /** From its next call on. */
  configure(plan: StationPlan): void {
    this.#own.follow(plan);
    this.#settle();
  }

  /** As soon as its calls have ended. */
  remove(): void {
    this.#own.follow(null);
    this.#settle();
  }

  /** Of its mailbox. */
  messagesChanged(): void {
    if (this.#own.messagesChanged()) this.#push({ input: { type: 'settingsChanged' } });
  }

  originate(id: LegId, request: DialRequest, listener: LegListener): Leg {
    return this.#legs.called(id, request, { party: request.from, isEmergency: request.priority === 'emergency' }, listener, (leg) => this.#ring(leg, request.alertInfo ?? null));
  }

  adopt(id: LegId, snapshot: LegSnapshot, listener: LegListener): Leg {
    const kept = keptOf(snapshot);
    if (kept === null) return this.#legs.lost(id, listener, 'temporaryFailure', 'restart', 'controller restarted during set-up');
    const before = this.#calls.all.find((one) => one.id === id);
    if (before === undefined && this.link.isOpen) return this.#legs.lost(id, listener, 'temporaryFailure', 'restart', 'its telephone was hung up meanwhile');
    before?.silence();
    if (before !== undefined) this.#calls.remove(before);
    const leg = this.#legs.adopted(id, kept, listener, (late) => {
      if (this.#line.at === 'absent') this.#release(late, 'temporaryFailure', { kind: 'restart', text: 'the port did not come back after a restart' });
    });
    this.#calls.adopt(leg);
    this.#polarityBefore = kept.polarity ?? 'normal';
    if (kept.isHeld) this.#heldBefore = kept.held ?? 'toConsult';
    return leg;
  }

  command(leg: PortLeg, command: LegCommand): void {
    if (command.type === 'release') return this.#release(leg, command.cause, { kind: 'local', text: `${leg.phase === 'up' ? 'told to end' : leg.role === 'caller' ? 'refused' : 'no longer rung'}: ${command.cause}` });
    if (command.type === 'transfer') return this.#handOvers.hear(leg, command);
    if ((command.type === 'sendDigit' || command.type === 'digitPassed') && this.#door.opens(leg, command.digit)) return;
    const input = this.#calls.command(leg, command);
    if (command.type === 'party') this.#surroundings.changed(this.id);
    if (input !== null) this.#push({ input, leg });
  }

  present(kept: boolean): void {
    const lives = kept && this.#calls.isUp;
    this.#hook.opened();
    if (!lives && (kept || !this.#calls.none)) this.#hook.suspect();
    if (!lives) this.#calls.release('temporaryFailure', gatewayRestarted);
    this.#port.forget();
    this.#digits.stop();
    if (lives && this.#line.at !== 'absent') {
      // Only the connection was lost.
      this.#settle();
      return;
    }
    this.#port.neutral(lives ? this.#polarityBefore : 'normal');
    this.#timers.stopAll();
    if (lives) {
      this.#hook.set('off', this.#surroundings.timers.now());
      this.#calls.settleAdopted();
      const { current, held } = this.#calls;
      this.#line = current === null ? { at: 'holding', shown: null } : { ...talkingLine, polarity: this.#polarityBefore, held: held === null ? 'none' : this.#heldBefore };
      return this.#settle();
    }
    this.#hook.set('on', this.#surroundings.timers.now());
    this.#line = newFxsLine;
    this.#push({ input: { type: 'portPresent' } });
  }

  absent(why: Absence): void {
    // A gateway may come back and have everything: `lost` follows when it does not.
    if (why === 'gateway' && this.#calls.isUp) {
      const { current, incoming } = this.#calls;
      for (const leg of [incoming, current?.phase === 'setUp' ? current : null]) if (leg !== null) this.#release(leg, 'temporaryFailure', gatewayLost);
      return;
    }
    this.lost(why);
  }

  /** There is no hope for calls any more. */
  lost(why: Absence): void {
    if (this.link.isOpen) return;
    if (!this.#calls.none) this.#hook.suspect();
    if (why === 'gateway') this.#calls.release('temporaryFailure', gatewayLost);
    else if (why === 'driver') this.#calls.release('outOfOrder', driverLost);
    this.#end.forget();
    this.#digits.stop();
    this.#hook.set('on', this.#surroundings.timers.now());
    this.#push({ input: { type: 'portAbsent' } });
  }

  happened(is: PortHappening, at: number): void {
    switch (is.type) {
      case 'hook':
        return this.#hook.hear(is.hook, at) === 'abandoned' ? this.#abandoned() : undefined;
      case 'digitBegan':
        this.#port.dialled();
        if (this.#line.at === 'dialing' && this.#line.digits === '' && this.#own.settings.dialing.byDtmf) this.#port.hush();
        return;
      case 'faxTone':
        return this.#calls.current === null ? undefined : this.#data.hear(is, this.#calls.current, this.plan.isFax);
      case 'fault':
        return this.#surroundings.incident(this.id, 'fault', `${is.fault}${is.active ? '' : ': over'}`);
    }
    const input = stationInput(is);
    if (input !== null) this.#push({ input });
  }

  #ring(leg: PortLeg, pattern: string | null): void {
    if (leg.report.over) return;
    const refusal = whyNotRung({ isLeaving: this.#own.isLeaving, link: this.link, calls: this.#calls });
    if (refusal !== null) return leg.report.released(refusal.cause, refusal.evidence);
    this.#push({ input: { type: 'ring', call: { caller: callerShown(leg.party), pattern } }, leg });
  }

  /** A handset that is off its rest, and nobody at the other end any more. */
  #abandoned(): void {
    // It may have begun to tell of messages.
    this.#timers.stopAll();
    this.#port.neutral('normal');
    this.#line = talkingLine;
    this.#push({ input: { type: 'released', cause: 'temporaryFailure' } });
  }

  #expired(timer: FxsTimer | 'recall'): void {
    if (timer !== 'recall') return this.#push({ input: { type: 'timeout', timer } });
    const { incoming } = this.#calls;
    if (incoming?.phase === 'up') this.#release(incoming, 'noAnswer', { kind: 'recall', text: 'was held, and nobody took it back' });
  }

  /** By whoever is at the other end, or by ourselves. */
  #release(leg: PortLeg, cause: Cause, evidence: { readonly kind: string; readonly text: string }): void {
    const { current, incoming, held } = this.#calls;
    this.#calls.remove(leg);
    leg.report.released(cause, evidence);
    this.#handOvers.released(leg);
    if (leg === incoming) {
      this.#timers.stop('recall');
      this.#push({ input: { type: 'cancelled' } });
    } else if (leg === current) this.#push({ input: { type: 'released', cause } });
    else if (leg === held) this.#push({ input: { type: 'heldGone' } });
    this.#settle();
  }

  #push(entry: Entry): void {
    this.#inbox.push(entry);
  }

  #step({ input, leg }: Entry): void {
    // It was about a call that has ended meanwhile.
    if (leg !== undefined && (leg.report.over || (input.type !== 'ring' && leg !== this.#calls.current))) return;
    // Whoever is being helped is not put on hold by a finger on the hook.
    if (input.type === 'hookFlash' && this.#calls.current?.isEmergency === true) return;
    if (input.type === 'digit') this.#port.dialled();
    const before = this.#line.at;
    const [line, effects] = fxsLine(this.#line, input, this.#own.settings);
    this.#line = line;
    if (line.at !== before) this.#since = this.#surroundings.timers.now();
    if (input.type === 'ring' && leg !== undefined && !effects.some((effect) => effect.do === 'refuse')) this.#calls.incoming = leg;
    for (const effect of effects) this.#perform(effect, input, leg);
    if (line.at !== before) this.#surroundings.changed(this.id);
  }

  #perform(effect: FxsEffect, input: FxsInput, leg: PortLeg | undefined): void {
    switch (effect.do) {
      case 'connectAudio':
        this.#port.connected();
        return this.#calls.rejoin();
      case 'disconnectAudio':
        this.#port.connected();
        // At the end of a call it stays until the call has asked what was measured.
        return this.#line.at === 'talking' || this.#line.at === 'choosing' ? this.#calls.leave() : undefined;
      case 'offer':
        return this.#offer(effect.number);
      case 'reportRinging':
        return this.#calls.rings();
      case 'reportAnswered':
        this.#timers.stop('recall');
        return this.#calls.take();
      case 'reportDigit':
        return this.#calls.dialled(effect.digit, effect.durationMs, input.type === 'digit' ? input.by : 'dtmf');
      case 'reportReleased':
        return this.#calls.hungUp(effect.cause, effect.evidence);
      case 'hold':
        return this.#calls.hold();
      case 'takeBack':
        return this.#calls.takeBack();
      case 'swap':
        return this.#calls.swap();
      case 'merge':
        return this.#calls.merge();
      case 'transfer':
        return this.#handOver();
      case 'ringBack':
        return this.#ringBack(this.#calls.left());
      case 'releaseHeld':
        return this.#calls.releaseHeld(effect.cause, effect.evidence);
      case 'refuse':
        this.#timers.stop('recall');
        return this.#calls.refuse(input.type === 'ring' ? leg : this.#calls.incoming, effect.cause, effect.evidence);
      case 'takeWaiting':
        return;
      case 'alarm':
        return this.#surroundings.incident(this.id, effect.is, effect.is === 'leftOffHook' ? 'the receiver was left off the hook' : 'the receiver is back on the hook');
      case 'start':
        return this.#timers.start(effect.timer, effect.ms);
      case 'stop':
        return this.#timers.stop(effect.timer);
      default:
        return this.#port.perform(effect, this.#line);
    }
  }

  #offer(number: string): void {
    const isEmergency = this.#own.settings.dialing.map?.emergency.includes(number) === true;
    this.#surroundings.exchange.offer(offerOf(this.plan, number, (id, context, listener) => (this.#calls.current = this.#legs.caller(id, context, { party: { number }, isEmergency }, listener))));
  }

  /** Hung up on two calls, or as good. */
  #handOver(): void {
    const both = this.#calls.handOver();
    if (both !== null) return this.#handOvers.begin(both.transferee, both.target);
    this.#calls.hungUp('normalClearing', { kind: 'onHook', text: 'the telephone was hung up' });
    this.#ringBack(this.#calls.left());
  }

  /** A call that is up, and that the telephone is to have back. */
  #ringBack(leg: PortLeg | null): void {
    if (leg === null) return;
    if (this.#calls.incoming !== null) return leg.report.released('normalClearing', { kind: 'onHook', text: 'was held, and the telephone was hung up while another call waited' });
    this.#timers.start('recall', this.plan.recallMs);
    this.#push({ input: { type: 'ring', call: { caller: callerShown(leg.party), pattern: null } }, leg });
  }

  /** What follows from how it is now. */
  #settle(): void {
    if (this.#inbox.isBusy || this.#isClosed) return;
    this.#use.note(this.#calls.none ? 'free' : 'inCall', this.#surroundings.timers.now());
    const { at } = this.#line;
    if (this.link.isOpen) this.#port.listen(this.#line);
    this.#data.follow(this.#calls.current);
    if (this.#calls.current === null) this.#port.sound(null);
    if (this.#own.isLeaving) {
      if (this.#calls.none && this.#handOvers.legs.length === 0) this.#close();
      return;
    }
    const before = at === 'idle' || at === 'absent' || at === 'disabled' ? this.#own.renew() : null;
    if (before === null) return;
    if (isAnotherPort(before, this.plan)) this.link.configure(this.plan);
    this.#push({ input: { type: 'settingsChanged' } });
  }

  #close(): void {
    this.#isClosed = true;
    this.#timers.stopAll();
    this.#handOvers.forget();
    this.#hook.set('on', 0);
    this.link.close();
    this.#surroundings.closed(this.plan.port);
  }

  /** A bug of ours: nothing is left of what was, and the machine begins anew. */
  #failed(error: unknown): void {
    this.#surroundings.log.bug(this.id, error);
    this.#timers.stopAll();
    const bug = { kind: 'bug', text: 'an internal error ended the call' };
    this.#calls.release('temporaryFailure', bug);
    for (const leg of this.#handOvers.legs) leg.report.released('temporaryFailure', bug);
    this.#handOvers.forget();
    this.#end.forget();
    this.#hook.set('on', this.#surroundings.timers.now());
    this.#line = newFxsLine;
    if (!this.link.isOpen) return;
    this.#hook.opened();
    this.#hook.suspect();
    this.#port.neutral('normal');
    this.#push({ input: { type: 'portPresent' } });
    this.link.inspect();
  }
}

function offerOf({ id, extension, displayName, codec, port }: StationPlan, number: string, accept: Offer['accept']): Offer {
  return { endpoint: id, from: { number: extension, name: displayName }, number, media: portProfile(codec), reference: port, accept };
}

const talkingLine: Extract<FxsLine, { at: 'talking' }> = { at: 'talking', polarity: 'normal', waiting: { is: 'none' }, held: 'none', shown: null };

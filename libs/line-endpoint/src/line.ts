import type { PortHappening } from '@tipring/gateway';
import { absentLine, connected, type Fxo, fxoLine, type FxoEffect, type FxoInput, type FxoLine, type FxoTimer, type LineCaller, type TimerEffect } from '@tipring/line';
import type { Availability, Cause, DialRequest, EndpointId, Evidence, Leg, LegCommand, LegId, LegListener, LegSnapshot } from '@tipring/telephony';
import { CallData } from './call-data.ts';
import { DigitSender } from './digit-sender.ts';
import { portCodec, portProfile } from './g711.ts';
import { driverLost, gatewayLost, gatewayRestarted } from './gateway-evidence.ts';
import { Inbox } from './inbox.ts';
import { lineAvailability } from './line-availability.ts';
import { LineCall } from './line-call.ts';
import { lineInput, partyOf } from './line-inputs.ts';
import { LinePort } from './line-port.ts';
import type { LiveLine } from './live.ts';
import { MachineTimers } from './machine-timers.ts';
import type { LinePlan } from './plan.ts';
import { isAnotherPort, PlanInForce } from './plan-in-force.ts';
import { PortEnd } from './port-end.ts';
import type { LegOwner, PortLeg } from './port-leg.ts';
import { keptOf, PortLegs } from './port-legs.ts';
import { type Absence, PortLink, type PortUser } from './port-link.ts';
import type { Surroundings } from './surroundings.ts';

/** An input of the machine, and for `dial` the leg that wants it. */
interface Entry {
  readonly input: FxoInput;
  readonly leg?: PortLeg;
}

/** Runs the machine of one telephone company's line: one input after the other, its timers, and the leg of its call. */
export class Line implements PortUser, LegOwner {
  readonly id: EndpointId;
  readonly link: PortLink;
  readonly #surroundings: Surroundings;
  readonly #timers: MachineTimers<FxoTimer>;
  readonly #legs: PortLegs;
  readonly #call: LineCall;
  readonly #end: PortEnd;
  readonly #data: CallData;
  readonly #port: LinePort;
  readonly #inbox: Inbox<Entry>;
  readonly #plans: PlanInForce<LinePlan>;
  #line: FxoLine = absentLine;
  #isClosed = false;
  #since: number;

  constructor(plan: LinePlan, surroundings: Surroundings) {
    this.id = plan.id;
    this.#plans = new PlanInForce(plan);
    this.#surroundings = surroundings;
    this.#since = surroundings.timers.now();
    this.#inbox = new Inbox((entry) => this.#step(entry), (error) => this.#failed(error), () => this.#settle());
    this.link = new PortLink(this, plan, surroundings);
    this.#end = new PortEnd(surroundings.gateway, plan.port);
    this.#data = new CallData(this.link, () => this.plan.treatment);
    this.#port = new LinePort(this.link, new DigitSender(this.link), () => this.plan, () => this.#push({ input: { type: 'digitsSent', at: this.#now() } }));
    this.#legs = new PortLegs(this, () => this.plan, surroundings);
    this.#call = new LineCall(surroundings.timers, surroundings.settings.farDeadMs, (text) => this.#push({ input: { type: 'farLegDead', text, at: this.#now() } }));
    this.#timers = new MachineTimers(surroundings.timers, (timer) => this.#push({ input: { type: 'timeout', timer, at: this.#now() } }));
    this.#settle();
  }

  get plan(): LinePlan {
    return this.#plans.plan;
  }

  get polarity(): 'normal' | 'reversed' | null {
    return this.#port.polarity;
  }

  live(): LiveLine {
    const { polarity, battery, hook } = this.#port;
    return {
      kind: 'line', id: this.id, port: this.plan.port, isPresent: this.link.isOpen, state: this.#line.line.at, since: this.#since,
      party: this.#call.leg?.party ?? null, polarity, hook, battery,
    };
  }

  /** Whether a call could go out now, and if not why. */
  availability(): Availability {
    const { leg, use } = this.#call;
    return lineAvailability({ isEnabled: this.#plans.next?.isEnabled === true, line: this.#line.line, settings: this.plan.settings, link: this.link, leg, use }, this.#now());
  }

  /** From its next call on. */
  configure(plan: LinePlan): void {
    this.#plans.follow(plan);
    this.#settle();
  }

  /** As soon as its call has ended. */
  remove(): void {
    this.#plans.follow(null);
    this.#settle();
  }

  originate(id: LegId, request: DialRequest, listener: LegListener): Leg {
    const { number, priority } = request;
    const isEmergency = priority === 'emergency' || this.plan.settings.emergency.includes(number);
    return this.#legs.called(id, request, { party: { number }, isEmergency }, listener, (leg) => this.#dial(leg, request));
  }

  adopt(id: LegId, snapshot: LegSnapshot, listener: LegListener): Leg {
    const kept = keptOf(snapshot);
    if (kept === null) return this.#legs.lost(id, listener, 'temporaryFailure', 'restart', 'controller restarted during set-up');
    const isUp = this.#call.leg?.id === id || (this.#call.leg === null && !this.link.isOpen);
    if (!isUp) return this.#legs.lost(id, listener, 'temporaryFailure', 'restart', 'its line was hung up meanwhile');
    this.#call.leg?.silence();
    const leg = this.#legs.adopted(id, kept, listener, (late) => {
      if (this.#line.line.at === 'absent') this.#lose(late, 'temporaryFailure', { kind: 'restart', text: 'the port did not come back after a restart' });
    });
    this.#call.begin(leg);
    this.#port.polarity ??= kept.polarity;
    this.#end.adopt(leg.place);
    return leg;
  }

  command(leg: PortLeg, command: LegCommand): void {
    const at = this.#now();
    switch (command.type) {
      case 'answer': {
        const isAnswer = leg.phase === 'setUp';
        leg.codec = portCodec(command.media) ?? leg.codec;
        if (leg !== this.#call.leg) return;
        this.#join(leg);
        if (leg.isEarly) leg.report.tell({ type: 'mediaReturned' });
        leg.isEarly = false;
        // The line says so when it is steady.
        return isAnswer ? this.#push({ input: { type: 'answer', at } }) : leg.report.tell({ type: 'changed' });
      }
      case 'sendDigit':
        // RFC 4733 has the flash among the digits; as a character it is `!`. Whoever is being helped is not put on hold by it.
        if (command.digit === '!' && leg.isEmergency) return;
        return this.#push({ input: command.digit === '!' ? { type: 'flash', at } : { type: 'sendDigit', digit: command.digit, at } });
      case 'held':
      case 'resumed':
      case 'silent':
      case 'heard':
        if (leg !== this.#call.leg) return;
        this.#call.far.hear(command);
        return command.type === 'held' || command.type === 'resumed' ? this.#push({ input: { type: command.type, at } }) : undefined;
      case 'restoreMedia':
        if (this.#end.isAt(leg.media)) this.#end.restore(leg.place, () => this.#lose(leg, 'temporaryFailure', gatewayRestarted));
        return;
      case 'moved':
        leg.moved(command);
        return this.#end.moved(leg.place);
      case 'party':
        leg.party = command.party;
        return this.#surroundings.changed(this.id);
      case 'release':
        if (leg === this.#call.leg) this.#push({ input: { type: 'release', cause: command.cause, at } });
        // Not dialled yet, or nothing the machine knows of.
        return this.#lose(leg, command.cause, { kind: 'local', text: `told to end: ${command.cause}` });
      case 'progress':
        // A line that rings cannot be told anything; its call takes the two for joined from now on.
        leg.isEarly = leg.phase === 'setUp';
        return;
      case 'sound': {
        const { at: state } = this.#line.line;
        // A line that is on hook has nobody to hear it, and what is being dialled is not disturbed.
        if (leg === this.#call.leg && (state === 'up' || state === 'awaitingAnswer' || state === 'caught')) this.#port.play(command.sound);
        return;
      }
      case 'alert':
        return;
    }
  }

  present(kept: boolean): void {
    const at = this.#now();
    const leg = this.#call.leg;
    const lives = kept && leg !== null && leg.phase === 'up';
    this.#port.stopDigits();
    if (lives && isUp(this.#line.line)) return this.#port.listen('call');
    if (lives) {
      this.#line = { line: { at: 'up', disconnect: { ...connected, polarity: 'watched', held: this.#call.far.isHolding } }, watchdog: { port: 'offHook', machine: 'offHook', leg: 'live', bites: 0 }, running: [] };
      this.#port.listen('call');
      return this.#push({ input: { type: 'hook', is: 'offHook', at } });
    }
    if (leg !== null) this.#lose(leg, 'temporaryFailure', gatewayRestarted);
    if (this.#line.line.at !== 'absent') this.#push({ input: { type: 'absent', at } });
    this.#port.silence();
    this.#push({ input: { type: 'present', at } });
  }

  absent(why: Absence): void {
    // A gateway may come back and have everything: `lost` follows when it does not.
    if (why === 'gateway' && this.#call.leg !== null && isUp(this.#line.line)) return;
    this.lost(why);
  }

  /** There is no hope for its call any more. */
  lost(why: Absence): void {
    if (this.link.isOpen) return;
    if (this.#call.leg !== null && why === 'gateway') this.#lose(this.#call.leg, 'temporaryFailure', gatewayLost);
    else if (this.#call.leg !== null && why === 'driver') this.#lose(this.#call.leg, 'outOfOrder', driverLost);
    this.#end.forget();
    this.#port.forget();
    this.#push({ input: { type: 'absent', at: this.#now() } });
  }

  happened(is: PortHappening, at: number): void {
    const before = this.#port.polarity;
    this.#port.hear(is);
    switch (is.type) {
      case 'polarity':
        // How it is, as told at the opening, is no change.
        if (before === null || before === is.polarity) return;
        this.#push({ input: { type: 'polarityReversed', at } });
        // Who takes the call over after a restart is to know what it was.
        if (this.#call.leg?.phase === 'up') this.#call.leg.report.tell({ type: 'changed' });
        return;
      case 'loopCurrent':
        // Of ports that do not see the battery off hook; while nothing is connected its coming and going is our own doing.
        if (!['up', 'recalled', 'awaitingAnswer'].includes(this.#line.line.at)) return;
        return this.#push({ input: { type: is.flowing ? 'batteryReturned' : 'batteryLost', at } });
      case 'messageWaiting':
        return this.#surroundings.incident(this.id, 'carrierMessages', is.lamp === 'on' ? 'messages wait in the mailbox of the line' : 'no messages wait any more');
      case 'toneLearned':
        return this.#surroundings.incident(this.id, 'toneLearned', `a tone that the line's plan does not know: ${JSON.stringify(is.learned.tone)}, ${Math.round(is.learned.levelDbm0)} dBm0, ${is.learned.cycles} cycles`);
      case 'tone':
        // Perhaps our own, from the hybrid; of what goes on afterwards it will be told.
        if (this.#port.sound !== null) return;
        break;
      case 'faxTone':
        return this.#call.leg === null ? undefined : this.#data.hear(is, this.#call.leg, false);
    }
    const input = lineInput(is, at, this.plan.tones);
    if (input !== null) this.#push({ input });
  }

  #dial(leg: PortLeg, { number, priority }: DialRequest): void {
    if (leg.report.over) return;
    if (this.#plans.isLeaving) return leg.report.released('outOfOrder', { kind: 'removed', text: 'the line is being removed' });
    if (this.#plans.next?.isEnabled === false) return leg.report.released('outOfOrder', { kind: 'disabled', text: 'the line is out of service' });
    if (!this.link.isOpen && this.link.absence === 'gateway') return leg.report.released('temporaryFailure', gatewayLost);
    if (priority === 'emergency' && this.#call.leg?.isEmergency === true) return leg.report.released('noCircuit', { kind: 'emergency', text: 'the line is in an emergency call' });
    this.#push({ input: { type: 'dial', number, at: this.#now(), ...(priority === undefined ? {} : { priority }) }, leg });
  }

  #join(leg: PortLeg): void {
    this.#end.join(leg.place, (text) => this.#lose(leg, 'temporaryFailure', { kind: 'gateway', text: `media gateway: ${text}` }));
  }

  /** Whatever the machine does: the leg is over, and a line without a leg is the watchdog's. */
  #lose(leg: PortLeg, cause: Cause, evidence: Evidence): void {
    if (leg.report.over) return;
    if (leg !== this.#call.leg) return leg.report.released(cause, evidence);
    this.#call.release(cause, evidence);
    const at = this.#now();
    this.#push({ input: { type: 'release', cause, at } });
    this.#push({ input: { type: 'legGone', at } });
  }

  #push(entry: Entry): void {
    this.#inbox.push(entry);
  }

  #step({ input, leg }: Entry): void {
    if (leg?.report.over === true) return;
    const before = this.#line.line.at;
    const [line, effects] = fxoLine(this.#line, input, this.plan.settings);
    this.#line = line;
    if (line.line.at !== before) this.#since = this.#now();
    for (const effect of effects) this.#perform(effect, leg);
    // After the end of the one it was taken from.
    if (leg?.report.over === false) this.#call.begin(leg);
    if (line.line.at !== before) this.#surroundings.changed(this.id);
  }

  #perform(effect: FxoEffect | TimerEffect, leg: PortLeg | undefined): void {
    switch (effect.do) {
      case 'connect':
        return this.#call.leg === null ? undefined : this.#join(this.#call.leg);
      case 'offer':
        return this.#offer(effect.caller, effect.evidence);
      case 'refuse':
        return leg?.report.released(effect.cause, effect.evidence);
      case 'leg':
        return this.#call.tell(effect.event);
      case 'incident':
        // The link tells it, of every port.
        if (effect.incident !== 'cardPulled') this.#surroundings.incident(this.id, effect.incident, effect.text);
        return;
      case 'start':
        return this.#timers.start(effect.timer, effect.ms);
      case 'stop':
        return this.#timers.stop(effect.timer);
      default:
        return this.#port.perform(effect);
    }
  }

  #offer(caller: LineCaller, evidence: Evidence): void {
    const { codec, port, inboundNumber, isAnswered } = this.plan;
    const party = partyOf(caller);
    if (!isAnswered) return this.#push({ input: { type: 'release', cause: 'noRouteToDestination', at: this.#now() } });
    this.#surroundings.exchange.offer({
      endpoint: this.id,
      from: party,
      number: inboundNumber,
      media: portProfile(codec),
      reference: port,
      accept: (id, context, listener) => {
        const leg = this.#legs.caller(id, context, { party }, listener);
        this.#call.begin(leg);
        return leg;
      },
    });
    this.#call.leg?.report.note(evidence.kind, evidence.text);
  }

  /** What follows from how it is now. */
  #settle(): void {
    if (this.#inbox.isBusy || this.#isClosed) return;
    const { line } = this.#line;
    const { at } = line;
    // Whose call ended while the port was away: that is told to no port. It goes on-hook when it is back.
    if (this.#call.leg === null && !this.link.isOpen && at !== 'absent' && at !== 'disabled') return this.#push({ input: { type: 'absent', at: this.#now() } });
    this.#data.follow(this.#call.leg);
    const isResting = at === 'idle' || at === 'absent' || at === 'disabled' || at === 'noBattery' || at === 'inUseElsewhere';
    if (this.#plans.isLeaving) {
      if ((isResting || at === 'guard') && this.#call.leg === null) this.#close();
      return;
    }
    const before = isResting ? this.#plans.renew() : null;
    if (before !== null && isAnotherPort(before, this.plan)) this.link.configure(this.plan);
    if (before !== null) return this.#push({ input: { type: 'settingsChanged', at: this.#now() } });
    const isDisabled = at === 'disabled' || (at === 'absent' && line.then === 'disabled');
    // Also after a call that was taken over on a line that is to have none, and after a bug.
    if (isResting && isDisabled === this.plan.isEnabled) this.#push({ input: { type: isDisabled ? 'enable' : 'disable', at: this.#now() } });
  }

  #close(): void {
    this.#isClosed = true;
    this.#timers.stopAll();
    this.link.close();
    this.#surroundings.closed(this.plan.port);
  }

  #now(): number {
    return this.#surroundings.timers.now();
  }

  /** A bug of ours: nothing is left of what was, the machine begins anew, and the first it does is to go on-hook. */
  #failed(error: unknown): void {
    this.#surroundings.log.bug(this.id, error);
    this.#timers.stopAll();
    this.#call.release('temporaryFailure', { kind: 'bug', text: 'an internal error ended the call' });
    this.#end.forget();
    this.#port.stopDigits();
    this.#line = absentLine;
    if (this.link.isOpen) this.#push({ input: { type: 'present', at: this.#now() } });
  }
}

/** In its call, that of the far exchange too if that was asked for another. */
function isUp({ at }: Fxo): boolean {
  return at === 'up' || at === 'flashing' || at === 'recalled';
}

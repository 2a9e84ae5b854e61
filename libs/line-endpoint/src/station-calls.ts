import type { FxsInput } from '@tipring/line';
import type { Cause, Evidence, LegCommand } from '@tipring/telephony';
import { inUse, portCodec } from './g711.ts';
import { gatewayRestarted } from './gateway-evidence.ts';
import type { PortEnd } from './port-end.ts';
import type { PortLeg } from './port-leg.ts';
import type { StationPort } from './station-port.ts';

/**
 * The calls of a station: the one its telephone has, one that rings or waits, one that is held. Its port is an end of the first alone. What is to
 * become of them the machine says.
 */
export class StationCalls {
  /** Being made, or up; of these the machine speaks as its call. */
  current: PortLeg | null = null;
  /** Rings, or waits. */
  incoming: PortLeg | null = null;
  held: PortLeg | null = null;
  readonly #end: PortEnd;
  readonly #port: StationPort;
  readonly #lost: (leg: PortLeg, evidence: Evidence) => void;

  /** `lost`: it cannot be had. */
  constructor(end: PortEnd, port: StationPort, lost: (leg: PortLeg, evidence: Evidence) => void) {
    this.#end = end;
    this.#port = port;
    this.#lost = lost;
  }

  get none(): boolean {
    return this.current === null && this.incoming === null && this.held === null;
  }

  /** A telephone that is off its rest has one that lives on without us. */
  get isUp(): boolean {
    return this.current?.phase === 'up' || this.held !== null;
  }

  get all(): readonly PortLeg[] {
    return [this.current, this.incoming, this.held].filter((leg) => leg !== null);
  }

  /** It was up before we were. */
  adopt(leg: PortLeg): void {
    if (!leg.isHeld) this.#end.adopt(leg.place);
    if (leg.isHeld ? this.held === null : this.current === null) this[leg.isHeld ? 'held' : 'current'] = leg;
    else if (this.current === null) this.current = leg;
    else this.held ??= leg;
  }

  /** Those that were taken over as they have to be: who was killed may have been about to change between two. */
  settleAdopted(): void {
    const { current, held } = this;
    if (held !== null) this.#hold(held);
    if (current !== null) this.#resume(current);
  }

  /** It is no more; nothing else changes. */
  remove(leg: PortLeg): void {
    if (this.current === leg) this.current = null;
    if (this.incoming === leg) this.incoming = null;
    if (this.held === leg) this.held = null;
  }

  /** The telephone is an end of this call, in the codec it wants. */
  join(leg: PortLeg): void {
    this.#end.join(leg.place, (text) => this.#lost(leg, { kind: 'gateway', text: `media gateway: ${text}` }));
  }

  /** In its call that goes on the telephone is heard and hears again; nothing happens where it was all the time. */
  rejoin(): void {
    const leg = this.current;
    if (leg === null || leg.isHeld || this.#end.isAt(leg.media)) return;
    this.join(leg);
    leg.report.tell({ type: 'mediaReturned' });
  }

  /** Out of its call, which goes on. */
  leave(): void {
    if (this.current !== null) this.#end.leave(this.current.media);
  }

  rings(): void {
    if (this.incoming?.phase === 'up') this.incoming.report.note('recall', 'rings back');
    else this.incoming?.report.tell({ type: 'ringing' });
  }

  /** DTMF goes by itself. */
  dialled(digit: string, durationMs: number, by: 'dtmf' | 'pulse'): void {
    this.current?.report.tell(by === 'pulse' ? { type: 'digit', digit, durationMs } : { type: 'digitPassed', digit });
  }

  /** By the telephone, or by the end of its port. */
  hungUp(cause: Cause, evidence: Evidence): void {
    const over = this.current ?? this.incoming;
    if (over === null) return;
    this.remove(over);
    over.report.released(cause, evidence);
  }

  refuse(leg: PortLeg | null | undefined, cause: Cause, evidence: Evidence): void {
    if (leg === null || leg === undefined) return;
    this.remove(leg);
    leg.report.released(cause, evidence);
  }

  /** What the other side makes of a call. @returns what the machine is to know of it; null: nothing */
  command(leg: PortLeg, command: Exclude<LegCommand, { type: 'release' }>): FxsInput | null {
    switch (command.type) {
      case 'alert':
        if (leg.phase === 'setUp') return { type: 'alerting' };
        // It was rung first, and is dialled for: what it calls rings now.
        if (leg === this.current) this.#port.ringback();
        return null;
      case 'progress':
        this.#hear(leg, command);
        return { type: 'progress' };
      case 'answer': {
        const isAnswer = leg.phase === 'setUp';
        leg.phase = 'up';
        this.#hear(leg, command);
        leg.report.tell({ type: 'changed' });
        return isAnswer ? { type: 'answered' } : null;
      }
      case 'sendDigit':
        if (this.#end.isAt(leg.media)) this.#port.sendDigit(command.digit);
        return null;
      case 'restoreMedia':
        if (this.#end.isAt(leg.media)) this.#end.restore(leg.place, () => this.#lost(leg, gatewayRestarted));
        return null;
      case 'held':
      case 'resumed':
      case 'silent':
      case 'heard':
      case 'digitPassed':
      case 'transfer':
        return null;
      case 'moved':
        leg.moved(command);
        this.#end.moved(leg.place);
        return null;
      case 'party':
        leg.party = command.party;
        return null;
      case 'sound':
        if (leg === this.current && !leg.isHeld) this.#port.sound(command.sound);
        return null;
    }
  }

  /** The call that rings or waits is the telephone's from now on: answered, or, when it was held, taken back. */
  take(): void {
    const leg = this.incoming;
    if (leg === null) return;
    this.incoming = null;
    this.current = leg;
    if (leg.phase === 'up') return this.#resume(leg);
    leg.phase = 'up';
    this.join(leg);
    leg.report.tell({ type: 'answered', supervision: 'signalled', media: inUse(leg.codec) });
  }

  /** The telephone's call is held from now on. */
  hold(): void {
    const leg = this.current;
    if (leg === null) return;
    this.current = null;
    this.held = leg;
    this.#hold(leg);
  }

  /** The held call is the telephone's again. */
  takeBack(): void {
    const leg = this.held;
    if (leg === null) return;
    this.held = null;
    this.current = leg;
    this.#resume(leg);
  }

  swap(): void {
    const { current, held } = this;
    if (current === null || held === null) return;
    [this.current, this.held] = [held, current];
    this.#hold(current);
    this.#resume(held);
  }

  /** All three are to hear each other. */
  merge(): void {
    const { current, held } = this;
    if (held !== null) current?.report.tell({ type: 'mergeRequested', with: held.id });
  }

  /** The held call is no more. */
  releaseHeld(cause: Cause, evidence: Evidence): void {
    const leg = this.held;
    this.held = null;
    leg?.report.released(cause, evidence);
  }

  /** Both calls are nobody's from now on. @returns them; null: there are not two, or one of them is for help and is handed to nobody */
  handOver(): { readonly transferee: PortLeg; readonly target: PortLeg } | null {
    const { current, held } = this;
    if (current === null || held === null || current.isEmergency || held.isEmergency) return null;
    this.current = this.held = null;
    this.#end.leave(current.media);
    return { transferee: held, target: current };
  }

  /** The held call is nobody's from now on. */
  left(): PortLeg | null {
    const leg = this.held;
    this.held = null;
    return leg;
  }

  /** All of them end. */
  release(cause: Cause, evidence: Evidence): void {
    const all = this.all;
    this.current = this.incoming = this.held = null;
    for (const leg of all) leg.report.released(cause, evidence);
  }

  #hold(leg: PortLeg): void {
    if (leg.isHeld) return;
    leg.isHeld = true;
    this.#end.leave(leg.media);
    leg.report.tell({ type: 'held' });
  }

  #resume(leg: PortLeg): void {
    if (!leg.isHeld) return;
    leg.isHeld = false;
    this.rejoin();
    leg.report.tell({ type: 'resumed' });
  }

  #hear(leg: PortLeg, { media }: Extract<LegCommand, { type: 'progress' | 'answer' }>): void {
    this.#port.connected();
    leg.codec = portCodec(media) ?? leg.codec;
    if (!leg.isHeld) this.join(leg);
  }
}

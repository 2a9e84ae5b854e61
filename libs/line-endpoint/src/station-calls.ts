import type { FxsInput } from '@tipring/line';
import type { Cause, Evidence, LegCommand } from '@tipring/telephony';
import { inUse, portCodec } from './g711.ts';
import { gatewayRestarted } from './gateway-evidence.ts';
import type { PortEnd } from './port-end.ts';
import type { PortLeg } from './port-leg.ts';
import type { StationPort } from './station-port.ts';

/**
 * The calls of a station: the one its telephone has, one that rings or waits, one that is held while it has another. Its port is an end of the
 * first alone.
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

  get all(): readonly PortLeg[] {
    return [this.current, this.incoming, this.held].filter((leg) => leg !== null);
  }

  /** It was up before we were. */
  adopt(leg: PortLeg): void {
    if (!leg.isHeld) this.#end.adopt(leg.place);
    if (this.current === null) this.current = leg;
    else if (this.current.isHeld && !leg.isHeld) [this.held, this.current] = [this.current, leg];
    else this.held = leg;
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

  /** Of a held call nobody hears it. */
  dialled(digit: string, durationMs: number): void {
    if (this.current?.isHeld === false) this.current.report.tell({ type: 'digit', digit, durationMs });
  }

  /** By the telephone, or by the end of its port. */
  hungUp(cause: Cause, evidence: Evidence): void {
    const over = this.current ?? this.incoming;
    // Whoever hangs up on a call that is held is rung back.
    if (over === null || (over.isHeld && evidence.kind === 'onHook')) return;
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
      case 'transfer':
      case 'moved':
      case 'party':
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
    if (leg.phase === 'up') return this.resume(leg);
    leg.phase = 'up';
    this.join(leg);
    leg.report.tell({ type: 'answered', supervision: 'signalled', media: inUse(leg.codec) });
  }

  /** A waiting call is taken and the present one held; two change places; the only one is held or taken back. */
  flash(): 'waitingTaken' | 'done' {
    const { current, held } = this;
    if (current === null) return 'done';
    if (this.incoming !== null) {
      this.hold(current);
      this.held = current;
      this.take();
      return 'waitingTaken';
    }
    if (held !== null) {
      this.hold(current);
      this.held = current;
      this.current = held;
      this.resume(held);
    } else if (current.isHeld) this.resume(current);
    else this.hold(current);
    return 'done';
  }

  /** What is still held when the telephone has no call any more; it is nobody's then. */
  left(): PortLeg | null {
    const leg = this.held ?? (this.current?.isHeld === true ? this.current : null);
    if (leg !== null) this.remove(leg);
    return leg;
  }

  hold(leg: PortLeg): void {
    if (leg.isHeld) return;
    leg.isHeld = true;
    this.#end.leave(leg.media);
    leg.report.tell({ type: 'held' });
  }

  resume(leg: PortLeg): void {
    if (!leg.isHeld) return;
    leg.isHeld = false;
    this.rejoin();
    leg.report.tell({ type: 'resumed' });
  }

  /** All of them end. */
  release(cause: Cause, evidence: Evidence): void {
    const all = this.all;
    this.current = this.incoming = this.held = null;
    for (const leg of all) leg.report.released(cause, evidence);
  }

  #hear(leg: PortLeg, { media }: Extract<LegCommand, { type: 'progress' | 'answer' }>): void {
    this.#port.connected();
    leg.codec = portCodec(media) ?? leg.codec;
    if (!leg.isHeld) this.join(leg);
  }
}

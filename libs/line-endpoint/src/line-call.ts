import type { Timers } from '@tipring/clock';
import type { FxoLegEvent } from '@tipring/line';
import type { Cause, Evidence } from '@tipring/telephony';
import { FarSilence } from './far-silence.ts';
import { inUse } from './g711.ts';
import type { PortLeg } from './port-leg.ts';
import { PortUse } from './port-use.ts';

/** The call of a line, as the line's machine speaks of it: its leg, and how long there was one. */
export class LineCall {
  readonly far: FarSilence;
  readonly use = new PortUse();
  readonly #timers: Timers;
  #leg: PortLeg | null = null;

  /** `farDead`: the other side of the call is. */
  constructor(timers: Timers, farDeadMs: number | undefined, farDead: (text: string) => void) {
    this.#timers = timers;
    this.far = new FarSilence(timers, farDeadMs, farDead);
  }

  get leg(): PortLeg | null {
    return this.#leg;
  }

  /** From now on. What was before has been released, or was another's. */
  begin(leg: PortLeg): void {
    this.#leg = leg;
    this.use.note('inCall', this.#timers.now());
  }

  /** Nothing happens where there is none. */
  tell(event: FxoLegEvent): void {
    const leg = this.#leg;
    if (leg === null) return;
    switch (event.type) {
      case 'progress':
        return leg.report.tell({ type: 'progress', media: inUse(leg.codec) });
      case 'answered':
        leg.phase = 'up';
        leg.report.note(event.evidence.kind, `answer ${event.supervision === 'signalled' ? 'signalled' : 'assumed'}, ${Math.round(event.confidence * 100)} % sure: ${event.evidence.text}`);
        return leg.report.tell({ type: 'answered', supervision: event.supervision, media: inUse(leg.codec) });
      case 'changed':
        leg.phase = 'up';
        return leg.report.tell({ type: 'changed' });
      case 'digit':
        // It goes by itself, in the audio or as an event.
        return leg.report.tell({ type: 'digitPassed', digit: event.digit });
      case 'ringing':
      case 'note':
        return leg.report.tell(event);
      case 'released':
        return this.release(event.cause, event.evidence);
    }
  }

  /** It is over; nothing happens where there is none. */
  release(cause: Cause, evidence: Evidence): void {
    const leg = this.#leg;
    this.far.end();
    this.#leg = null;
    this.use.note('free', this.#timers.now());
    leg?.report.released(cause, evidence);
  }
}

import type { Timer, Timers } from '@tipring/clock';
import type { LegCommand } from '@tipring/telephony';
import type { PortLeg } from './port-leg.ts';

/** Two calls of a telephone that wants no more of either: their other sides are to have each other. */
interface HandOver {
  /** It asked for that. */
  readonly transferee: PortLeg;
  readonly target: PortLeg;
  timer: Timer;
}

/** What a telephone has handed over, until its calls have let go of it, or cannot do it. */
export class HandOvers {
  readonly #all = new Set<HandOver>();
  readonly #timers: Timers;
  readonly #failed: (transferee: PortLeg) => void;

  /** `failed`: nothing came of it; the transferee is there still, the other call was hung up. */
  constructor(timers: Timers, failed: (transferee: PortLeg) => void) {
    this.#timers = timers;
    this.#failed = failed;
  }

  get legs(): readonly PortLeg[] {
    return [...this.#all].flatMap(({ transferee, target }) => [transferee, target]).filter(({ report }) => !report.over);
  }

  begin(transferee: PortLeg, target: PortLeg): void {
    const handOver: HandOver = { transferee, target, timer: this.#timers.start(answerMs, () => this.#fail(handOver)) };
    this.#all.add(handOver);
    transferee.report.tell({ type: 'transferRequested', to: { type: 'leg', leg: target.id } });
  }

  /** What has become of it, as the call of its leg says. */
  hear(leg: PortLeg, { is }: Extract<LegCommand, { type: 'transfer' }>): void {
    const handOver = this.#of(leg);
    if (handOver === undefined || is === 'done') return;
    if (is === 'failed') return this.#fail(handOver);
    handOver.timer.stop();
    handOver.timer = this.#timers.start(ringingMs, () => this.#fail(handOver));
  }

  /** A leg was released: the other one is soon, or there was nothing to be handed over. */
  released(leg: PortLeg): void {
    const handOver = this.#of(leg);
    if (handOver === undefined) return;
    handOver.timer.stop();
    if (handOver.transferee.report.over && handOver.target.report.over) this.#all.delete(handOver);
    else handOver.timer = this.#timers.start(otherMs, () => this.#fail(handOver));
  }

  /** Nobody waits for anything any more. */
  forget(): void {
    for (const { timer } of this.#all) timer.stop();
    this.#all.clear();
  }

  #of(leg: PortLeg): HandOver | undefined {
    for (const handOver of this.#all) if (handOver.transferee === leg || handOver.target === leg) return handOver;
    return undefined;
  }

  #fail(handOver: HandOver): void {
    const { transferee, target, timer } = handOver;
    timer.stop();
    this.#all.delete(handOver);
    target.report.released('normalClearing', { kind: 'onHook', text: 'the telephone was hung up' });
    if (!transferee.report.over) this.#failed(transferee);
  }
}

/** A call says at once what it makes of it. */
const answerMs = 5_000;
/** Longer nobody is rung. */
const ringingMs = 180_000;
/** Both are let go of together. */
const otherMs = 2_000;

import type { Timer, Timers } from '@tipring/clock';
import { type Cable, loopOhms, reversed } from './cable.ts';
import { type DcLoad, dcLoop } from './dc-loop.ts';
import { type Disturbance, undisturbed } from './disturbance.ts';
import { LineAudio } from './line-audio.ts';
import { type Alternating, deadLine, type EndCircuit, type LineEnd, type LineState, nothingThere, other, type Side } from './line-end.ts';
import { ringing } from './ringing.ts';

export interface LineSettings {
  readonly cable: Cable;
  readonly disturbance?: Disturbance;
  /** Of noise. */
  readonly seed?: number;
}

/**
 * A pair of wires and what is at its two ends. Direct current and ringing are solved whenever anything changes; audio goes through
 * in blocks of 20 ms, by the clock of the port at an end of it.
 */
export class Line {
  readonly #timers: Timers;
  /** As each side looks into it. */
  readonly #cables: readonly [Cable, Cable];
  readonly #ends: [LineEnd, LineEnd];
  readonly #states: [LineState, LineState] = [deadLine, deadLine];
  readonly #audio: LineAudio;
  #disturbance: Disturbance;
  #whole = true;
  #parallel: DcLoad | null = null;
  #induced: (Alternating & { readonly timer: Timer }) | null = null;
  #settling: 'rest' | 'settling' | 'again' = 'rest';

  constructor(timers: Timers, { cable, disturbance = undisturbed, seed = 1 }: LineSettings, near: LineEnd, far: LineEnd) {
    this.#timers = timers;
    this.#cables = [cable, reversed(cable)];
    this.#ends = [near, far];
    this.#audio = new LineAudio(this.#cables, this.#ends, disturbance, seed);
    this.#disturbance = disturbance;
    this.#plug(0);
    this.#plug(1);
    this.#settle();
  }

  get isWhole(): boolean {
    return this.#whole;
  }

  /** Of the other telephone. */
  get parallelHook(): 'off' | 'on' {
    return this.#parallel === null ? 'on' : 'off';
  }

  get disturbance(): Disturbance {
    return this.#disturbance;
  }

  /** From now on. */
  set disturbance(disturbance: Disturbance) {
    this.#audio.catchUp(this.#timers.now());
    this.#disturbance = disturbance;
    this.#audio.disturbance = disturbance;
  }

  /** Both ends are pulled. */
  remove(): void {
    this.#induced?.timer.stop();
    for (const end of this.#ends) end.plugged(null);
  }

  /** In place of the end that was there: a card was put back. */
  replace(side: Side, end: LineEnd): void {
    this.#audio.catchUp(this.#timers.now());
    this.#ends[side] = end;
    this.#audio.restart(side);
    this.#plug(side);
    this.#settle();
  }

  cut(): void {
    this.#whole = false;
    this.#settle();
  }

  repair(): void {
    this.#whole = true;
    this.#settle();
  }

  /** Another telephone on the same pair, at the end without battery. */
  parallelSet(hook: 'off' | 'on'): void {
    this.#parallel = hook === 'off' ? ordinarySet : null;
    this.#settle();
  }

  /** What comes into the cable from outside, for so long: a spike (no frequency), the bleed of a neighbour's ringing. In place of the last. */
  induce(voltsRms: number, hz: number | null, ms: number): void {
    this.#induced?.timer.stop();
    const timer = this.#timers.start(ms, () => {
      this.#induced = null;
      this.#settle();
    });
    this.#induced = { voltsRms, hz, timer };
    this.#settle();
    if (hz === null) this.#audio.click(voltsRms, ms);
  }

  #plug(side: Side): void {
    const state = (): LineState => this.#states[side];
    this.#ends[side].plugged({
      get state() {
        return state();
      },
      changed: () => this.#settle(),
      catchUp: () => this.#audio.catchUp(this.#timers.now()),
      exchange: (sent, received, atMs) => this.#audio.exchange(side, sent, received, atMs),
    });
  }

  /** An end may change itself because of what it finds: then once more, not within. */
  #settle(): void {
    if (this.#settling !== 'rest') {
      this.#settling = 'again';
      return;
    }
    this.#audio.catchUp(this.#timers.now());
    do {
      this.#settling = 'settling';
      this.#solve();
      for (const end of this.#ends) end.settled();
    } while ((this.#settling as string) === 'again');
    this.#audio.gate();
    this.#settling = 'rest';
  }

  #solve(): void {
    const circuits = this.#ends.map((end) => end.circuit());
    const feeding: Side = circuits[0]!.feed !== null || circuits[1]!.feed === null ? 0 : 1;
    const from = circuits[feeding]!;
    const to = this.#whole ? circuits[other(feeding)]! : nothingThere;
    const parallel = this.#whole ? this.#parallel : null;
    const loads = [to.load, parallel].filter((load) => load !== null);
    const loop = from.feed === null ? nothingFlows : dcLoop(from.feed, loopOhms(this.#cables[0]), loads);
    const polarity = from.feed?.reversed ?? false;
    // A set off hook shorts the ringing.
    const bells = from.ringing === null || loads.length > 0 ? null : ringing(from.ringing, this.#cables[feeding], to.ren);
    this.#states[feeding] = { volts: loop.feedVolts, reversed: polarity, amperes: loop.amperes, alternating: this.#induced, ringAmperes: bells?.amperes ?? 0 };
    const arriving = bells === null ? this.#induced : { voltsRms: bells.voltsRms, hz: from.ringing!.hz };
    this.#states[other(feeding)] = this.#whole ? { volts: loop.setVolts, reversed: polarity, amperes: ownShare(to, loop.setVolts, loop.amperes), alternating: arriving, ringAmperes: 0 } : { ...deadLine, alternating: this.#induced };
    this.#audio.join(feeding, from, to, !this.#whole ? 'cut' : parallel === null ? 'alone' : 'parallel');
  }
}

/** Of the current in the cable: the rest goes through the parallel set. */
function ownShare({ load }: EndCircuit, volts: number, amperes: number): number {
  return load === null ? 0 : Math.min(amperes, load.limitAmperes ?? Infinity, Math.max(0, (volts - load.volts) / load.ohms));
}

const nothingFlows = { amperes: 0, feedVolts: 0, setVolts: 0 };
export const ordinarySet: DcLoad = { volts: 6, ohms: 200 };

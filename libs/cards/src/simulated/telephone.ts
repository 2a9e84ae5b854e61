import type { Timer, Timers } from '@tipring/clock';
import type { PulseTiming } from '../port-command.ts';
import type { DcLoad } from '../twin/dc-loop.ts';
import type { ImpedanceName } from '../twin/impedance.ts';
import type { EndCircuit, LineEnd, LinePlug } from '../twin/line-end.ts';
import { leastRingVolts } from '../twin/ringing.ts';
import { Ear } from './ear.ts';
import { Mouth } from './mouth.ts';

export interface TelephoneSettings {
  /** Of its bell; 1 when absent. */
  readonly ren?: number;
  readonly load?: DcLoad;
  readonly impedance?: ImpedanceName;
}

export type TelephoneEvent = { readonly type: 'bell'; readonly rings: 'began' | 'ended'; readonly voltsRms: number } | { readonly type: 'digit'; readonly digit: string } | { readonly type: 'lamp'; readonly lamp: 'on' | 'off' };

/** An analog telephone, or what behaves like one: a fax, a door phone, a paging amplifier. */
export class Telephone implements LineEnd {
  readonly clocked = false;
  onEvent: ((event: TelephoneEvent) => void) | null = null;
  readonly mouth = new Mouth();
  readonly ear: Ear;
  readonly #timers: Timers;
  readonly #settings: Required<TelephoneSettings>;
  #hook: 'off' | 'on' = 'on';
  #interruption: Timer | null = null;
  #bell: 'rings' | 'silent' = 'silent';
  #lamp: 'on' | 'off' = 'off';
  #plug: LinePlug | null = null;

  constructor(timers: Timers, settings: TelephoneSettings = {}) {
    this.#timers = timers;
    this.#settings = { ren: 1, load: { volts: 6, ohms: 200 }, impedance: '600', ...settings };
    this.ear = new Ear((digit) => this.onEvent?.({ type: 'digit', digit }));
  }

  get ringing(): boolean {
    return this.#bell === 'rings';
  }

  get lamp(): 'on' | 'off' {
    return this.#lamp;
  }

  /** Of the line as it is at this telephone. */
  get polarity(): 'normal' | 'reversed' {
    return this.#plug?.state.reversed ? 'reversed' : 'normal';
  }

  get lineVolts(): number {
    return this.#plug?.state.volts ?? 0;
  }

  lift(): void {
    this.#interruption?.stop();
    this.#setHook('off');
  }

  hangUp(): void {
    this.#interruption?.stop();
    this.mouth.hush();
    this.#setHook('on');
  }

  flash(ms = 300): void {
    if (this.#hook === 'on') return;
    this.#interrupt([ms]);
  }

  /** DTMF at its usual level; `mouth.dial` has the choice. */
  dial(digits: string): void {
    this.mouth.dial(digits);
  }

  dialPulses(digits: string, { breakMs, makeMs, interDigitMs }: PulseTiming = { breakMs: 60, makeMs: 40, interDigitMs: 700 }): void {
    if (this.#hook === 'on') return;
    this.#interrupt(
      [...digits].flatMap((digit) => {
        const pulses = Number(digit) || 10;
        return Array.from({ length: 2 * pulses }, (_, n) => (n % 2 === 0 ? breakMs : n === 2 * pulses - 1 ? makeMs + interDigitMs : makeMs));
      }),
    );
  }

  circuit(): EndCircuit {
    const { ren, load, impedance } = this.#settings;
    return this.#hook === 'off' ? { feed: null, ringing: null, load, ren, voice: impedance } : { feed: null, ringing: null, load: null, ren, voice: 'bell' };
  }

  plugged(plug: LinePlug | null): void {
    this.#plug = plug;
  }

  settled(): void {
    if (this.#plug === null) return;
    const { alternating, volts } = this.#plug.state;
    // A bell follows ringing of 15 to 70 Hz that is strong enough; a spike makes it tinkle at most.
    const rings = alternating !== null && alternating.hz !== null && alternating.voltsRms >= leastRingVolts && this.#settings.ren > 0;
    if (rings !== this.ringing) {
      this.#bell = rings ? 'rings' : 'silent';
      this.onEvent?.({ type: 'bell', rings: rings ? 'began' : 'ended', voltsRms: alternating?.voltsRms ?? 0 });
    }
    const lamp = this.#hook === 'on' && volts > lampVolts ? 'on' : 'off';
    if (lamp === this.#lamp) return;
    this.#lamp = lamp;
    this.onEvent?.({ type: 'lamp', lamp });
  }

  speak(into: Float32Array): void {
    if (this.#hook === 'off') this.mouth.add(into);
  }

  hear(received: Float32Array): void {
    this.ear.hear(received);
  }

  /** The loop is open for the first of so many ms, closed for the second, and so on; then it stays closed. */
  #interrupt([ms, ...rest]: readonly number[], loop: 'on' | 'off' = 'on'): void {
    if (ms === undefined) return this.#setHook('off');
    this.#setHook(loop);
    this.#interruption = this.#timers.start(ms, () => this.#interrupt(rest, loop === 'on' ? 'off' : 'on'));
  }

  #setHook(hook: 'off' | 'on'): void {
    this.#hook = hook;
    this.#plug?.changed();
  }
}

/** A neon lamp lights. */
const lampVolts = 75;

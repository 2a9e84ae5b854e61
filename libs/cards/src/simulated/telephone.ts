import type { Timer, Timers } from '@tipring/clock';
import type { PulseTiming } from '../port-command.ts';
import type { DcLoad } from '../twin/dc-loop.ts';
import type { ImpedanceName } from '../twin/impedance.ts';
import type { EndCircuit, LineEnd, LinePlug } from '../twin/line-end.ts';
import { leastRingVolts } from '../twin/ringing.ts';
import type { CallerIdDisplay, DisplayWorld } from './caller-id-display.ts';
import { Ear } from './ear.ts';
import { Mouth } from './mouth.ts';
import type { ShownCaller } from './simulator-state.ts';

export interface TelephoneSettings {
  /** Of its bell; 1 when absent. */
  readonly ren?: number;
  readonly load?: DcLoad;
  readonly impedance?: ImpedanceName;
  /** As telephones for NTT's lines do. */
  readonly seizesForCallerId?: boolean;
}

export type TelephoneEvent = { readonly type: 'bell'; readonly rings: 'began' | 'ended'; readonly voltsRms: number } | { readonly type: 'digit'; readonly digit: string } | { readonly type: 'lamp'; readonly lamp: 'on' | 'off' };

/** An analog telephone, or what behaves like one: a fax, a door phone, a paging amplifier. */
export class Telephone implements LineEnd {
  readonly clocked = false;
  onEvent: ((event: TelephoneEvent) => void) | null = null;
  readonly mouth = new Mouth();
  readonly ear: Ear;
  readonly display: CallerIdDisplay | null;
  readonly #timers: Timers;
  readonly #settings: Required<TelephoneSettings>;
  #handset: 'off' | 'on' = 'on';
  #loop: 'closed' | 'open' = 'open';
  /** A flash, or pulses. */
  #interruption: Timer | null = null;
  /** NTT: it has closed the loop by itself, or is about to. */
  #seizure: Timer | null = null;
  #bell: 'rings' | 'silent' = 'silent';
  #rings = 0;
  #bellMs = -Infinity;
  /** Since when what is shown belongs to the present call; since when there is none. */
  #callMs = -Infinity;
  #freeMs = -Infinity;
  #reversedMs = -Infinity;
  #wasReversed = false;
  #lamp: 'on' | 'off' = 'off';
  #plug: LinePlug | null = null;

  /** `display` makes the one it has. */
  constructor(timers: Timers, settings: TelephoneSettings = {}, display: ((world: DisplayWorld) => CallerIdDisplay) | null = null) {
    this.#timers = timers;
    this.#settings = { ren: 1, load: { volts: 6, ohms: 200 }, impedance: '600', seizesForCallerId: false, ...settings };
    this.ear = new Ear((digit) => this.onEvent?.({ type: 'digit', digit }));
    this.display = display?.({ now: () => timers.now(), acknowledge: () => this.mouth.acknowledge('D', acknowledgement), told: () => this.#told() }) ?? null;
  }

  get hook(): 'off' | 'on' | 'interrupted' {
    return this.#handset === 'off' && this.#interruption !== null ? 'interrupted' : this.#handset;
  }

  get ringing(): boolean {
    return this.#bell === 'rings';
  }

  /** Bursts of the present ringing. */
  get rings(): number {
    return this.#isRung ? this.#rings : 0;
  }

  /** As shown of the call that rings, waits or is up. */
  get caller(): ShownCaller | null {
    const newest = this.display?.callers[0];
    if (newest === undefined) return null;
    const since = this.#handset === 'off' || this.#isRung ? this.#callMs : Math.max(this.#freeMs, this.#timers.now() - ringingEndsMs);
    return newest.atMs >= since ? newest : null;
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

  get loopAmperes(): number {
    return this.#plug?.state.amperes ?? 0;
  }

  lift(): void {
    this.#rest();
    if (!this.#isRung) this.#callMs = this.#timers.now();
    this.#handset = 'off';
    this.#setLoop('closed');
    this.display?.hook('off');
  }

  hangUp(): void {
    this.#rest();
    this.mouth.hush();
    this.#handset = 'on';
    this.#bellMs = -Infinity;
    this.#freeMs = this.#timers.now();
    this.#setLoop('open');
    this.display?.hook('on');
  }

  /** The loop is open for so long. @returns whether it could be: off hook, and not interrupted already */
  flash(ms = 300): boolean {
    return this.#interrupt([ms]);
  }

  /** DTMF at its usual level; `mouth.dial` has the choice. */
  dial(digits: string): void {
    this.mouth.dial(digits);
  }

  /** @returns as of `flash` */
  dialPulses(digits: string, { breakMs, makeMs, interDigitMs }: PulseTiming = { breakMs: 60, makeMs: 40, interDigitMs: 700 }): boolean {
    return this.#interrupt(
      [...digits].flatMap((digit) => {
        const pulses = Number(digit) || 10;
        return Array.from({ length: 2 * pulses }, (_, n) => (n % 2 === 0 ? breakMs : n === 2 * pulses - 1 ? makeMs + interDigitMs : makeMs));
      }),
    );
  }

  /** Nothing runs on. */
  stop(): void {
    this.#rest();
    this.mouth.hush();
  }

  circuit(): EndCircuit {
    const { ren, load, impedance } = this.#settings;
    return this.#loop === 'closed' ? { feed: null, ringing: null, load, ren, voice: impedance } : { feed: null, ringing: null, load: null, ren, voice: 'bell' };
  }

  plugged(plug: LinePlug | null): void {
    this.#plug = plug;
    this.mouth.beforeChange = plug === null ? null : () => plug.catchUp();
  }

  settled(): void {
    if (this.#plug === null) return;
    const { alternating, volts, reversed } = this.#plug.state;
    if (reversed && !this.#wasReversed) this.#reversedMs = this.#timers.now();
    this.#wasReversed = reversed;
    // A bell follows ringing of 15 to 70 Hz that is strong enough; a spike makes it tinkle at most.
    const rings = alternating !== null && alternating.hz !== null && alternating.voltsRms >= leastRingVolts && this.#settings.ren > 0;
    if (rings !== this.ringing) this.#ring(rings ? 'rings' : 'silent', alternating?.voltsRms ?? 0);
    const lamp = this.#loop === 'open' && volts > lampVolts ? 'on' : 'off';
    if (lamp === this.#lamp) return;
    this.#lamp = lamp;
    this.onEvent?.({ type: 'lamp', lamp });
  }

  get speaks(): boolean {
    return this.#loop === 'closed';
  }

  speak(into: Float32Array, from: number, to: number): void {
    this.mouth.add(into, from, to);
  }

  hear(received: Float32Array): void {
    this.display?.hear(received, this.#handset === 'off' ? 'off' : this.#loop === 'closed' ? 'seized' : 'on');
    this.ear.hear(this.display?.isMuting ? silence : received);
  }

  get #isRung(): boolean {
    return this.ringing || this.#timers.now() - this.#bellMs < ringingEndsMs;
  }

  #ring(bell: 'rings' | 'silent', voltsRms: number): void {
    if (bell === 'rings') {
      const now = this.#timers.now();
      if (!this.#isRung) {
        this.#rings = 0;
        // Caller ID may come before the first ring.
        this.#callMs = Math.max(this.#freeMs, now - ringingEndsMs);
      }
      this.#rings++;
      if (this.#settings.seizesForCallerId && this.#handset === 'on' && this.#loop === 'open' && now - this.#reversedMs < reversalCountsMs) this.#seize();
    }
    this.#bell = bell;
    this.#bellMs = this.#timers.now();
    this.onEvent?.({ type: 'bell', rings: bell === 'rings' ? 'began' : 'ended', voltsRms });
  }

  /** NTT: off hook to be told, and on again. */
  #seize(): void {
    this.#reversedMs = -Infinity;
    this.#seizure?.stop();
    this.#seizure = this.#timers.start(seizureAfterMs, () => {
      this.#setLoop('closed');
      this.display?.hook('seized');
      this.#seizure = this.#timers.start(longestSeizureMs, () => this.#unseize());
    });
  }

  #unseize(): void {
    this.#seizure?.stop();
    this.#seizure = null;
    if (this.#handset === 'on') this.#setLoop('open');
  }

  #told(): void {
    this.mouth.goOn();
    if (this.#seizure !== null) this.#unseize();
  }

  #rest(): void {
    this.#interruption?.stop();
    this.#interruption = null;
    this.#seizure?.stop();
    this.#seizure = null;
  }

  /** The loop is open for the first of so many ms, closed for the second, and so on; then it stays closed. */
  #interrupt(spans: readonly number[]): boolean {
    if (this.#handset === 'on' || this.#interruption !== null) return false;
    this.#interruptOn(spans, 'open');
    return true;
  }

  #interruptOn([ms, ...rest]: readonly number[], loop: 'closed' | 'open'): void {
    this.#interruption = ms === undefined ? null : this.#timers.start(ms, () => this.#interruptOn(rest, loop === 'open' ? 'closed' : 'open'));
    this.#setLoop(ms === undefined ? 'closed' : loop);
  }

  #setLoop(loop: 'closed' | 'open'): void {
    this.#loop = loop;
    this.#plug?.changed();
  }
}

/** A neon lamp lights. */
const lampVolts = 75;
const silence = new Float32Array(160);
/** Longer than any pause of ringing. */
const ringingEndsMs = 10_000;
const reversalCountsMs = 8_000;
const seizureAfterMs = 200;
const longestSeizureMs = 4_000;
/** TIA-777: 55 to 65 ms; then silence, which ends with the data. */
const acknowledgement = { onMs: 60, offMs: 2_500 };

import type { Timer, Timers } from '@tipring/clock';
import { refusal } from '../command-check.ts';
import type { LineReading, PortRefusal } from '../contract.ts';
import type { FxsCapabilities } from '../port-capabilities.ts';
import type { FxsCommand, Polarity, PortCommand } from '../port-command.ts';
import type { FxsEvent } from '../port-event.ts';
import type { FxsSettings, PortSettings } from '../port-settings.ts';
import { deadLine, type EndCircuit, type LineState } from '../twin/line-end.ts';
import { HookReader, type HookReading } from './hook-reader.ts';
import type { CircuitWorld, PortCircuit } from './port-circuit.ts';

/**
 * A central office as far as the telephone can tell: battery, ringing, and eyes on the loop.
 *
 *              ring                    telephone lifted: ringTripped
 *   feeding ──────────► ringing(burst ⇄ pause) ──────────► feeding
 *      │  ▲
 *      │  └── openLoopEnded
 *      └────► open (no battery; the hook is not seen)
 */
type Work =
  | { readonly at: 'feeding' }
  | { readonly at: 'ringing'; readonly phase: 'burst' | 'pause'; readonly burst: number; readonly timer: Timer; readonly ring: Ring }
  | { readonly at: 'open'; readonly timer: Timer };

type Ring = Extract<FxsCommand, { do: 'ring' }>;

export class FxsCircuit implements PortCircuit {
  readonly #timers: Timers;
  readonly #world: CircuitWorld;
  readonly #capabilities: FxsCapabilities;
  /** Of hardware that counts pulses by itself. */
  readonly #decoder: HookReader | null;
  #settings: FxsSettings;
  #work: Work = { at: 'feeding' };
  #polarity: Polarity = 'normal';
  #lamp: 'on' | 'off' = 'off';
  #transmitting: Timer | null = null;
  /** Null: closed, nothing is told. */
  #hook: 'off' | 'on' | null = null;
  #tripping: Timer | null = null;
  #overcurrent: 'none' | 'told' = 'none';
  #last: LineState = deadLine;

  constructor(timers: Timers, world: CircuitWorld, capabilities: FxsCapabilities, settings: FxsSettings) {
    this.#timers = timers;
    this.#world = world;
    this.#capabilities = capabilities;
    this.#settings = settings;
    this.#decoder = capabilities.hookTransitions === 'decoded' ? new HookReader(timers, (reading) => world.tell(decoded(reading))) : null;
  }

  get sends(): boolean {
    if (this.#transmitting !== null || this.#hook === 'off') return true;
    return this.#work.at === 'ringing' && this.#work.phase === 'pause' && this.#work.ring.callerId?.afterBurst === this.#work.burst;
  }

  open(): void {
    this.#hook = closes(this.#last) ? 'off' : 'on';
    if (this.#hook === 'on') this.#world.tell({ type: 'hook', hook: 'on' });
    else this.#tellHook('off');
  }

  close(): void {
    this.#decoder?.stop();
    this.#hook = null;
    this.#polarity = 'normal';
    this.#lamp = 'off';
    this.#transmitting?.stop();
    this.#transmitting = null;
    this.#turn({ at: 'feeding' });
  }

  configure(settings: PortSettings): void {
    this.#settings = settings as FxsSettings;
    this.#world.changed();
  }

  command(command: PortCommand): PortRefusal | null {
    return this.#obey(command as FxsCommand);
  }

  circuit(): EndCircuit {
    const { impedance, loopMilliamps, ringVoltsRms, ringFrequencyHz } = this.#settings;
    if (this.#work.at === 'open') return { feed: null, ringing: null, load: null, ren: 0, voice: impedance };
    const rings = this.#work.at === 'ringing' && this.#work.phase === 'burst';
    return {
      feed: { volts: this.#lamp === 'on' ? lampVolts : batteryVolts, ohms: feedOhms, limitAmperes: loopMilliamps / 1_000, reversed: this.#polarity === 'reversed' },
      ringing: rings ? { voltsRms: ringVoltsRms, hz: ringFrequencyHz, ohms: ringOhms } : null,
      load: null,
      ren: 0,
      voice: impedance,
    };
  }

  settled(state: LineState): void {
    this.#last = state;
    if (this.#hook === null || this.#work.at === 'open') return;
    this.#watchRinging(state);
    const hook = this.#hook === 'on' ? (closes(state) ? 'off' : 'on') : opens(state) ? 'on' : 'off';
    if (this.#work.at === 'ringing' && this.#work.phase === 'burst') this.#watchTrip(hook);
    else if (hook !== this.#hook) this.#hookTurns(hook);
  }

  reading(state: LineState): Omit<LineReading, 'atMs'> {
    const { measures } = this.#capabilities;
    return {
      offHook: closes(state),
      batteryPresent: this.#work.at !== 'open',
      lineVolts: measures.includes('lineVolts') ? state.volts : null,
      loopMilliamps: measures.includes('loopMilliamps') ? state.amperes * 1_000 : null,
      ringVoltsRms: measures.includes('ringVoltsRms') ? (this.#work.at === 'ringing' && this.#work.phase === 'burst' ? this.#settings.ringVoltsRms - state.ringAmperes * ringOhms : 0) : null,
      polarity: this.#work.at === 'open' ? null : this.#polarity,
    };
  }

  #obey(command: FxsCommand): PortRefusal | null {
    switch (command.do) {
      case 'ring':
        if (this.#hook === 'off') return refusal('wrongState', 'The telephone is off hook.');
        if (this.#work.at === 'open') return refusal('wrongState', 'The loop is open.');
        this.#burst(command, 1);
        return null;
      case 'ringStop':
        if (this.#work.at === 'ringing') this.#stopRinging(this.#work);
        return null;
      case 'polarity':
        this.#polarity = command.polarity;
        this.#world.changed();
        return null;
      case 'openLoop':
        this.#turn({ at: 'open', timer: this.#timers.start(command.ms, () => this.#closeLoop()) });
        return null;
      case 'messageWaiting':
        this.#lamp = command.lamp;
        this.#world.changed();
        return null;
      case 'onHookTransmission':
        this.#transmitting?.stop();
        this.#transmitting = this.#timers.start(command.ms, () => {
          this.#transmitting = null;
          this.#world.changed();
        });
        this.#world.changed();
        return null;
    }
  }

  #burst(ring: Ring, burst: number): void {
    const { onMs, offMs } = ring.cadence[(burst - 1) % ring.cadence.length]!;
    const timer = this.#timers.start(onMs, () => {
      const pause = this.#timers.start(offMs, () => this.#burst(ring, burst + 1));
      this.#turn({ at: 'ringing', phase: 'pause', burst, ring, timer: pause });
      this.#world.tell({ type: 'ringBurstEnded', burst, pauseMs: offMs });
    });
    this.#world.tell({ type: 'ringBurstBegan', burst });
    this.#turn({ at: 'ringing', phase: 'burst', burst, ring, timer });
  }

  #stopRinging(work: Extract<Work, { at: 'ringing' }>): void {
    if (work.phase === 'burst') this.#world.tell({ type: 'ringBurstEnded', burst: work.burst, pauseMs: 0 });
    this.#turn({ at: 'feeding' });
  }

  #closeLoop(): void {
    this.#world.tell({ type: 'openLoopEnded' });
    this.#turn({ at: 'feeding' });
  }

  /** In a burst the direct current is found behind the alternating one: that takes two periods. */
  #watchTrip(hook: 'off' | 'on'): void {
    if (hook === 'on') {
      this.#tripping?.stop();
      this.#tripping = null;
    } else
      this.#tripping ??= this.#timers.start(2_000 / this.#settings.ringFrequencyHz, () => {
        this.#tripping = null;
        this.#hookTurns('off');
      });
  }

  #hookTurns(hook: 'off' | 'on'): void {
    this.#hook = hook;
    if (hook === 'off' && this.#work.at === 'ringing') {
      const work = this.#work;
      this.#world.tell({ type: 'ringTripped', during: work.phase });
      this.#tellHook(hook);
      this.#stopRinging(work);
    } else this.#tellHook(hook);
  }

  #tellHook(hook: 'off' | 'on'): void {
    if (this.#decoder === null) this.#world.tell({ type: 'hook', hook });
    else if (hook === 'off') this.#decoder.closed();
    else this.#decoder.opened();
  }

  #watchRinging(state: LineState): void {
    const over = state.ringAmperes > mostRingAmperes;
    if (!this.#capabilities.seesFaults || over === (this.#overcurrent === 'told')) return;
    this.#overcurrent = over ? 'told' : 'none';
    this.#world.tell({ type: 'fault', fault: 'overcurrent', active: over });
  }

  #turn(work: Work): void {
    if (this.#work.at !== 'feeding') this.#work.timer.stop();
    this.#tripping?.stop();
    this.#tripping = null;
    this.#work = work;
    this.#world.changed();
  }
}

function decoded(reading: HookReading): FxsEvent {
  switch (reading.type) {
    case 'seized':
      return { type: 'hook', hook: 'off' };
    case 'released':
      return { type: 'hook', hook: 'on' };
    case 'flash':
      return { type: 'hookFlash' };
    case 'pulseDigit':
      return reading;
  }
}

function closes({ amperes }: LineState): boolean {
  return amperes > 0.01;
}

function opens({ amperes }: LineState): boolean {
  return amperes < 0.008;
}

const batteryVolts = 48;
/** For a neon lamp, which lights from about 80 V on. */
const lampVolts = 95;
const feedOhms = 200;
const ringOhms = 200;
const mostRingAmperes = 0.05;

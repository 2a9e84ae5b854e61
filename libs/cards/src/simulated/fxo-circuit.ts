import type { Timer, Timers } from '@tipring/clock';
import { defaultFlashMs, defaultPulses, refusal } from '../command-check.ts';
import type { LineReading, PortRefusal } from '../contract.ts';
import type { FxoCapabilities } from '../port-capabilities.ts';
import type { FxoCommand, Polarity, PortCommand, PulseTiming } from '../port-command.ts';
import type { FxoSettings, PortSettings } from '../port-settings.ts';
import { deadLine, type EndCircuit, type LineState } from '../twin/line-end.ts';
import type { CircuitWorld, PortCircuit } from './port-circuit.ts';
import { RingDetector } from './ring-detector.ts';

/**
 * A telephone as far as the line can tell: it closes the loop and opens it.
 *
 *            hook off            flash, dialPulses
 *   onHook ───────────► offHook ───────────────────► interrupted   (the loop open and closed by the clock)
 *      ▲                 │  ▲                             │
 *      └─────────────────┘  └─────────────────────────────┘
 *            hook on              flashEnded, pulsesSent
 */
type Hook = { readonly at: 'onHook' } | { readonly at: 'offHook' } | { readonly at: 'interrupted'; readonly loop: 'open' | 'closed'; readonly timer: Timer };

export class FxoCircuit implements PortCircuit {
  readonly #timers: Timers;
  readonly #world: CircuitWorld;
  readonly #capabilities: FxoCapabilities;
  readonly #detector: RingDetector;
  #settings: FxoSettings;
  #hook: Hook = { at: 'onHook' };
  #told: Told | null = null;
  #last: LineState = deadLine;

  constructor(timers: Timers, world: CircuitWorld, capabilities: FxoCapabilities, settings: FxoSettings) {
    this.#timers = timers;
    this.#world = world;
    this.#capabilities = capabilities;
    this.#settings = settings;
    this.#detector = new RingDetector(timers, (detection) => {
      if (detection.type !== 'ringMeasured' || capabilities.measuresRinging) world.tell(detection.type === 'ringEnded' && !capabilities.measuresRinging ? { ...detection, frequencyHz: null, voltsRms: null } : detection);
    });
  }

  /** With too little current its electronics do not work. */
  get sends(): boolean {
    return this.#hook.at === 'offHook' && this.#last.amperes * 1_000 >= this.#settings.dcTermination.minimumLoopMilliamps;
  }

  open(): void {
    this.#told = unknown;
    this.settled(this.#last);
  }

  close(): void {
    this.#detector.stop();
    this.#told = null;
    this.#setHook({ at: 'onHook' });
  }

  configure(settings: PortSettings): void {
    this.#settings = settings as FxoSettings;
    this.#world.changed();
  }

  command(command: PortCommand): PortRefusal | null {
    return this.#obey(command as FxoCommand);
  }

  circuit(): EndCircuit {
    const { impedance, dcTermination } = this.#settings;
    if (!this.#closed) return { feed: null, ringing: null, load: null, ren: ownRen, voice: 'bell' };
    const load = { volts: dcTermination.lineVolts, ohms: slopeOhms, ...(dcTermination.currentLimit ? { limitAmperes: 0.06 } : {}) };
    return { feed: null, ringing: null, load, ren: ownRen, voice: impedance };
  }

  settled(state: LineState): void {
    const was = this.#last;
    this.#last = state;
    if (this.#told === null) return;
    if (this.#closed) this.#detector.stop();
    else {
      this.#detector.step(signed(state) - signed(was), this.#settings.ringThresholdVrms);
      this.#detector.alternating(state.alternating, this.#settings.ringThresholdVrms);
    }
    this.#tellChanges(state);
  }

  reading(state: LineState): Omit<LineReading, 'atMs'> {
    const { measures, seesPolarity } = this.#capabilities;
    return {
      offHook: this.#hook.at !== 'onHook',
      batteryPresent: present(state),
      lineVolts: measures.includes('lineVolts') ? state.volts : null,
      loopMilliamps: measures.includes('loopMilliamps') ? state.amperes * 1_000 : null,
      ringVoltsRms: measures.includes('ringVoltsRms') ? (state.alternating?.voltsRms ?? 0) : null,
      polarity: seesPolarity && present(state) ? polarityOf(state) : null,
    };
  }

  get #closed(): boolean {
    return this.#hook.at === 'offHook' || (this.#hook.at === 'interrupted' && this.#hook.loop === 'closed');
  }

  #obey(command: FxoCommand): PortRefusal | null {
    if (command.do === 'hook') {
      if (this.#hook.at === 'interrupted') this.#hook.timer.stop();
      this.#setHook({ at: command.hook === 'off' ? 'offHook' : 'onHook' });
      return null;
    }
    if (this.#hook.at !== 'offHook') return refusal('wrongState', `The line is ${this.#hook.at === 'onHook' ? 'on hook' : 'being interrupted already'}.`);
    if (command.do === 'flash') this.#interrupt([{ loop: 'open', ms: command.ms ?? defaultFlashMs }], 'flashEnded');
    else this.#interrupt(pulseTrain(command.digits, command.pulses ?? defaultPulses), 'pulsesSent');
    return null;
  }

  #interrupt([first, ...rest]: readonly Interruption[], end: 'flashEnded' | 'pulsesSent'): void {
    if (first === undefined) {
      this.#setHook({ at: 'offHook' });
      this.#world.tell({ type: end });
      return;
    }
    this.#setHook({ at: 'interrupted', loop: first.loop, timer: this.#timers.start(first.ms, () => this.#interrupt(rest, end)) });
  }

  #setHook(hook: Hook): void {
    if (this.#hook.at === 'interrupted' && hook.at !== 'interrupted') this.#hook.timer.stop();
    this.#hook = hook;
    this.#world.changed();
  }

  /** The hardware's thresholds; while it interrupts by itself it tells nothing of the loop. */
  #tellChanges(state: LineState): void {
    if (this.#told === null || this.#hook.at === 'interrupted') return;
    const { seesPolarity, seesLoopCurrent, seesLineInUse, seesMessageWaiting } = this.#capabilities;
    const onHook = this.#hook.at === 'onHook';
    const was = this.#told;
    const now = {
      battery: present(state),
      polarity: present(state) ? polarityOf(state) : was.polarity,
      flowing: !onHook && state.amperes * 1_000 >= leastLoopMilliamps,
      elsewhere: onHook && present(state) && state.volts < inUseVolts,
      lamp: onHook && state.volts > lampVolts ? ('on' as const) : ('off' as const),
    };
    this.#told = now;
    if (now.battery !== was.battery) this.#world.tell({ type: 'battery', present: now.battery, volts: this.#volts(state) });
    if (seesPolarity && now.polarity !== was.polarity && now.polarity !== null) this.#world.tell({ type: 'polarity', polarity: now.polarity });
    if (seesLoopCurrent && now.flowing !== was.flowing) this.#world.tell({ type: 'loopCurrent', flowing: now.flowing, milliamps: this.#capabilities.measures.includes('loopMilliamps') ? state.amperes * 1_000 : null });
    if (seesLineInUse && now.elsewhere !== was.elsewhere) this.#world.tell({ type: 'lineInUse', elsewhere: now.elsewhere, volts: this.#volts(state) });
    if (seesMessageWaiting && now.lamp !== was.lamp) this.#world.tell({ type: 'messageWaiting', lamp: now.lamp });
  }

  #volts(state: LineState): number | null {
    return this.#capabilities.measures.includes('lineVolts') ? state.volts : null;
  }
}

interface Interruption {
  readonly loop: 'open' | 'closed';
  readonly ms: number;
}

/** A digit is as many pulses, 0 is ten. */
function pulseTrain(digits: string, { breakMs, makeMs, interDigitMs }: PulseTiming): readonly Interruption[] {
  return [...digits].flatMap((digit) => {
    const pulses = Array.from({ length: Number(digit) || 10 }, (): readonly Interruption[] => [{ loop: 'open', ms: breakMs }, { loop: 'closed', ms: makeMs }]).flat();
    return [...pulses, { loop: 'closed', ms: interDigitMs } as const];
  });
}

interface Told {
  readonly battery: boolean | null;
  readonly polarity: Polarity | null;
  readonly flowing: boolean;
  readonly elsewhere: boolean;
  readonly lamp: 'on' | 'off';
}

function present({ volts }: LineState): boolean {
  return volts >= batteryVolts;
}

function polarityOf({ reversed }: LineState): Polarity {
  return reversed ? 'reversed' : 'normal';
}

function signed({ volts, reversed }: LineState): number {
  return reversed ? -volts : volts;
}

const unknown: Told = { battery: null, polarity: null, flowing: false, elsewhere: false, lamp: 'off' };
/** Of a silicon data access arrangement. */
const ownRen = 0.2;
const slopeOhms = 50;
const batteryVolts = 3;
const leastLoopMilliamps = 4;
/** A set off hook leaves less on any line, and the weakest battery is 24 V. */
const inUseVolts = 22;
const lampVolts = 75;

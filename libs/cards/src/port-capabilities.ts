import type { ImpedanceName } from './twin/impedance.ts';

/** Both ends included; of hardware that knows one value only, they are the same. */
export interface Range {
  readonly least: number;
  readonly most: number;
}

/** What a port can do. Null or false: a command or setting for it is refused as `unsupported`. */
export type PortCapabilities = FxoCapabilities | FxsCapabilities;

interface CommonCapabilities {
  readonly impedances: readonly ImpedanceName[];
  /** Of the hardware, both directions. */
  readonly gainsDb: Range | null;
  readonly laws: readonly ('PCMA' | 'PCMU')[];
  /** What `measure` knows. */
  readonly measures: readonly ('lineVolts' | 'loopMilliamps' | 'ringVoltsRms')[];
  /**
   * From the callback in which a block is written into `send` to the callback whose `received` holds its earliest possible echo, over
   * no cable at all: what a canceller need not model. A multiple of 20.
   */
  readonly echoDelayMs: number;
}

export interface FxoCapabilities extends CommonCapabilities {
  readonly kind: 'fxo';
  readonly flashMs: Range | null;
  /** Dials pulses by itself: an event loop cannot keep their time. */
  readonly pulseDialing: boolean;
  readonly seesPolarity: boolean;
  readonly seesLoopCurrent: boolean;
  /** Tells a parallel telephone that is off hook. */
  readonly seesLineInUse: boolean;
  /** Tells voltage pulses for a message-waiting lamp. */
  readonly seesMessageWaiting: boolean;
  /** Ringing is told with frequency and voltage. */
  readonly measuresRinging: boolean;
  readonly ringThresholdsVrms: readonly number[];
  readonly dcTermination: { readonly currentLimit: boolean; readonly lineVolts: readonly number[]; readonly minimumLoopMilliamps: readonly number[] } | null;
}

export interface FxsCapabilities extends CommonCapabilities {
  readonly kind: 'fxs';
  readonly polarityReversal: boolean;
  /** Battery removed for so long, as an exchange does when the other side hangs up (CPC). */
  readonly openLoopMs: Range | null;
  /** Audio reaches a telephone that is on hook: caller ID. */
  readonly onHookTransmission: boolean;
  /** High voltage for a neon lamp. */
  readonly messageWaitingLamp: boolean;
  /** Bursts in a cadence; 0: the hardware rings in a rhythm of its own. */
  readonly ringBursts: number;
  /** Null: whatever the hardware rings with. */
  readonly ringVoltsRms: Range | null;
  readonly ringFrequencyHz: Range | null;
  readonly loopMilliamps: Range | null;
  /**
   * `raw`: each transition is a `hook` event. `decoded`: the hardware counts by itself, and tells `hookFlash` and `pulseDigit` in
   * place of short on-hooks.
   */
  readonly hookTransitions: 'raw' | 'decoded';
  readonly seesFaults: boolean;
}

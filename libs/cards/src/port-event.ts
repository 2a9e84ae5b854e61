import type { Polarity } from './port-command.ts';

/** As the hardware gives it: nothing is filtered, debounced beyond the hardware, or judged. */
export type PortEvent = (FxoEvent | FxsEvent | AnyPortEvent) & {
  /** Monotonic, one clock for all ports of a driver: when it happened, by the hardware's or the driver's clock. */
  readonly atMs: number;
  /** Of this port since it was opened: 1, 2, 3 … A gap means that events were lost. */
  readonly sequence: number;
};

export type AnyPortEvent =
  /** Blocks that were received and not taken, or that should have been sent and were not there. */
  | { readonly type: 'audioLost'; readonly direction: 'received' | 'sent'; readonly blocks: number }
  /** The last: the card was pulled, or what stands between it and us is gone (`driver`). */
  | { readonly type: 'absent'; readonly why?: 'driver' };

/** Volts without regard to polarity; null is what this hardware does not know. */
export type FxoEvent =
  /** Absent also when the exchange opens the loop (CPC), off hook too. */
  | { readonly type: 'battery'; readonly present: boolean; readonly volts: number | null }
  | { readonly type: 'polarity'; readonly polarity: Polarity }
  /** Off hook only. */
  | { readonly type: 'loopCurrent'; readonly flowing: boolean; readonly milliamps: number | null }
  /** Each burst of ringing, and whatever else alternates at the ringing detector. */
  | { readonly type: 'ringBegan' }
  /** Once its frequency is known, during the burst: after two periods. */
  | { readonly type: 'ringMeasured'; readonly frequencyHz: number; readonly voltsRms: number }
  | { readonly type: 'ringEnded'; readonly durationMs: number; readonly frequencyHz: number | null; readonly voltsRms: number | null }
  /** We are on hook, and somebody else on this pair is not. */
  | { readonly type: 'lineInUse'; readonly elsewhere: boolean; readonly volts: number | null }
  | { readonly type: 'messageWaiting'; readonly lamp: 'on' | 'off' }
  | { readonly type: 'flashEnded' }
  | { readonly type: 'pulsesSent' };

export type FxsEvent =
  /** Raw: flash and pulse digits are judged by libs/line. */
  | { readonly type: 'hook'; readonly hook: 'off' | 'on' }
  /** Only from hardware that decodes by itself (`hookTransitions`). */
  | { readonly type: 'hookFlash' }
  | { readonly type: 'pulseDigit'; readonly digit: string }
  /** `burst` counts from 1 since the ring command. */
  | { readonly type: 'ringBurstBegan'; readonly burst: number }
  | { readonly type: 'ringBurstEnded'; readonly burst: number; readonly pauseMs: number }
  /** Answered: in a burst its direct current is seen, in a pause the hook as always. `hook` follows. */
  | { readonly type: 'ringTripped'; readonly during: 'burst' | 'pause' }
  | { readonly type: 'openLoopEnded' }
  | { readonly type: 'fault'; readonly fault: 'overcurrent' | 'overheated'; readonly active: boolean };

export type PortCommand = FxoCommand | FxsCommand;

export type FxoCommand =
  | { readonly do: 'hook'; readonly hook: 'off' | 'on' }
  /** On hook for so long and off again; `flashEnded` tells the end. Without `ms`: as the hardware does. Refused on hook. */
  | { readonly do: 'flash'; readonly ms?: number }
  /** Digits 0 to 9, off hook; `pulsesSent` tells the end. */
  | { readonly do: 'dialPulses'; readonly digits: string; readonly pulses?: PulseTiming };

export interface PulseTiming {
  /** Loop open, loop closed: 60 and 40, or 66 and 33. */
  readonly breakMs: number;
  readonly makeMs: number;
  readonly interDigitMs: number;
}

export type FxsCommand =
  /** In place of what rings. Refused while the telephone is off hook; ends by `ringStop`, or by itself when it is answered. */
  | { readonly do: 'ring'; readonly cadence: RingCadence; readonly callerId?: CallerIdPlace }
  | { readonly do: 'ringStop' }
  | { readonly do: 'polarity'; readonly polarity: Polarity }
  /** No battery for so long; `openLoopEnded` tells the end. The telephone's hook is not seen meanwhile and is told afterwards. */
  | { readonly do: 'openLoop'; readonly ms: number }
  | { readonly do: 'messageWaiting'; readonly lamp: 'on' | 'off' }
  /** What is sent reaches the telephone on hook, for so long. */
  | { readonly do: 'onHookTransmission'; readonly ms: number };

/** Of the battery, beside how the line was put in. */
export type Polarity = 'normal' | 'reversed';

/** Over and over: the off time of the last burst comes before the first one again. */
export type RingCadence = readonly RingBurst[];

export interface RingBurst {
  readonly onMs: number;
  readonly offMs: number;
}

/**
 * The pause after this burst (1 is the first of all) is for caller ID: what is sent reaches the telephone on hook. It begins with
 * the event `ringBurstEnded`. Caller ID before the first ring is `onHookTransmission` and then `ring`.
 */
export interface CallerIdPlace {
  readonly afterBurst: number;
}

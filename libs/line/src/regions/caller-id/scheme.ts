/** How a network tells the calling number to a telephone on the hook. */
export type CallerIdScheme =
  | { readonly by: 'fsk'; readonly standard: CallerIdStandard; readonly modulation: 'bell202' | 'v23'; readonly place: CallerIdPlace }
  /** The codes are libs/dsp's `dtmfCallerIdPlans`; these are the ones before the calling number and after all. */
  | { readonly by: 'dtmf'; readonly place: CallerIdPlace; readonly start: string; readonly end: string }
  /** Russian AON: who seizes the line and asks with a burst of 500 Hz is told the number in tones. Nothing is heard on the hook. */
  | { readonly by: 'request' }
  | { readonly by: 'none' };

/** The form of the message. `ntt`: as its interface for analogue telephones has it, with parity and a terminal that answers first. */
export type CallerIdStandard = 'gr30' | 'tia777' | 'etsi' | 'sin227' | 'ntt';

/** When it comes (EN 300 659-1 6.1): in the first long silence of ringing, or before ringing, after what announces it. */
export type CallerIdPlace =
  | 'betweenRings'
  /** In the silence after a short ring of the cadence's beginning. */
  | 'afterShortRing'
  /** Nothing announces it. */
  | 'beforeRinging'
  | 'afterReversal'
  /** Dual tone alerting signal (DT-AS), 2130 and 2750 Hz. */
  | 'afterDualTone'
  | 'afterReversalAndDualTone'
  /** Ringing pulse alerting signal (RP-AS), 200 to 300 ms of ringing. */
  | 'afterRingPulse'
  /** NTT: reversal, then 0.5 s bursts of ringing until the terminal seizes the line for it. */
  | 'afterReversalAndBursts';

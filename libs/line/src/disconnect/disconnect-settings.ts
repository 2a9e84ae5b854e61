/**
 * By what a line's far end is known to have hung up. Null switches a kind off. `confidence` is how sure one such finding makes us, 0 … 1;
 * what alone is not sufficient adds up with others of the last `windowMs`.
 */
export interface DisconnectSettings {
  readonly sufficient: number;
  readonly windowMs: number;
  /** Calling party control, open loop: no battery for 50 to 3000 ms. */
  readonly battery: { readonly denialMs: number; readonly confidence: number } | null;
  /** The exchange reverses the battery; in the first `guardMs` after the answer that is the answer. */
  readonly polarity: { readonly guardMs: number; readonly confidence: number } | null;
  /**
   * Tones that tell of a hang-up, by the names the detector has for them, learned ones too. The confidence is the detector's own. One
   * that is continuous must go on for so long after the 0.7 s in which it can be recognised.
   */
  readonly tone: { readonly names: readonly string[]; readonly cycles: number; readonly goesOnMs: number; readonly leastDbm0: number } | null;
  /** On an answered call, going on for so long after the 0.7 s in which it can be recognised. The confidence is the detector's own. */
  readonly dialTone: { readonly names: readonly string[]; readonly goesOnMs: number } | null;
  /** From both sides. Not while on hold. */
  readonly silence: { readonly ms: number } | null;
  /** The other leg of the call is dead though nobody released it. */
  readonly farLeg: 'on' | 'off';
}

export const defaultDisconnectSettings: DisconnectSettings = {
  sufficient: 0.9,
  windowMs: 5_000,
  battery: { denialMs: 200, confidence: 0.99 },
  polarity: { guardMs: 600, confidence: 0.95 },
  tone: { names: ['busy', 'congestion', 'numberUnobtainable', 'offHook'], cycles: 2, goesOnMs: 1_000, leastDbm0: -42 },
  dialTone: { names: ['dial', 'stutterDial', 'secondDial'], goesOnMs: 1_000 },
  silence: { ms: 120_000 },
  farLeg: 'on',
};

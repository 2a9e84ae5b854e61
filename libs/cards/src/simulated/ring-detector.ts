import type { Timer, Timers } from '@tipring/clock';
import type { Alternating } from '../twin/line-end.ts';

export type RingDetection =
  | { readonly type: 'ringBegan' }
  | { readonly type: 'ringMeasured'; readonly frequencyHz: number; readonly voltsRms: number }
  | { readonly type: 'ringEnded'; readonly durationMs: number; readonly frequencyHz: number | null; readonly voltsRms: number | null };

/**
 * The detector of a line interface is coupled by a capacitor: ringing passes, and so does each jump of the line's voltage, for a
 * moment. That is how a parallel telephone that dials, a reversal of polarity and the own hanging up come to look like ringing.
 */
export class RingDetector {
  readonly #timers: Timers;
  readonly #tell: (detection: RingDetection) => void;
  #detector: Detector = { at: 'quiet' };

  constructor(timers: Timers, tell: (detection: RingDetection) => void) {
    this.#timers = timers;
    this.#tell = tell;
  }

  /** What alternates on the line from now on. */
  alternating(wave: Alternating | null, thresholdVrms: number): void {
    const heard = wave !== null && wave.voltsRms >= thresholdVrms ? wave : null;
    if (heard !== null) this.#sounds(heard);
    else if (this.#detector.at === 'ringing' && this.#detector.wave !== null) this.#fades({ ...this.#detector, wave: null }, 1_000 / (2 * (this.#detector.wave.hz ?? lowestHz)));
  }

  /** The voltage between the wires has jumped by so much. */
  step(volts: number, thresholdVrms: number): void {
    if (Math.abs(volts) / Math.SQRT2 < thresholdVrms || (this.#detector.at === 'ringing' && this.#detector.wave !== null)) return;
    const voltsRms = Math.abs(volts) / Math.SQRT2;
    const known = this.#detector.at === 'ringing' ? this.#detector : this.#begin();
    this.#fades({ ...known, steps: known.steps + 1, voltsRms: Math.max(known.voltsRms ?? 0, voltsRms) }, stepMs);
  }

  /** Off hook, or closed: there is no detecting. */
  stop(): void {
    this.#end();
  }

  #sounds(wave: Alternating): void {
    const known = this.#detector.at === 'ringing' ? this.#detector : this.#begin();
    known.timer?.stop();
    if (known.wave?.hz === wave.hz && known.wave?.voltsRms === wave.voltsRms) return;
    const { hz, voltsRms } = wave;
    const timer =
      hz === null
        ? null
        : this.#timers.start(2_000 / hz, () => {
            this.#detector = { ...known, wave, voltsRms, frequencyHz: hz, timer: null };
            this.#tell({ type: 'ringMeasured', frequencyHz: hz, voltsRms });
          });
    this.#detector = { ...known, wave, voltsRms, timer };
  }

  #fades(known: Ringing, ms: number): void {
    known.timer?.stop();
    this.#detector = { ...known, timer: this.#timers.start(ms, () => this.#end()) };
  }

  #begin(): Ringing {
    const begun: Ringing = { at: 'ringing', since: this.#timers.now(), wave: null, steps: 0, voltsRms: null, frequencyHz: null, timer: null };
    this.#detector = begun;
    this.#tell({ type: 'ringBegan' });
    return begun;
  }

  #end(): void {
    if (this.#detector.at === 'quiet') return;
    const { since, steps, voltsRms, frequencyHz, timer } = this.#detector;
    timer?.stop();
    this.#detector = { at: 'quiet' };
    const durationMs = this.#timers.now() - since;
    // Two jumps are a period, as the detector sees them.
    const stepHz = steps >= 4 ? Math.round(((steps - 1) * 500) / Math.max(1, durationMs - stepMs)) : null;
    this.#tell({ type: 'ringEnded', durationMs, frequencyHz: frequencyHz ?? stepHz, voltsRms });
  }
}

type Detector = { readonly at: 'quiet' } | Ringing;

interface Ringing {
  readonly at: 'ringing';
  readonly since: number;
  readonly wave: Alternating | null;
  readonly steps: number;
  readonly voltsRms: number | null;
  readonly frequencyHz: number | null;
  readonly timer: Timer | null;
}

/** How long a jump is above the threshold, and how long the detector holds on: half a period of the slowest ringing is 33 ms. */
const stepMs = 64;
const lowestHz = 15;

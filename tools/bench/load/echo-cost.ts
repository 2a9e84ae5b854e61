import { EchoCancellers, lanes, type AudioRows } from '@tipring/dsp';
import { type Recording, testDsp } from '@tipring/dsp/test-support';

/** Our canceller under the clock: four lines in four lanes, ticks of 20 ms, the audio in the module's memory beforehand. */
export class EchoCost {
  readonly #cancellers: EchoCancellers;
  readonly #ticks: readonly { readonly far: AudioRows; readonly near: AudioRows }[];
  readonly #out: AudioRows;

  /** @param recordings of four lines */
  constructor(recordings: readonly Recording[], tailMs: 32 | 64 | 128, suppress: 'suppress' | 'cancel only') {
    const dsp = testDsp();
    this.#cancellers = new EchoCancellers(dsp, { channels: lanes, tailMs });
    for (let channel = 0; channel < lanes; channel++) this.#cancellers.set(channel, { suppress: suppress === 'suppress' });
    this.#ticks = Array.from({ length: Math.floor(recordings[0]!.far.length / tick) }, (_, k) => {
      const [far, near] = [dsp.rows(lanes, tick), dsp.rows(lanes, tick)];
      for (const [channel, recording] of recordings.entries()) {
        far.row(channel).set(recording.far.subarray(k * tick, (k + 1) * tick));
        near.row(channel).set(recording.near.subarray(k * tick, (k + 1) * tick));
      }
      return { far, near };
    });
    this.#out = dsp.rows(lanes, tick);
    // Twice: V8 compiles for real in the background.
    for (let round = 0; round < 2; round++) this.settledNs();
  }

  /** Nanoseconds of CPU a sample, over all of the audio, after it was heard before. */
  settledNs(): number {
    const began = process.cpuUsage();
    for (const { far, near } of this.#ticks) this.#cancellers.process(0, far, near, this.#out);
    return nanoseconds(began) / (this.#ticks.length * tick * lanes);
  }

  /** The same of the first `samples` (whole ticks) after the filters were cleared. */
  convergingNs(samples: number): number {
    const ticks = this.#ticks.slice(0, samples / tick);
    const began = process.cpuUsage();
    for (let again = 0; again < repeats; again++) {
      for (let channel = 0; channel < lanes; channel++) this.#cancellers.reset(channel);
      for (const { far, near } of ticks) this.#cancellers.process(0, far, near, this.#out);
    }
    return nanoseconds(began) / (repeats * samples * lanes);
  }
}

function nanoseconds(began: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(began);
  return (user + system) * 1_000;
}

const tick = 160;
const repeats = 10;

import type { Address, Dsp } from './dsp.ts';

/**
 * Concealment of lost packets for one channel, by ITU-T G.711 Appendix I; at 16 kHz by the same method with the same times.
 * Delays what it hears by 3.75 ms.
 */
export class Concealment {
  readonly #c: PlcExports;
  readonly #plc: Address;
  readonly #rateHz: 8_000 | 16_000;

  constructor(dsp: Dsp, rateHz: 8_000 | 16_000) {
    this.#c = dsp.exports as PlcExports;
    this.#rateHz = rateHz;
    this.#plc = dsp.allocate(this.#c.plc_size());
    this.reset();
  }

  reset(): void {
    this.#c.plc_init(this.#plc, this.#rateHz);
  }

  /** `samples` at this address of the Dsp came: they are replaced by those of 3.75 ms before. */
  received(audio: Address, samples: number): void {
    this.#c.plc_received(this.#plc, audio, samples);
  }

  /** So many did not come: they are made up. */
  missing(audio: Address, samples: number): void {
    this.#c.plc_missing(this.#plc, audio, samples);
  }

  /** Samples made up since the beginning. */
  get concealed(): number {
    return this.#c.plc_concealed(this.#plc) >>> 0;
  }
}

interface PlcExports {
  plc_size(): number;
  plc_init(plc: Address, rateHz: number): void;
  plc_received(plc: Address, samples: Address, count: number): void;
  plc_missing(plc: Address, samples: Address, count: number): void;
  plc_concealed(plc: Address): number;
}

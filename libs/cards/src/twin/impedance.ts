import { type Complex, add, divide, real } from './complex.ts';

/** What a two-wire port can be to alternating current. */
export interface Impedance {
  readonly seriesOhm: number;
  /** A resistor with a capacitor across it, behind the series resistor. */
  readonly parallelOhm?: number;
  readonly parallelFarad?: number;
  /** In series with all of it. */
  readonly blockingFarad?: number;
}

/** By the network, as the data sheets of line interfaces list them; each with the countries it is for. */
export const impedances = {
  '600': { seriesOhm: 600 },
  '900': { seriesOhm: 900 },
  '600+1µF': { seriesOhm: 600, blockingFarad: 1e-6 },
  '600+2.16µF': { seriesOhm: 600, blockingFarad: 2.16e-6 },
  '900+1µF': { seriesOhm: 900, blockingFarad: 1e-6 },
  /** North American exchanges. */
  '900+2.16µF': { seriesOhm: 900, blockingFarad: 2.16e-6 },
  /** ETSI TBR 21 (ES 203 021), most of Europe. */
  '270+750∥150nF': { seriesOhm: 270, parallelOhm: 750, parallelFarad: 150e-9 },
  /** Australia. */
  '220+820∥120nF': { seriesOhm: 220, parallelOhm: 820, parallelFarad: 120e-9 },
  /** Germany, Austria, Switzerland. */
  '220+820∥115nF': { seriesOhm: 220, parallelOhm: 820, parallelFarad: 115e-9 },
  /** New Zealand, and the network of British Telecom. */
  '370+620∥310nF': { seriesOhm: 370, parallelOhm: 620, parallelFarad: 310e-9 },
  /** United Kingdom. */
  '320+1050∥230nF': { seriesOhm: 320, parallelOhm: 1_050, parallelFarad: 230e-9 },
  /** China. */
  '200+680∥100nF': { seriesOhm: 200, parallelOhm: 680, parallelFarad: 100e-9 },
} as const satisfies Record<string, Impedance>;

export type ImpedanceName = keyof typeof impedances;

export const impedanceNames = Object.keys(impedances) as readonly ImpedanceName[];

/** In ohms. */
export function impedanceAt({ seriesOhm, parallelOhm, parallelFarad = 0, blockingFarad }: Impedance, hz: number): Complex {
  const omega = 2 * Math.PI * hz;
  let sum = blockingFarad === undefined ? real(seriesOhm) : { re: seriesOhm, im: -1 / (omega * blockingFarad) };
  if (parallelOhm !== undefined) sum = add(sum, divide(real(parallelOhm), { re: 1, im: omega * parallelOhm * parallelFarad }));
  return sum;
}

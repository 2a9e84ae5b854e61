/**
 * A resistor in series with a resistor and a capacitor in parallel. Without a parallel resistor: a capacitor in series (600 Ω + 2.16 µF);
 * without either: a resistor alone.
 */
export interface Network {
  readonly seriesOhms: number;
  readonly parallelOhms?: number;
  readonly capacitanceNf?: number;
}

export interface Impedance {
  /** Ohms. */
  readonly real: number;
  /** Ohms; negative for what is capacitive. */
  readonly imaginary: number;
}

export function resistance(seriesOhms: number): Network {
  return { seriesOhms };
}

/** 600 Ω + 2.16 µF, as it is written. */
export function withCapacitor(seriesOhms: number, capacitanceNf: number): Network {
  return { seriesOhms, capacitanceNf };
}

/** 270 Ω + 750 Ω || 150 nF, as it is written. */
export function complex(seriesOhms: number, parallelOhms: number, capacitanceNf: number): Network {
  return { seriesOhms, parallelOhms, capacitanceNf };
}

export function impedanceOf({ seriesOhms, parallelOhms, capacitanceNf }: Network, frequencyHz: number): Impedance {
  if (capacitanceNf === undefined) return { real: seriesOhms + (parallelOhms ?? 0), imaginary: 0 };
  const susceptance = 2 * Math.PI * frequencyHz * capacitanceNf * 1e-9;
  const conductance = parallelOhms === undefined ? 0 : 1 / parallelOhms;
  const admittance2 = conductance ** 2 + susceptance ** 2;
  return { real: seriesOhms + conductance / admittance2, imaginary: -susceptance / admittance2 };
}

/** Echo return loss of one impedance against another at a frequency, in dB: 20·log |(Z1 + Z2) / (Z1 − Z2)|. Infinite where they are equal. */
export function returnLossOf(a: Network, b: Network, frequencyHz: number): number {
  const [za, zb] = [impedanceOf(a, frequencyHz), impedanceOf(b, frequencyHz)];
  const sum = Math.hypot(za.real + zb.real, za.imaginary + zb.imaginary);
  return 20 * Math.log10(sum / Math.hypot(za.real - zb.real, za.imaginary - zb.imaginary));
}

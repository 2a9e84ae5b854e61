import { type Complex, add, divide, exponential, magnitude, multiply, one, real, root, subtract, times } from './complex.ts';

/** A pair of wires: of one kind throughout, or several pieces one after the other, from the port on. */
export type Cable = CableSection | readonly CableSection[];

export interface CableSection extends Pair {
  /** A pair that leads nowhere, left across the far end of this piece. */
  readonly bridgedTap?: Pair;
}

export interface Pair {
  readonly gauge: Gauge;
  readonly km: number;
  /** 20 when absent; copper's resistance rises by 0.393 % a kelvin. */
  readonly temperatureC?: number;
}

/** Primary constants a km of loop at 20 °C. */
export interface PrimaryConstants {
  readonly ohms: number;
  readonly millihenries: number;
  readonly nanofarads: number;
  readonly microsiemens: number;
}

/** By wire diameter; resistances by the conductor (83.3, 51.9, 32.4, 16.1 Ω/kft of AWG 26, 24, 22, 19), the rest of voice-band pairs. */
export const gauges = {
  'AWG 19': { ohms: 52.8, millihenries: 0.62, nanofarads: 51.6, microsiemens: 0.1 },
  'AWG 22': { ohms: 106, millihenries: 0.62, nanofarads: 51.6, microsiemens: 0.1 },
  'AWG 24': { ohms: 170, millihenries: 0.62, nanofarads: 51.6, microsiemens: 0.1 },
  'AWG 26': { ohms: 274, millihenries: 0.62, nanofarads: 51.6, microsiemens: 0.1 },
  '0.4 mm': { ohms: 280, millihenries: 0.6, nanofarads: 50, microsiemens: 0.1 },
  '0.5 mm': { ohms: 168, millihenries: 0.7, nanofarads: 50, microsiemens: 0.1 },
  '0.6 mm': { ohms: 116, millihenries: 0.7, nanofarads: 50, microsiemens: 0.1 },
  'Cat 5': { ohms: 187.6, millihenries: 0.52, nanofarads: 52, microsiemens: 0 },
} as const satisfies Record<string, PrimaryConstants>;

export type Gauge = keyof typeof gauges;

/** Chain matrix: V1 = a·V2 + b·I2, I1 = c·V2 + d·I2. */
export interface TwoPort {
  readonly a: Complex;
  readonly b: Complex;
  readonly c: Complex;
  readonly d: Complex;
}

/** The same cable from its other end. */
export function reversed(cable: Cable): Cable {
  const sections = sectionsOf(cable);
  if (sections.length === 1 && sections[0]!.bridgedTap === undefined) return cable;
  // A tap at the far end of a piece is at the near end of the next one: between them stands a piece of no length.
  return sections.toReversed().flatMap(({ bridgedTap, ...pair }) => (bridgedTap === undefined ? [pair] : [{ ...pair, km: 0, bridgedTap }, pair]));
}

/** Of the whole loop, both wires. Taps carry no direct current. */
export function loopOhms(cable: Cable): number {
  return sectionsOf(cable).reduce((sum, { gauge, km, temperatureC = 20 }) => sum + gauges[gauge].ohms * km * copper(temperatureC), 0);
}

/** From the port on. */
export function cableTwoPort(cable: Cable, hz: number): TwoPort {
  return sectionsOf(cable).reduce((before, section) => {
    const own = cascade(before, pairTwoPort(section, hz));
    return section.bridgedTap === undefined ? own : cascade(own, tapTwoPort(section.bridgedTap, hz));
  }, nothingBetween);
}

function sectionsOf(cable: Cable): readonly CableSection[] {
  return 'gauge' in cable ? [cable] : cable;
}

function pairTwoPort({ gauge, km, temperatureC = 20 }: Pair, hz: number): TwoPort {
  const { gamma, z0 } = secondaryConstants(gauge, hz, temperatureC);
  const there = exponential(times(gamma, km));
  const back = divide(one, there);
  const cosh = times(add(there, back), 0.5);
  const sinh = times(subtract(there, back), 0.5);
  return { a: cosh, b: multiply(z0, sinh), c: divide(sinh, z0), d: cosh };
}

/** Open at its end: across the line stands what goes into it. */
function tapTwoPort(tap: Pair, hz: number): TwoPort {
  const { a, c } = pairTwoPort(tap, hz);
  return { a: one, b: nothing, c: divide(c, a), d: one };
}

function cascade(first: TwoPort, second: TwoPort): TwoPort {
  return {
    a: add(multiply(first.a, second.a), multiply(first.b, second.c)),
    b: add(multiply(first.a, second.b), multiply(first.b, second.d)),
    c: add(multiply(first.c, second.a), multiply(first.d, second.c)),
    d: add(multiply(first.c, second.b), multiply(first.d, second.d)),
  };
}

/** Of a cable as long as one likes: dB a km. */
export function attenuationDbPerKm(gauge: Gauge, hz: number, temperatureC = 20): number {
  return decibelsOfNeper * secondaryConstants(gauge, hz, temperatureC).gamma.re;
}

/** What is lost when the cable is put between a source and a load that were joined before: dB. */
export function insertionLossDb(cable: Cable, source: Complex, load: Complex, hz: number): number {
  const { a, b, c, d } = cableTwoPort(cable, hz);
  const through = add(add(multiply(a, load), b), multiply(source, add(multiply(c, load), d)));
  return 20 * Math.log10(magnitude(divide(through, add(source, load))));
}

/** Propagation constant a km (nepers, radians) and characteristic impedance (ohms). */
function secondaryConstants(gauge: Gauge, hz: number, temperatureC: number): { readonly gamma: Complex; readonly z0: Complex } {
  const { ohms, millihenries, nanofarads, microsiemens } = gauges[gauge];
  const omega = 2 * Math.PI * hz;
  const series = { re: ohms * copper(temperatureC), im: omega * millihenries * 1e-3 };
  const shunt = { re: microsiemens * 1e-6, im: omega * nanofarads * 1e-9 };
  return { gamma: root(multiply(series, shunt)), z0: root(divide(series, shunt)) };
}

function copper(temperatureC: number): number {
  return 1 + 0.00393 * (temperatureC - 20);
}

const nothing = real(0);
const nothingBetween: TwoPort = { a: one, b: nothing, c: nothing, d: one };
const decibelsOfNeper = 20 / Math.LN10;

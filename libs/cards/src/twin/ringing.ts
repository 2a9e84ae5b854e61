import { type Cable, cableTwoPort } from './cable.ts';
import { add, divide, magnitude, multiply, real } from './complex.ts';
import type { Complex } from './complex.ts';

export interface RingSource {
  readonly voltsRms: number;
  readonly hz: number;
  /** 510 of an exchange, 200 of a card. */
  readonly ohms: number;
}

export interface RingingAtSet {
  /** Across the bells. */
  readonly voltsRms: number;
  /** Out of the source. */
  readonly amperes: number;
}

/** Bells of so many REN in all, at the end of a cable. */
export function ringing({ voltsRms, hz, ohms }: RingSource, cable: Cable, ren: number): RingingAtSet {
  const { a, b, c, d } = cableTwoPort(cable, hz);
  const bells = ringerImpedance(ren, hz);
  const into = add(multiply(c, bells), d);
  const through = add(add(multiply(a, bells), b), multiply(real(ohms), into));
  return { voltsRms: voltsRms * magnitude(divide(bells, through)), amperes: voltsRms * magnitude(divide(into, through)) };
}

/** 1 REN is 7 kΩ and 8 µF in series (ANSI/TIA-968-A 68.312, as line interface data sheets take it). */
export function ringerImpedance(ren: number, hz: number): Complex {
  const bells = Math.max(ren, leastRen);
  return { re: 7_000 / bells, im: -1 / (2 * Math.PI * hz * 8e-6 * bells) };
}

/** A mechanical bell, and the weakest ringing that a set has to answer to (ANSI/TIA-470). */
export const leastRingVolts = 40;

/** Nothing at all is an open line: 7 MΩ. */
const leastRen = 0.001;

/**
 * Echo paths of two-wire lines from their physics: a card that sends into a cable whose far end is an exchange's termination, and
 * whose hybrid balances for another impedance than it meets. Lengths in km, impedances in ohms.
 */

/** Primary constants a km of loop, at 20 °C. */
export interface Cable {
  readonly ohms: number;
  readonly millihenries: number;
  readonly nanofarads: number;
  readonly microsiemens: number;
}

export const cables = {
  /** 0.4 mm: 83.3 Ω/kft. */
  awg26: { ohms: 274, millihenries: 0.62, nanofarads: 51.6, microsiemens: 0.1 },
  /** 0.5 mm. */
  awg24: { ohms: 170, millihenries: 0.62, nanofarads: 51.6, microsiemens: 0.1 },
} as const satisfies Record<string, Cable>;

/** A resistor, then another with a capacitor across it; the capacitor of `series` farads blocks direct current. */
export interface Termination {
  readonly series: number;
  readonly parallel?: { readonly ohms: number; readonly farads: number };
  readonly blockedBy?: number;
}

export const terminations = {
  ohms600: { series: 600 },
  /** North America: 900 Ω + 2.16 µF. */
  ohms900: { series: 900, blockedBy: 2.16e-6 },
  /** ETSI TBR 21 (ES 203 021): 270 Ω + 750 Ω ‖ 150 nF. */
  tbr21: { series: 270, parallel: { ohms: 750, farads: 150e-9 } },
  /** BT network: 370 Ω + 620 Ω ‖ 310 nF. */
  uk: { series: 370, parallel: { ohms: 620, farads: 310e-9 } },
} as const satisfies Record<string, Termination>;

export interface TwoWireLine {
  /** What the card's hybrid balances for, and presents to the line. */
  readonly card: Termination;
  readonly cable: Cable;
  readonly km: number;
  /** The exchange's side. */
  readonly exchange: Termination;
}

/** Echo return loss: power mean of 500 to 2500 Hz, dB (ITU-T G.122 with flat weights). */
export function echoReturnLossDb(line: TwoWireLine): number {
  let power = 0;
  let points = 0;
  for (let hz = 500; hz <= 2_500; hz += 50, points++) {
    const { re, im } = reflection(line, hz);
    power += re ** 2 + im ** 2;
  }
  return -10 * Math.log10(power / points);
}

/** Impulse response at 8 kHz of what comes back through the card's codec filters, which delay it by 2 ms. */
export function twoWirePath(line: TwoWireLine): Float64Array {
  const response = Array.from({ length: points / 2 + 1 }, (_, k) => {
    const hz = Math.max(1, (k * 8_000) / points);
    return multiply(reflection(line, hz), turned(codecGain(hz), -2 * Math.PI * hz * codecDelaySeconds));
  });
  // Real and causal: the inverse transform, summed by hand, of which the last quarter holds what came before time zero.
  return Float64Array.from({ length: pathTaps }, (_, n) => {
    let sum = 0;
    for (let k = 0; k <= points / 2; k++) {
      const { re, im } = response[k]!;
      const angle = (2 * Math.PI * k * n) / points;
      sum += (k === 0 || k === points / 2 ? 1 : 2) * (re * Math.cos(angle) - im * Math.sin(angle));
    }
    return sum / points;
  });
}

/** (Z line − Z card) / (Z line + Z card). */
function reflection({ card, cable, km, exchange }: TwoWireLine, hz: number): Complex {
  const balance = impedance(card, hz);
  const line = inputImpedance(cable, km, impedance(exchange, hz), hz);
  return divide(add(line, balance, -1), add(line, balance));
}

/** Of a cable of secondary constants γ and Z0: Z0 · (Zt + Z0·tanh γl) / (Z0 + Zt·tanh γl). */
function inputImpedance(cable: Cable, km: number, terminated: Complex, hz: number): Complex {
  const omega = 2 * Math.PI * hz;
  const series = { re: cable.ohms, im: omega * cable.millihenries * 1e-3 };
  const shunt = { re: cable.microsiemens * 1e-6, im: omega * cable.nanofarads * 1e-9 };
  const gamma = root(multiply(series, shunt));
  const z0 = root(divide(series, shunt));
  const there = turned(Math.exp(2 * gamma.re * km), 2 * gamma.im * km);
  const tanh = divide(add(there, one, -1), add(there, one));
  return multiply(z0, divide(add(terminated, multiply(z0, tanh)), add(z0, multiply(terminated, tanh))));
}

function impedance({ series, parallel, blockedBy }: Termination, hz: number): Complex {
  const omega = 2 * Math.PI * hz;
  let sum: Complex = { re: series, im: blockedBy === undefined ? 0 : -1 / (omega * blockedBy) };
  if (parallel !== undefined) sum = add(sum, divide({ re: parallel.ohms, im: 0 }, { re: 1, im: omega * parallel.ohms * parallel.farads }));
  return sum;
}

/** Both directions of a codec's filters (ITU-T G.712): −3 dB near 200 and 3500 Hz. */
function codecGain(hz: number): number {
  const high = 1 / (1 + (150 / hz) ** 4);
  const low = 1 / (1 + (hz / 3_650) ** 24);
  return high * low;
}

interface Complex {
  readonly re: number;
  readonly im: number;
}

function add(a: Complex, b: Complex, times = 1): Complex {
  return { re: a.re + times * b.re, im: a.im + times * b.im };
}

function multiply(a: Complex, b: Complex): Complex {
  return { re: a.re * b.re - a.im * b.im, im: a.re * b.im + a.im * b.re };
}

function divide(a: Complex, b: Complex): Complex {
  const size = b.re ** 2 + b.im ** 2;
  return { re: (a.re * b.re + a.im * b.im) / size, im: (a.im * b.re - a.re * b.im) / size };
}

function root({ re, im }: Complex): Complex {
  return turned(Math.sqrt(Math.hypot(re, im)), Math.atan2(im, re) / 2);
}

function turned(size: number, angle: number): Complex {
  return { re: size * Math.cos(angle), im: size * Math.sin(angle) };
}

const one: Complex = { re: 1, im: 0 };
const points = 1_024;
const pathTaps = 256;
const codecDelaySeconds = 2e-3;

import type { Cable, TwoPort } from './cable.ts';
import { cableTwoPort } from './cable.ts';
import { type Complex, add, divide, multiply, one, polar, real, subtract, times } from './complex.ts';
import { Fourier } from './fourier.ts';

/** What is at a frequency, in ohms. */
export type ImpedanceOfHz = (hz: number) => Complex;

export interface VoicePath {
  readonly cable: Cable;
  readonly near: ImpedanceOfHz;
  readonly far: ImpedanceOfHz;
  /** A parallel set off hook across the far end. */
  readonly across?: ImpedanceOfHz;
}

/** At one frequency; waves are half the open-circuit voltage of who sends, so that between equal impedances all of it arrives. */
export interface Scattering {
  /** What comes back to the near end through a hybrid that balances for the near end's own impedance. */
  readonly nearEcho: Complex;
  readonly farEcho: Complex;
  readonly nearToFar: Complex;
  readonly farToNear: Complex;
}

export function scattering(path: VoicePath, hz: number): Scattering {
  return scatteringOf(cableTwoPort(path.cable, hz), path, hz);
}

function scatteringOf(cable: TwoPort, { near, far, across }: Omit<VoicePath, 'cable'>, hz: number): Scattering {
  const zn = near(hz);
  const zf = far(hz);
  const { a, b, c, d } = bridged(cable, across?.(hz));
  const through = add(add(multiply(a, zf), b), multiply(zn, add(multiply(c, zf), d)));
  const fromNear = divide(add(multiply(a, zf), b), add(multiply(c, zf), d));
  const fromFar = divide(add(multiply(d, zn), b), add(multiply(c, zn), a));
  return {
    nearEcho: reflection(fromNear, zn),
    farEcho: reflection(fromFar, zf),
    nearToFar: times(divide(zf, through), 2),
    farToNear: times(divide(zn, through), 2),
  };
}

/** (Z line − Z card) / (Z line + Z card). */
export function reflection(line: Complex, card: Complex): Complex {
  return divide(subtract(line, card), add(line, card));
}

/** Power mean of 500 to 2500 Hz, dB (ITU-T G.122 with flat weights). */
export function echoReturnLossDb(path: VoicePath): number {
  let power = 0;
  let points = 0;
  for (let hz = 500; hz <= 2_500; hz += 50, points++) {
    const { re, im } = scattering(path, hz).nearEcho;
    power += re ** 2 + im ** 2;
  }
  return -10 * Math.log10(power / points);
}

/** At 8 kHz, through the low pass of the codecs and 1 ms late because of it; at most `taps`, in whole fours. */
export interface ImpulseResponses {
  readonly nearEcho: Float64Array;
  readonly farEcho: Float64Array;
  readonly nearToFar: Float64Array;
  readonly farToNear: Float64Array;
}

/** A cable at every frequency of the transform: computed once, whatever is at its ends. */
export function cableSpectrum(cable: Cable): readonly TwoPort[] {
  return Array.from({ length: points / 2 + 1 }, (_, k) => cableTwoPort(cable, hzOf(k)));
}

export function impulseResponses(path: VoicePath, cable: readonly TwoPort[] = cableSpectrum(path.cable)): ImpulseResponses {
  const echoes = new RealPair();
  const paths = new RealPair();
  for (let k = 0; k <= points / 2; k++) {
    const hz = hzOf(k);
    const codec = polar(lowPass(hz), -2 * Math.PI * hz * codecDelaySeconds);
    const at = scatteringOf(cable[k]!, path, hz);
    echoes.set(k, multiply(at.nearEcho, codec), multiply(at.farEcho, codec));
    paths.set(k, multiply(at.nearToFar, codec), multiply(at.farToNear, codec));
  }
  const [nearEcho, farEcho] = echoes.responses();
  const [nearToFar, farToNear] = paths.responses();
  return { nearEcho, farEcho, nearToFar, farToNear };
}

/**
 * The spectra of two real responses as that of one complex response. Causal: what lies beyond the taps has died away, and what came
 * before time zero is beyond them too.
 */
class RealPair {
  readonly #re = new Float64Array(points);
  readonly #im = new Float64Array(points);

  set(k: number, first: Complex, second: Complex): void {
    // Real ends of the spectrum.
    const sign = k === 0 || k === points / 2 ? 0 : 1;
    this.#re[k] = first.re - sign * second.im;
    this.#im[k] = sign * first.im + second.re;
    if (sign === 0) return;
    this.#re[points - k] = first.re + second.im;
    this.#im[points - k] = second.re - first.im;
  }

  /** Once. */
  responses(): readonly [Float64Array, Float64Array] {
    fourier.transform(this.#re, this.#im, 1);
    const responseIn = (sums: Float64Array): Float64Array => trimmed(sums.subarray(0, taps).map((sum) => sum / points));
    return [responseIn(this.#re), responseIn(this.#im)];
  }
}

function hzOf(k: number): number {
  return Math.max(1, (k * 8_000) / points);
}

/** To as many fours of taps as hold all but a ten-millionth of the power. */
function trimmed(response: Float64Array): Float64Array {
  const total = response.reduce((sum, tap) => sum + tap ** 2, 0);
  let length = response.length;
  for (let beyond = 0; length > 4; length -= 4) {
    for (let n = length - 4; n < length; n++) beyond += response[n]! ** 2;
    if (beyond > 1e-7 * total) break;
  }
  return response.slice(0, length);
}

/** The impedance across the far end, as a part of the cable. */
function bridged(cable: TwoPort, across: Complex | undefined): TwoPort {
  if (across === undefined) return cable;
  const y = divide(one, across);
  return { a: add(cable.a, multiply(cable.b, y)), b: cable.b, c: add(cable.c, multiply(cable.d, y)), d: cable.d };
}

/** The filters of ITU-T G.712 above the band: even to 3400 Hz, nothing at 4000 Hz. */
function lowPass(hz: number): number {
  if (hz <= bandHz) return 1;
  return hz >= 4_000 ? 0 : (1 + Math.cos((Math.PI * (hz - bandHz)) / (4_000 - bandHz))) / 2;
}

/** For a termination without frequency dependence. */
export function resistance(ohms: number): ImpedanceOfHz {
  const z = real(ohms);
  return () => z;
}

/** 16 ms. */
export const taps = 128;
const points = 512;
const bandHz = 3_400;
const codecDelaySeconds = 1e-3;
const fourier = new Fourier(points);

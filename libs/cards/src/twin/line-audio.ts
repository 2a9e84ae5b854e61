import type { Cable } from './cable.ts';
import { type Disturbance, Disturber } from './disturbance.ts';
import { type ImpedanceOfHz, type ImpulseResponses, impulseResponses, resistance } from './echo-path.ts';
import { FirFilter } from './fir-filter.ts';
import { impedanceAt, impedances } from './impedance.ts';
import { type EndCircuit, type LineEnd, other, type Side } from './line-end.ts';
import { ringerImpedance } from './ringing.ts';

/** Audio of a line: both directions, and what each end hears of itself. */
export class LineAudio {
  readonly #cables: readonly [Cable, Cable];
  readonly #known = new Map<string, ImpulseResponses>();
  readonly #sides: readonly [AudioSide, AudioSide];
  #joined = '';

  constructor(cables: readonly [Cable, Cable], disturbance: Disturbance, seed: number) {
    this.#cables = cables;
    this.#sides = [new AudioSide(disturbance, 2 * seed), new AudioSide(disturbance, 2 * seed + 1)];
  }

  /** What the ends are now; computed once for each pair of what they can be. */
  join(near: Side, from: EndCircuit, to: EndCircuit, sets: 'alone' | 'parallel'): void {
    // Without battery the electronics of a set are dead, and nothing is heard.
    const key = from.feed === null ? 'dead' : `${near} ${voiceKey(from)} ${voiceKey(to)} ${sets}`;
    if (key === this.#joined) return;
    this.#joined = key;
    const responses = key === 'dead' ? null : this.#responses(key, near, from, to, sets);
    this.#sides[near].set(responses?.nearEcho, responses?.farToNear);
    this.#sides[other(near)].set(responses?.farEcho, responses?.nearToFar);
  }

  exchange(side: Side, far: LineEnd, sent: Float32Array, received: Float32Array): void {
    const here = this.#sides[side];
    const there = this.#sides[other(side)];
    here.sent.set(sent);
    if (!far.clocked) {
      there.sent.fill(0);
      far.speak(there.sent);
      // A script has no ear for itself.
      there.receive(silence, here.sent, there.received);
      far.hear(there.received);
    }
    here.receive(sent, there.sent, received);
  }

  /** A spike is heard at both ends. */
  click(voltsRms: number, ms: number): void {
    for (const side of this.#sides) side.disturber.click(voltsRms, ms);
  }

  #responses(key: string, near: Side, from: EndCircuit, to: EndCircuit, sets: 'alone' | 'parallel'): ImpulseResponses {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const across = sets === 'parallel' ? { across: parallelSet } : {};
    const computed = impulseResponses({ cable: this.#cables[near], near: voiceImpedance(from), far: voiceImpedance(to), ...across });
    this.#known.set(key, computed);
    return computed;
  }
}

/** One end's ears. */
class AudioSide {
  readonly sent = new Float32Array(blockSamples);
  readonly received = new Float32Array(blockSamples);
  readonly #echo = new FirFilter(blockSamples);
  readonly #arriving = new FirFilter(blockSamples);
  readonly disturber: Disturber;

  constructor(disturbance: Disturbance, seed: number) {
    this.disturber = new Disturber(disturbance, seed);
  }

  set(echo: Float64Array | undefined, arriving: Float64Array | undefined): void {
    this.#echo.response = echo ?? null;
    this.#arriving.response = arriving ?? null;
  }

  receive(fromHere: Float32Array, fromThere: Float32Array, into: Float32Array): void {
    into.fill(0);
    this.#echo.add(fromHere, into);
    this.#arriving.add(fromThere, into);
    this.disturber.add(into);
  }
}

function voiceKey({ voice, ren }: EndCircuit): string {
  return voice === 'bell' ? `bell ${ren}` : voice;
}

function voiceImpedance({ voice, ren }: EndCircuit): ImpedanceOfHz {
  return voice === 'bell' ? (hz) => ringerImpedance(ren, hz) : (hz) => impedanceAt(impedances[voice], hz);
}

const parallelSet = resistance(600);
const blockSamples = 160;
const silence = new Float32Array(blockSamples);

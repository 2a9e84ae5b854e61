import type { Cable, TwoPort } from './cable.ts';
import { type Disturbance, Disturber } from './disturbance.ts';
import { cableSpectrum, type ImpedanceOfHz, impulseResponses, resistance } from './echo-path.ts';
import { FirFilter } from './fir-filter.ts';
import { impedanceAt, impedances } from './impedance.ts';
import { type EndCircuit, type LineEnd, other, type Side } from './line-end.ts';
import { type PathResponse, pathResponse } from './path-response.ts';
import { ringerImpedance } from './ringing.ts';

/**
 * Audio of a line: both directions, and what each end hears of itself. Blocks end by the clock of an end; what changes within one
 * (hook, battery, ringing) takes effect at its sample: until there the block is worked off as things were.
 */
export class LineAudio {
  readonly #cables: readonly [Cable, Cable];
  /** As each side sees it, once it was needed. */
  readonly #spectra: [readonly TwoPort[] | null, readonly TwoPort[] | null] = [null, null];
  readonly #ends: readonly [LineEnd, LineEnd];
  readonly #known = new Map<string, Paths>();
  readonly #sides: readonly [AudioSide, AudioSide];
  #joined = '';

  /** `ends` is the line's own pair, which it may change. */
  constructor(cables: readonly [Cable, Cable], ends: readonly [LineEnd, LineEnd], disturbance: Disturbance, seed: number) {
    this.#cables = cables;
    this.#ends = ends;
    this.#sides = [new AudioSide(disturbance, 2 * seed), new AudioSide(disturbance, 2 * seed + 1)];
  }

  set disturbance(disturbance: Disturbance) {
    for (const { disturber } of this.#sides) disturber.what = disturbance;
  }

  /** What the ends are from now on; computed once for each pair of what they can be. */
  join(near: Side, from: EndCircuit, to: EndCircuit, sets: Sets): void {
    // Without battery the electronics of a set are dead, and nothing is heard.
    const key = from.feed === null ? 'dead' : `${near} ${voiceKey(from)} ${voiceKey(to)} ${sets}`;
    if (key === this.#joined) return;
    this.#joined = key;
    const responses = key === 'dead' ? null : this.#responses(key, near, from, to, sets);
    const whole = sets === 'cut' ? null : responses;
    this.#sides[near].set(responses?.nearEcho, whole?.farToNear);
    this.#sides[other(near)].set(whole?.farEcho, whole?.nearToFar);
  }

  /** Whether the ends speak may have changed. */
  gate(): void {
    for (const side of bothSides) this.#sides[side].speaks = this.#ends[side].speaks;
  }

  /** Everything before `atMs` is as it was until now. */
  catchUp(atMs: number): void {
    for (const side of bothSides) {
      const { outgoing, beganMs } = this.#sides[side];
      if (outgoing !== null) this.#work(side, outgoing, Math.min(blockSamples, Math.round((atMs - beganMs) * samplesPerMs)));
    }
  }

  exchange(side: Side, sent: Float32Array, received: Float32Array, atMs: number): void {
    const here = this.#sides[side];
    const there = this.#sides[other(side)];
    const far = this.#ends[other(side)];
    this.#work(side, sent, blockSamples);
    received.set(here.received);
    if (far.clocked) {
      here.sentLast.set(here.sent);
      here.arriving.set(there.sentLast);
    } else far.hear(there.received);
    here.outgoing = sent;
    here.beganMs = atMs;
    here.done = 0;
  }

  /** Another end has no block begun. */
  restart(side: Side): void {
    const here = this.#sides[side];
    here.outgoing = null;
    here.done = 0;
    here.arriving.fill(0);
  }

  /** A spike is heard at both ends. */
  click(voltsRms: number, ms: number): void {
    for (const side of this.#sides) side.disturber.click(voltsRms, ms);
  }

  /** The block of a clocked side, up to this sample. */
  #work(side: Side, outgoing: Float32Array, to: number): void {
    const here = this.#sides[side];
    const there = this.#sides[other(side)];
    const far = this.#ends[other(side)];
    const from = here.done;
    if (to <= from) return;
    here.done = to;
    for (let n = from; n < to; n++) here.sent[n] = here.speaks ? outgoing[n]! : 0;
    if (far.clocked) return here.receive(here.sent, here.arriving, from, to);
    there.sent.fill(0, from, to);
    far.speak(there.sent, from, to);
    // It goes on while nobody hears it.
    if (!there.speaks) there.sent.fill(0, from, to);
    // A script has no ear for itself.
    there.receive(silence, here.sent, from, to);
    here.receive(here.sent, there.sent, from, to);
  }

  #responses(key: string, near: Side, from: EndCircuit, to: EndCircuit, sets: Sets): Paths {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const across = sets === 'parallel' ? { across: parallelSet } : {};
    const { nearEcho, farEcho, nearToFar, farToNear } = impulseResponses({ cable: this.#cables[near], near: voiceImpedance(from), far: voiceImpedance(to), ...across }, (this.#spectra[near] ??= cableSpectrum(this.#cables[near])));
    const computed: Paths = { nearEcho: pathResponse(nearEcho), farEcho: pathResponse(farEcho), nearToFar: pathResponse(nearToFar), farToNear: pathResponse(farToNear) };
    this.#known.set(key, computed);
    return computed;
  }
}

type Paths = Readonly<Record<'nearEcho' | 'farEcho' | 'nearToFar' | 'farToNear', PathResponse>>;

/** At the far end of the cable: the far end alone, a telephone beside it, or nothing because it is cut. */
type Sets = 'alone' | 'parallel' | 'cut';

/** One end's mouth and ears. */
class AudioSide {
  speaks = false;
  /** Of a clocked end, since its first exchange: what goes out in the block that began at `beganMs`; `done` samples of it are worked off. */
  outgoing: Float32Array | null = null;
  beganMs = 0;
  done = 0;
  readonly sent = new Float32Array(blockSamples);
  readonly received = new Float32Array(blockSamples);
  /** Between two clocked ends whole blocks pass: the last one sent, and the far end's that arrives during the present one. */
  readonly sentLast = new Float32Array(blockSamples);
  readonly arriving = new Float32Array(blockSamples);
  readonly disturber: Disturber;
  readonly #echo = new FirFilter(blockSamples);
  readonly #path = new FirFilter(blockSamples);

  constructor(disturbance: Disturbance, seed: number) {
    this.disturber = new Disturber(disturbance, seed);
  }

  set(echo: PathResponse | undefined, path: PathResponse | undefined): void {
    this.#echo.response = echo ?? null;
    this.#path.response = path ?? null;
  }

  receive(fromHere: Float32Array, fromThere: Float32Array, from: number, to: number): void {
    this.received.fill(0, from, to);
    this.#echo.add(fromHere, this.received, from, to);
    this.#path.add(fromThere, this.received, from, to);
    this.disturber.add(this.received, from, to);
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
const samplesPerMs = 8;
const silence = new Float32Array(blockSamples);
const bothSides = [0, 1] as const;

import { lanes, type Address, type AudioRows, type Dsp } from './dsp.ts';

/** What a channel's canceller does. All are on at first. */
export interface EchoSwitches {
  /** Off: the estimate is frozen, and still subtracted. */
  readonly adapt: boolean;
  /** The non-linear processor: what is left of the echo is suppressed, band by band. */
  readonly suppress: boolean;
  /** In place of what was suppressed, noise like that of the line. Nothing without `suppress`. */
  readonly comfortNoise: boolean;
  /** 2100 Hz with phase reversals from either side disables the canceller until both sides are quiet (G.168 clause 7). */
  readonly toneDisabler: boolean;
}

/** A live view: `EchoCancellers.read` brings it up to date. */
export interface EchoReading {
  /** Echo return loss: level sent to the line over level that comes back. */
  readonly erlDb: number;
  /** What the canceller adds to it, without the suppressor. */
  readonly erleDb: number;
  /** What is left after cancellation while the far end speaks, without the suppressor. */
  readonly residualDbm0: number;
  readonly converged: boolean;
  /** By a modem's answer tone; the near side passes untouched. */
  readonly disabled: boolean;
}

/** Line echo cancellers (ITU-T G.168) of a number of channels. They add no delay. */
export class EchoCancellers {
  readonly #c: EchoCancellerExports;
  readonly #groups: readonly Address[];
  readonly #switches: EchoSwitches[];
  readonly #readings: readonly Reading[];

  /** `channels` is rounded up to whole groups of four; `tailMs` is the longest echo path with its delay. */
  constructor(dsp: Dsp, { channels, tailMs }: { readonly channels: number; readonly tailMs: 32 | 64 | 128 }) {
    this.#c = dsp.exports as EchoCancellerExports;
    this.#groups = Array.from({ length: Math.ceil(channels / lanes) }, () => {
      const group = dsp.allocate(this.#c.echo_canceller_size(tailMs));
      this.#c.echo_canceller_init(group, tailMs);
      return group;
    });
    this.#switches = this.#groups.flatMap(() => Array.from({ length: lanes }, () => allOn));
    this.#readings = this.#switches.map((_, channel) => new Reading(dsp, this.#c.echo_canceller_read(this.#group(channel), channel % lanes)));
  }

  /** Those that are not named stay as they are. */
  set(channel: number, switches: Partial<EchoSwitches>): void {
    const all = { ...this.#switches[channel]!, ...switches };
    this.#switches[channel] = all;
    const bits = (all.adapt ? 1 : 0) | (all.suppress ? 2 : 0) | (all.comfortNoise ? 4 : 0) | (all.toneDisabler ? 8 : 0);
    this.#c.echo_canceller_switch(this.#group(channel), channel % lanes, bits);
  }

  /** For a new call: the channel knows nothing any more; its switches stay. */
  reset(channel: number): void {
    this.#c.echo_canceller_reset(this.#group(channel), channel % lanes);
  }

  /**
   * The four channels of a group: `far` is sent to the lines, `near` comes from them, `out` is near without the echo of far
   * and may be `near` itself. Rows are a multiple of 32 samples, and as long as each other: a tick is 160.
   */
  process(group: number, far: AudioRows, near: AudioRows, out: AudioRows): void {
    const row = group * lanes;
    this.#c.echo_canceller_process(this.#groups[group]!, far.addressOf(row), far.samples, near.addressOf(row), near.samples, out.addressOf(row), out.samples, near.samples);
  }

  /** The same object each time, up to date. */
  read(channel: number): EchoReading {
    this.#c.echo_canceller_read(this.#group(channel), channel % lanes);
    return this.#readings[channel]!;
  }

  #group(channel: number): Address {
    return this.#groups[Math.floor(channel / lanes)]!;
  }
}

class Reading implements EchoReading {
  readonly #levels: Float32Array;
  readonly #flags: Int32Array;

  constructor(dsp: Dsp, address: Address) {
    this.#levels = dsp.float32(address, 3);
    this.#flags = dsp.int32(address + 12, 2);
  }

  get erlDb(): number {
    return this.#levels[0]!;
  }

  get erleDb(): number {
    return this.#levels[1]!;
  }

  get residualDbm0(): number {
    return this.#levels[2]!;
  }

  get converged(): boolean {
    return this.#flags[0] === 1;
  }

  get disabled(): boolean {
    return this.#flags[1] === 1;
  }
}

interface EchoCancellerExports {
  echo_canceller_size(tailMs: number): number;
  echo_canceller_init(canceller: Address, tailMs: number): void;
  echo_canceller_switch(canceller: Address, lane: number, switches: number): void;
  echo_canceller_reset(canceller: Address, lane: number): void;
  echo_canceller_process(canceller: Address, far: Address, farStride: number, near: Address, nearStride: number, out: Address, outStride: number, count: number): void;
  echo_canceller_read(canceller: Address, lane: number): Address;
}

const allOn: EchoSwitches = { adapt: true, suppress: true, comfortNoise: true, toneDisabler: true };

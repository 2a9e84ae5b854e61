import type { AudioRows } from '../../dsp.ts';
import { EchoCancellers, type EchoReading, type EchoSwitches } from '../../echo-canceller.ts';
import { addSamples, aLawRoundTrip, muLawRoundTrip } from '../signals.ts';
import { testDsp } from '../test-dsp.ts';
import { worseningDb, type Recording } from './echo-measures.ts';
import { addEcho, openPath, type EchoPath } from './echo-path.ts';

/** G.711 on both ways between the canceller and the hybrid, as a TDM card or an ATA has it. */
export type Law = 'A' | 'µ';

/** For all channels the same, or one each. */
export type Signal = Float64Array | readonly Float64Array[];

/**
 * The test configuration of ITU-T G.168 figure 6: a canceller, an echo path, a near party, companding. Time goes on from run to
 * run; the path, the switches and the H register are changed in between. The suppressor and comfort noise are off at first.
 */
export class EchoTestBed {
  readonly #cancellers: EchoCancellers;
  readonly #far: AudioRows;
  readonly #near: AudioRows;
  readonly #roundTrip: (signal: Float64Array) => Int16Array;
  readonly #paths: EchoPath[];
  /** What was sent last, each channel: its echo may still be under way. */
  readonly #past: Int16Array[];
  #worst = -Infinity;

  constructor({ paths, law = 'A', tailMs = 64 }: { readonly paths: readonly EchoPath[]; readonly law?: Law; readonly tailMs?: 32 | 64 | 128 }) {
    const dsp = testDsp();
    this.#cancellers = new EchoCancellers(dsp, { channels: paths.length, tailMs });
    const rows = Math.ceil(paths.length / 4) * 4;
    this.#far = dsp.rows(rows, tick);
    this.#near = dsp.rows(rows, tick);
    this.#roundTrip = companding(law);
    this.#paths = [...paths];
    this.#past = paths.map(() => new Int16Array(pastSamples));
    this.switch({ suppress: false, comfortNoise: false });
  }

  switch(switches: Partial<EchoSwitches>): void {
    for (const channel of this.#paths.keys()) this.#cancellers.set(channel, switches);
  }

  /** The H registers are cleared. */
  clear(): void {
    for (const channel of this.#paths.keys()) this.#cancellers.reset(channel);
  }

  /** Another echo path from the next sample on. */
  connect(channel: number, path: EchoPath): void {
    this.#paths[channel] = path;
  }

  /** The hybrids are gone. What the canceller could not yet know of it must be judged by the test itself: see `worseningDb`. */
  disconnect(): void {
    this.#paths.fill(openPath);
  }

  reading(channel: number): EchoReading {
    return this.#cancellers.read(channel);
  }

  /** Of all runs so far with an echo path, and all channels: by how much the canceller made a line worse in its worst 200 ms, dB. */
  get worseningDb(): number {
    return this.#worst;
  }

  /** Signals are cut to whole ticks of 20 ms. Without `talk` the near party is silent. */
  run(far: Signal, talk: Signal = new Float64Array(0)): readonly Recording[] {
    const recordings = this.#paths.map((path, channel) => this.#line(channel, path, of(far, channel), of(talk, channel)));
    for (let at = 0; at < recordings[0]!.far.length; at += tick) {
      for (const [channel, { far: sent, near }] of recordings.entries()) {
        this.#far.row(channel).set(sent.subarray(at, at + tick));
        this.#near.row(channel).set(near.subarray(at, at + tick));
      }
      for (let group = 0; group * 4 < recordings.length; group++) this.#cancellers.process(group, this.#far, this.#near, this.#near);
      for (const [channel, { out }] of recordings.entries()) out.set(this.#near.row(channel), at);
    }
    for (const [channel, recording] of recordings.entries()) if (this.#paths[channel] !== openPath) this.#worst = Math.max(this.#worst, worseningDb(recording));
    return recordings;
  }

  #line(channel: number, path: EchoPath, far: Float64Array, talk: Float64Array): Recording {
    const samples = far.length - (far.length % tick);
    const past = this.#past[channel]!;
    const sent = new Int16Array(pastSamples + samples);
    sent.set(past);
    sent.set(this.#roundTrip(far.subarray(0, samples)), pastSamples);
    const echo = new Float64Array(pastSamples + samples);
    addEcho(path, sent, echo, pastSamples, pastSamples + samples);
    past.set(sent.subarray(samples));
    const heard = echo.slice(pastSamples);
    const said = new Float64Array(samples);
    said.set(talk.subarray(0, samples));
    const near = this.#roundTrip(addSamples(heard, said));
    return { far: sent.slice(pastSamples), echo: heard, talk: said, near, out: new Int16Array(samples) };
  }
}

export function seconds(count: number): number {
  return Math.round(count * 8_000);
}

/** By table: hours of audio go through it. */
function companding(law: Law): (signal: Float64Array) => Int16Array {
  const table = (tables[law] ??= (law === 'A' ? aLawRoundTrip : muLawRoundTrip)(Float64Array.from({ length: 65_536 }, (_, index) => index - 32_768)));
  return (signal) => {
    const out = new Int16Array(signal.length);
    for (let n = 0; n < out.length; n++) out[n] = table[Math.max(0, Math.min(65_535, Math.round(signal[n]!) + 32_768))]!;
    return out;
  };
}

function of(signal: Signal, channel: number): Float64Array {
  return signal instanceof Float64Array ? signal : signal[channel]!;
}

const tables: Partial<Record<Law, Int16Array>> = {};
const tick = 160;
/** The longest echo path: 128 ms and its hybrid. */
const pastSamples = 1_600;

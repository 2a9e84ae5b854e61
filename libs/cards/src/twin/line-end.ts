import type { DcLoad, Feed } from './dc-loop.ts';
import type { ImpedanceName } from './impedance.ts';
import type { RingSource } from './ringing.ts';

/** What is at an end of a pair of wires: a port of a card, a central office, a telephone. */
export interface LineEnd {
  /** A port has a clock of its own and moves the audio of both ends; scripts follow. Two ports move their own sides. */
  readonly clocked: boolean;
  /** What it is to the line now. Tell `LinePlug.changed` whenever this is another. */
  circuit(): EndCircuit;
  /** Null: it was pulled. */
  plugged(plug: LinePlug | null): void;
  /** The line has come to rest, not always in another state. */
  settled(): void;
  /** Whether what it sends goes out now. Looked at whenever the line has come to rest. */
  readonly speaks: boolean;
  /** Of an end that is not clocked: what it sends, these samples of a block, in order. `into` is zero there. */
  speak(into: Float32Array, from: number, to: number): void;
  /** Of an end that is not clocked: 20 ms. */
  hear(received: Float32Array): void;
}

export interface EndCircuit {
  /** Null: it feeds no line, or has opened the loop. */
  readonly feed: LineFeed | null;
  readonly ringing: RingSource | null;
  /** Null: on hook. */
  readonly load: DcLoad | null;
  /** Of the bell, which is always across the line; 0 has none. */
  readonly ren: number;
  /** To voice. `bell`: on hook, nothing but the bell. */
  readonly voice: ImpedanceName | 'bell';
}

export interface LineFeed extends Feed {
  readonly reversed: boolean;
}

/** The end's hold on its line. Audio is in units of 16-bit samples, half the open-circuit voltage of who sends. */
export interface LinePlug {
  readonly state: LineState;
  changed(): void;
  /** To be called before what an end says becomes another: until now it was what it was. */
  catchUp(): void;
  /**
   * By a clocked end: the 20 ms that are over at `atMs` go both ways. `received` is overwritten. From now on `sent` holds what goes out
   * in the next 20 ms: always the same array, filled anew after each exchange and then left alone.
   */
  exchange(sent: Float32Array, received: Float32Array, atMs: number): void;
}

/** As measured at this end. */
export interface LineState {
  readonly volts: number;
  readonly reversed: boolean;
  readonly amperes: number;
  /** What alternates here: ringing of the far end, or induced into the cable (frequency null: a spike has none). */
  readonly alternating: Alternating | null;
  /** Given by this end while it rings. */
  readonly ringAmperes: number;
}

export interface Alternating {
  readonly voltsRms: number;
  readonly hz: number | null;
}

export const deadLine: LineState = { volts: 0, reversed: false, amperes: 0, alternating: null, ringAmperes: 0 };

export const nothingThere: EndCircuit = { feed: null, ringing: null, load: null, ren: 0, voice: 'bell' };

/** The two ends of a line. */
export type Side = 0 | 1;

export function other(side: Side): Side {
  return side === 0 ? 1 : 0;
}

import type { PacketIo } from '../packet-io/packet-io.ts';
import type { WorkerEvent } from './worker-event.ts';

/** What all terminations of a worker share. */
export interface Surroundings {
  readonly io: PacketIo;
  readonly statistics: Float64Array;
  readonly random: () => number;
  readonly cname: string;
  readonly mediaTimeoutMs: number;
  readonly tell: (event: WorkerEvent) => void;
  /** Has the termination of a pair send a digit (RFC 4733). */
  readonly dial: (pair: number, event: number, durationMs: number) => void;
}

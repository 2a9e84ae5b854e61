import type { PacketIo } from '../packet-io/packet-io.ts';
import type { RtpTermination } from './rtp-termination.ts';
import type { WorkerEvent } from './worker-event.ts';

/** What all terminations of a worker share. */
export interface Surroundings {
  readonly io: PacketIo;
  readonly statistics: Float64Array;
  readonly random: () => number;
  readonly cname: string;
  readonly mediaTimeoutMs: number;
  readonly tell: (event: WorkerEvent) => void;
  /** Has a termination send a digit (RFC 4733). */
  readonly dial: (termination: RtpTermination, event: number, durationMs: number) => void;
}

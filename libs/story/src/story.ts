import type { AttemptRecord, CallId, Cause, EndpointId, Evidence, LegId, LegRole } from '@tipring/telephony';
import type { SdpFacts } from './sdp-facts.ts';
import type { Verdict } from './verdict.ts';

/**
 * What happened in a call and what was wrong with it. Made when it is asked for, from the record, its SIP ladder and nothing else; plain JSON.
 * Instants are ms since the epoch.
 */
export interface Story {
  readonly callId: CallId;
  /** The worst verdict in one sentence. */
  readonly summary: string;
  /** Worst first; never empty: where nothing was wrong, that is the verdict. */
  readonly verdicts: readonly Verdict[];
  /** The ways that were tried, in their order. */
  readonly attempts: readonly AttemptRecord[];
  readonly legs: readonly StoryLeg[];
  /** Everything, in the order in which it happened. */
  readonly timeline: readonly TimelineEntry[];
  readonly ladder: {
    /** False: no SIP in this call, or its messages are not kept any more. */
    readonly isKept: boolean;
    readonly messages: number;
    /** So many more there were. */
    readonly omitted: number;
  };
}

/** `line`: what happened on an analog port's wires; `media`: packets; `routing`: how it was decided where to; `call`: the rest of the record's story. */
export type TimelineKind = 'call' | 'routing' | 'sip' | 'line' | 'media';

export interface TimelineEntry {
  readonly at: number;
  readonly kind: TimelineKind;
  readonly leg: LegId | null;
  /** Of a story entry its type, of a message its method or status. */
  readonly type: string;
  readonly text: string;
  readonly data?: Readonly<Record<string, unknown>>;
  /** Of `sip` alone. */
  readonly message?: SipStep;
}

/** One arrow of the ladder. */
export interface SipStep {
  readonly direction: 'received' | 'sent';
  readonly transport: string;
  /** `address:port`; null: which of our sockets is not known. */
  readonly local: string | null;
  readonly remote: string;
  readonly start: string;
  readonly method: string;
  /** Null: a request. */
  readonly status: number | null;
  readonly cseq: number;
  /** How often it was on the wire, and when last. */
  readonly times: number;
  readonly lastAt: number;
  /** Those that are asked for: who, by which way, why. */
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly sdp: SdpFacts | null;
  /** As it was on the wire, secrets crossed out. */
  readonly text: string;
}

export interface StoryLeg {
  readonly id: LegId;
  readonly endpoint: EndpointId;
  readonly role: LegRole;
  readonly carrier: LegCarrier;
  /** Call-ID, or the port. */
  readonly reference: string;
  readonly startedAt: number;
  readonly answeredAt: number | null;
  readonly endedAt: number | null;
  readonly cause: Cause | null;
  readonly evidence: Evidence | null;
  /** Null: no media was measured. */
  readonly media: LegMediaFacts | null;
  /** Null: not an analog port, or the call was too short to measure it. */
  readonly port: PortFacts | null;
}

export type LegCarrier = 'device' | 'trunk' | 'line' | 'station' | 'other';

/** Of packets between this PBX and the leg's far end. */
export interface LegMediaFacts {
  readonly codec: string | null;
  /** What came from it. */
  readonly received: { readonly packets: number; readonly lost: number; readonly discarded: number; readonly jitterMs: number; readonly worstJitterMs: number; readonly mos: number | null };
  /** What went to it; `lost` and `jitterMs` as it reported them by RTCP, null when it did not. */
  readonly sent: { readonly packets: number; readonly lost: number | null; readonly jitterMs: number | null };
  readonly roundTripMs: number | null;
  /** Where its last SDP wanted packets; null: no ladder. */
  readonly signalled: string | null;
  /** Where packets really came from, in their order; empty: none came, or they are not told. */
  readonly heardFrom: readonly string[];
  readonly firstPacketAt: number | null;
  /** Nothing came though it should have; `to` null: until the end. */
  readonly silences: readonly { readonly from: number; readonly to: number | null }[];
}

/** Of an analog port while it was in the call, as measured last; levels in dBm0. Null: not measured. */
export interface PortFacts {
  readonly receivedDbm0: number | null;
  readonly sentDbm0: number | null;
  /** Samples at full scale. */
  readonly clipped: number;
  readonly humDbm0: number | null;
  readonly mainsHz: number | null;
  /** Echo return loss, and what the canceller adds to it. */
  readonly erlDb: number | null;
  readonly erleDb: number | null;
  readonly loopMa: number | null;
}

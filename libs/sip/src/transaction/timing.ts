import type { Timers } from '@tipring/clock';
import type { SipResponse } from '../message/message.ts';
import type { Flow, Transport } from '../transport/flow.ts';
import type { WaitState } from './wait-state.ts';

/** RFC 3261 table 4, in milliseconds. */
export interface TransactionTiming {
  /** Round-trip estimate. */
  readonly t1Ms: number;
  /** Longest retransmission interval. */
  readonly t2Ms: number;
  /** Longest life of a datagram in the network. */
  readonly t4Ms: number;
}

export const rfcTiming: TransactionTiming = { t1Ms: 500, t2Ms: 4000, t4Ms: 5000 };

/** Totals since the layer was made. */
export interface TransactionCounters {
  inviteClients: number;
  nonInviteClients: number;
  inviteServers: number;
  nonInviteServers: number;
  /** Requests and responses we sent again. */
  retransmissionsSent: number;
  /** Messages of the peer that were repetitions. */
  retransmissionsReceived: number;
  /** Timers B, F and H. */
  timeouts: number;
  transportFailures: number;
  /** New requests refused with 503 because too many were open. */
  overloads: number;
  /** RFC 3261 8.2.2.2. */
  mergedRequests: number;
  strayResponses: number;
  /** Bytes that were no message, by the parser's reason; answered ones too. */
  readonly refusedBytes: Map<string, number>;
}

/** What the four machines share. */
export interface Machinery {
  readonly timers: Timers;
  readonly transport: Transport;
  readonly timing: TransactionTiming;
  readonly counters: TransactionCounters;
  /** D, J, L and M: 64 T1. */
  readonly longWait: WaitState;
  /** I and K: T4. */
  readonly shortWait: WaitState;
  /** A machine's end: it is forgotten. */
  terminated(key: string, side: 'client' | 'server' | 'cancel'): void;
  /** A server machine sent its final response. */
  answered(): void;
  /** A 2xx that belongs to no open INVITE client: repeated, or of another branch of a fork. */
  stray(response: SipResponse, flow: Flow): void;
  /** A response could not be sent. */
  readonly responseFailed: (reason: string) => void;
}

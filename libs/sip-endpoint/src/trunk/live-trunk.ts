import type { EndpointId } from '@tipring/telephony';

/** `degraded`: it carries calls, but some fail, or some of its servers are dead. */
export type TrunkState = 'up' | 'degraded' | 'down' | 'disabled';

/** A trunk as it stands: a copy. Instants are ms of the monotonic clock. */
export interface LiveTrunk {
  readonly id: EndpointId;
  readonly state: TrunkState;
  readonly since: number;
  /** Why it is so: a sentence for people. */
  readonly why: string;
  /** Null: it does not register. */
  readonly registration: { readonly state: 'registered' | 'registering' | 'refused' | 'unanswered'; readonly expiresAt: number | null; readonly lastStatus: number | null; readonly text: string } | null;
  readonly options: { readonly lastAnsweredAt: number | null; readonly roundTripMs: number | null; readonly unanswered: number } | null;
  /** As DNS has them, in the order of trying. */
  readonly servers: readonly { readonly transport: string; readonly address: string; readonly port: number; readonly state: 'unknown' | 'answers' | 'silent' | 'refuses'; readonly text: string }[];
  readonly calls: { readonly inbound: number; readonly outbound: number };
  /** Of the last hundred attempts out. */
  readonly outcomes: { readonly attempts: number; readonly answered: number; readonly failed: number; readonly lastFailure: string | null };
}

export type TrunkEvent =
  | { readonly type: 'state'; readonly id: EndpointId; readonly at: number; readonly from: TrunkState; readonly to: TrunkState; readonly why: string }
  | { readonly type: 'registration'; readonly id: EndpointId; readonly at: number; readonly state: 'registered' | 'refused' | 'unanswered'; readonly text: string };

export type TrunkListener = (event: TrunkEvent) => void;

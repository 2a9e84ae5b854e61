import type { Session } from '@tipring/sip';
import type { Cause } from '@tipring/telephony';
import type { Conversation } from '../conversation.ts';
import type { EarlyAnswers } from '../early-answers.ts';
import type { LegMedia } from '../leg-media.ts';
import type { LateOffers } from './late-offers.ts';
import type { Patience } from './patience.ts';
import type { TrunkServer } from './trunk-servers.ts';

/**
 * A leg over a trunk.
 *
 *   locating ──servers──► preparing ──port──► inviting ──2xx──► (answering ──port──►) up ──► over
 *      │ DNS: none, 1 s      │ no port         │  ▲ │ silent for responseMs, cannot be sent, 503: the next server
 *      ▼                     ▼                 │  └─┘ 3xx: where it says, if that is followed
 *     over                  over               └─ 4xx–6xx, no server left, nothing rings, dead after a 1xx ──► over
 *
 * `answering` only where our INVITE had no offer: the peer's came in its 2xx, our answer goes in the ACK.
 */
export type TrunkLegState =
  | { readonly at: 'locating' }
  | { readonly at: 'preparing'; readonly media: LegMedia }
  | Inviting
  | Answering
  | { readonly at: 'up'; readonly session: Session; readonly conversation: Conversation }
  | { readonly at: 'over' };

export interface Inviting {
  readonly at: 'inviting';
  readonly media: LegMedia;
  readonly session: Session;
  readonly server: TrunkServer;
  readonly early: EarlyAnswers;
  /** Only where our INVITE had no offer. */
  readonly late: LateOffers | undefined;
  readonly patience: Patience;
}

export interface Answering {
  readonly at: 'answering';
  readonly session: Session;
  readonly media: LegMedia;
  readonly late: LateOffers;
}

/** The last thing that failed, for when nothing is left to try. */
export interface Failure {
  readonly cause: Cause;
  readonly kind: string;
  readonly text: string;
}

import type { Dns, Flow, Hashing, IncomingInvite, TransactionLayer } from '@tipring/sip';
import type { Availabilities, DialRequest, Endpoint, EndpointId } from '@tipring/telephony';
import type { Offers, SourceGuard } from '../sip-endpoints-ports.ts';
import type { ConfiguredTrunk } from './configured-trunk.ts';
import type { LiveTrunk, TrunkListener } from './live-trunk.ts';

export interface TrunkPorts {
  readonly exchange: Offers;
  /** Told of flows by which a trunk’s calls came, or answers to requests of ours: at 200 calls a second a carrier looks like an attack. */
  readonly guard: Pick<SourceGuard, 'authenticated'>;
}

/** What the trunks need of the SIP stack beyond what `SipEndpoints` has. */
export interface TrunkStack {
  /** For REGISTER and OPTIONS, which are in no session. */
  readonly transactions: Pick<TransactionLayer, 'request' | 'transport'>;
  /** Asked at every name; a `DnsCache`, so that it is not asked often. */
  readonly dns: Dns;
  readonly hashing: Hashing;
  /** Address families this machine has, best first; absent: IPv4. */
  readonly families?: readonly ('IPv4' | 'IPv6')[];
  /** In [0, 1), unguessable. */
  readonly random: () => number;
  /** Kept over restarts: of it the contact users are made that carriers call registered trunks by, so that they stay the same. */
  readonly contactSecret: string;
}

/** How a drill makes a trunk fail. `blackHole`: nothing is answered; `refuse503`: answered 503 at once; `unreachable`: nothing can be sent. */
export type Impairment = 'blackHole' | 'refuse503' | 'unreachable';

/** Trunks as endpoints of calls. `TrunkEndpoints` is it. */
export interface Trunks extends Availabilities {
  /** The trunks there are from now on. Calls go on, of trunks that are gone too; what did not change goes on as it is. */
  configure(trunks: readonly ConfiguredTrunk[]): void;
  isTrunk(id: EndpointId): boolean;
  /** For the exchange: one endpoint of a trunk that is, or was while one of its calls lives; else empty. */
  find(id: EndpointId): readonly Endpoint[];
  live(id: EndpointId): LiveTrunk | undefined;
  /** Told of every change of state; the answer ends it. A listener must not throw and must not wait. */
  observe(listener: TrunkListener): () => void;
  /** An INVITE that opens a dialog: true when it is a trunk's and was taken (offered, or refused); false: whoever else it may be from. */
  take(invite: IncomingInvite): boolean;
  /** A connection is gone: a trunk that registered over it registers anew. */
  flowClosed(flow: Flow): void;
  /** For drills: new legs of these requests find the trunk so; null: no more. Health hears nothing of it. */
  impair(id: EndpointId, how: Impairment | null, affects?: (request: DialRequest) => boolean): void;
  /** Unregisters, and hears and sends nothing more after the answers or `patienceMs`. */
  close(patienceMs?: number): Promise<void>;
}

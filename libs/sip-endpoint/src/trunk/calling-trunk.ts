import type { Flow, HeaderLines, OutgoingInvite, SessionCore } from '@tipring/sip';
import type { Codec, DialRequest } from '@tipring/telephony';
import type { FarEnd } from '../far-end.ts';
import type { ConfiguredTrunk } from './configured-trunk.ts';
import type { Answer } from './silence-watch.ts';
import type { TrunkServer, TrunkServers } from './trunk-servers.ts';

/** What a leg out has of its trunk for its life, as the trunk was when it began. */
export interface CallingTrunk {
  readonly trunk: ConfiguredTrunk;
  readonly farEnd: FarEnd;
  readonly servers: Pick<TrunkServers, 'whenKnown' | 'trouble'>;
  /** The session layer's, or a drill's. */
  readonly sessions: Pick<SessionCore, 'invite'>;
  /** Host part of its addresses. */
  readonly domain: string;
  /** A host that is its domain or one of its servers. */
  isOwn(host: string): boolean;
  /** Its servers in the order in which this leg is to try them. */
  draw(): TrunkServer[];
  readonly routes: readonly string[];
  readonly contactUser: string;
  readonly authenticate: OutgoingInvite['authenticate'];
  /** That may be offered to it, in its order. */
  codecs(of: DialRequest): readonly Codec[];
  caller(of: DialRequest): { readonly from: string; readonly headers: HeaderLines };
  /** Whether that server is there; for one leg's sake, though others may profit. */
  ask(server: TrunkServer, done: (answer: Answer) => void): void;
  /** A response to an INVITE came by this flow: it is who was asked. */
  proved(flow: Flow): void;
  /** What a server did to an INVITE. */
  saw(server: TrunkServer, what: { readonly type: 'heard' } | { readonly type: 'answered'; readonly text: string } | { readonly type: 'silent'; readonly text: string } | { readonly type: 'refused'; readonly text: string; readonly retryAfterS: number | undefined }): void;
  /** Once for each leg that came so far: `failed`: the trunk did not carry it; `carried`: it did, whatever the callee said. */
  outcome(what: 'carried' | 'failed', text: string): void;
}

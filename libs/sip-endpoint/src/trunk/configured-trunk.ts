import type { EndpointId } from '@tipring/telephony';

/** A trunk as configured; `Trunk` of @tipring/config is one, and says what each of these means. This room must not know lines, of which that one knows. */
export interface ConfiguredTrunk {
  readonly id: EndpointId;
  readonly key: string;
  readonly displayName: string;
  readonly isEnabled: boolean;
  readonly server: ConfiguredServer;
  readonly outboundProxy: ConfiguredServer | null;
  readonly domain: string | null;
  readonly peering: Peering;
  readonly identity: IdentityPolicy;
  readonly calledIn: 'requestUri' | 'to';
  readonly codecs: readonly string[];
  readonly offer: 'early' | 'late';
  readonly redirects: 'follow' | 'refuse';
  readonly transfers: 'take' | 'refuse';
  readonly sessionTimer: { readonly expiresS: number; readonly minimumS: number };
  readonly limits: ChannelLimits;
  readonly health: HealthSettings;
}

export interface ConfiguredServer {
  readonly host: string;
  readonly port: number | null;
  readonly transport: 'udp' | 'tcp' | 'tls' | null;
}

export type Peering =
  | { readonly type: 'registration'; readonly username: string; readonly password: string; readonly authenticationName: string | null; readonly expiresS: number }
  | { readonly type: 'address'; readonly sources: readonly string[]; readonly credentials: { readonly username: string; readonly password: string } | null }
  | { readonly type: 'certificate'; readonly names: readonly string[] };

export interface IdentityPolicy {
  readonly caller: 'caller' | 'account' | 'fixed';
  readonly number: string | null;
  readonly asserted: 'pAssertedIdentity' | 'remotePartyId' | 'none';
  readonly privacy: 'privacy' | 'anonymousFrom' | 'both' | 'none';
  readonly diversion: 'diversion' | 'historyInfo' | 'none';
  readonly trusted: boolean;
}

/** Calls at a time; null: no limit. */
export interface ChannelLimits {
  readonly total: number | null;
  readonly inbound: number | null;
  readonly outbound: number | null;
}

export interface HealthSettings {
  readonly optionsIntervalS: number | null;
  readonly failuresToDown: number;
  readonly successesToUp: number;
  readonly responseMs: number;
  readonly ringMs: number;
}

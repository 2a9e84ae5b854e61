import type { AuthenticationFailureKind, BindingChange, DeviceSecret, Flow, GuardFailure, IncomingInvite, ServerTransaction } from '@tipring/sip';
import type { CallId, Codec, LegId, Offer } from '@tipring/telephony';
import type { LegTones } from './leg-tones.ts';

/** A SIP phone as configured: its credentials, and who calls when it calls. */
export interface Account extends DeviceSecret {
  readonly deviceId: string;
  /** The extension's number: the caller's number of its calls. */
  readonly extension: string;
  readonly displayName: string;
  /** A disabled device is answered like an unknown one. */
  readonly enabled: boolean;
}

/** Port. Synchronous, from the configuration snapshot in memory. */
export interface Accounts {
  byUsername(username: string): Account | undefined;
}

/** Port. The exchange, as far as arriving calls need it. */
export interface Offers {
  offer(offer: Offer): CallId;
}

/** Port. Registrations are kept over restarts, and told to whoever watches. Must not throw; must not wait. */
export interface RegistrationListener {
  changed(change: BindingChange): void;
}

/** Port. Told who proved itself and who did not; `Guard` of @tipring/sip is one. */
export interface SourceGuard {
  authenticated(flow: Flow): void;
  failed(flow: Flow, failure: GuardFailure): void;
}

/** Port. For people: which credentials were not taken; `AuthenticationFailures` of @tipring/sip is one. */
export interface FailureLog {
  note(flow: Flow, user: string, kind: AuthenticationFailureKind, method: string): void;
}

/** Port. Who is asked first of every INVITE that opens a dialog; `TrunkEndpoints` is one. */
export interface TrunkCalls {
  /** True: it is a trunk's, and was taken. False: it is a device's, or nobody's. */
  take(invite: IncomingInvite): boolean;
}

/** Port. Pickup by INVITE with Replaces (RFC 3891). */
export interface Pickups {
  /** Whether this device may take the place of that leg, of another device or of any other kind; `isEarlyOnly`: only while it is not answered. False too when there is no such leg. */
  mayTake(by: Account, leg: LegId, isEarlyOnly: boolean): boolean;
}

/** Port. Who answers SUBSCRIBE outside of dialogs. */
export interface SubscriptionRequests {
  /** Of a device that proved who it is. Answers it, at once or later; in a dialog of its own (`SessionCore.openDialog`) when it takes it. Must not throw. */
  subscribe(transaction: ServerTransaction, account: Account): void;
}

export interface SipEndpointsPorts {
  readonly accounts: Accounts;
  readonly exchange: Offers;
  readonly registrations: RegistrationListener;
  readonly guard: SourceGuard;
  readonly failures: FailureLog;
  /** Absent: there are no trunks, and whoever calls has to prove that he is a device. */
  readonly trunks?: TrunkCalls;
  /** Absent: a device takes the place of its own legs only. */
  readonly pickups?: Pickups;
  /** Absent: SUBSCRIBE is refused. With it the stack's settings have SUBSCRIBE in `methods` and, for refreshes, in `dialogMethods`. */
  readonly subscriptions?: SubscriptionRequests;
}

export interface SipEndpointsSettings {
  /** Host part of the addresses we write (From, To, P-Asserted-Identity). */
  readonly domain: string;
  /** Audio codecs that may pass, in order of preference; telephone-event is always offered. */
  readonly codecs: readonly Codec[];
  /** Of those, what the media gateway decodes: a phone that has no other codec in common with the other side can still talk. */
  readonly transcoded: readonly Codec[];
  /** Where media for a peer on this flow is; default the flow's local address. */
  readonly mediaAddress?: (flow: Flow) => string;
  /** A leg without packets is only noted, or released (recoveryOnTimerExpiry). */
  readonly mediaTimeout: 'note' | 'release';
  /** What phones hear of us instead of a voice, e.g. as their country has it; default: `plainTones`. */
  readonly tones?: LegTones;
  /** Devices that are told who calls in P-Asserted-Identity, also when the number is to be withheld (RFC 3325). Default none. */
  readonly trusts?: (deviceId: string) => boolean;
}

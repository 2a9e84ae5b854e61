import { z } from 'zod';
import { OpaqueId, StableKey, Versioned } from './identity.ts';
import { E164, NumberForm, Tariff } from './numbers.ts';

/** A name or address without scheme; IPv6 without brackets. */
const Host = z.string().regex(/^[A-Za-z0-9]([A-Za-z0-9.:-]{0,252}[A-Za-z0-9])?$|^::1$/, 'a host name or an address');
const PortNumber = z.int().min(1).max(65_535);

/** Where a peer listens. Without a port its name is looked up by NAPTR, SRV and A (RFC 3263), and the servers found are tried in turn. */
export const SipServer = z
  .strictObject({
    host: Host.meta({ examples: ['sip.carrier.example', '192.0.2.10'] }),
    port: PortNumber.nullable(),
    transport: z.enum(['udp', 'tcp', 'tls']).nullable().meta({ description: 'null: what DNS says, else UDP' }),
  })
  .readonly();
export type SipServer = z.infer<typeof SipServer>;

/** An address, or a block of them (RFC 4632, RFC 4291). */
const Source = z.string().regex(/^[0-9A-Fa-f.:]+(\/[0-9]{1,3})?$/, 'an address or a block such as 192.0.2.0/24');

/** Kept by the system, shown to nobody; sealed where the configuration is exported. */
export const Secret = z.string().min(1).max(256).meta({ description: 'Write only' });

/** How each side knows the other. */
export const TrunkPeering = z.discriminatedUnion('type', [
  /** We register with the carrier, as a telephone would. */
  z.strictObject({
    type: z.literal('registration'),
    username: z.string().min(1).max(128),
    password: Secret,
    authenticationName: z.string().min(1).max(128).nullable().meta({ description: 'Where it is not the user name' }),
    expiresS: z.int().min(30).max(86_400),
  }).readonly(),
  /** By address alone, or with credentials for the carrier’s challenges. */
  z.strictObject({
    type: z.literal('address'),
    sources: z.array(Source).max(64).readonly().meta({ description: 'Its calls come from here; empty: from what `server` resolves to' }),
    credentials: z.strictObject({ username: z.string().min(1).max(128), password: Secret }).readonly().nullable(),
  }).readonly(),
  /** By its certificate (RFC 5922): TLS alone. */
  z.strictObject({
    type: z.literal('certificate'),
    names: z.array(Host).min(1).max(16).readonly().meta({ description: 'Names its certificate may bear' }),
  }).readonly(),
]);
export type TrunkPeering = z.infer<typeof TrunkPeering>;

/** Who calls, as this peer wants it told. */
export const TrunkIdentity = z
  .strictObject({
    caller: z.enum(['caller', 'account', 'fixed']).meta({ description: 'From: the caller’s number; the account’s user name; or `number`' }),
    number: E164.nullable().meta({ description: 'For `fixed`, and for callers who have no number outside' }),
    asserted: z.enum(['pAssertedIdentity', 'remotePartyId', 'none']).meta({ description: 'Where the caller is asserted (RFC 3325)' }),
    privacy: z.enum(['privacy', 'anonymousFrom', 'both', 'none']).meta({ description: 'How a withheld number is told: Privacy: id, an anonymous From, or both' }),
    diversion: z.enum(['diversion', 'historyInfo', 'none']).meta({ description: 'How a call that was forwarded tells by whom (RFC 5806, RFC 7044)' }),
    trusted: z.boolean().meta({ description: 'Its assertions about callers are believed' }),
  })
  .readonly();

/** When a trunk counts as lost, and as back. */
export const TrunkHealthSettings = z
  .strictObject({
    optionsIntervalS: z.int().min(1).max(3_600).nullable().meta({ description: 'OPTIONS so often; null: none are sent' }),
    failuresToDown: z.int().min(1).max(20).meta({ description: 'So many unanswered in a row' }),
    successesToUp: z.int().min(1).max(20).meta({ description: 'So many answered in a row; each return within ten minutes of the last needs twice as many' }),
    responseMs: z.int().min(200).max(32_000).meta({ description: 'A server that has not said anything to an INVITE by then, not even 100 Trying, is passed over' }),
    ringMs: z.int().min(1_000).max(180_000).meta({ description: 'Nothing rang by then: the next attempt' }),
  })
  .readonly();

/** What a person may set on a trunk. */
export const TrunkSettings = z.strictObject({
  key: StableKey,
  displayName: z.string().trim().min(1).max(80).meta({ examples: ['Carrier'] }),
  isEnabled: z.boolean().meta({ description: 'A disabled trunk takes no calls and makes none' }),
  server: SipServer,
  outboundProxy: SipServer.nullable().meta({ description: 'Everything is sent there' }),
  domain: Host.nullable().meta({ description: 'In From, To and the Request-URI; null: the server’s host' }),
  peering: TrunkPeering,
  identity: TrunkIdentity,
  calledForm: NumberForm.meta({ description: 'How it wants the number that is called' }),
  callerForm: NumberForm.meta({ description: 'How it wants the caller’s number' }),
  inboundForm: z.enum(['e164', 'e164Digits', 'national', 'asGiven']).meta({ description: 'How the numbers are written that it gives us' }),
  calledIn: z.enum(['requestUri', 'to']).meta({ description: 'Where its calls say which number was called' }),
  codecs: z.array(z.enum(['PCMA', 'PCMU', 'G722', 'opus'])).min(1).max(4).readonly().meta({ description: 'In order of preference' }),
  offer: z.enum(['early', 'late']).meta({ description: 'late: our INVITE has no session description' }),
  redirects: z.enum(['follow', 'refuse']).meta({ description: '3xx: call where it says, five times at most, or take it for a failure' }),
  transfers: z.enum(['take', 'refuse']).meta({ description: 'REFER: its far ends may have whom they talk to called elsewhere by us, at our cost, or not' }),
  sessionTimer: z.strictObject({ expiresS: z.int().min(0).max(86_400), minimumS: z.int().min(90).max(3_600) }).readonly().meta({ description: 'RFC 4028; 0: we ask for none' }),
  limits: z
    .strictObject({
      total: z.int().min(1).max(10_000).nullable(),
      inbound: z.int().min(0).max(10_000).nullable(),
      outbound: z.int().min(0).max(10_000).nullable(),
    })
    .readonly()
    .meta({ description: 'Calls at a time; null: no limit' }),
  health: TrunkHealthSettings,
  tariff: Tariff.nullable(),
});

/** A SIP peering with a carrier or another PBX. */
export const Trunk = z.strictObject({ id: OpaqueId, ...TrunkSettings.shape, ...Versioned.shape });
export type Trunk = Readonly<z.infer<typeof Trunk>>;

/** What most carriers want: what is not said of a trunk is this. */
export const usualTrunk = {
  isEnabled: true,
  outboundProxy: null,
  domain: null,
  identity: { caller: 'caller', number: null, asserted: 'pAssertedIdentity', privacy: 'both', diversion: 'diversion', trusted: true },
  calledForm: { format: 'e164', strip: 0, prepend: '' },
  callerForm: { format: 'e164', strip: 0, prepend: '' },
  inboundForm: 'e164',
  calledIn: 'requestUri',
  codecs: ['PCMA', 'PCMU'],
  offer: 'early',
  redirects: 'refuse',
  transfers: 'refuse',
  sessionTimer: { expiresS: 1800, minimumS: 90 },
  limits: { total: null, inbound: null, outbound: null },
  health: { optionsIntervalS: 3, failuresToDown: 2, successesToUp: 3, responseMs: 2_000, ringMs: 20_000 },
  tariff: null,
} as const satisfies Partial<Omit<Trunk, 'id'>>;

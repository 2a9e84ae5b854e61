// message
export type { HeaderFields, NameAddress, ParseOutcome, ParseRefusal, SipMessage, SipRequest, SipResponse, Via } from './message/message.ts';
export { displayText, portableLatin1, useLatin1, wireText } from './message/latin1.ts';
export type { Latin1 } from './message/latin1.ts';
export { bufferLatin1 } from './transport/node/buffer-latin1.ts';
export { defaultLimits } from './message/limits.ts';
export type { MessageLimits } from './message/limits.ts';
export { parseMessage } from './message/parse.ts';
export type { ParseOptions } from './message/parse.ts';
export { frame } from './message/frame.ts';
export type { Frame } from './message/frame.ts';
export { peek } from './message/peek.ts';
export type { Peek } from './message/peek.ts';
export { statelessResponse } from './message/stateless.ts';
export { createRequest, createResponse, reasonPhrase } from './message/create.ts';
export type { RequestParts, ResponseParts } from './message/create.ts';
export { serialize } from './message/serialize.ts';
export { escapeUser, formatUri, parseTelUri, parseUri, sameUri, unescapeUser, uriParameter, uriScheme } from './message/uri.ts';
export type { SipUri, TelUri } from './message/uri.ts';
export { formatNameAddress, parseNameAddress, parseNameAddresses } from './message/name-address.ts';
export { splitElements } from './message/elements.ts';
export { parseContacts } from './message/contact.ts';
export type { Contact } from './message/contact.ts';
export { parseVia, parseVias, stampVia } from './message/via.ts';
export type { Source } from './message/via.ts';
export {
  parseContentType, parseCSeq, parseDeltaSeconds, parseEvent, parseMaxForwards, parseParameterValue, parsePrivacy, parseRAck, parseReason,
  parseReplaces, parseRetryAfter, parseRSeq, parseSessionExpires, tokens,
} from './message/values.ts';
export type { ParameterValue } from './message/values.ts';
export { formatReferTo, formatReplaces, formatSipfrag, parseReferTo, parseSipfrag, parseTargetDialog } from './message/refer.ts';
export type { ReferTarget, Replaces } from './message/refer.ts';
export { parseAuthentication } from './message/credentials.ts';
export type { AuthenticationValue } from './message/credentials.ts';
// transport
export { isReliable } from './transport/flow.ts';
export type { Flow, Hop, SocketAddress, Transport, TransportEvents, TransportName } from './transport/flow.ts';
export { VirtualWire } from './transport/virtual-wire.ts';
export type { VirtualListener, VirtualStation, VirtualWireSettings } from './transport/virtual-wire.ts';
// transaction, dialog, session
export type { ServerTransaction } from './transaction/server-transaction.ts';
export type { ClientTransaction, ClientUser } from './transaction/client-transaction.ts';
export { TransactionLayer } from './transaction/transaction-layer.ts';
export type { TransactionSettings, TransactionUser } from './transaction/transaction-layer.ts';
export { rfcTiming } from './transaction/timing.ts';
export type { TransactionCounters, TransactionTiming } from './transaction/timing.ts';
export type { DialogSnapshot } from './dialog/dialog.ts';
export type {
  HeaderLines, IncomingInvite, OutgoingInvite, Session, SessionEvent, SessionListener, SessionTimerSettings,
} from './session/session.ts';
export type { SessionSnapshot, SessionTimerSnapshot } from './session/session-snapshot.ts';
export type { EventDialog, EventDialogListener, EventDialogSnapshot } from './session/event-dialog.ts';
export { ReferSubscription } from './session/refer-subscription.ts';
export type { ReferSubscriptionParts, ReferSubscriptionSnapshot } from './session/refer-subscription.ts';
export { SessionLayer } from './session/session-layer.ts';
export type { SessionCore, SessionLayerPorts, SessionUser } from './session/session-layer.ts';
export type { SessionSettings } from './session/session-settings.ts';
export type { DigestAlgorithm, Hashing } from './digest/hashing.ts';
export { DigestServer } from './digest/server.ts';
export type { ChallengeKind, DeviceSecret, DigestServerSettings, DigestVerdict } from './digest/server.ts';
export type { ReplayRows } from './digest/nonces.ts';
export { DigestClient } from './digest/client.ts';
export type { DigestCredentials } from './digest/client.ts';
export { computeHa1 } from './digest/ha1.ts';
export { nodeHashing } from './transport/node/node-hashing.ts';
export type { Binding, BindingChange, BindingReason, BindingRow } from './registrar/binding.ts';
export { Bindings } from './registrar/bindings.ts';
export { register } from './registrar/register.ts';
export type { RegisterOutcome, Registrant, RegistrarSettings } from './registrar/register.ts';
export type { Dns, DnsAnswer, NaptrRecord, SrvRecord } from './transport/dns.ts';
export type { Certificate, ListenAddress, NodeTransportSettings, StreamLimits, TransportCounters } from './transport/node/settings.ts';
// ladder
export type { CapturedLadder, CapturedMessage, LadderMessage } from './ladder/captured-message.ts';
export { capturing } from './ladder/capturing.ts';
export { defaultLaddersSettings, Ladders } from './ladder/ladders.ts';
export type { LaddersSettings } from './ladder/ladders.ts';
export { LadderCloser } from './ladder/ladder-closer.ts';
export type { ClosedLadder, LadderCloserSettings } from './ladder/ladder-closer.ts';
export { packLadder, unpackLadder } from './ladder/pack.ts';
export { readLadder } from './ladder/read-ladder.ts';
export { pcapOf } from './ladder/pcap.ts';
// events
export { writeDialogInfo } from './events/dialog-info.ts';
export type { DialogInfo, DialogInfoDialog, DialogInfoParty } from './events/dialog-info.ts';
export { writeMessageSummary } from './events/message-summary.ts';
export type { MessageSummary } from './events/message-summary.ts';
export { writePresence } from './events/presence-document.ts';
export type { Activity, PresenceDocument } from './events/presence-document.ts';
export { Notifier } from './events/notifier.ts';
export type { NotifierPorts, NotifierSettings } from './events/notifier.ts';
export type { Grant, NotifierCounters, StateSource, SubscriptionSnapshot, SubscriptionView } from './events/running-subscription.ts';
export type { NotifyLimits } from './events/notify-turns.ts';
export type { EventPackage, ExpiryBounds, SubscribeRequest } from './events/subscribe-request.ts';
export type { Ending, EndReason } from './events/subscription.ts';
// guard
export { defaultGuardSettings, Guard } from './guard/guard.ts';
export type { Block, GuardFailure, GuardSettings, GuardVerdict } from './guard/guard.ts';
export { Admission, defaultAdmissionSettings } from './guard/admission.ts';
export type { AdmissionSettings } from './guard/admission.ts';
export { AuthenticationFailures } from './guard/authentication-failures.ts';
export type { AuthenticationFailure, AuthenticationFailureKind, AuthenticationFailuresSettings } from './guard/authentication-failures.ts';
export { scannerOf } from './guard/scanner.ts';
export { NodeTransport } from './transport/node/node-transport.ts';
export { selfSigned } from './transport/node/self-signed.ts';
export { NodeDns } from './transport/node/node-dns.ts';
export type { NodeDnsSettings } from './transport/node/node-dns.ts';
export { DnsCache } from './transport/dns-cache.ts';
export type { DnsCacheSettings } from './transport/dns-cache.ts';
export { FailOver } from './transport/fail-over.ts';
export type { HopOutcome } from './transport/fail-over.ts';
export { drawHops, locate, targetOf } from './transport/locate.ts';
export type { Located, LocatedServer, LocateSettings, Target } from './transport/locate.ts';
export { defaultStreamLimits } from './transport/node/node-transport.ts';
export type { AddressHop } from './transport/flow.ts';

import type { ConferenceRooms, QueueAgents, QueueStatus } from '@tipring/app-endpoint';
import type { PortId, SimulatorAct, SimulatorState } from '@tipring/cards';
import type { CarrierClient } from '@tipring/carrier-control';
import type { CardDescription, PortMeasurement, SimulatorGatewayReplies } from '@tipring/gateway';
import type { Live } from '@tipring/line-endpoint';
import type { Timers } from '@tipring/clock';
import type { Explanation } from '@tipring/routing';
import type { AuthenticationFailure } from '@tipring/sip';
import type { PresenceView, WatchedId } from '@tipring/presence';
import type { Impairment, LiveTrunk, Subscriber } from '@tipring/sip-endpoint';
import type { AvailabilityState, CallControl, CallId, EndpointId, Party, RouteOutcome } from '@tipring/telephony';
import type { ApiKeys, AuditLog, CallRecordRepository, EventLog, IdempotencyKeys, KeySealer, LiveConfiguration, MessageStore, Recordings, RevisionLog, UsageRepository, WebhookDeliveries } from '@tipring/store';
import type { Story } from '@tipring/story';
import type { Logger } from 'pino';
import type { KeptDrills } from '../kept-drills.ts';

/** Where a phone can be reached now. Instants are ms since the epoch. */
export interface RegistrationView {
  readonly deviceId: string;
  /** As people know it: sip:USER@DOMAIN, where the domain is the address that a phone would be given. */
  readonly aor: string;
  readonly contact: string;
  readonly transport: string;
  /** Where its REGISTER came from. */
  readonly address: string;
  readonly port: number;
  readonly q: number;
  readonly since: number;
  readonly expiresAt: number;
  readonly userAgent: string | null;
}

export interface Registrations {
  list(): readonly RegistrationView[];
}

/** A source that is shut out. Instants are ms since the epoch. */
export interface BlockView {
  readonly source: string;
  readonly reason: string;
  readonly since: number;
  readonly until: number;
  readonly refused: number;
}

export interface Blocks {
  list(): readonly BlockView[];
  /** False: it was not blocked. */
  lift(source: string): boolean;
}

export interface AuthenticationFailures {
  /** Who could not prove himself. Instants are ms since the epoch. */
  list(): readonly AuthenticationFailure[];
}

/** What somebody else was asked for, or why there is no answer: `gone` when the media gateway is not there. */
export type Asked<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly code: string; readonly text: string };

/** The cards of the media gateway. Never rejects. */
export interface Cards {
  list(): Promise<Asked<readonly CardDescription[]>>;
  measure(port: PortId): Promise<Asked<PortMeasurement>>;
}

/** What runs lines and stations. */
export interface AnalogLive {
  /** By the line's or station's id; `since` is ms since the epoch. Undefined: nothing runs it. */
  find(id: string): Live | undefined;
}

/** The telephones and exchanges of the simulated card. Never rejects; without them the code is `noSimulator`. */
export interface Simulator {
  state(): Promise<Asked<SimulatorState>>;
  act(act: SimulatorAct): Promise<Asked<SimulatorGatewayReplies['simulate']>>;
}

/** The simulated carrier; `CarrierClient` of @tipring/carrier-control is one. Never rejects: without it the answer is `unreachable`. */
export type Carrier = Pick<CarrierClient, 'state' | 'act'>;

/** Who is in which conference. */
export type LiveConferences = Pick<ConferenceRooms, 'views' | 'mute' | 'remove' | 'record'>;

/** What runs trunks. */
export interface Trunks {
  /** By the trunk's id; instants are ms since the epoch. Undefined: nothing runs it. */
  find(id: string): LiveTrunk | undefined;
}

/** Who is what now, and who was told of it. */
export interface Presence {
  views(): readonly PresenceView[];
  /** By number, key or id. */
  find(name: string): PresenceView | undefined;
  subscribers(entity: WatchedId): readonly Subscriber[];
}

/** What routing is asked without a call. */
export interface RouteQuestion {
  /** A device, station, trunk or line. */
  readonly endpoint: EndpointId;
  readonly from: Party;
  /** As dialled. */
  readonly number: string;
  readonly pin?: string;
  /** Ms since the epoch; what schedules are asked for. */
  readonly at: number;
  /** Trunks and lines taken to be in this state; of all others what they are in. */
  readonly states: ReadonlyMap<EndpointId, AvailabilityState>;
}

/** The code that routes calls, asked. Synchronous, never throws. */
export interface RouteExplainer {
  explain(question: RouteQuestion): { readonly outcome: RouteOutcome; readonly explanation: Explanation };
}

/** A test call for which one trunk is as if it had failed; other calls see it as it is. */
export interface DrillCall {
  readonly trunkId: string;
  readonly impairment: Impairment;
  /** As dialled. */
  readonly number: string;
  /** Whose call it is: an extension's id. */
  readonly extensionId: string;
  /** Shown, and asked for in routing. */
  readonly party: Party;
}

export interface DrillCalls {
  /**
   * Begins the call: it has no caller but us, who hears nothing and says nothing; the attempts are the route's, and the impaired trunk is among them or
   * it is refused (`notOnTheWay`). What becomes of it is told by `CallControl` like any other call; it is hung up there.
   */
  begin(drill: DrillCall): Asked<CallId>;
}

/** One thing this process needs, and whether it has it. */
export interface HealthPart {
  readonly up: boolean;
  /** Without it calls cannot be made. */
  readonly vital: boolean;
  readonly text: string;
}

export interface Health {
  parts(): Promise<Readonly<Record<string, HealthPart>>>;
}

export interface Metrics {
  readonly contentType: string;
  text(): Promise<string>;
}

/** What happened in calls. Undefined: there is no such record. */
export interface Stories {
  storyOf(id: string): Promise<Story | undefined>;
  /** Its SIP messages as a capture file; undefined also when they are not kept. */
  pcapOf(id: string): Promise<Uint8Array | undefined>;
}

/** Queues as they stand. `status` undefined: there is no such queue; `change` false: it has no such agent. */
export interface LiveQueues extends QueueAgents {
  status(id: string): QueueStatus | undefined;
}

/** Everything the API stands on; the composition root hands it in. */
export interface ApiPorts {
  readonly configuration: LiveConfiguration;
  readonly apiKeys: ApiKeys;
  readonly revisions: RevisionLog;
  /** Seals the secrets of exports. */
  readonly exportSealer: KeySealer;
  /** Of a country; they are dialled as they are. */
  readonly emergencyNumbers: (country: string) => readonly string[];
  readonly audit: AuditLog;
  readonly idempotency: IdempotencyKeys;
  readonly records: CallRecordRepository;
  readonly usage: UsageRepository;
  readonly stories: Stories;
  readonly events: EventLog;
  readonly calls: CallControl;
  readonly messages: MessageStore;
  /** What is played and recorded. */
  readonly soundsFolder: string;
  /** Of one’s own recordings some have come or gone. */
  readonly soundsChanged: () => void;
  readonly registrations: Registrations;
  readonly blocks: Blocks;
  readonly failures: AuthenticationFailures;
  readonly cards: Cards;
  readonly analog: AnalogLive;
  readonly simulator: Simulator;
  readonly carrier: Carrier;
  readonly trunks: Trunks;
  readonly presence: Presence;
  readonly conferences: LiveConferences;
  readonly queues: LiveQueues;
  readonly explainer: RouteExplainer;
  /** Test calls are made by this. */
  readonly drillCalls: DrillCalls;
  readonly drills: KeptDrills;
  readonly deliveries: WebhookDeliveries;
  readonly recordings: Recordings;
  readonly timers: Timers;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** Injection tokens of the ports that are no classes. */
export const CALLS = Symbol('calls');
export const SOUNDS_FOLDER = Symbol('soundsFolder');
export const SOUNDS_CHANGED = Symbol('soundsChanged');
export const STORIES = Symbol('stories');
export const REGISTRATIONS = Symbol('registrations');
export const BLOCKS = Symbol('blocks');
export const FAILURES = Symbol('failures');
export const CARDS = Symbol('cards');
export const ANALOG = Symbol('analog');
export const SIMULATOR = Symbol('simulator');
export const CARRIER = Symbol('carrier');
export const TRUNKS = Symbol('trunks');
export const PRESENCE = Symbol('presence');
export const CONFERENCES = Symbol('conferences');
export const QUEUES = Symbol('queues');
export const EXPLAINER = Symbol('explainer');
export const DRILLS = Symbol('drills');
export const HEALTH = Symbol('health');
export const METRICS = Symbol('metrics');
export const LOG = Symbol('log');

import type { PortId, SimulatorAct, SimulatorState } from '@tipring/cards';
import type { CardDescription, PortMeasurement, SimulatorGatewayReplies } from '@tipring/gateway';
import type { Live } from '@tipring/line-endpoint';
import type { AuthenticationFailure } from '@tipring/sip';
import type { CallControl } from '@tipring/telephony';
import type { ApiKeys, AuditLog, CallRecordRepository, EventLog, IdempotencyKeys, LiveConfiguration } from '@tipring/store';
import type { Logger } from 'pino';

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

/** Everything the API stands on; the composition root hands it in. */
export interface ApiPorts {
  readonly configuration: LiveConfiguration;
  readonly apiKeys: ApiKeys;
  readonly audit: AuditLog;
  readonly idempotency: IdempotencyKeys;
  readonly records: CallRecordRepository;
  readonly events: EventLog;
  readonly calls: CallControl;
  readonly registrations: Registrations;
  readonly blocks: Blocks;
  readonly failures: AuthenticationFailures;
  readonly cards: Cards;
  readonly analog: AnalogLive;
  readonly simulator: Simulator;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** Injection tokens of the ports that are no classes. */
export const CALLS = Symbol('calls');
export const REGISTRATIONS = Symbol('registrations');
export const BLOCKS = Symbol('blocks');
export const FAILURES = Symbol('failures');
export const CARDS = Symbol('cards');
export const ANALOG = Symbol('analog');
export const SIMULATOR = Symbol('simulator');
export const HEALTH = Symbol('health');
export const METRICS = Symbol('metrics');
export const LOG = Symbol('log');

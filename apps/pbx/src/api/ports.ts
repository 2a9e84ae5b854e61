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
  readonly health: Health;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** Injection tokens of the ports that are no classes. */
export const CALLS = Symbol('calls');
export const REGISTRATIONS = Symbol('registrations');
export const BLOCKS = Symbol('blocks');
export const FAILURES = Symbol('failures');
export const HEALTH = Symbol('health');
export const METRICS = Symbol('metrics');
export const LOG = Symbol('log');

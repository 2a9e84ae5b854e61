import { EntitySchema } from 'typeorm';

/*
 * These tables are filled by batch statements of their own (record-journal, event-log, registration-log); the schemas
 * say what they look like, for the drift test and for reading.
 */
export interface RegistrationRow {
  aor: string;
  bindings: unknown;
  expiresAt: Date;
}

export const registrationSchema = new EntitySchema<RegistrationRow>({
  name: 'registration',
  tableName: 'registrations',
  columns: {
    aor: { type: 'text', primary: true, primaryKeyConstraintName: 'registrations_pk' },
    bindings: { type: 'jsonb' },
    expiresAt: { type: 'timestamptz', precision: 3, name: 'expires_at' },
  },
  indices: [{ name: 'registrations_expires_at_index', columns: ['expiresAt'] }],
});

export interface CallRecordRow {
  id: string;
  startedAt: Date;
  answeredAt: Date | null;
  endedAt: Date;
  direction: string;
  fromNumber: string;
  fromName: string | null;
  fromAnonymous: boolean;
  toNumber: string;
  answeredBy: string | null;
  cause: string;
  evidence: unknown;
  recovered: boolean;
  legs: unknown;
  attempts: unknown;
  emergency: string | null;
  segments: unknown;
  continues: unknown;
  continuedIn: string | null;
  story: unknown;
}

export const callRecordSchema = new EntitySchema<CallRecordRow>({
  name: 'callRecord',
  tableName: 'call_records',
  columns: {
    id: { type: 'text', primary: true, primaryKeyConstraintName: 'call_records_pk' },
    startedAt: { type: 'timestamptz', precision: 3, name: 'started_at' },
    answeredAt: { type: 'timestamptz', precision: 3, name: 'answered_at', nullable: true },
    endedAt: { type: 'timestamptz', precision: 3, name: 'ended_at' },
    direction: { type: 'text' },
    fromNumber: { type: 'text', name: 'from_number' },
    fromName: { type: 'text', name: 'from_name', nullable: true },
    fromAnonymous: { type: 'boolean', name: 'from_anonymous' },
    toNumber: { type: 'text', name: 'to_number' },
    answeredBy: { type: 'text', name: 'answered_by', nullable: true },
    cause: { type: 'text' },
    evidence: { type: 'jsonb' },
    recovered: { type: 'boolean' },
    legs: { type: 'jsonb' },
    attempts: { type: 'jsonb' },
    emergency: { type: 'text', nullable: true },
    segments: { type: 'jsonb' },
    continues: { type: 'jsonb' },
    continuedIn: { type: 'text', name: 'continued_in', nullable: true },
    // Long and seldom wanted: read on its own.
    story: { type: 'jsonb', select: false },
  },
  indices: [
    { name: 'call_records_started_at_index', columns: ['startedAt', 'id'] },
    { name: 'call_records_from_index', columns: ['fromNumber', 'startedAt'] },
    { name: 'call_records_to_index', columns: ['toNumber', 'startedAt'] },
  ],
});

export interface CallLadderRow {
  callId: string;
  endedAt: Date;
  ladder: Buffer;
}

export const callLadderSchema = new EntitySchema<CallLadderRow>({
  name: 'callLadder',
  tableName: 'call_ladders',
  columns: {
    callId: { type: 'text', name: 'call_id', primary: true, primaryKeyConstraintName: 'call_ladders_pk' },
    endedAt: { type: 'timestamptz', precision: 3, name: 'ended_at' },
    ladder: { type: 'bytea' },
  },
  indices: [{ name: 'call_ladders_ended_at_index', columns: ['endedAt'] }],
});

export interface EventRow {
  sequence: string;
  at: Date;
  type: string;
  data: unknown;
}

export const eventSchema = new EntitySchema<EventRow>({
  name: 'event',
  tableName: 'events',
  columns: {
    sequence: { type: 'bigint', primary: true, primaryKeyConstraintName: 'events_pk' },
    at: { type: 'timestamptz', precision: 3 },
    type: { type: 'text' },
    data: { type: 'jsonb' },
  },
  indices: [
    { name: 'events_at_index', columns: ['at'] },
    { name: 'events_rare_index', columns: ['sequence'], where: "type NOT LIKE 'call.%'" },
  ],
});

export interface OutboxRow {
  id: string;
  kind: string;
  payload: unknown;
  createdAt: Date;
}

export const outboxSchema = new EntitySchema<OutboxRow>({
  name: 'outbox',
  tableName: 'outbox',
  columns: {
    id: { type: 'bigint', primary: true, generated: 'increment', primaryKeyConstraintName: 'outbox_pk' },
    kind: { type: 'text' },
    payload: { type: 'jsonb' },
    createdAt: { type: 'timestamptz', precision: 3, name: 'created_at' },
  },
});

export interface DrillRow {
  id: string;
  trunkId: string;
  callId: string;
  asked: unknown;
  startedAt: Date;
  endedAt: Date | null;
  result: unknown;
}

export const drillSchema = new EntitySchema<DrillRow>({
  name: 'drill',
  tableName: 'drills',
  columns: {
    id: { type: 'text', primary: true, primaryKeyConstraintName: 'drills_pk' },
    trunkId: { type: 'text', name: 'trunk_id' },
    callId: { type: 'text', name: 'call_id' },
    asked: { type: 'jsonb' },
    startedAt: { type: 'timestamptz', precision: 3, name: 'started_at' },
    endedAt: { type: 'timestamptz', precision: 3, name: 'ended_at', nullable: true },
    result: { type: 'jsonb', nullable: true },
  },
  indices: [{ name: 'drills_trunk_index', columns: ['trunkId', 'id'] }],
});

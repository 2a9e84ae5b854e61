import { EntitySchema } from 'typeorm';

/* Filled by batch statements of their own (message-rows, record-journal, webhook-deliveries); the schemas are for the drift test. */

export interface VoicemailMessageRow {
  id: string;
  boxId: string;
  file: string;
  caller: unknown;
  receivedAt: Date;
  durationMs: number;
  isUrgent: boolean;
  isHeard: boolean;
  forwardedBy: string | null;
  changedAt: Date;
  isRemoved: boolean;
  revision: number;
}

export const voicemailMessageSchema = new EntitySchema<VoicemailMessageRow>({
  name: 'voicemailMessage',
  tableName: 'voicemail_messages',
  columns: {
    id: { type: 'text', primary: true, primaryKeyConstraintName: 'voicemail_messages_pk' },
    boxId: { type: 'text', name: 'box_id' },
    file: { type: 'text' },
    caller: { type: 'jsonb' },
    receivedAt: { type: 'timestamptz', precision: 3, name: 'received_at' },
    durationMs: { type: 'integer', name: 'duration_ms' },
    isUrgent: { type: 'boolean', name: 'is_urgent' },
    isHeard: { type: 'boolean', name: 'is_heard' },
    forwardedBy: { type: 'text', name: 'forwarded_by', nullable: true },
    changedAt: { type: 'timestamptz', precision: 3, name: 'changed_at' },
    isRemoved: { type: 'boolean', name: 'is_removed' },
    revision: { type: 'integer' },
  },
  indices: [{ name: 'voicemail_messages_removed_index', columns: ['changedAt'], where: 'is_removed' }],
});

export interface VoicemailGreetingRow {
  boxId: string;
  kind: string;
  file: string | null;
  revision: number;
}

export const voicemailGreetingSchema = new EntitySchema<VoicemailGreetingRow>({
  name: 'voicemailGreeting',
  tableName: 'voicemail_greetings',
  columns: {
    boxId: { type: 'text', name: 'box_id', primary: true, primaryKeyConstraintName: 'voicemail_greetings_pk' },
    kind: { type: 'text', primary: true, primaryKeyConstraintName: 'voicemail_greetings_pk' },
    file: { type: 'text', nullable: true },
    revision: { type: 'integer' },
  },
});

export interface RecordingRow {
  id: string;
  callId: string;
  file: string;
  startedAt: Date;
  durationMs: number;
}

export const recordingSchema = new EntitySchema<RecordingRow>({
  name: 'recording',
  tableName: 'recordings',
  columns: {
    id: { type: 'text', primary: true, primaryKeyConstraintName: 'recordings_pk' },
    callId: { type: 'text', name: 'call_id' },
    file: { type: 'text' },
    startedAt: { type: 'timestamptz', precision: 3, name: 'started_at' },
    durationMs: { type: 'integer', name: 'duration_ms' },
  },
  indices: [
    { name: 'recordings_call_index', columns: ['callId'] },
    { name: 'recordings_started_at_index', columns: ['startedAt', 'id'] },
  ],
});

export interface WebhookDeliveryRow {
  id: string;
  webhookId: string;
  event: unknown;
  state: string;
  attempts: unknown;
  createdAt: Date;
  changedAt: Date;
}

export const webhookDeliverySchema = new EntitySchema<WebhookDeliveryRow>({
  name: 'webhookDelivery',
  tableName: 'webhook_deliveries',
  columns: {
    id: { type: 'text', primary: true, primaryKeyConstraintName: 'webhook_deliveries_pk' },
    webhookId: { type: 'text', name: 'webhook_id' },
    event: { type: 'jsonb' },
    state: { type: 'text' },
    attempts: { type: 'jsonb' },
    createdAt: { type: 'timestamptz', precision: 3, name: 'created_at' },
    changedAt: { type: 'timestamptz', precision: 3, name: 'changed_at' },
  },
  indices: [
    { name: 'webhook_deliveries_webhook_index', columns: ['webhookId', 'id'] },
    { name: 'webhook_deliveries_created_at_index', columns: ['createdAt'] },
  ],
});

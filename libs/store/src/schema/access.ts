import { EntitySchema } from 'typeorm';

export interface ApiKeyRow {
  id: string;
  name: string;
  prefix: string;
  hash: string;
  scopes: string[];
  version: number;
  createdAt: Date;
}

export const apiKeySchema = new EntitySchema<ApiKeyRow>({
  name: 'apiKey',
  tableName: 'api_keys',
  columns: {
    id: { type: 'text', primary: true, primaryKeyConstraintName: 'api_keys_pk' },
    name: { type: 'text' },
    prefix: { type: 'text' },
    hash: { type: 'text' },
    scopes: { type: 'text', array: true },
    version: { type: 'integer' },
    createdAt: { type: 'timestamptz', precision: 3, name: 'created_at' },
  },
  uniques: [{ name: 'api_keys_hash_unique', columns: ['hash'] }],
});

export interface AuditRow {
  id: string;
  at: Date;
  actor: string;
  action: string;
  target: string;
  before: object | null;
  after: object | null;
  requestId: string | null;
}

export const auditSchema = new EntitySchema<AuditRow>({
  name: 'audit',
  tableName: 'audit',
  columns: {
    id: { type: 'bigint', primary: true, generated: 'increment', primaryKeyConstraintName: 'audit_pk' },
    at: { type: 'timestamptz', precision: 3 },
    actor: { type: 'text' },
    action: { type: 'text' },
    target: { type: 'text' },
    before: { type: 'jsonb', nullable: true },
    after: { type: 'jsonb', nullable: true },
    requestId: { type: 'text', name: 'request_id', nullable: true },
  },
  indices: [{ name: 'audit_target_index', columns: ['target', 'id'] }],
});

export interface IdempotencyRow {
  actor: string;
  key: string;
  fingerprint: string;
  status: number | null;
  headers: Record<string, string> | null;
  body: object | null;
  createdAt: Date;
}

export const idempotencySchema = new EntitySchema<IdempotencyRow>({
  name: 'idempotencyKey',
  tableName: 'idempotency_keys',
  columns: {
    actor: { type: 'text', primary: true, primaryKeyConstraintName: 'idempotency_keys_pk' },
    key: { type: 'text', primary: true, primaryKeyConstraintName: 'idempotency_keys_pk' },
    fingerprint: { type: 'text' },
    status: { type: 'integer', nullable: true },
    headers: { type: 'jsonb', nullable: true },
    body: { type: 'jsonb', nullable: true },
    createdAt: { type: 'timestamptz', precision: 3, name: 'created_at' },
  },
  indices: [{ name: 'idempotency_keys_created_at_index', columns: ['createdAt'] }],
});

export interface SecretRow {
  name: string;
  value: string;
  createdAt: Date;
}

export const secretSchema = new EntitySchema<SecretRow>({
  name: 'secret',
  tableName: 'secrets',
  columns: {
    name: { type: 'text', primary: true, primaryKeyConstraintName: 'secrets_pk' },
    value: { type: 'text' },
    createdAt: { type: 'timestamptz', precision: 3, name: 'created_at' },
  },
});

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Everything the first release keeps. Constraint names are given, so that entity schemas and later migrations can name them. */
export class FirstTables20261122000000 implements MigrationInterface {
  readonly name = 'FirstTables20261122000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of statements) await queryRunner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only: restore the backup taken before the update.');
  }
}

const statements = [
  `CREATE TABLE extensions (
    id text NOT NULL CONSTRAINT extensions_pk PRIMARY KEY,
    key text NOT NULL CONSTRAINT extensions_key_unique UNIQUE,
    number text NOT NULL CONSTRAINT extensions_number_unique UNIQUE,
    display_name text NOT NULL,
    ring_timeout_ms integer NOT NULL,
    version integer NOT NULL,
    created_at timestamptz(3) NOT NULL,
    updated_at timestamptz(3) NOT NULL)`,
  `CREATE TABLE devices (
    id text NOT NULL CONSTRAINT devices_pk PRIMARY KEY,
    key text NOT NULL CONSTRAINT devices_key_unique UNIQUE,
    extension_id text NOT NULL CONSTRAINT devices_extension_fk REFERENCES extensions (id),
    display_name text NOT NULL,
    username text NOT NULL CONSTRAINT devices_username_unique UNIQUE,
    algorithm text NOT NULL,
    enabled boolean NOT NULL,
    ha1 jsonb NOT NULL,
    version integer NOT NULL,
    created_at timestamptz(3) NOT NULL,
    updated_at timestamptz(3) NOT NULL)`,
  `CREATE INDEX devices_extension_index ON devices (extension_id)`,
  `CREATE TABLE settings (
    name text NOT NULL CONSTRAINT settings_pk PRIMARY KEY,
    value jsonb NOT NULL,
    version integer NOT NULL,
    created_at timestamptz(3) NOT NULL,
    updated_at timestamptz(3) NOT NULL)`,
  `CREATE TABLE secrets (
    name text NOT NULL CONSTRAINT secrets_pk PRIMARY KEY,
    value text NOT NULL,
    created_at timestamptz(3) NOT NULL)`,
  `CREATE TABLE api_keys (
    id text NOT NULL CONSTRAINT api_keys_pk PRIMARY KEY,
    name text NOT NULL,
    prefix text NOT NULL,
    hash text NOT NULL CONSTRAINT api_keys_hash_unique UNIQUE,
    scopes text[] NOT NULL,
    version integer NOT NULL,
    created_at timestamptz(3) NOT NULL)`,
  `CREATE TABLE audit (
    id bigserial NOT NULL CONSTRAINT audit_pk PRIMARY KEY,
    at timestamptz(3) NOT NULL,
    actor text NOT NULL,
    action text NOT NULL,
    target text NOT NULL,
    before jsonb,
    after jsonb,
    request_id text)`,
  `CREATE INDEX audit_target_index ON audit (target, id)`,
  `CREATE TABLE idempotency_keys (
    actor text NOT NULL,
    key text NOT NULL,
    fingerprint text NOT NULL,
    status integer,
    headers jsonb,
    body jsonb,
    created_at timestamptz(3) NOT NULL,
    CONSTRAINT idempotency_keys_pk PRIMARY KEY (actor, key))`,
  `CREATE INDEX idempotency_keys_created_at_index ON idempotency_keys (created_at)`,
  `CREATE TABLE registrations (
    aor text NOT NULL CONSTRAINT registrations_pk PRIMARY KEY,
    bindings jsonb NOT NULL,
    expires_at timestamptz(3) NOT NULL)`,
  `CREATE INDEX registrations_expires_at_index ON registrations (expires_at)`,
  `CREATE TABLE call_records (
    id text NOT NULL CONSTRAINT call_records_pk PRIMARY KEY,
    started_at timestamptz(3) NOT NULL,
    answered_at timestamptz(3),
    ended_at timestamptz(3) NOT NULL,
    direction text NOT NULL,
    from_number text NOT NULL,
    from_name text,
    from_anonymous boolean NOT NULL,
    to_number text NOT NULL,
    answered_by text,
    cause text NOT NULL,
    evidence jsonb NOT NULL,
    recovered boolean NOT NULL,
    legs jsonb NOT NULL,
    story jsonb NOT NULL)`,
  `CREATE INDEX call_records_started_at_index ON call_records (started_at, id)`,
  `CREATE INDEX call_records_from_index ON call_records (from_number, started_at)`,
  `CREATE INDEX call_records_to_index ON call_records (to_number, started_at)`,
  `CREATE TABLE events (
    sequence bigint NOT NULL CONSTRAINT events_pk PRIMARY KEY,
    at timestamptz(3) NOT NULL,
    type text NOT NULL,
    data jsonb NOT NULL)`,
  `CREATE INDEX events_at_index ON events (at)`,
  `CREATE TABLE outbox (
    id bigserial NOT NULL CONSTRAINT outbox_pk PRIMARY KEY,
    kind text NOT NULL,
    payload jsonb NOT NULL,
    created_at timestamptz(3) NOT NULL)`,
];

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Voicemail messages: what is said is in files, what is known of it here. */
export class Messages20261202000000 implements MigrationInterface {
  readonly name = 'Messages20261202000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of statements) await queryRunner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only: restore the backup taken before the update.');
  }
}

const statements = [
  // Also of those that were removed, for some days: what was written before must not bring them back.
  `CREATE TABLE voicemail_messages (
    id text NOT NULL CONSTRAINT voicemail_messages_pk PRIMARY KEY,
    box_id text NOT NULL,
    file text NOT NULL,
    caller jsonb NOT NULL,
    received_at timestamptz(3) NOT NULL,
    duration_ms integer NOT NULL,
    is_urgent boolean NOT NULL,
    is_heard boolean NOT NULL,
    forwarded_by text,
    changed_at timestamptz(3) NOT NULL,
    is_removed boolean NOT NULL,
    revision integer NOT NULL)`,
  `CREATE INDEX voicemail_messages_removed_index ON voicemail_messages (changed_at) WHERE is_removed`,
  `CREATE TABLE voicemail_greetings (
    box_id text NOT NULL,
    kind text NOT NULL,
    file text,
    revision integer NOT NULL,
    CONSTRAINT voicemail_greetings_pk PRIMARY KEY (box_id, kind))`,
];

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Drills are kept for good; events that are no call’s are found among the many that are. */
export class Drills20261127000000 implements MigrationInterface {
  readonly name = 'Drills20261127000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of statements) await queryRunner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only: restore the backup taken before the update.');
  }
}

const statements = [
  `CREATE TABLE drills (
    id text NOT NULL CONSTRAINT drills_pk PRIMARY KEY,
    trunk_id text NOT NULL,
    call_id text NOT NULL,
    asked jsonb NOT NULL,
    started_at timestamptz(3) NOT NULL,
    ended_at timestamptz(3),
    result jsonb)`,
  `CREATE INDEX drills_trunk_index ON drills (trunk_id, id)`,
  `CREATE INDEX events_rare_index ON events (sequence) WHERE type NOT LIKE 'call.%'`,
];

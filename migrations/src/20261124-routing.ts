import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Trunks, routes and what else calls go by: rows of one table, each as its kind's schema has it. */
export class Routing20261124000000 implements MigrationInterface {
  readonly name = 'Routing20261124000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of statements) await queryRunner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only: restore the backup taken before the update.');
  }
}

const statements = [
  `CREATE TABLE configuration_objects (
    id text NOT NULL CONSTRAINT configuration_objects_pk PRIMARY KEY,
    kind text NOT NULL,
    key text NOT NULL,
    value jsonb NOT NULL,
    version integer NOT NULL,
    created_at timestamptz(3) NOT NULL,
    updated_at timestamptz(3) NOT NULL,
    CONSTRAINT configuration_objects_key_unique UNIQUE (kind, key) DEFERRABLE INITIALLY DEFERRED)`,
  `ALTER TABLE extensions ADD COLUMN calling jsonb`,
  `ALTER TABLE lines ADD COLUMN number text`,
];

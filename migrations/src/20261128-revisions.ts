import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Every change of the configuration is a revision. Keys, numbers and user names are unique when a change is done, not at each of its steps. */
export class Revisions20261128000000 implements MigrationInterface {
  readonly name = 'Revisions20261128000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of statements) await queryRunner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only: restore the backup taken before the update.');
  }
}

const uniques = [['extensions', 'key'], ['extensions', 'number'], ['devices', 'key'], ['devices', 'username'], ['stations', 'key'], ['lines', 'key']] as const;

const statements = [
  `CREATE TABLE configuration_revisions (
    number integer NOT NULL CONSTRAINT configuration_revisions_pk PRIMARY KEY,
    id text NOT NULL CONSTRAINT configuration_revisions_id_unique UNIQUE,
    at timestamptz(3) NOT NULL,
    actor text NOT NULL,
    request_id text,
    why text,
    restores integer,
    rolled_back_by integer,
    confirm_by timestamptz(3),
    state text NOT NULL,
    counts jsonb NOT NULL,
    objects jsonb NOT NULL,
    changes jsonb NOT NULL)`,
  ...uniques.flatMap(([table, column]) => [
    `ALTER TABLE ${table} DROP CONSTRAINT ${table}_${column}_unique`,
    `ALTER TABLE ${table} ADD CONSTRAINT ${table}_${column}_unique UNIQUE (${column}) DEFERRABLE INITIALLY DEFERRED`,
  ]),
];

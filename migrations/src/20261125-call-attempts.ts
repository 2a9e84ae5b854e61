import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Call records tell the ways that were tried, and which calls were for help. */
export class CallAttempts20261125000000 implements MigrationInterface {
  readonly name = 'CallAttempts20261125000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of statements) await queryRunner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only: restore the backup taken before the update.');
  }
}

const statements = [
  `ALTER TABLE call_records ADD COLUMN attempts jsonb NOT NULL DEFAULT '[]', ADD COLUMN emergency text`,
  `ALTER TABLE call_records ALTER COLUMN attempts DROP DEFAULT`,
];

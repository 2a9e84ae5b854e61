import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What becomes of calls to an extension. Rows that were there before have it as is usual; what people are connected to is rows of `configuration_objects`. */
export class Features20261201000000 implements MigrationInterface {
  readonly name = 'Features20261201000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE extensions ADD COLUMN features jsonb');
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only: restore the backup taken before the update.');
  }
}

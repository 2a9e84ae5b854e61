import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a call was made of, and the calls it went on from or into. Records of before have none: their whole call is one. */
export class CallSegments20261130000000 implements MigrationInterface {
  readonly name = 'CallSegments20261130000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE call_records ADD COLUMN segments jsonb NOT NULL DEFAULT '[]', ADD COLUMN continues jsonb NOT NULL DEFAULT '[]', ADD COLUMN continued_in text`);
    for (const column of ['segments', 'continues']) await queryRunner.query(`ALTER TABLE call_records ALTER COLUMN ${column} DROP DEFAULT`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only: restore the backup taken before the update.');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The SIP messages of calls: beside their records, for they are larger and are kept for a shorter time. No foreign key: a ladder may be there a moment before its record. */
export class CallLadders20261126000000 implements MigrationInterface {
  readonly name = 'CallLadders20261126000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`CREATE TABLE call_ladders (
      call_id text NOT NULL CONSTRAINT call_ladders_pk PRIMARY KEY,
      ended_at timestamptz(3) NOT NULL,
      ladder bytea NOT NULL)`);
    await queryRunner.query('CREATE INDEX call_ladders_ended_at_index ON call_ladders (ended_at)');
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only: restore the backup taken before the update.');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was sent to webhooks, and is to be. */
export class WebhookDeliveries20261204000000 implements MigrationInterface {
  readonly name = 'WebhookDeliveries20261204000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of statements) await queryRunner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only: restore the backup taken before the update.');
  }
}

const statements = [
  `CREATE TABLE webhook_deliveries (
    id text NOT NULL CONSTRAINT webhook_deliveries_pk PRIMARY KEY,
    webhook_id text NOT NULL,
    event jsonb NOT NULL,
    state text NOT NULL,
    attempts jsonb NOT NULL,
    created_at timestamptz(3) NOT NULL,
    changed_at timestamptz(3) NOT NULL)`,
  `CREATE INDEX webhook_deliveries_webhook_index ON webhook_deliveries (webhook_id, id)`,
  `CREATE INDEX webhook_deliveries_created_at_index ON webhook_deliveries (created_at)`,
];

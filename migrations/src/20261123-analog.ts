import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Stations and lines: what is plugged into the ports of cards. A port belongs to one of them; across the two tables the configuration's own check sees to it. */
export class Analog20261123000000 implements MigrationInterface {
  readonly name = 'Analog20261123000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of statements) await queryRunner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only: restore the backup taken before the update.');
  }
}

const statements = [
  `CREATE TABLE stations (
    id text NOT NULL CONSTRAINT stations_pk PRIMARY KEY,
    key text NOT NULL CONSTRAINT stations_key_unique UNIQUE,
    extension_id text NOT NULL CONSTRAINT stations_extension_fk REFERENCES extensions (id),
    display_name text NOT NULL,
    card text NOT NULL,
    port integer NOT NULL,
    region text NOT NULL,
    kind text NOT NULL,
    is_enabled boolean NOT NULL,
    overrides jsonb NOT NULL,
    version integer NOT NULL,
    created_at timestamptz(3) NOT NULL,
    updated_at timestamptz(3) NOT NULL,
    CONSTRAINT stations_port_unique UNIQUE (card, port) DEFERRABLE INITIALLY DEFERRED)`,
  `CREATE INDEX stations_extension_index ON stations (extension_id)`,
  `CREATE TABLE lines (
    id text NOT NULL CONSTRAINT lines_pk PRIMARY KEY,
    key text NOT NULL CONSTRAINT lines_key_unique UNIQUE,
    display_name text NOT NULL,
    card text NOT NULL,
    port integer NOT NULL,
    region text NOT NULL,
    is_enabled boolean NOT NULL,
    is_commissioned boolean NOT NULL,
    inbound jsonb,
    outbound jsonb,
    overrides jsonb NOT NULL,
    version integer NOT NULL,
    created_at timestamptz(3) NOT NULL,
    updated_at timestamptz(3) NOT NULL,
    CONSTRAINT lines_port_unique UNIQUE (card, port) DEFERRABLE INITIALLY DEFERRED)`,
];

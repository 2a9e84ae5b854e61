import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Recordings of calls, a row for each file: those of the records that are there already are found in their segments. */
export class Recordings20261203000000 implements MigrationInterface {
  readonly name = 'Recordings20261203000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of statements) await queryRunner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only: restore the backup taken before the update.');
  }
}

const statements = [
  `CREATE TABLE recordings (
    id text NOT NULL CONSTRAINT recordings_pk PRIMARY KEY,
    call_id text NOT NULL,
    file text NOT NULL,
    started_at timestamptz(3) NOT NULL,
    duration_ms integer NOT NULL)`,
  `CREATE INDEX recordings_call_index ON recordings (call_id)`,
  `CREATE INDEX recordings_started_at_index ON recordings (started_at, id)`,
  `INSERT INTO recordings (id, call_id, file, started_at, duration_ms)
    SELECT call.id || '-' || segment.place || '.' || recording.place, call.id, recording.value->>'file', to_timestamp((segment.value->>'startedAt')::float8 / 1000), (recording.value->>'ms')::float8::integer
    FROM call_records AS call, jsonb_array_elements(call.segments) WITH ORDINALITY AS segment(value, place), jsonb_array_elements(segment.value->'recordings') WITH ORDINALITY AS recording(value, place)`,
];

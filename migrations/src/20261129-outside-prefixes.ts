import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Lines that had a prefix of their own for calling out become a line group and an outbound route for each prefix: `lines-9`, `outside-9`. The column stays,
 * and is no longer read. Where the office is was not known either: it is where its lines are, until somebody says otherwise.
 */
export class OutsidePrefixes20261129000000 implements MigrationInterface {
  readonly name = 'OutsidePrefixes20261129000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of statements) await queryRunner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only: restore the backup taken before the update.');
  }
}

/** An id as the system makes them: 26 characters that say nothing. */
const id = (kind: string) => `'${kind}_' || substr(md5(random()::text || clock_timestamp()::text), 1, 26)`;
/** A key has neither * nor #. */
const key = (name: string) => `'${name}-' || replace(replace(prefix, '*', 'star'), '#', 'hash')`;
const prefixes = `SELECT outbound ->> 'prefix' AS prefix, jsonb_agg(id ORDER BY key) AS lines FROM lines WHERE outbound ->> 'prefix' IS NOT NULL GROUP BY 1`;
const isNew = (kind: string, name: string) => `NOT EXISTS (SELECT 1 FROM configuration_objects known WHERE known.kind = '${kind}' AND known.key = ${key(name)})`;

const statements = [
  // In the order of their keys, from the first, as they were tried before.
  `INSERT INTO configuration_objects (id, kind, key, value, version, created_at, updated_at)
    SELECT ${id('lgr')}, 'lineGroup', ${key('lines')},
      jsonb_build_object('displayName', 'Lines behind ' || prefix, 'lines', lines, 'hunt', 'linear', 'fromTheEnd', false, 'tariff', NULL), 1, now(), now()
    FROM (${prefixes}) AS behind WHERE ${isNew('lineGroup', 'lines')}`,
  `INSERT INTO configuration_objects (id, kind, key, value, version, created_at, updated_at)
    SELECT ${id('out')}, 'outboundRoute', ${key('outside')},
      jsonb_build_object(
        'displayName', 'Outside by ' || prefix, 'position', 100, 'isEnabled', true,
        'match', jsonb_build_object('prefix', prefix, 'numbers', '[]'::jsonb, 'classes', '[]'::jsonb, 'callers', '[]'::jsonb, 'schedule', NULL),
        'pinSetId', NULL, 'order', 'listed',
        'attempts', jsonb_build_array(jsonb_build_object('via', jsonb_build_object('type', 'lineGroup', 'id', lines_of.id), 'number', NULL, 'shown', NULL))),
      1, now(), now()
    FROM (${prefixes}) AS behind JOIN configuration_objects lines_of ON lines_of.kind = 'lineGroup' AND lines_of.key = ${key('lines')}
    WHERE ${isNew('outboundRoute', 'outside')}`,
  `UPDATE settings SET value = value || jsonb_build_object('site', jsonb_build_object(
      'country', office.country, 'timeZone', CASE office.country WHEN 'US' THEN 'America/New_York' ELSE 'UTC' END, 'areaCode', NULL,
      'outsidePrefix', coalesce(office.prefix, '9'), 'mainNumber', NULL, 'permissionId', NULL))
    FROM (SELECT mode() WITHIN GROUP (ORDER BY region) AS country, mode() WITHIN GROUP (ORDER BY outbound ->> 'prefix') AS prefix FROM lines) AS office
    WHERE name = 'system' AND NOT value ? 'site' AND office.country IS NOT NULL`,
];

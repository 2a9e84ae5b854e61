import type { Device, DigestSecrets, Extension, SystemSettings } from '@tipring/config';
import { EntitySchema } from 'typeorm';
import { rowOfNow, settingsOfNow } from './older-rows.ts';

/** A row as the database has it; the mapper pair beside each schema is the only place that knows both sides. */
export interface ExtensionRow {
  id: string;
  key: string;
  number: string;
  displayName: string;
  ringTimeoutMs: number;
  calling: Extension['calling'] | null;
  /** All else that is set on it; null: an earlier version wrote it. */
  features: Record<string, unknown> | null;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

export const extensionSchema = new EntitySchema<ExtensionRow>({
  name: 'extension',
  tableName: 'extensions',
  columns: {
    id: { type: 'text', primary: true, primaryKeyConstraintName: 'extensions_pk' },
    key: { type: 'text' },
    number: { type: 'text' },
    displayName: { type: 'text', name: 'display_name' },
    ringTimeoutMs: { type: 'integer', name: 'ring_timeout_ms' },
    calling: { type: 'jsonb', nullable: true },
    features: { type: 'jsonb', nullable: true },
    version: { type: 'integer' },
    createdAt: { type: 'timestamptz', precision: 3, name: 'created_at' },
    updatedAt: { type: 'timestamptz', precision: 3, name: 'updated_at' },
  },
  // Two may change numbers in one transaction.
  uniques: [
    { name: 'extensions_key_unique', columns: ['key'], deferrable: 'INITIALLY DEFERRED' },
    { name: 'extensions_number_unique', columns: ['number'], deferrable: 'INITIALLY DEFERRED' },
  ],
});

export function extensionToRow({ id, key, number, displayName, ringTimeoutMs, calling, version, createdAt, updatedAt, ...features }: Extension): ExtensionRow {
  return { id, key, number, displayName, ringTimeoutMs, calling: calling ?? null, features, version, createdAt: new Date(createdAt), updatedAt: new Date(updatedAt) };
}

export function extensionFromRow({ calling, features, createdAt, updatedAt, ...row }: ExtensionRow): Extension {
  return rowOfNow('extension', { ...row, ...(calling === null ? {} : { calling }), ...features, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() });
}

export interface DeviceRow {
  id: string;
  key: string;
  extensionId: string;
  displayName: string;
  username: string;
  algorithm: string;
  enabled: boolean;
  ha1: DigestSecrets;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

export const deviceSchema = new EntitySchema<DeviceRow>({
  name: 'device',
  tableName: 'devices',
  columns: {
    id: { type: 'text', primary: true, primaryKeyConstraintName: 'devices_pk' },
    key: { type: 'text' },
    extensionId: { type: 'text', name: 'extension_id' },
    displayName: { type: 'text', name: 'display_name' },
    username: { type: 'text' },
    algorithm: { type: 'text' },
    enabled: { type: 'boolean' },
    ha1: { type: 'jsonb' },
    version: { type: 'integer' },
    createdAt: { type: 'timestamptz', precision: 3, name: 'created_at' },
    updatedAt: { type: 'timestamptz', precision: 3, name: 'updated_at' },
  },
  uniques: [
    { name: 'devices_key_unique', columns: ['key'], deferrable: 'INITIALLY DEFERRED' },
    { name: 'devices_username_unique', columns: ['username'], deferrable: 'INITIALLY DEFERRED' },
  ],
  indices: [{ name: 'devices_extension_index', columns: ['extensionId'] }],
  foreignKeys: [{ name: 'devices_extension_fk', target: 'extension', columnNames: ['extensionId'], referencedColumnNames: ['id'] }],
});

export function deviceToRow(device: Device): DeviceRow {
  return { ...device, createdAt: new Date(device.createdAt), updatedAt: new Date(device.updatedAt) };
}

export function deviceFromRow(row: DeviceRow): Device {
  const { id, key, extensionId, displayName, username, enabled, version } = row;
  // What the column holds beyond the two names is told by the snapshot's own check.
  const algorithm = row.algorithm as Device['algorithm'];
  const ha1 = { MD5: row.ha1.MD5, 'SHA-256': row.ha1['SHA-256'] };
  return { id, key, extensionId, displayName, username, algorithm, enabled, ha1, version, createdAt: row.createdAt.toISOString(), updatedAt: row.updatedAt.toISOString() };
}

export interface SettingsRow {
  name: string;
  /** As an earlier version wrote it, some sections are missing. */
  value: Partial<SystemSettings>;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

export const settingsSchema = new EntitySchema<SettingsRow>({
  name: 'settings',
  tableName: 'settings',
  columns: {
    name: { type: 'text', primary: true, primaryKeyConstraintName: 'settings_pk' },
    value: { type: 'jsonb' },
    version: { type: 'integer' },
    createdAt: { type: 'timestamptz', precision: 3, name: 'created_at' },
    updatedAt: { type: 'timestamptz', precision: 3, name: 'updated_at' },
  },
});

export function settingsToRow({ version, createdAt, updatedAt, ...value }: SystemSettings): SettingsRow {
  return { name: 'system', value, version, createdAt: new Date(createdAt), updatedAt: new Date(updatedAt) };
}

/** jsonb does not keep the order of fields; the schema puts it back (a diff compares in that order). */
export function settingsFromRow({ value, version, createdAt, updatedAt }: SettingsRow): SystemSettings {
  return settingsOfNow({ ...value, version, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() });
}

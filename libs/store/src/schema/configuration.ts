import type { Device, DigestSecrets, Extension } from '@tipring/config';
import { ExtensionCalling, firstCallLimits, firstEmergencyPolicy, firstFraudLimits, firstSite, SystemSettings } from '@tipring/config';
import { EntitySchema } from 'typeorm';

/** A row as the database has it; the mapper pair beside each schema is the only place that knows both sides. */
export interface ExtensionRow {
  id: string;
  key: string;
  number: string;
  displayName: string;
  ringTimeoutMs: number;
  calling: Extension['calling'] | null;
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

export function extensionToRow(extension: Extension): ExtensionRow {
  return { ...extension, calling: extension.calling ?? null, createdAt: new Date(extension.createdAt), updatedAt: new Date(extension.updatedAt) };
}

export function extensionFromRow(row: ExtensionRow): Extension {
  const { id, key, number, displayName, ringTimeoutMs, version } = row;
  // jsonb does not keep the order of fields; a diff compares in that order.
  const calling = row.calling === null ? {} : { calling: ExtensionCalling.safeParse(row.calling).data ?? row.calling };
  return { id, key, number, displayName, ringTimeoutMs, ...calling, version, createdAt: row.createdAt.toISOString(), updatedAt: row.updatedAt.toISOString() };
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
  /** The others are missing in what an earlier version wrote. */
  value: Pick<SystemSettings, 'sip' | 'guard'> & Partial<Pick<SystemSettings, 'calls' | 'site' | 'emergency' | 'fraud'>>;
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

export function settingsToRow(settings: SystemSettings): SettingsRow {
  const { sip, guard, calls, site, emergency, fraud, version } = settings;
  return { name: 'system', value: { sip, guard, calls, site, emergency, fraud }, version, createdAt: new Date(settings.createdAt), updatedAt: new Date(settings.updatedAt) };
}

/** jsonb does not keep the order of fields; the schema puts it back (a diff compares in that order). */
export function settingsFromRow(row: SettingsRow): SystemSettings {
  const { sip, guard, calls = firstCallLimits, site = firstSite, emergency = firstEmergencyPolicy, fraud = firstFraudLimits } = row.value;
  return SystemSettings.parse({ sip, guard, calls, site, emergency, fraud, version: row.version, createdAt: row.createdAt.toISOString(), updatedAt: row.updatedAt.toISOString() });
}

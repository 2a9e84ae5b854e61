import { Device, DeviceSettings, DigestAlgorithm, OpaqueId, StableKey, type Snapshot } from '@tipring/config';
import { z } from 'zod';

/** How things look from outside. Instants are RFC 3339 in UTC, durations carry their unit in the name. */
export const Instant = z.iso.datetime().meta({ description: 'RFC 3339, UTC', examples: ['2026-11-22T18:00:00.000Z'] });

/** Events of calls name instants by the thousand, mostly of the same few seconds: those are written once. */
const seconds = new Map<number, string>();

export function instant(ms: number): string {
  const second = Math.floor(ms / 1000);
  let text = seconds.get(second);
  if (text === undefined) {
    if (seconds.size >= SECONDS_KEPT) seconds.clear();
    text = new Date(second * 1000).toISOString().slice(0, -4);
    seconds.set(second, text);
  }
  return `${text}${String(Math.floor(ms) - second * 1000).padStart(3, '0')}Z`;
}

export const instantOrNull = (ms: number | null): string | null => (ms === null ? null : instant(ms));

export const DeviceRepresentation = z.object(Device.omit({ ha1: true }).shape).meta({ id: 'Device', description: 'A SIP phone' });

export const DeviceCreation = DeviceSettings.extend({
  algorithm: DigestAlgorithm.default('MD5').meta({ description: 'MD5 suits every phone; SHA-256 those that know RFC 8760' }),
  enabled: z.boolean().default(true),
}).meta({ id: 'DeviceCreation' });

/** The user name is part of the password's hash and cannot be changed alone: make a new device. */
export const DeviceChange = DeviceSettings.omit({ username: true }).partial().meta({ id: 'DeviceChange' });

export const Credentials = z
  .object({ username: z.string(), password: z.string(), realm: z.string(), algorithm: DigestAlgorithm })
  .meta({ id: 'Credentials', description: 'What to enter in the phone. Shown this once; only hashes are kept.' });

export const DeviceWithCredentials = DeviceRepresentation.extend({ credentials: Credentials.nullable() }).meta({ id: 'DeviceWithCredentials' });

export const ById = z.object({ id: z.string().min(1).max(80) });

export const DeviceFilter = { extensionId: OpaqueId.optional(), username: z.string().max(64).optional(), key: StableKey.optional() };

export function presentDevice(device: Device): z.infer<typeof DeviceRepresentation> {
  const { ha1: _kept, ...shown } = device;
  return shown;
}

/** Not for secrets, only for showing whose device an address belongs to. */
export function deviceName(snapshot: Snapshot, id: string | null): string | null {
  return id === null ? null : (snapshot.devices.get(id)?.displayName ?? null);
}

const SECONDS_KEPT = 256;

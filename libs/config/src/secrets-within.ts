import type { SecretContext } from './document/sealer.ts';
import type { Device } from './device.ts';
import type { Conference } from './conference.ts';
import type { Kind } from './kinds.ts';
import type { PinSet } from './calling.ts';
import type { SystemSettings } from './settings.ts';
import type { Trunk } from './trunk.ts';
import type { VoicemailBox } from './voicemail-box.ts';
import type { Webhook } from './webhook.ts';

/**
 * The row with each of its secrets put in place of another: sealed, opened, or hidden. The one place that knows where secrets are. A row that has
 * none is returned as it is.
 */
export function withSecrets<Row extends object>(kind: Kind | 'settings', row: Row, put: (text: string, context: SecretContext) => string): Row {
  switch (kind) {
    case 'device': return deviceWith(row as unknown as Device, put) as unknown as Row;
    case 'trunk': return trunkWith(row as unknown as Trunk, put) as unknown as Row;
    case 'pinSet': return pinSetWith(row as unknown as PinSet, put) as unknown as Row;
    case 'voicemailBox': return withPin(row as unknown as VoicemailBox, 'pin', put) as unknown as Row;
    case 'conference': return withPin(withPin(row as unknown as Conference, 'pin', put), 'moderatorPin', put) as unknown as Row;
    case 'webhook': return { ...row, secret: put((row as unknown as Webhook).secret, 'webhook') };
    case 'settings': return settingsWith(row as unknown as SystemSettings, put) as unknown as Row;
    default: return row;
  }
}

type Put = (text: string, context: SecretContext) => string;

function deviceWith(row: Device, put: Put): Device {
  return { ...row, ha1: { MD5: put(row.ha1.MD5, 'device'), 'SHA-256': put(row.ha1['SHA-256'], 'device') } };
}

function trunkWith(row: Trunk, put: Put): Trunk {
  const { peering } = row;
  if (peering.type === 'registration') return { ...row, peering: { ...peering, password: put(peering.password, 'trunk') } };
  if (peering.type !== 'address' || peering.credentials === null) return row;
  return { ...row, peering: { ...peering, credentials: { ...peering.credentials, password: put(peering.credentials.password, 'trunk') } } };
}

function pinSetWith(row: PinSet, put: Put): PinSet {
  return { ...row, pins: row.pins.map((one) => ({ ...one, pin: put(one.pin, 'pin') })) };
}

function withPin<Field extends 'pin' | 'moderatorPin', Row extends { readonly [Name in Field]?: string | null }>(row: Row, field: Field, put: Put): Row {
  const pin = row[field];
  return pin === null || pin === undefined ? row : { ...row, [field]: put(pin, 'pin') };
}

function settingsWith(settings: SystemSettings, put: Put): SystemSettings {
  const { mail } = settings;
  // Of an earlier version there is none.
  if (mail === null || mail === undefined || mail.credentials === null) return settings;
  return { ...settings, mail: { ...mail, credentials: { ...mail.credentials, password: put(mail.credentials.password, 'mail') } } };
}

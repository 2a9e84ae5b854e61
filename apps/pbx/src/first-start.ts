import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ConfigurationRows, type Device, emptyRows, type Extension, firstSettings } from '@tipring/config';
import { type ApiKeys, type ConfigurationRepository, newId } from '@tipring/store';
import { digestSecrets, newPassword } from './credentials.ts';

/** first-start.json: the only place where the demo office's passwords and the first API key are readable. */
export interface FirstStart {
  readonly apiUrl: string;
  readonly apiKey: string;
  readonly realm: string;
  readonly devices: readonly { readonly extension: string; readonly username: string; readonly password: string; readonly realm: string }[];
}

export interface FirstStartPlace {
  readonly dataFolder: string;
  readonly apiUrl: string;
  /** Whether the gateway simulates the demo card. */
  readonly simulator?: 'demo';
}

const system = { actor: 'system', requestId: null };

/**
 * Makes the demo office and the first API key, with random secrets. The file is there before the office is: whoever is
 * killed in between starts anew, and nobody is left with phones whose passwords are nowhere.
 */
export async function foundOffice(repository: ConfigurationRepository, keys: ApiKeys, place: FirstStartPlace): Promise<ConfigurationRows> {
  const now = new Date().toISOString();
  const { rows: office, devices } = demoOffice('tipring', now);
  const rows = place.simulator === 'demo' ? await withDemoPorts(office, now) : office;
  const { secret } = await keys.create('first key', ['read', 'write', 'act'], system);
  const first: FirstStart = { apiUrl: place.apiUrl, apiKey: secret, realm: rows.settings.sip.realm, devices };
  writeFileSync(pathOf(place, '.new'), `${JSON.stringify(first, null, 2)}\n`, { mode: 0o600 });
  const isFirst = await repository.found(rows, system);
  if (isFirst) completeFirstStart(place);
  return (await repository.load()) ?? rows;
}

/** Also at a later start: the former one may have been killed between the office and the name of its file. */
export function completeFirstStart(place: Pick<FirstStartPlace, 'dataFolder'>): void {
  if (existsSync(pathOf(place, '.new'))) renameSync(pathOf(place, '.new'), pathOf(place, ''));
}

export function firstStartPath(place: Pick<FirstStartPlace, 'dataFolder'>): string {
  return pathOf(place, '');
}

/** Extensions 101 to 110 with one phone each. */
export function demoOffice(realm: string, now: string): { readonly rows: ConfigurationRows; readonly devices: FirstStart['devices'] } {
  const extensions: Extension[] = [];
  const devices: Device[] = [];
  const shown: FirstStart['devices'][number][] = [];
  for (let number = 101; number <= 110; number += 1) {
    const username = String(number);
    const password = newPassword();
    const extension: Extension = { id: newId('ext'), key: `demo-${number}`, number: username, displayName: `Desk ${number}`, ringTimeoutMs: 30_000, version: 1, createdAt: now, updatedAt: now };
    extensions.push(extension);
    devices.push({
      id: newId('dev'), key: `demo-phone-${number}`, extensionId: extension.id, displayName: `Phone of ${number}`, username, algorithm: 'MD5', enabled: true,
      ha1: digestSecrets(username, realm, password), version: 1, createdAt: now, updatedAt: now,
    });
    shown.push({ extension: username, username, password, realm });
  }
  return { rows: { ...emptyRows(firstSettings(realm, now)), extensions, devices }, devices: shown };
}

/** Loaded only where it is needed: once in the life of an office. */
async function withDemoPorts(office: ConfigurationRows, now: string): Promise<ConfigurationRows> {
  const { demoPorts } = await import('./demo-ports.ts');
  const { extensions, stations, lines } = demoPorts(now);
  return { ...office, extensions: [...office.extensions, ...extensions], stations, lines };
}

function pathOf({ dataFolder }: Pick<FirstStartPlace, 'dataFolder'>, suffix: string): string {
  return join(dataFolder, `first-start.json${suffix}`);
}

import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConfigurationRows } from '@tipring/config';
import type { ApiKeys, ConfigurationRepository } from '@tipring/store';

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
  /** Of the simulated carrier; undefined: the usual one. */
  readonly carrierPort?: number;
}

const system = { actor: 'system', requestId: null };

/**
 * Makes the demo office and the first API key, with random secrets. The file is there before the office is: whoever is
 * killed in between starts anew, and nobody is left with phones whose passwords are nowhere.
 */
export async function foundOffice(repository: ConfigurationRepository, keys: ApiKeys, place: FirstStartPlace): Promise<ConfigurationRows> {
  const now = new Date().toISOString();
  // Loaded only where it is needed: once in the life of an office.
  const { demoOffice } = await import('./demo-office.ts');
  const { rows, devices } = demoOffice('tipring', now, { simulated: place.simulator === 'demo', ...(place.carrierPort === undefined ? {} : { carrierPort: place.carrierPort }) });
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

function pathOf({ dataFolder }: Pick<FirstStartPlace, 'dataFolder'>, suffix: string): string {
  return join(dataFolder, `first-start.json${suffix}`);
}

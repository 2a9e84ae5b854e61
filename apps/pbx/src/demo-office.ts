import { readFileSync } from 'node:fs';
import { buildSnapshot, type ConfigurationRows, documentFromText, emptyRows, firstSettings, rowsFrom } from '@tipring/config';
import { newId } from '@tipring/store';
import { digestSecrets, newPassword } from './credentials.ts';

/** What `npm start` begins with, and what people may begin theirs with: templates/hybrid-office.yaml. */
export const templatePath = new URL('../templates/hybrid-office.yaml', import.meta.url);

export interface DemoOffice {
  readonly rows: ConfigurationRows;
  /** As they are written into first-start.json. */
  readonly devices: readonly { readonly extension: string; readonly username: string; readonly password: string; readonly realm: string }[];
}

export interface DemoSurroundings {
  /** Whether there is the simulated card, with what is plugged into it, and the simulated carrier. */
  readonly simulated: boolean;
  /** Of the simulated carrier, where it is not the template's. */
  readonly carrierPort?: number;
}

/** The reference office; without the simulated card and carrier its phones alone. */
export function demoOffice(realm: string, now: string, { simulated, carrierPort }: DemoSurroundings): DemoOffice {
  const empty = buildSnapshot(emptyRows(firstSettings(realm, now)));
  const text = documentFromText(readFileSync(templatePath, 'utf8'));
  if (!empty.ok || !text.ok) throw new Error('the template of the demo office cannot be read');
  const document = text.value as Record<string, Record<string, unknown>>;
  const given = simulated ? withCarrierAt(document, carrierPort) : withoutWires(document);
  const read = rowsFrom(given, empty.value, { newId, now, sealer: nothingSealed, digestSecrets, newPassword });
  if (!read.ok) throw new Error(read.problems.map(({ pointer, hint }) => `${pointer}: ${hint}`).join('\n'));
  const { rows, snapshot, madeSecrets } = read.value;
  const devices = madeSecrets.map(({ id, username, realm, password }) => ({ extension: snapshot.extensions.get(snapshot.devices.get(id)?.extensionId ?? '')?.number ?? '', username, password, realm }));
  return { rows, devices };
}

/** Of the extensions those that have a phone; and nothing that leads outside. */
function withoutWires({ extensions = {}, devices = {}, ...rest }: Record<string, Record<string, unknown>>): object {
  const { stations: _1, lines: _2, lineGroups: _3, trunks: _4, inboundRoutes: _5, outboundRoutes: _6, ...others } = rest;
  const rung = new Set(Object.values(devices).map((device) => (device as { readonly extension: string }).extension));
  return { ...others, extensions: Object.fromEntries(Object.entries(extensions).filter(([key]) => rung.has(key))), devices };
}

function withCarrierAt(document: Record<string, Record<string, unknown>>, port: number | undefined): object {
  if (port === undefined) return document;
  const carrier = document['trunks']?.['carrier'] as { readonly server: object };
  return { ...document, trunks: { ...document['trunks'], carrier: { ...carrier, server: { ...carrier.server, port } } } };
}

/** The template is no export: nothing in it is sealed. */
const nothingSealed = { seal: (text: string) => text, open: () => undefined };

import { type Extension, type Kind, kindNames, kinds, type Line, type Trunk } from '@tipring/config';
import type { EndpointId } from '@tipring/telephony';
import type { Explanation } from './explanation.ts';
import type { Office } from './office.ts';

/** Who calls, as the configuration knows him. */
export type Caller =
  | { readonly is: 'extension'; readonly extension: Extension }
  | { readonly is: 'line'; readonly line: Line }
  | { readonly is: 'trunk'; readonly trunk: Trunk }
  /** What plays and listens: it sends somebody on. */
  | { readonly is: 'application'; readonly kind: Kind; readonly id: string; readonly key: string }
  /** Somebody inside whom the configuration does not name. */
  | { readonly is: 'unknown'; readonly endpoint: EndpointId };

export function callerAt(endpoint: EndpointId, { snapshot }: Office): Caller {
  const telephone = snapshot.devices.get(endpoint) ?? snapshot.stations.get(endpoint);
  const extension = telephone === undefined ? undefined : snapshot.extensions.get(telephone.extensionId);
  if (extension !== undefined) return { is: 'extension', extension };
  const line = snapshot.lines.get(endpoint);
  if (line !== undefined) return { is: 'line', line };
  const trunk = snapshot.trunks.get(endpoint);
  if (trunk !== undefined) return { is: 'trunk', trunk };
  const kind = kindByPrefix.get(endpoint.slice(0, 3));
  const row = kind === undefined ? undefined : snapshot[kinds[kind].rows].get(endpoint);
  return kind === undefined || row === undefined ? { is: 'unknown', endpoint } : { is: 'application', kind, id: row.id, key: row.key };
}

const applications: ReadonlySet<Kind> = new Set(['queue', 'voicemailBox', 'ivr', 'conference', 'parkingLot', 'pagingZone', 'prompt', 'directory']);
const kindByPrefix: ReadonlyMap<string, Kind> = new Map(kindNames.filter((kind) => applications.has(kind)).map((kind) => [kinds[kind].prefix, kind]));

export function toldOf(caller: Caller): Explanation['caller'] {
  switch (caller.is) {
    case 'extension':
      return { kind: 'extension', id: caller.extension.id, key: caller.extension.key };
    case 'line':
      return { kind: 'line', id: caller.line.id, key: caller.line.key };
    case 'trunk':
      return { kind: 'trunk', id: caller.trunk.id, key: caller.trunk.key };
    case 'application':
      return { kind: caller.kind, id: caller.id, key: caller.key };
    case 'unknown':
      return { kind: 'unknown', id: caller.endpoint, key: '' };
  }
}

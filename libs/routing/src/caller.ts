import type { Extension, Line, Trunk } from '@tipring/config';
import type { EndpointId } from '@tipring/telephony';
import type { Explanation } from './explanation.ts';
import type { Office } from './office.ts';

/** Who calls, as the configuration knows him. */
export type Caller =
  | { readonly is: 'extension'; readonly extension: Extension }
  | { readonly is: 'line'; readonly line: Line }
  | { readonly is: 'trunk'; readonly trunk: Trunk }
  /** Somebody inside whom the configuration does not name. */
  | { readonly is: 'unknown'; readonly endpoint: EndpointId };

export function callerAt(endpoint: EndpointId, { snapshot }: Office): Caller {
  const telephone = snapshot.devices.get(endpoint) ?? snapshot.stations.get(endpoint);
  const extension = telephone === undefined ? undefined : snapshot.extensions.get(telephone.extensionId);
  if (extension !== undefined) return { is: 'extension', extension };
  const line = snapshot.lines.get(endpoint);
  if (line !== undefined) return { is: 'line', line };
  const trunk = snapshot.trunks.get(endpoint);
  return trunk === undefined ? { is: 'unknown', endpoint } : { is: 'trunk', trunk };
}

export function toldOf(caller: Caller): Explanation['caller'] {
  switch (caller.is) {
    case 'extension':
      return { kind: 'extension', id: caller.extension.id, key: caller.extension.key };
    case 'line':
      return { kind: 'line', id: caller.line.id, key: caller.line.key };
    case 'trunk':
      return { kind: 'trunk', id: caller.trunk.id, key: caller.trunk.key };
    case 'unknown':
      return { kind: 'unknown', id: caller.endpoint, key: '' };
  }
}

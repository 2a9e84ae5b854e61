import type { OutboundRoute, Snapshot } from '@tipring/config';

/**
 * Lines that still have a prefix of their own make calls as before there were outbound routes: behind all of these, the longest prefix first. Such a rule asks for
 * no permission unless the extension or the site has one. To be deleted with `Line.outbound`.
 */
export function legacyRules({ lines }: Snapshot): readonly OutboundRoute[] {
  const byPrefix = Map.groupBy([...lines.values()].filter(({ outbound }) => outbound !== null), ({ outbound }) => outbound!.prefix);
  return [...byPrefix].sort(([a], [b]) => b.length - a.length).map(([prefix, its]) => ({
    id: `${LEGACY}${prefix}`,
    key: `prefix-${prefix}`,
    displayName: `Lines behind ${prefix}`,
    position: Infinity,
    isEnabled: true,
    match: { prefix, numbers: [], classes: [], callers: [], schedule: null },
    pinSetId: null,
    order: 'listed',
    attempts: its.map(({ id }) => ({ via: { type: 'line', id }, number: null, shown: null })),
    version: 1,
    createdAt: '',
    updatedAt: '',
  }));
}

export function isLegacy({ id }: Pick<OutboundRoute, 'id'>): boolean {
  return id.startsWith(LEGACY);
}

const LEGACY = 'prefix ';

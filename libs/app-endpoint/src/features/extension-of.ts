import type { Extension, Snapshot } from '@tipring/config';

/** Of a telephone; undefined: it is none of ours. */
export function extensionOf(endpoint: string, snapshot: Snapshot): Extension | undefined {
  const id = snapshot.devices.get(endpoint)?.extensionId ?? snapshot.stations.get(endpoint)?.extensionId ?? undefined;
  return id === undefined ? undefined : snapshot.extensions.get(id);
}

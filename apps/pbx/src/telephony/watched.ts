import { slotsOf, type Snapshot } from '@tipring/config';
import { slotId, type WatchedEntity } from '@tipring/presence';

/** What of the configuration can be watched. What has a number comes under it, everything under its key; where two kinds have the same key, the first of these. */
export function watchedIn(snapshot: Snapshot): readonly WatchedEntity[] {
  const { extensions, stations, lines, trunks, parkingLots, queues, voicemailBoxes } = snapshot;
  const watched: WatchedEntity[] = [];
  for (const { id, key, number, displayName, isDoNotDisturb } of extensions.values()) {
    watched.push({ id, kind: 'extension', key, number, name: displayName, isDoNotDisturb, endpoints: [...snapshot.devicesOf(id), ...snapshot.stationsOf(id)].map((endpoint) => endpoint.id) });
  }
  for (const { id, key, displayName } of stations.values()) watched.push({ id, kind: 'station', key, number: null, name: displayName, endpoints: [id] });
  for (const { id, key, displayName } of lines.values()) watched.push({ id, kind: 'line', key, number: null, name: displayName, endpoints: [id] });
  for (const { id, key, displayName } of trunks.values()) watched.push({ id, kind: 'trunk', key, number: null, name: displayName, endpoints: [id] });
  for (const lot of parkingLots.values()) {
    for (const slot of slotsOf(lot)) watched.push({ id: slotId(lot.id, slot), kind: 'parkingSlot', key: `${lot.key}-${slot}`, number: slot, name: `${lot.displayName}, ${slot}`, endpoints: [] });
  }
  for (const { id, key, number, displayName } of queues.values()) watched.push({ id, kind: 'queue', key, number, name: displayName, endpoints: [id] });
  for (const { id, key, number, displayName } of voicemailBoxes.values()) watched.push({ id, kind: 'mailbox', key, number, name: displayName, endpoints: [] });
  return watched;
}

import type { Extension } from '@tipring/config';
import type { Attempt, Party, Route } from '@tipring/telephony';
import { type Call, refused, routed, type Verdict } from './call.ts';
import { liveState } from './ways/way.ts';

/** All enabled devices and stations of an extension ring together, as long as the extension says. */
export function ringExtension({ id, key, number, displayName, ringTimeoutMs }: Extension, from: Party | undefined, call: Call): Verdict {
  const { caller, office, state, trace, request } = call;
  const devices = office.snapshot.devicesOf(id).filter(({ enabled }) => enabled);
  const stations = office.snapshot.stationsOf(id).filter(({ isEnabled }) => isEnabled);
  trace.tell({ kind: 'extension', id, key }, 'matched', 'extension', `${number} is ${displayName}`);
  const told = { via: `extension ${number}`, number, shown: from?.number ?? null, cost: null, timeoutMs: ringTimeoutMs };
  for (const device of devices) trace.candidate({ ...told, endpoint: device.id, kind: 'device', key: device.key, ...liveState(device.id, state) }, true);
  for (const station of stations) trace.candidate({ ...told, endpoint: station.id, kind: 'station', key: station.key, ...liveState(station.id, state) }, true);
  const endpoints = [...devices, ...stations].map((one) => one.id);
  if (endpoints.length === 0) return refused('subscriberAbsent', `extension ${number} has no device and no station that is enabled`);
  const attempt: Attempt = { endpoints, number, name: `extension ${number}`, timeoutMs: ringTimeoutMs };
  const direction = caller.is === 'line' || caller.is === 'trunk' ? 'inbound' : 'internal';
  const route: Route = { direction, attempts: [attempt], ...(from === undefined ? {} : { from }), ...(request.diversions === undefined ? {} : { diversions: request.diversions }) };
  return routed(route, number, 'internal', null);
}

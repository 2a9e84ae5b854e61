import type { z } from 'zod';
import { Blocklist, EmergencyLocation, Permission, PinSet } from './calling.ts';
import { Device } from './device.ts';
import { Extension } from './extension.ts';
import { Line } from './line.ts';
import { LineGroup } from './line-group.ts';
import { InboundRoute, OutboundRoute } from './routes.ts';
import { Schedule } from './schedule.ts';
import { Station } from './station.ts';
import { Trunk } from './trunk.ts';

/**
 * Everything there may be several of. `rows`: its place in `ConfigurationRows`, in the snapshot, in the document and in the API's paths;
 * `prefix`: of its ids; `order`: what it is listed by. What refers to others comes after them.
 */
export const kinds = {
  permission: { schema: Permission, rows: 'permissions', prefix: 'prm', order: 'key' },
  pinSet: { schema: PinSet, rows: 'pinSets', prefix: 'pin', order: 'key' },
  schedule: { schema: Schedule, rows: 'schedules', prefix: 'sch', order: 'key' },
  blocklist: { schema: Blocklist, rows: 'blocklists', prefix: 'blk', order: 'key' },
  emergencyLocation: { schema: EmergencyLocation, rows: 'emergencyLocations', prefix: 'loc', order: 'key' },
  extension: { schema: Extension, rows: 'extensions', prefix: 'ext', order: 'number' },
  device: { schema: Device, rows: 'devices', prefix: 'dev', order: 'username' },
  station: { schema: Station, rows: 'stations', prefix: 'sta', order: 'key' },
  line: { schema: Line, rows: 'lines', prefix: 'lin', order: 'key' },
  lineGroup: { schema: LineGroup, rows: 'lineGroups', prefix: 'lgr', order: 'key' },
  trunk: { schema: Trunk, rows: 'trunks', prefix: 'trk', order: 'key' },
  inboundRoute: { schema: InboundRoute, rows: 'inboundRoutes', prefix: 'inr', order: 'key' },
  outboundRoute: { schema: OutboundRoute, rows: 'outboundRoutes', prefix: 'out', order: 'key' },
} as const;

export type Kind = keyof typeof kinds;
export type RowOf<Of extends Kind> = Readonly<z.infer<(typeof kinds)[Of]['schema']>>;
/** `trunks`, `lineGroups` … */
export type RowsName<Of extends Kind = Kind> = (typeof kinds)[Of]['rows'];

export const kindNames = Object.keys(kinds) as readonly Kind[];

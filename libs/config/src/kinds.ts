import type { z } from 'zod';
import { Blocklist, EmergencyLocation, Permission, PinSet } from './calling.ts';
import { Conference } from './conference.ts';
import { Device } from './device.ts';
import { Directory } from './directory.ts';
import { Extension } from './extension.ts';
import { Ivr } from './ivr.ts';
import { Line } from './line.ts';
import { LineGroup } from './line-group.ts';
import { MusicClass } from './music-class.ts';
import { PagingZone } from './paging-zone.ts';
import { ParkingLot } from './parking-lot.ts';
import { Prompt } from './prompt.ts';
import { Queue } from './queue.ts';
import { RingGroup } from './ring-group.ts';
import { InboundRoute, OutboundRoute } from './routes.ts';
import { Schedule } from './schedule.ts';
import { Station } from './station.ts';
import { Trunk } from './trunk.ts';
import { VoicemailBox } from './voicemail-box.ts';
import { Webhook } from './webhook.ts';

/**
 * Everything there may be several of. `rows`: its place in `ConfigurationRows`, in the snapshot, in the document and in the API's paths;
 * `prefix`: of its ids; `order`: what it is listed by. What refers to others comes after them, as far as they do not refer to each other.
 */
export const kinds = {
  permission: { schema: Permission, rows: 'permissions', prefix: 'prm', order: 'key' },
  pinSet: { schema: PinSet, rows: 'pinSets', prefix: 'pin', order: 'key' },
  schedule: { schema: Schedule, rows: 'schedules', prefix: 'sch', order: 'key' },
  blocklist: { schema: Blocklist, rows: 'blocklists', prefix: 'blk', order: 'key' },
  emergencyLocation: { schema: EmergencyLocation, rows: 'emergencyLocations', prefix: 'loc', order: 'key' },
  musicClass: { schema: MusicClass, rows: 'musicClasses', prefix: 'moh', order: 'key' },
  prompt: { schema: Prompt, rows: 'prompts', prefix: 'pmt', order: 'key' },
  voicemailBox: { schema: VoicemailBox, rows: 'voicemailBoxes', prefix: 'vmb', order: 'key' },
  extension: { schema: Extension, rows: 'extensions', prefix: 'ext', order: 'number' },
  device: { schema: Device, rows: 'devices', prefix: 'dev', order: 'username' },
  station: { schema: Station, rows: 'stations', prefix: 'sta', order: 'key' },
  ringGroup: { schema: RingGroup, rows: 'ringGroups', prefix: 'rgp', order: 'key' },
  queue: { schema: Queue, rows: 'queues', prefix: 'que', order: 'key' },
  ivr: { schema: Ivr, rows: 'ivrs', prefix: 'ivr', order: 'key' },
  conference: { schema: Conference, rows: 'conferences', prefix: 'cnf', order: 'key' },
  parkingLot: { schema: ParkingLot, rows: 'parkingLots', prefix: 'plt', order: 'key' },
  pagingZone: { schema: PagingZone, rows: 'pagingZones', prefix: 'pgz', order: 'key' },
  directory: { schema: Directory, rows: 'directories', prefix: 'dir', order: 'key' },
  line: { schema: Line, rows: 'lines', prefix: 'lin', order: 'key' },
  lineGroup: { schema: LineGroup, rows: 'lineGroups', prefix: 'lgr', order: 'key' },
  trunk: { schema: Trunk, rows: 'trunks', prefix: 'trk', order: 'key' },
  inboundRoute: { schema: InboundRoute, rows: 'inboundRoutes', prefix: 'inr', order: 'key' },
  outboundRoute: { schema: OutboundRoute, rows: 'outboundRoutes', prefix: 'out', order: 'key' },
  webhook: { schema: Webhook, rows: 'webhooks', prefix: 'whk', order: 'key' },
} as const;

export type Kind = keyof typeof kinds;
export type RowOf<Of extends Kind> = Readonly<z.infer<(typeof kinds)[Of]['schema']>>;
/** `trunks`, `lineGroups` … */
export type RowsName<Of extends Kind = Kind> = (typeof kinds)[Of]['rows'];

export const kindNames = Object.keys(kinds) as readonly Kind[];

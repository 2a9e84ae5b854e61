import { Device } from './device.ts';
import { Extension } from './extension.ts';
import type { ConfigurationProblem, Result } from './result.ts';
import { SystemSettings } from './settings.ts';

/** All that is configured, as rows. */
export interface ConfigurationRows {
  readonly settings: SystemSettings;
  readonly extensions: readonly Extension[];
  readonly devices: readonly Device[];
}

/** All that is configured, checked as a whole, immutable and indexed. The call path holds nothing else. */
export interface Snapshot {
  readonly settings: SystemSettings;
  /** By id, in the order of their numbers. */
  readonly extensions: ReadonlyMap<string, Extension>;
  /** By id, in the order of their user names. */
  readonly devices: ReadonlyMap<string, Device>;
  extensionByNumber(number: string): Extension | undefined;
  deviceByUsername(username: string): Device | undefined;
  /** Enabled or not, in the order of their user names. */
  devicesOf(extensionId: string): readonly Device[];
}

/** Checks every row and the whole graph. All problems are reported, not the first. */
export function buildSnapshot(rows: ConfigurationRows): Result<Snapshot, ConfigurationProblem> {
  const problems: ConfigurationProblem[] = [];
  const settings = checked(SystemSettings, rows.settings, '/settings', problems);
  const extensions = rows.extensions.map((row, at) => checked(Extension, row, `/extensions/${at}`, problems));
  const devices = rows.devices.map((row, at) => checked(Device, row, `/devices/${at}`, problems));

  unique(extensions, '/extensions', ['id', 'key', 'number'], problems);
  unique(devices, '/devices', ['id', 'key', 'username'], problems);
  references(extensions, devices, problems);
  const { minExpiresS, maxExpiresS, defaultExpiresS } = settings.sip;
  if (minExpiresS > defaultExpiresS || defaultExpiresS > maxExpiresS) {
    problems.push({ code: 'contradiction', pointer: '/settings/sip/defaultExpiresS', hint: 'minExpiresS ≤ defaultExpiresS ≤ maxExpiresS must hold.' });
  }
  return problems.length === 0 ? { ok: true, value: index(settings, extensions, devices) } : { ok: false, problems };
}

/** Rows that passed are frozen and remembered, so that one change among thousands of rows is not a check of thousands. */
const passed = new WeakSet<object>();

interface RowSchema<Row> {
  safeParse(value: unknown): { success: true; data: Row } | { success: false; error: { issues: readonly { path: readonly PropertyKey[]; message: string }[] } };
}

function checked<Row extends object>(schema: RowSchema<Row>, row: Row, pointer: string, problems: ConfigurationProblem[]): Row {
  if (passed.has(row)) return row;
  const outcome = schema.safeParse(row);
  if (!outcome.success) {
    for (const issue of outcome.error.issues) {
      problems.push({ code: 'invalidValue', pointer: [pointer, ...issue.path.map(String)].join('/'), hint: issue.message });
    }
    return row;
  }
  const frozen = Object.freeze(outcome.data);
  passed.add(frozen);
  return frozen;
}

function unique<Row extends object>(rows: readonly Row[], pointer: string, fields: readonly (keyof Row & string)[], problems: ConfigurationProblem[]): void {
  for (const field of fields) {
    const seen = new Set<unknown>();
    rows.forEach((row, at) => {
      const value = row[field];
      if (seen.has(value)) problems.push({ code: 'notUnique', pointer: `${pointer}/${at}/${field}`, hint: `Another one has the ${field} ${String(value)}; choose a different one.` });
      seen.add(value);
    });
  }
}

function references(extensions: readonly Extension[], devices: readonly Device[], problems: ConfigurationProblem[]): void {
  const known = new Set(extensions.map((extension) => extension.id));
  devices.forEach((device, at) => {
    if (known.has(device.extensionId)) return;
    problems.push({ code: 'danglingReference', pointer: `/devices/${at}/extensionId`, hint: `There is no extension ${device.extensionId}; a device rings for one that exists.` });
  });
}

function index(settings: SystemSettings, extensions: readonly Extension[], devices: readonly Device[]): Snapshot {
  const byNumber = new Map<string, Extension>();
  const byUsername = new Map<string, Device>();
  const ofExtension = new Map<string, Device[]>();
  const ordered = [...extensions].sort((a, b) => order(a.number, b.number));
  const orderedDevices = [...devices].sort((a, b) => order(a.username, b.username));
  for (const extension of ordered) byNumber.set(extension.number, extension);
  for (const device of orderedDevices) {
    byUsername.set(device.username, device);
    const list = ofExtension.get(device.extensionId);
    if (list === undefined) ofExtension.set(device.extensionId, [device]);
    else list.push(device);
  }
  return Object.freeze({
    settings,
    extensions: new Map(ordered.map((extension) => [extension.id, extension])),
    devices: new Map(orderedDevices.map((device) => [device.id, device])),
    extensionByNumber: (number: string) => byNumber.get(number),
    deviceByUsername: (username: string) => byUsername.get(username),
    devicesOf: (extensionId: string) => ofExtension.get(extensionId) ?? none,
  });
}

const none: readonly Device[] = Object.freeze([]);

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

import type { PortReference } from './analog-port.ts';
import { analogProblems } from './analog-problems.ts';
import { Device } from './device.ts';
import { Extension } from './extension.ts';
import { Line } from './line.ts';
import type { ConfigurationProblem, Result } from './result.ts';
import { SystemSettings } from './settings.ts';
import { Station } from './station.ts';

/** All that is configured, as rows. */
export interface ConfigurationRows {
  readonly settings: SystemSettings;
  readonly extensions: readonly Extension[];
  readonly devices: readonly Device[];
  readonly stations: readonly Station[];
  readonly lines: readonly Line[];
}

/** All that is configured, checked as a whole, immutable and indexed. The call path holds nothing else. */
export interface Snapshot {
  readonly settings: SystemSettings;
  /** By id, in the order of their numbers. */
  readonly extensions: ReadonlyMap<string, Extension>;
  /** By id, in the order of their user names. */
  readonly devices: ReadonlyMap<string, Device>;
  /** By id, in the order of their keys. */
  readonly stations: ReadonlyMap<string, Station>;
  /** By id, in the order of their keys. */
  readonly lines: ReadonlyMap<string, Line>;
  extensionByNumber(number: string): Extension | undefined;
  deviceByUsername(username: string): Device | undefined;
  /** Enabled or not, in the order of their user names. An extension's endpoints are its devices and its stations. */
  devicesOf(extensionId: string): readonly Device[];
  /** Enabled or not, in the order of their keys. */
  stationsOf(extensionId: string): readonly Station[];
  /** A port has one owner at most: a station, a line or nobody. */
  stationAt(port: PortReference): Station | undefined;
  lineAt(port: PortReference): Line | undefined;
}

/** The rows as they stand, to be edited. */
export function rowsOf(snapshot: Snapshot): ConfigurationRows {
  const { settings, extensions, devices, stations, lines } = snapshot;
  return { settings, extensions: [...extensions.values()], devices: [...devices.values()], stations: [...stations.values()], lines: [...lines.values()] };
}

/** Checks every row and the whole graph. All problems are reported, not the first. */
export function buildSnapshot(given: ConfigurationRows): Result<Snapshot, ConfigurationProblem> {
  const problems: ConfigurationProblem[] = [];
  const rows: ConfigurationRows = {
    settings: checked(SystemSettings, given.settings, '/settings', problems),
    extensions: given.extensions.map((row, at) => checked(Extension, row, `/extensions/${at}`, problems)),
    devices: given.devices.map((row, at) => checked(Device, row, `/devices/${at}`, problems)),
    stations: given.stations.map((row, at) => checked(Station, row, `/stations/${at}`, problems)),
    lines: given.lines.map((row, at) => checked(Line, row, `/lines/${at}`, problems)),
  };

  unique(rows.extensions, '/extensions', ['id', 'key', 'number'], problems);
  unique(rows.devices, '/devices', ['id', 'key', 'username'], problems);
  unique(rows.stations, '/stations', ['id', 'key'], problems);
  unique(rows.lines, '/lines', ['id', 'key'], problems);
  devicesRingForExtensions(rows, problems);
  problems.push(...analogProblems(rows, (row) => passed.has(row)));
  const { minExpiresS, maxExpiresS, defaultExpiresS } = rows.settings.sip;
  if (minExpiresS > defaultExpiresS || defaultExpiresS > maxExpiresS) {
    problems.push({ code: 'contradiction', pointer: '/settings/sip/defaultExpiresS', hint: 'minExpiresS ≤ defaultExpiresS ≤ maxExpiresS must hold.' });
  }
  return problems.length === 0 ? { ok: true, value: index(rows) } : { ok: false, problems };
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

function devicesRingForExtensions({ extensions, devices }: ConfigurationRows, problems: ConfigurationProblem[]): void {
  const known = new Set(extensions.map((extension) => extension.id));
  devices.forEach((device, at) => {
    if (known.has(device.extensionId)) return;
    problems.push({ code: 'danglingReference', pointer: `/devices/${at}/extensionId`, hint: `There is no extension ${device.extensionId}; a device rings for one that exists.` });
  });
}

function index({ settings, ...rows }: ConfigurationRows): Snapshot {
  const extensions = ordered(rows.extensions, 'number');
  const devices = ordered(rows.devices, 'username');
  const stations = ordered(rows.stations, 'key');
  const lines = ordered(rows.lines, 'key');
  const byNumber = new Map(extensions.map((extension) => [extension.number, extension]));
  const byUsername = new Map(devices.map((device) => [device.username, device]));
  const devicesOf = Map.groupBy(devices, (device) => device.extensionId);
  const stationsOf = Map.groupBy(stations, (station) => station.extensionId);
  const stationAt = new Map(stations.map((station) => [nameOf(station.port), station]));
  const lineAt = new Map(lines.map((line) => [nameOf(line.port), line]));
  return Object.freeze({
    settings,
    extensions: byId(extensions),
    devices: byId(devices),
    stations: byId(stations),
    lines: byId(lines),
    extensionByNumber: (number: string) => byNumber.get(number),
    deviceByUsername: (username: string) => byUsername.get(username),
    devicesOf: (extensionId: string) => devicesOf.get(extensionId) ?? none,
    stationsOf: (extensionId: string) => stationsOf.get(extensionId) ?? none,
    stationAt: (port: PortReference) => stationAt.get(nameOf(port)),
    lineAt: (port: PortReference) => lineAt.get(nameOf(port)),
  });
}

function ordered<Field extends string, Row extends Readonly<Record<Field, string>>>(rows: readonly Row[], field: Field): readonly Row[] {
  return [...rows].sort((a, b) => (a[field] < b[field] ? -1 : a[field] > b[field] ? 1 : 0));
}

function byId<Row extends { readonly id: string }>(rows: readonly Row[]): ReadonlyMap<string, Row> {
  return new Map(rows.map((row) => [row.id, row]));
}

function nameOf({ card, port }: PortReference): string {
  return `${card}/${port}`;
}

const none: readonly never[] = Object.freeze([]);

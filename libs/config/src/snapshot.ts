import type { PortReference } from './analog-port.ts';
import { analogProblems } from './analog-problems.ts';
import { callingProblems } from './calling-problems.ts';
import type { Device } from './device.ts';
import type { Extension } from './extension.ts';
import { type Kind, kindNames, kinds, type RowOf } from './kinds.ts';
import type { Line } from './line.ts';
import { numberProblems } from './number-problems.ts';
import { type Numbered, numberedRows } from './numbered.ts';
import { officeProblems } from './office-problems.ts';
import { referenceProblems } from './reference-problems.ts';
import type { ConfigurationProblem, Result } from './result.ts';
import type { ConfigurationRows } from './rows.ts';
import { SystemSettings } from './settings.ts';
import type { Station } from './station.ts';
import { textProblems } from './text-problems.ts';
import { trunkProblems } from './trunk-problems.ts';

/** All that is configured, checked as a whole, immutable and indexed: of each kind a map by id, in its order (`kinds`). The call path holds nothing else. */
export type Snapshot = { readonly settings: SystemSettings } & { readonly [Of in Kind as (typeof kinds)[Of]['rows']]: ReadonlyMap<string, RowOf<Of>> } & {
  extensionByNumber(number: string): Extension | undefined;
  /** All internal numbers. */
  readonly numbers: readonly string[];
  /** Whatever has this internal number; extensions too. */
  destinationByNumber(number: string): Numbered | undefined;
  deviceByUsername(username: string): Device | undefined;
  /** Enabled or not, in the order of their user names. An extension's endpoints are its devices and its stations. */
  devicesOf(extensionId: string): readonly Device[];
  /** Enabled or not, in the order of their keys. */
  stationsOf(extensionId: string): readonly Station[];
  /** A port has one owner at most: a station, a line or nobody. */
  stationAt(port: PortReference): Station | undefined;
  lineAt(port: PortReference): Line | undefined;
};

/** The rows as they stand, to be edited. */
export function rowsOf(snapshot: Snapshot): ConfigurationRows {
  const rows = kindNames.map((kind) => [kinds[kind].rows, [...snapshot[kinds[kind].rows].values()]] as const);
  return { settings: snapshot.settings, ...Object.fromEntries(rows) } as unknown as ConfigurationRows;
}

/** Checks every row and the whole graph. All problems are reported, not the first. */
export function buildSnapshot(given: ConfigurationRows): Result<Snapshot, ConfigurationProblem> {
  const problems: ConfigurationProblem[] = [];
  const settings = checked(SystemSettings, given.settings, '/settings', problems);
  const checkedRows = kindNames.map((kind) => {
    const { schema, rows } = kinds[kind];
    return [rows, (given[rows] as readonly object[]).map((row, at) => checked(schema as RowSchema<object>, row, `/${rows}/${at}`, problems))] as const;
  });
  const rows = { settings, ...Object.fromEntries(checkedRows) } as unknown as ConfigurationRows;

  for (const kind of kindNames) unique(rows[kinds[kind].rows] as readonly { readonly id: string; readonly key: string }[], `/${kinds[kind].rows}`, ['id', 'key'], problems);
  unique(rows.devices, '/devices', ['username'], problems);
  devicesRingForExtensions(rows, problems);
  const isSound = (row: object) => passed.has(row);
  problems.push(...analogProblems(rows, isSound), ...referenceProblems(rows, isSound), ...trunkProblems(rows.trunks, isSound), ...callingProblems(rows, isSound), ...numberProblems(rows, isSound), ...officeProblems(rows, isSound));
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
  const unwritable = textProblems(outcome.data, pointer);
  if (unwritable.length > 0) {
    problems.push(...unwritable);
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

function index(rows: ConfigurationRows): Snapshot {
  const sorted = kindNames.map((kind) => {
    const { rows: name, order } = kinds[kind];
    return [name, byId(ordered(rows[name] as unknown as readonly Ordered[], order))] as const;
  });
  const maps = Object.fromEntries(sorted) as unknown as Pick<Snapshot, (typeof kinds)[Kind]['rows']>;
  const [extensions, devices, stations, lines] = [[...maps.extensions.values()], [...maps.devices.values()], [...maps.stations.values()], [...maps.lines.values()]];
  const byNumber = new Map(extensions.map((extension) => [extension.number, extension]));
  const numbered = new Map([...numberedRows(rows, () => true)].map(({ number, destination, slot }) => [number, Object.freeze({ destination, slot })]));
  const byUsername = new Map(devices.map((device) => [device.username, device]));
  const devicesOf = Map.groupBy(devices, (device) => device.extensionId);
  const stationsOf = Map.groupBy(stations, (station) => station.extensionId);
  const stationAt = new Map(stations.map((station) => [nameOf(station.port), station]));
  const lineAt = new Map(lines.map((line) => [nameOf(line.port), line]));
  return Object.freeze({
    settings: rows.settings,
    ...maps,
    numbers: [...numbered.keys()],
    destinationByNumber: (number: string) => numbered.get(number),
    extensionByNumber: (number: string) => byNumber.get(number),
    deviceByUsername: (username: string) => byUsername.get(username),
    devicesOf: (extensionId: string) => devicesOf.get(extensionId) ?? none,
    stationsOf: (extensionId: string) => stationsOf.get(extensionId) ?? none,
    stationAt: (port: PortReference) => stationAt.get(nameOf(port)),
    lineAt: (port: PortReference) => lineAt.get(nameOf(port)),
  });
}

type Ordered = { readonly id: string } & Readonly<Record<string, string>>;

function ordered(rows: readonly Ordered[], field: string): readonly Ordered[] {
  return [...rows].sort((a, b) => (a[field]! < b[field]! ? -1 : a[field]! > b[field]! ? 1 : 0));
}

function byId<Row extends { readonly id: string }>(rows: readonly Row[]): ReadonlyMap<string, Row> {
  return new Map(rows.map((row) => [row.id, row]));
}

function nameOf({ card, port }: PortReference): string {
  return `${card}/${port}`;
}

const none: readonly never[] = Object.freeze([]);

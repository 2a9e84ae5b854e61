import {
  buildSnapshot, type ConfigurationRows, emptyRows, firstSettings, type Kind, kinds, type RowOf, saidOf, type Snapshot, type SystemSettings, usualExtension, usualTrunk,
} from '@tipring/config';
import type { Availability, AvailabilityState, RouteRequest } from '@tipring/telephony';
import type { NumberingFacts } from './numbers/numbering.ts';
import type { ExtensionState, OutsideUse, RoutingState } from './routing-state.ts';
import { RoutingTable } from './routing-table.ts';

/** An office for tests: what is not said of a row is usual. */
export class OfficeBed {
  readonly #rows: { -readonly [Name in keyof ConfigurationRows]: ConfigurationRows[Name] extends readonly (infer Row)[] ? Row[] : ConfigurationRows[Name] };

  constructor(settings: Partial<SystemSettings> = {}) {
    this.#rows = { ...structuredClone(emptyRows(firstSettings('test', now))), settings: { ...firstSettings('test', now), ...settings } } as never;
  }

  /** With a device `dev-NUMBER`. */
  extension(number: string, change: Partial<RowOf<'extension'>> = {}): string {
    const id = idOf('ext', number);
    this.add('extension', { id, key: `e${number}`, number, displayName: `Desk ${number}`, ...usualExtension, ...versioned, ...change });
    this.device(number, id);
    return id;
  }

  device(name: string, extensionId: string, change: Partial<RowOf<'device'>> = {}): string {
    const id = idOf('dev', name);
    this.add('device', { id, key: `d${name}`, extensionId, displayName: name, username: name, algorithm: 'MD5', enabled: true, ha1: { MD5: '0'.repeat(32), 'SHA-256': '0'.repeat(64) }, ...versioned, ...change });
    return id;
  }

  station(name: string, extensionId: string, change: Partial<RowOf<'station'>> = {}): string {
    const id = idOf('sta', name);
    this.add('station', { id, key: `s${name}`, displayName: name, extensionId, port: { card: 'SIM-2', port: this.#rows.stations.length + 1 }, region: 'US', kind: 'telephone', isEnabled: true, overrides: {}, ...versioned, ...change });
    return id;
  }

  line(name: string, change: Partial<RowOf<'line'>> = {}): string {
    const id = idOf('lin', name);
    const at = this.#rows.lines.length;
    this.add('line', { id, key: `l${name}`, displayName: name, port: { card: `SIM-${100 + Math.floor(at / 32)}`, port: (at % 32) + 1 }, region: 'US', isEnabled: true, isCommissioned: true, inbound: null, overrides: {}, ...versioned, ...change });
    return id;
  }

  group(name: string, lines: readonly string[], change: Partial<RowOf<'lineGroup'>> = {}): string {
    const id = idOf('lgr', name);
    this.add('lineGroup', { id, key: `g${name}`, displayName: name, lines, hunt: 'linear', fromTheEnd: false, tariff: null, ...versioned, ...change });
    return id;
  }

  trunk(name: string, change: Partial<RowOf<'trunk'>> = {}): string {
    const id = idOf('trk', name);
    this.add('trunk', { ...usualTrunk, id, key: `t${name}`, displayName: name, server: { host: 'sip.carrier.example', port: null, transport: null }, peering: { type: 'address', sources: [], credentials: null }, ...versioned, ...change });
    return id;
  }

  inbound(name: string, match: Partial<RowOf<'inboundRoute'>['match']>, destination: RowOf<'inboundRoute'>['destination'], change: Partial<RowOf<'inboundRoute'>> = {}): string {
    const id = idOf('inr', name);
    this.add('inboundRoute', { id, key: `i${name}`, displayName: name, position: this.#rows.inboundRoutes.length, isEnabled: true, match: { via: [], called: [], callers: [], anonymous: null, schedule: null, ...match }, destination, callerNamePrefix: null, ...versioned, ...change });
    return id;
  }

  outbound(name: string, match: Partial<RowOf<'outboundRoute'>['match']>, via: readonly (RowOf<'outboundRoute'>['attempts'][number]['via'] | RowOf<'outboundRoute'>['attempts'][number])[], change: Partial<RowOf<'outboundRoute'>> = {}): string {
    const id = idOf('out', name);
    const attempts = via.map((one) => ('via' in one ? one : { via: one, number: null, shown: null }));
    this.add('outboundRoute', { id, key: `o${name}`, displayName: name, position: this.#rows.outboundRoutes.length, isEnabled: true, match: { prefix: '', numbers: [], classes: [], callers: [], schedule: null, ...match }, pinSetId: null, order: 'listed', attempts, ...versioned, ...change });
    return id;
  }

  schedule(name: string, change: Partial<RowOf<'schedule'>>): string {
    const id = idOf('sch', name);
    this.add('schedule', { id, key: `h${name}`, displayName: name, timeZone: 'America/New_York', week: [], holidays: [], override: null, ...versioned, ...change });
    return id;
  }

  permission(name: string, change: Partial<RowOf<'permission'>>): string {
    const id = idOf('prm', name);
    this.add('permission', { id, key: `p${name}`, displayName: name, classes: [], countries: null, allowed: [], denied: [], ...versioned, ...change });
    return id;
  }

  pinSet(name: string, pins: RowOf<'pinSet'>['pins']): string {
    const id = idOf('pin', name);
    this.add('pinSet', { id, key: `n${name}`, displayName: name, pins, ...versioned });
    return id;
  }

  blocklist(name: string, change: Partial<RowOf<'blocklist'>>): string {
    const id = idOf('blk', name);
    this.add('blocklist', { id, key: `b${name}`, displayName: name, isEnabled: true, direction: 'inbound', numbers: [], anonymous: false, as: 'rejected', ...versioned, ...change });
    return id;
  }

  ringGroup(name: string, members: readonly (string | { readonly target: RowOf<'ringGroup'>['members'][number]['target']; readonly afterMs?: number })[], change: Partial<RowOf<'ringGroup'>> = {}): string {
    const id = idOf('rgp', name);
    const its = members.map((one) => (typeof one === 'string' ? { target: { type: 'extension', id: one }, afterMs: 0 } as const : { afterMs: 0, ...one }));
    this.add('ringGroup', { id, key: `r${name}`, displayName: name, number: null, members: its, strategy: 'all', skipsBusy: false, memberRingMs: 15_000, ringMs: 60_000, callerNamePrefix: null, alertInfo: null, otherwise: null, ...versioned, ...change });
    return id;
  }

  /** What plays and listens, with all that is usual of its kind. */
  application<Of extends 'queue' | 'voicemailBox' | 'ivr' | 'conference' | 'parkingLot' | 'pagingZone' | 'prompt' | 'directory'>(kind: Of, name: string, said: Partial<RowOf<Of>>): string {
    const id = idOf(kinds[kind].prefix, name);
    this.add(kind, { id, ...saidOf(kind).parse({ key: `${kinds[kind].prefix}${name}`, displayName: name, ...said }), ...versioned } as unknown as RowOf<Of>);
    return id;
  }

  location(name: string, change: Partial<RowOf<'emergencyLocation'>> = {}): string {
    const id = idOf('loc', name);
    this.add('emergencyLocation', { id, key: `a${name}`, displayName: name, address: `1 Main Street, ${name}`, callbackNumber: null, ...versioned, ...change });
    return id;
  }

  add<Of extends Kind>(kind: Of, row: RowOf<Of>): void {
    (this.#rows[kinds[kind].rows] as unknown as RowOf<Of>[]).push(row);
  }

  get settings(): SystemSettings {
    return this.#rows.settings;
  }

  row<Of extends Kind>(kind: Of, id: string): RowOf<Of> {
    return (this.#rows[kinds[kind].rows] as unknown as readonly RowOf<Of>[]).find((one) => one.id === id)!;
  }

  snapshot(): Snapshot {
    const built = buildSnapshot(this.#rows as ConfigurationRows);
    if (!built.ok) throw new Error(JSON.stringify(built.problems));
    return built.value;
  }

  table(facts: NumberingFacts = usFacts): RoutingTable {
    return RoutingTable.compile(this.snapshot(), facts);
  }
}

/** The world as a test wants it: every line and trunk is ready unless it says otherwise. */
export class WorldBed implements RoutingState {
  at = Date.parse('2026-11-25T15:00:00Z');
  readonly states = new Map<string, Partial<Availability>>();
  readonly uses = new Map<string, OutsideUse>();
  readonly taken = new Map<string, string>();
  readonly extensions = new Map<string, ExtensionState>();
  readonly ended = new Map<string, number>();
  readonly helped = new Map<string, readonly string[]>();

  set(id: string, state: AvailabilityState, change: Partial<Availability> = {}): this {
    this.states.set(id, { state, ...change });
    return this;
  }

  availability(id: string): Availability | undefined {
    return { state: 'ready', text: 'works', idleSince: null, usedMs: 0, isEmergency: false, ...this.states.get(id) };
  }

  outsideUse(extensionId: string): OutsideUse {
    return this.uses.get(extensionId) ?? { concurrent: 0, lastHour: 0, costlyLastHour: 0, spentToday: 0 };
  }

  lastTaken(group: string): string | null {
    return this.taken.get(group) ?? null;
  }

  extensionState(extension: string): ExtensionState {
    return this.extensions.get(extension) ?? 'idle';
  }

  lastCallEnded(extension: string): number | null {
    return this.ended.get(extension) ?? null;
  }

  emergencyCallers(via: string, called: string): readonly string[] {
    return this.helped.get(`${via} ${called}`) ?? [];
  }
}

/** `dev-101 → 9…` as a request. */
export function dials(endpoint: string, number: string, change: Partial<RouteRequest> = {}): RouteRequest {
  return { endpoint, from: { number: '101', name: 'Desk 101' }, number, ...change };
}

/** Readable: kind, then the name, filled up. */
export function idOf(prefix: string, name: string): string {
  return `${prefix}_${name.toLowerCase().replace(/[^a-z0-9]/g, '').padEnd(20, '0')}`;
}

export const usFacts: NumberingFacts = { emergencyNumbers: (region) => ({ US: ['911', '112'], DE: ['112', '110'] })[region] ?? [] };

const now = '2026-11-22T18:00:00.000Z';
const versioned = { version: 1, createdAt: now, updatedAt: now };

import type { Blocklist, Line, LineGroup, NumberPattern, Permission, Schedule, Snapshot, Tariff } from '@tipring/config';
import { EmergencyNumbers } from './emergency/emergency-numbers.ts';
import { FeatureIndex } from './numbers/feature-index.ts';
import { Numbering, type NumberingFacts } from './numbers/numbering.ts';
import { PatternList } from './numbers/pattern-index.ts';
import { InboundRules } from './rules/inbound-rules.ts';
import { OutboundRules } from './rules/outbound-rules.ts';
import { OpeningHours } from './schedule/opening-hours.ts';
import { type Price, RateTable } from './tariff.ts';

export interface CompiledBlocklist {
  readonly row: Blocklist;
  readonly numbers: PatternList;
}

export interface CompiledPermission {
  readonly row: Permission;
  readonly classes: ReadonlySet<string>;
  readonly countries: ReadonlySet<string> | null;
  readonly allowed: PatternList;
  readonly denied: PatternList;
}

/** A snapshot made ready: what is asked in every call is indexed, what some calls ask is made when it is asked for first. */
export class Office {
  readonly snapshot: Snapshot;
  readonly numbering: Numbering;
  readonly emergency: EmergencyNumbers;
  readonly inbound: InboundRules;
  readonly outbound: OutboundRules;
  readonly features: FeatureIndex;
  /** In the order of their keys. */
  readonly blocklists: { readonly inbound: readonly CompiledBlocklist[]; readonly outbound: readonly CompiledBlocklist[] };
  /** By a number outside: whose it is. Null: several have it. */
  readonly #owners: ReadonlyMap<string, string | null>;
  readonly #groupsOf: ReadonlyMap<string, readonly string[]>;
  readonly #schedules = new Map<string, { readonly row: Schedule; readonly hours: OpeningHours }>();
  readonly #permissions = new Map<string, CompiledPermission>();

  constructor(snapshot: Snapshot, facts: NumberingFacts) {
    const { settings, lineGroups, blocklists } = snapshot;
    this.snapshot = snapshot;
    this.numbering = new Numbering(settings.site.country, settings.site.areaCode, facts);
    this.inbound = new InboundRules(snapshot);
    this.outbound = new OutboundRules(snapshot);
    this.features = new FeatureIndex(snapshot);
    this.emergency = new EmergencyNumbers(snapshot, this.outbound.prefixes, facts);
    const lists = [...blocklists.values()].filter(({ isEnabled }) => isEnabled).map((row) => ({ row, numbers: new PatternList(row.numbers) }));
    this.blocklists = { inbound: lists.filter(({ row }) => row.direction === 'inbound'), outbound: lists.filter(({ row }) => row.direction === 'outbound') };
    this.#owners = ownersOf(snapshot);
    const groupsOf = new Map<string, string[]>();
    for (const { id, lines } of lineGroups.values()) for (const line of lines) groupsOf.set(line, [...(groupsOf.get(line) ?? []), id]);
    this.#groupsOf = groupsOf;
  }

  /** Undefined: there is no such schedule. */
  schedule(id: string): { readonly row: Schedule; readonly hours: OpeningHours } | undefined {
    const known = this.#schedules.get(id);
    const row = this.snapshot.schedules.get(id);
    if (known !== undefined || row === undefined) return known;
    const schedule = { row, hours: new OpeningHours(row) };
    this.#schedules.set(id, schedule);
    return schedule;
  }

  permission(id: string): CompiledPermission | undefined {
    const known = this.#permissions.get(id);
    const row = this.snapshot.permissions.get(id);
    if (known !== undefined || row === undefined) return known;
    const compiled = { row, classes: new Set<string>(row.classes), countries: row.countries === null ? null : new Set(row.countries), allowed: new PatternList(row.allowed), denied: new PatternList(row.denied) };
    this.#permissions.set(id, compiled);
    return compiled;
  }

  /** Patterns of a row, made ready. */
  listOf(patterns: readonly NumberPattern[]): PatternList {
    let list = lists.get(patterns);
    if (list === undefined) lists.set(patterns, (list = new PatternList(patterns)));
    return list;
  }

  linesOf({ lines }: LineGroup): readonly Line[] {
    return lines.map((id) => this.snapshot.lines.get(id)).filter((line) => line !== undefined);
  }

  groupsOf(lineId: string): readonly string[] {
    return this.#groupsOf.get(lineId) ?? none;
  }

  /** Id of the only extension that shows this number outside. */
  ownerOf(e164: string): string | undefined {
    return this.#owners.get(e164) ?? undefined;
  }

  priceBy(tariff: Tariff | null, e164: string | null): Price | null {
    if (tariff === null || e164 === null) return null;
    let table = tables.get(tariff);
    if (table === undefined) tables.set(tariff, (table = new RateTable(tariff)));
    return table.priceOf(e164);
  }
}

function ownersOf({ extensions }: Snapshot): ReadonlyMap<string, string | null> {
  const owners = new Map<string, string | null>();
  for (const { id, calling } of extensions.values()) {
    const shown = calling?.shownNumber;
    if (shown !== undefined && shown !== null) owners.set(shown, owners.has(shown) ? null : id);
  }
  return owners;
}

/** Rows that do not change stay the same objects from snapshot to snapshot, and so do their rates and lists. */
const tables = new WeakMap<Tariff, RateTable>();
const lists = new WeakMap<readonly NumberPattern[], PatternList>();
const none: readonly never[] = Object.freeze([]);

import type { AskedCall, UsagePeriod, UsedLeg } from '@tipring/store';
import type { LocalHours } from './local-hours.ts';

/** Lines that stand in for each other, or a trunk: `members` are what is in calls, `channels` how many calls there may be at a time (null: no limit). */
export interface Carrier {
  readonly id: string;
  readonly members: readonly string[];
  readonly channels: number | null;
}

/** How something was used. Times are ms. */
export interface Used {
  /** Begun in the period. */
  calls: number;
  inbound: number;
  outbound: number;
  answered: number;
  talkedMs: number;
  /** From seizing to releasing: ringing and dialling are in it. */
  occupiedMs: number;
  /** When it was in a call last; null: never in the period. */
  lastUsedAt: number | null;
  /** At a time. */
  peak: number;
}

export interface CarrierUsed extends Used {
  /** All its channels were in calls. */
  allBusyMs: number;
  /** Calls that would have gone over it and found all its channels busy. */
  blocked: number;
  /** By the hour of the day, 0 to 23. */
  readonly hours: readonly HourUsed[];
}

/** One hour of the day, all days of the period together. */
export interface HourUsed {
  readonly hour: number;
  readonly calls: number;
  readonly blocked: number;
  /** Mean of the days. */
  readonly erlangs: number;
  /** Of the busiest day. */
  readonly peakErlangs: number;
  readonly peakDate: string | null;
}

interface Counting {
  readonly used: Used;
  active: number;
}

interface CountingCarrier {
  readonly about: Carrier;
  readonly used: Used;
  active: number;
  busySince: number | null;
  allBusyMs: number;
  blocked: number;
  /** By `date hour`. */
  readonly hours: Map<string, { calls: number; blocked: number; ms: number }>;
}

/**
 * Counts what was used, leg by leg in the order of their beginning; keeps nothing of a leg that has ended. What has no circuit is no call, but a blocked
 * one. Legs are cut to the period; a call belongs to it when it begins in it.
 */
export class UsageTally {
  readonly #period: UsagePeriod;
  readonly #hours: LocalHours;
  readonly #ports = new Map<string, Counting>();
  readonly #carriers: readonly CountingCarrier[];
  readonly #carriersOf = new Map<string, CountingCarrier[]>();
  /** Legs that go on, the first to end first. */
  readonly #going: { readonly endpoint: string; readonly endedAt: number }[] = [];

  constructor(period: UsagePeriod, endpoints: readonly string[], carriers: readonly Carrier[], hours: LocalHours) {
    this.#period = period;
    this.#hours = hours;
    for (const endpoint of endpoints) this.#ports.set(endpoint, { used: unused(), active: 0 });
    this.#carriers = carriers.map((about) => ({ about, used: unused(), active: 0, busySince: null, allBusyMs: 0, blocked: 0, hours: new Map() }));
    for (const carrier of this.#carriers) for (const member of carrier.about.members) this.#carriersOf.set(member, [...(this.#carriersOf.get(member) ?? []), carrier]);
  }

  add(leg: UsedLeg): void {
    const port = this.#ports.get(leg.endpoint);
    if (port === undefined || (leg.answeredAt === null && leg.cause === 'noCircuit')) return;
    const from = Math.max(leg.startedAt, this.#period.since);
    const to = Math.min(leg.endedAt, this.#period.until);
    if (to < from) return;
    this.#endUntil(from);
    const carriers = this.#carriersOf.get(leg.endpoint) ?? [];
    for (const used of [port.used, ...carriers.map((carrier) => carrier.used)]) count(used, leg, from, to, this.#period);
    for (const { hours } of carriers) this.#spread(hours, leg, from, to);
    port.active += 1;
    port.used.peak = Math.max(port.used.peak, port.active);
    for (const carrier of carriers) this.#busier(carrier, port.active, from);
    // Few are in calls at a time, so that looking for the place is quick.
    const place = this.#going.findLastIndex(({ endedAt }) => endedAt <= to) + 1;
    this.#going.splice(place, 0, { endpoint: leg.endpoint, endedAt: to });
  }

  /** A call that wanted a carrier, all of whose channels were busy. */
  asked({ startedAt, candidates, withoutCircuit }: AskedCall): void {
    const { date, hour } = this.#hours.at(startedAt);
    for (const carrier of this.#carriers) {
      const own = candidates.filter(({ endpoint }) => carrier.about.members.includes(endpoint));
      const isBusy = ({ endpoint, state, tried }: (typeof own)[number]) => withoutCircuit.includes(endpoint) || (!tried && busyStates.has(state));
      const isFree = (one: (typeof own)[number]) => one.tried && !withoutCircuit.includes(one.endpoint);
      if (!own.some(isBusy) || own.some(isFree)) continue;
      carrier.blocked += 1;
      hourOf(carrier.hours, date, hour).blocked += 1;
    }
  }

  finish(): { readonly ports: ReadonlyMap<string, Used>; readonly carriers: ReadonlyMap<string, CarrierUsed> } {
    this.#endUntil(this.#period.until);
    const days = this.#daysByHour();
    return {
      ports: new Map(Array.from(this.#ports, ([id, { used }]) => [id, used])),
      carriers: new Map(this.#carriers.map(({ about, used, allBusyMs, blocked, hours }) => [about.id, { ...used, allBusyMs, blocked, hours: hoursOf(hours, days) }])),
    };
  }

  #endUntil(at: number): void {
    while (this.#going.length > 0 && this.#going[0]!.endedAt <= at) {
      const { endpoint, endedAt } = this.#going.shift()!;
      const port = this.#ports.get(endpoint)!;
      port.active -= 1;
      for (const carrier of this.#carriersOf.get(endpoint) ?? []) this.#lessBusy(carrier, port.active, endedAt);
    }
  }

  /** A line that is in two calls for a moment (taken for an emergency) is one busy line; a trunk has as many channels as calls. */
  #busier(carrier: CountingCarrier, activeAtPort: number, at: number): void {
    if (isGroup(carrier) && activeAtPort > 1) return;
    carrier.active += 1;
    carrier.used.peak = Math.max(carrier.used.peak, carrier.active);
    if (carrier.busySince === null && isFull(carrier)) carrier.busySince = at;
  }

  #lessBusy(carrier: CountingCarrier, activeAtPort: number, at: number): void {
    if (isGroup(carrier) && activeAtPort > 0) return;
    carrier.active -= 1;
    if (carrier.busySince === null || isFull(carrier)) return;
    carrier.allBusyMs += at - carrier.busySince;
    carrier.busySince = null;
  }

  #spread(hours: CountingCarrier['hours'], leg: UsedLeg, from: number, to: number): void {
    for (const { date, hour, ms } of this.#hours.pieces(from, to)) hourOf(hours, date, hour).ms += ms;
    if (leg.startedAt < this.#period.since) return;
    const { date, hour } = this.#hours.at(leg.startedAt);
    hourOf(hours, date, hour).calls += 1;
  }

  /** How often each hour of the day is in the period: two days of the year have one more and one less. */
  #daysByHour(): readonly number[] {
    const seen = Array.from({ length: 24 }, () => new Set<string>());
    for (let at = this.#period.since; at < this.#period.until; at += 900_000) {
      const { date, hour } = this.#hours.at(at);
      seen[hour]?.add(date);
    }
    return seen.map(({ size }) => size);
  }
}

function count(used: Used, { role, startedAt, answeredAt, endedAt }: UsedLeg, from: number, to: number, { since, until }: UsagePeriod): void {
  used.occupiedMs += to - from;
  used.lastUsedAt = Math.max(used.lastUsedAt ?? to, to);
  if (answeredAt !== null) used.talkedMs += Math.max(0, Math.min(endedAt, until) - Math.max(answeredAt, since));
  if (startedAt < since) return;
  used.calls += 1;
  used[role === 'caller' ? 'inbound' : 'outbound'] += 1;
  if (answeredAt !== null) used.answered += 1;
}

function hoursOf(hours: CountingCarrier['hours'], days: readonly number[]): readonly HourUsed[] {
  return days.map((count, hour) => {
    const buckets = [...hours].filter(([name]) => Number(name.slice(11)) === hour).map(([name, bucket]) => ({ ...bucket, date: name.slice(0, 10) }));
    const busiest = buckets.reduce<(typeof buckets)[number] | null>((most, one) => (most === null || one.ms > most.ms ? one : most), null);
    const sum = (of: (one: (typeof buckets)[number]) => number) => buckets.reduce((total, one) => total + of(one), 0);
    return {
      hour,
      calls: sum(({ calls }) => calls),
      blocked: sum(({ blocked }) => blocked),
      erlangs: count === 0 ? 0 : sum(({ ms }) => ms) / count / HOUR_MS,
      peakErlangs: (busiest?.ms ?? 0) / HOUR_MS,
      peakDate: busiest?.date ?? null,
    };
  });
}

function hourOf(hours: CountingCarrier['hours'], date: string, hour: number) {
  const name = `${date} ${hour}`;
  let bucket = hours.get(name);
  if (bucket === undefined) hours.set(name, (bucket = { calls: 0, blocked: 0, ms: 0 }));
  return bucket;
}

function isGroup({ about }: CountingCarrier): boolean {
  return !(about.members.length === 1 && about.members[0] === about.id);
}

function isFull({ active, about: { channels } }: CountingCarrier): boolean {
  return channels !== null && channels > 0 && active >= channels;
}

function unused(): Used {
  return { calls: 0, inbound: 0, outbound: 0, answered: 0, talkedMs: 0, occupiedMs: 0, lastUsedAt: null, peak: 0 };
}

const busyStates: ReadonlySet<string> = new Set(['busy', 'full', 'resting', 'inUseElsewhere']);
const HOUR_MS = 3_600_000;

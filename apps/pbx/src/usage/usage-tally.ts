import type { AskedCall, UsagePeriod, UsedLeg } from '@tipring/store';
import { dateOf, hourOf, type LocalHours } from './local-hours.ts';

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
  readonly members: ReadonlySet<string>;
  readonly used: Used;
  active: number;
  busySince: number | null;
  allBusyMs: number;
  blocked: number;
  /** By the hour of the time zone's clock. */
  readonly hours: Map<number, { calls: number; blocked: number; ms: number }>;
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
  #firstAt: number | null = null;
  /** Legs that go on, the first to end first. */
  readonly #going: { readonly endpoint: string; readonly endedAt: number }[] = [];

  constructor(period: UsagePeriod, endpoints: readonly string[], carriers: readonly Carrier[], hours: LocalHours) {
    this.#period = period;
    this.#hours = hours;
    for (const endpoint of endpoints) this.#ports.set(endpoint, { used: unused(), active: 0 });
    this.#carriers = carriers.map((about) => ({ about, members: new Set(about.members), used: unused(), active: 0, busySince: null, allBusyMs: 0, blocked: 0, hours: new Map() }));
    for (const carrier of this.#carriers) for (const member of carrier.about.members) this.#carriersOf.set(member, [...(this.#carriersOf.get(member) ?? []), carrier]);
  }

  add(leg: UsedLeg): void {
    this.#firstAt ??= Math.max(leg.startedAt, this.#period.since);
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
    const slot = this.#hours.at(startedAt);
    const wanted = new Set(candidates.flatMap(({ endpoint }) => this.#carriersOf.get(endpoint) ?? []));
    for (const carrier of wanted) {
      const own = candidates.filter(({ endpoint }) => carrier.members.has(endpoint));
      const isBusy = ({ endpoint, state, tried }: (typeof own)[number]) => withoutCircuit.includes(endpoint) || (!tried && busyStates.has(state));
      const isFree = (one: (typeof own)[number]) => one.tried && !withoutCircuit.includes(one.endpoint);
      if (!own.some(isBusy) || own.some(isFree)) continue;
      carrier.blocked += 1;
      bucketOf(carrier.hours, slot).blocked += 1;
    }
  }

  /** `firstAt`: when the first leg began; null: there was none. */
  finish(): { readonly firstAt: number | null; readonly ports: ReadonlyMap<string, Used>; readonly carriers: ReadonlyMap<string, CarrierUsed> } {
    this.#endUntil(this.#period.until);
    const days = this.#hours.countByHour(this.#period.since, this.#period.until);
    return {
      firstAt: this.#firstAt,
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
    for (const { slot, ms } of this.#hours.pieces(from, to)) bucketOf(hours, slot).ms += ms;
    if (leg.startedAt >= this.#period.since) bucketOf(hours, this.#hours.at(leg.startedAt)).calls += 1;
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
  const sums = days.map(() => ({ calls: 0, blocked: 0, ms: 0, peakMs: 0, peakSlot: null as number | null }));
  for (const [slot, { calls, blocked, ms }] of hours) {
    const sum = sums[hourOf(slot)]!;
    sum.calls += calls;
    sum.blocked += blocked;
    sum.ms += ms;
    if (ms > sum.peakMs) [sum.peakMs, sum.peakSlot] = [ms, slot];
  }
  return sums.map(({ calls, blocked, ms, peakMs, peakSlot }, hour) => ({ hour, calls, blocked, erlangs: ms === 0 ? 0 : ms / (days[hour] ?? 1) / HOUR_MS, peakErlangs: peakMs / HOUR_MS, peakDate: peakSlot === null ? null : dateOf(peakSlot) }));
}

function bucketOf(hours: CountingCarrier['hours'], slot: number) {
  let bucket = hours.get(slot);
  if (bucket === undefined) hours.set(slot, (bucket = { calls: 0, blocked: 0, ms: 0 }));
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

import type { Snapshot } from '@tipring/config';
import type { UsagePeriod, UsageRepository } from '@tipring/store';
import { LocalHours } from './local-hours.ts';
import { type Carrier, type CarrierUsed, type Used, UsageTally } from './usage-tally.ts';

/** All lines together, grouped or not. */
export const ALL_LINES = 'lines';
/** All lines and trunks together. */
export const OUTSIDE = 'outside';

export interface UsageReport {
  /** Since when something was in calls; null: nothing was in the period. */
  readonly firstAt: number | null;
  readonly ports: ReadonlyMap<string, Used>;
  readonly carriers: ReadonlyMap<string, CarrierUsed>;
  /** Of the carriers: how many calls there may be at a time; null: no limit. */
  readonly channels: ReadonlyMap<string, number | null>;
}

/** Makes reports of what was used; one at a time, so that many who ask do not take the database from the others. */
export class UsageReports {
  readonly #repository: UsageRepository;
  #last: Promise<unknown> = Promise.resolve();

  constructor(repository: UsageRepository) {
    this.#repository = repository;
  }

  /** Rejects when the database cannot be reached. */
  of(period: UsagePeriod, snapshot: Snapshot): Promise<UsageReport> {
    const run = this.#last.then(() => this.#of(period, snapshot));
    this.#last = run.catch(() => undefined);
    return run;
  }

  async #of(period: UsagePeriod, snapshot: Snapshot): Promise<UsageReport> {
    const carriers = carriersOf(snapshot);
    const endpoints = [...snapshot.lines.keys(), ...snapshot.stations.keys(), ...snapshot.trunks.keys()];
    const tally = new UsageTally(period, endpoints, carriers, new LocalHours(snapshot.settings.site.timeZone));
    for await (const legs of this.#repository.legs(period)) for (const leg of legs) tally.add(leg);
    for await (const calls of this.#repository.asked(period)) for (const call of calls) tally.asked(call);
    return { ...tally.finish(), channels: new Map(carriers.map(({ id, channels }) => [id, channels])) };
  }
}

function carriersOf({ lines, lineGroups, trunks }: Snapshot): readonly Carrier[] {
  const inService = (ids: Iterable<string>) => [...ids].filter((id) => lines.get(id)?.isEnabled === true).length;
  return [
    { id: ALL_LINES, members: [...lines.keys()], channels: inService(lines.keys()) },
    { id: OUTSIDE, members: [...lines.keys(), ...trunks.keys()], channels: null },
    ...Array.from(lineGroups.values(), ({ id, lines: members }) => ({ id, members, channels: inService(members) })),
    ...Array.from(trunks.values(), ({ id, limits }) => ({ id, members: [id], channels: limits.total })),
  ];
}

import { Controller, Inject, Query } from '@nestjs/common';
import type { Line, Snapshot, Station } from '@tipring/config';
import { LiveConfiguration } from '@tipring/store';
import { z } from 'zod';
import { LEAST_DAYS, sizingOf, unusedPorts } from '../usage/sizing.ts';
import { ALL_LINES, OUTSIDE, type UsageReport, UsageReports } from '../usage/usage-report.ts';
import { Operation } from './operation.ts';
import { refuse } from './problem.ts';
import { Instant, instant, instantOrNull } from './representations.ts';
import { CarrierUse, HourUse, periodOf, PortUse, presentCarrierUse, presentHour, presentUsed, UsageQuery } from './usage-representations.ts';

const period = { since: Instant, until: Instant, firstUseAt: Instant.nullable().meta({ description: `What could go is told only from ${LEAST_DAYS} days on` }) };

const PortsUsage = z
  .object({
    ...period,
    lines: z.array(PortUse),
    stations: z.array(PortUse),
    groups: z.array(CarrierUse).meta({ description: 'All lines together first, with the key `lines`; then each line group' }),
    advice: z.array(z.string()).meta({ description: 'What could go, and what is missing' }),
  })
  .meta({ id: 'PortsUsage' });

const TrunksUsage = z.object({ ...period, trunks: z.array(CarrierUse) }).meta({ id: 'TrunksUsage' });

const HoursQuery = UsageQuery.extend({ carrier: z.string().max(80).optional().meta({ description: 'A trunk or a line group, by key or id; `lines` for all lines. Absent: all lines and trunks' }) });
const HoursUsage = z.object({ ...period, timeZone: z.string(), hours: z.array(HourUse), busyHour: HourUse.nullable() }).meta({ id: 'HoursUsage' });

@Controller('api/v1/usage')
export class UsageController {
  readonly #configuration: LiveConfiguration;
  readonly #reports: UsageReports;

  constructor(@Inject(LiveConfiguration) configuration: LiveConfiguration, @Inject(UsageReports) reports: UsageReports) {
    this.#configuration = configuration;
    this.#reports = reports;
  }

  @Operation({
    method: 'GET', path: 'ports', id: 'getPortsUsage', summary: 'How lines and stations were used, and whether there are enough of them', description: 'Of the things that are configured now, out of the call records.',
    scope: 'read', status: 200, response: PortsUsage, problems: ['storeUnavailable'],
  })
  async ports(@Query({ schema: UsageQuery }) query: z.infer<typeof UsageQuery>): Promise<z.infer<typeof PortsUsage>> {
    const { snapshot, report, isLong, ...told } = await this.#report(query);
    const { lines, stations, lineGroups } = snapshot;
    const groups = [{ id: ALL_LINES, key: ALL_LINES, displayName: 'All lines' }, ...lineGroups.values()].map((group) => this.#carrier(group, report, { ...query, isLong }, 'line'));
    return {
      ...told,
      lines: [...lines.values()].map((line) => presentPort(line, report)),
      stations: [...stations.values()].map((station) => presentPort(station, report)),
      groups,
      advice: [...groups.flatMap(({ displayName, advice }) => (advice === null ? [] : [`${displayName}: ${advice}`])), ...(isLong ? unusedAdvice(snapshot, report) : [])],
    };
  }

  @Operation({ method: 'GET', path: 'trunks', id: 'getTrunksUsage', summary: 'How trunks were used, and whether their limits are enough', scope: 'read', status: 200, response: TrunksUsage, problems: ['storeUnavailable'] })
  async trunks(@Query({ schema: UsageQuery }) query: z.infer<typeof UsageQuery>): Promise<z.infer<typeof TrunksUsage>> {
    const { snapshot, report, isLong, ...told } = await this.#report(query);
    return { ...told, trunks: [...snapshot.trunks.values()].map((trunk) => this.#carrier(trunk, report, { ...query, isLong }, 'channel')) };
  }

  @Operation({ method: 'GET', path: 'hours', id: 'getHoursUsage', summary: 'Traffic by the hour of the day, and the busy hour', scope: 'read', status: 200, response: HoursUsage, problems: ['danglingReference', 'storeUnavailable'] })
  async hours(@Query({ schema: HoursQuery }) query: z.infer<typeof HoursQuery>): Promise<z.infer<typeof HoursUsage>> {
    const { carrier, ...rest } = query;
    const id = carrierOf(this.#configuration.snapshot, carrier);
    const { snapshot, report, isLong, ...told } = await this.#report(rest);
    const used = report.carriers.get(id) ?? refuse('notFound', 'It has just been removed.');
    const { busyHour } = sizingOf(used, { channels: null, blocking: query.blocking, what: 'channel', isLong });
    return { ...told, timeZone: snapshot.settings.site.timeZone, hours: used.hours.map(presentHour), busyHour: busyHour === null ? null : presentHour(busyHour) };
  }

  async #report(query: z.infer<typeof UsageQuery>) {
    const { since, until } = periodOf(query, Date.now());
    const { snapshot } = this.#configuration;
    const report = await this.#reports.of({ since, until }, snapshot);
    const isLong = report.firstAt !== null && until - report.firstAt >= LEAST_DAYS * 86_400_000;
    return { since: instant(since), until: instant(until), firstUseAt: instantOrNull(report.firstAt), snapshot, report, isLong };
  }

  #carrier({ id, key, displayName }: { readonly id: string; readonly key: string; readonly displayName: string }, report: UsageReport, { blocking, isLong }: { readonly blocking: number; readonly isLong: boolean }, what: string): z.infer<typeof CarrierUse> {
    const used = report.carriers.get(id)!;
    const channels = report.channels.get(id) ?? null;
    return presentCarrierUse({ id, key, displayName }, used, channels, sizingOf(used, { channels, blocking, what, isLong }));
  }
}

function presentPort({ id, key, displayName, port }: Line | Station, report: UsageReport): z.infer<typeof PortUse> {
  return { id, key, displayName, port: `${port.card}/${port.port}`, ...presentUsed(report.ports.get(id)!) };
}

function unusedAdvice({ lines, stations }: Snapshot, { ports }: UsageReport): readonly string[] {
  const never = <Row extends Line | Station>(rows: ReadonlyMap<string, Row>) => [...rows.values()].filter(({ id }) => ports.get(id)?.lastUsedAt === null).map(({ port }) => port);
  return [
    ...unusedPorts(never(lines)).map((said) => `No call went over the line${said.includes('ports') ? 's' : ''} at ${said}: cancel what is not needed for emergencies.`),
    ...unusedPorts(never(stations)).map((said) => `Nobody used the station${said.includes('ports') ? 's' : ''} at ${said}: remove what is not needed.`),
  ];
}

function carrierOf({ trunks, lineGroups }: Snapshot, name: string | undefined): string {
  if (name === undefined) return OUTSIDE;
  if (name === ALL_LINES) return ALL_LINES;
  const found = [...trunks.values(), ...lineGroups.values()].find(({ id, key }) => id === name || key === name);
  return found?.id ?? refuse('danglingReference', `There is neither a trunk nor a line group ${name}.`, '/carrier');
}

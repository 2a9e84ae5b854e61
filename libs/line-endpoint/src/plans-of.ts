import type { Line, Snapshot } from '@tipring/config';
import { isUnknownRegion, officeDigitMap, regionOf } from '@tipring/line';
import { linePlan } from './line-plan.ts';
import type { LinePlan, Plans, StationPlan } from './plan.ts';
import { stationPlan } from './station-plan.ts';

/**
 * What a configuration comes to: each line and station as its country has them, with its own overrides. Its ids are the endpoints' names.
 * `emergency`: numbers that are complete with their last digit, whatever else begins so, and dialled on any line.
 */
export function plansOf(snapshot: Snapshot, emergency: readonly string[] = []): Plans {
  const stations: StationPlan[] = [];
  const lines: LinePlan[] = [];
  const prefixes = new Set<string>();
  for (const { outbound, isEnabled } of snapshot.lines.values()) if (outbound !== null && isEnabled) prefixes.add(outbound.prefix);
  const map = officeDigitMap({ extensions: Array.from(snapshot.extensions.values(), ({ number }) => number), prefixes: [...prefixes], emergency });
  for (const station of snapshot.stations.values()) {
    const [extension, region] = [snapshot.extensions.get(station.extensionId), regionOf(station.region)];
    // A snapshot has neither a station without its extension nor a country that is not known.
    if (extension !== undefined && !isUnknownRegion(region)) stations.push(stationPlan(station, extension, region, map));
  }
  for (const line of snapshot.lines.values()) {
    const region = regionOf(line.region);
    if (!isUnknownRegion(region)) lines.push(linePlan(line, inboundNumber(line, snapshot), region, emergency));
  }
  return { stations, lines };
}

function inboundNumber({ inbound }: Line, { extensions }: Snapshot): string | null {
  if (inbound === null) return null;
  if (inbound.type === 'refusal') return null;
  return inbound.type === 'number' ? inbound.number : (extensions.get(inbound.id)?.number ?? null);
}

import { type Feature, featureArguments, type Line, numberOf, type Snapshot } from '@tipring/config';
import { type DialledCode, isUnknownRegion, numberLengthsOf, officeDigitMap, type OutsideNumbers, regionOf } from '@tipring/line';
import { linePlan } from './line-plan.ts';
import type { LinePlan, Plans, StationPlan } from './plan.ts';
import { stationPlan } from './station-plan.ts';

/**
 * What a configuration comes to: each line and station as its country has them, with its own overrides. Its ids are the endpoints' names.
 * `emergency`: numbers that are complete with their last digit, whatever else begins so, and dialled on any line. `tests`: dialled
 * like these, and nobody's emergency.
 */
export function plansOf(snapshot: Snapshot, emergency: readonly string[] = [], tests: readonly string[] = []): Plans {
  const stations: StationPlan[] = [];
  const lines: LinePlan[] = [];
  const map = officeDigitMap({ extensions: snapshot.numbers, outside: outsideNumbers(snapshot), codes: dialledCodes(snapshot), emergency: [...emergency, ...tests] });
  for (const station of snapshot.stations.values()) {
    const [extension, region] = [snapshot.extensions.get(station.extensionId), regionOf(station.region)];
    // A snapshot has neither a station without its extension nor a country that is not known.
    if (extension !== undefined && !isUnknownRegion(region)) stations.push(stationPlan(station, extension, region, map));
  }
  for (const line of snapshot.lines.values()) {
    const region = regionOf(line.region);
    if (!isUnknownRegion(region)) lines.push(linePlan(line, { inboundNumber: inboundNumber(line, snapshot), isAnswered: isAnswered(line, snapshot) }, region, emergency));
  }
  return { stations, lines };
}

/** What is dialled for calls out: behind which digits, which numbers where that is said, and how long the country's own are. */
function outsideNumbers({ settings, outboundRoutes }: Snapshot): readonly OutsideNumbers[] {
  const known = numberLengthsOf(settings.site.country);
  const lengths = known === undefined ? {} : { lengths: known };
  const all: OutsideNumbers[] = [];
  if (settings.site.outsidePrefix !== '') all.push({ prefix: settings.site.outsidePrefix, numbers: [], ...lengths });
  for (const { match, isEnabled } of outboundRoutes.values()) if (isEnabled) all.push({ prefix: match.prefix, numbers: match.numbers, ...lengths });
  return all;
}

function dialledCodes({ settings: { featureCodes } }: Snapshot): readonly DialledCode[] {
  return (Object.keys(featureArguments) as Feature[]).flatMap((feature) => {
    const code = featureCodes[feature];
    return code === null ? [] : [{ code, takes: takes[featureArguments[feature]] }];
  });
}

function inboundNumber({ number, inbound }: Line, snapshot: Snapshot): string {
  if (number !== null && number !== undefined) return number;
  if (inbound === null || inbound.type === 'refusal') return '';
  return inbound.type === 'number' ? inbound.number : (numberOf(inbound, snapshot) ?? '');
}

/** By its own `inbound`, or by a route that calls over it may fit. A refusal is an answer too: its call is recorded. */
function isAnswered({ id, inbound }: Line, { inboundRoutes, lineGroups }: Snapshot): boolean {
  if (inbound !== null) return true;
  const groups = new Set([...lineGroups.values()].filter(({ lines }) => lines.includes(id)).map((group) => group.id));
  return [...inboundRoutes.values()].some(({ isEnabled, match: { via } }) => isEnabled && (via.length === 0 || via.some((carrier) => carrier.id === id || groups.has(carrier.id))));
}

const takes = { nothing: 'nothing', number: 'internal', mayNumber: 'any' } as const;

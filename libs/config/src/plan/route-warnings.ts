import type { InboundRoute, OutboundRoute } from '../routes.ts';
import type { Snapshot } from '../snapshot.ts';
import { covers, type Places, placesOf, takes } from './number-patterns.ts';
import { numbersInUse } from './office-warnings.ts';
import type { ConfigurationWarning } from './warning.ts';

/** Rules that do not do what they seem to. */
export function routeWarnings(snapshot: Snapshot): readonly ConfigurationWarning[] {
  const numbers = new Map(numbersInUse(snapshot).map(({ number, pointer }) => [number, pointer]));
  const inbound = inOrder([...snapshot.inboundRoutes.values()]);
  const outbound = inOrder([...snapshot.outboundRoutes.values()]);
  // Each rule is compared with all before it: what can be made once is.
  const inboundNumbers = inbound.map((route) => ({ route, called: route.match.called.map(placesOf), callers: route.match.callers.map(placesOf) }));
  const outboundNumbers = outbound.map((route) => ({ route, numbers: route.match.numbers.map(placesOf) }));
  return [
    ...neverReached(inboundNumbers, inboundCovers, '/inboundRoutes'),
    ...neverReached(outboundNumbers, outboundCovers, '/outboundRoutes'),
    ...outbound.flatMap((route) => outboundWarnings(route, numbers, snapshot)),
    ...inbound.flatMap((route) => destinationWarnings(route, snapshot)),
  ];
}

type Route = InboundRoute | OutboundRoute;

/** Those that are asked, as they are asked. */
function inOrder<Of extends Route>(routes: readonly Of[]): readonly Of[] {
  return routes.filter(({ isEnabled }) => isEnabled).toSorted((a, b) => a.position - b.position || (a.key < b.key ? -1 : 1));
}

interface Read<Of extends Route> {
  readonly route: Of;
}

interface InboundNumbers extends Read<InboundRoute> {
  readonly called: readonly Places[];
  readonly callers: readonly Places[];
}

interface OutboundNumbers extends Read<OutboundRoute> {
  readonly numbers: readonly Places[];
}

function neverReached<Of extends Read<Route>>(routes: readonly Of[], coversAll: (earlier: Of, later: Of) => boolean, place: string): readonly ConfigurationWarning[] {
  return routes.flatMap((later, at) => {
    for (let before = 0; before < at; before += 1) {
      const earlier = routes[before]!;
      if (!coversAll(earlier, later)) continue;
      const { key, position } = earlier.route;
      return [{ code: 'neverReached', pointer: `${place}/${later.route.key}`, hint: `The route ${key} is asked earlier (position ${position}) and takes all that it would. Give this one a smaller position, or that one less to take.` } as const];
    }
    return [];
  });
}

function inboundCovers(earlier: InboundNumbers, later: InboundNumbers): boolean {
  const [wide, narrow] = [earlier.route.match, later.route.match];
  return (
    patternsCover(earlier.called, later.called) &&
    patternsCover(earlier.callers, later.callers) &&
    (wide.anonymous === null || wide.anonymous === narrow.anonymous) &&
    conditionCovers(wide.schedule, narrow.schedule) &&
    allOf(wide.via.map(({ id }) => id), narrow.via.map(({ id }) => id))
  );
}

function outboundCovers(earlier: OutboundNumbers, later: OutboundNumbers): boolean {
  const [wide, narrow] = [earlier.route.match, later.route.match];
  // Behind a longer prefix other digits are left: only patterns behind the same one can be compared.
  const prefixed = wide.prefix === narrow.prefix ? patternsCover(earlier.numbers, later.numbers) : narrow.prefix.startsWith(wide.prefix) && wide.numbers.length === 0 && wide.classes.length === 0;
  return prefixed && allOf(wide.classes, narrow.classes) && conditionCovers(wide.schedule, narrow.schedule) && allOf(wide.callers, narrow.callers);
}

/** Of an empty list, anything fits. */
function allOf(wide: readonly string[], narrow: readonly string[]): boolean {
  return wide.length === 0 || (narrow.length > 0 && narrow.every((one) => wide.includes(one)));
}

function patternsCover(wide: readonly Places[], narrow: readonly Places[]): boolean {
  return wide.length === 0 || (narrow.length > 0 && narrow.every((one) => wide.some((pattern) => covers(pattern, one))));
}

function conditionCovers(wide: OutboundRoute['match']['schedule'], narrow: OutboundRoute['match']['schedule']): boolean {
  return wide === null || (wide.scheduleId === narrow?.scheduleId && wide.is === narrow.is);
}

function outboundWarnings({ key, match, attempts, order }: OutboundRoute, numbers: ReadonlyMap<string, string>, snapshot: Snapshot): readonly ConfigurationWarning[] {
  const pointer = `/outboundRoutes/${key}`;
  const warnings: ConfigurationWarning[] = [];
  match.numbers.forEach((pattern, at) => {
    // A number without digits to choose is one number: what has it inside is called in its stead.
    const number = match.prefix + pattern;
    const inside = /^[0-9]+$/.test(number) ? numbers.get(number) : undefined;
    if (inside !== undefined) {
      warnings.push({ code: 'notDialable', pointer: `${pointer}/match/numbers/${at}`, hint: `Who dials ${number} calls what has this number inside: ${inside}.` });
    }
  });
  const hasTariff = attempts.some(({ via }) => ((snapshot.trunks.get(via.id) ?? snapshot.lineGroups.get(via.id))?.tariff ?? null) !== null);
  if (order === 'leastCost' && !hasTariff) warnings.push({ code: 'noTariff', pointer: `${pointer}/order`, hint: 'None of its ways has a tariff: they are tried as listed.' });
  return warnings;
}

function destinationWarnings({ key, match, destination }: InboundRoute, snapshot: Snapshot): readonly ConfigurationWarning[] {
  if (destination.type !== 'number') return [];
  const { number } = destination;
  const pointer = `/inboundRoutes/${key}/destination`;
  if (snapshot.destinationByNumber(number) !== undefined || /^[*#]/.test(number)) return [];
  const routes = [...snapshot.outboundRoutes.values()].filter((route) => route.isEnabled && number.startsWith(route.match.prefix) && number.length > route.match.prefix.length);
  if (routes.length === 0) return [{ code: 'leadsNowhere', pointer, hint: `Nothing inside has the number ${number}, and no outbound route has a prefix that it begins with.` }];
  const outside = routes.map(({ match: { prefix } }) => number.slice(prefix.length).replace(/^0+/, ''));
  const comesBack = outside.some((digits) => digits.length >= 5 && match.called.some((pattern) => takes(pattern, digits) || takes(pattern, `+${digits}`) || (/^\+[0-9]+$/.test(pattern) && pattern.endsWith(digits))));
  return comesBack ? [{ code: 'loopsToItself', pointer, hint: `${number} leads outside to the very number that this route takes: the call would come back, until the loop guard ends it.` }] : [];
}

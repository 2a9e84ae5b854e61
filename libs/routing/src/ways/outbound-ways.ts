import type { Line, NumberForm, OutboundAttempt, Trunk } from '@tipring/config';
import type { Cause, EndpointId } from '@tipring/telephony';
import type { Office } from '../office.ts';
import type { RoutingState } from '../routing-state.ts';
import { firstMinute, type Price } from '../tariff.ts';
import { huntOrder } from './hunt.ts';
import { type CallerOutside, shownBy } from './shown-caller.ts';
import { LINE_MS, lineState, MOST_ATTEMPTS, TRUNK_MS, trunkState, type Way, type WayState } from './way.ts';

/** A call that goes out. */
export interface Outgoing {
  /** Behind the prefix. */
  readonly dialled: string;
  readonly e164: string | null;
  readonly caller: CallerOutside;
  /** Where the call came from: a call does not go out on the line that it came in on. */
  readonly endpoint: EndpointId;
}

/** What of a rule there is to try, in order, and what is passed over. Each endpoint is there once. */
export interface OrderedWays {
  readonly tried: readonly Way[];
  readonly passedOver: readonly Way[];
}

/** The ways of a rule's attempts: groups become lines, cheap ones come first where that is wanted, trunks that look dead come last. */
export function orderedWays(attempts: readonly OutboundAttempt[], order: 'listed' | 'leastCost', call: Outgoing, office: Office, state: RoutingState): OrderedWays {
  const units = attempts.map((attempt) => unitOf(attempt, call, office, state));
  if (order === 'leastCost') byCost(units);
  const [usable, last, passedOver]: [Way[], Way[], Way[]] = [[], [], []];
  const seen = new Set<string>();
  for (const { ways } of units) {
    for (const way of ways) {
      if (seen.has(way.endpoint)) continue;
      seen.add(way.endpoint);
      ({ usable, last, passedOver })[standingOf(way, call)].push(way);
    }
  }
  return { tried: [...usable, ...last].slice(0, MOST_ATTEMPTS), passedOver: passedOver.slice(0, MOST_ATTEMPTS) };
}

/** What is said when there is nothing to try. */
export function causeOf(passedOver: readonly Way[]): { readonly cause: Cause; readonly text: string } {
  const states = new Set(passedOver.map(({ state }) => state));
  const because = passedOver.map(({ kind, key, stateText }) => `${kind} ${key}: ${stateText}`).slice(0, TOLD).join('; ');
  const cause = ['busy', 'full', 'resting', 'inUseElsewhere'].some((one) => states.has(one as Way['state']))
    ? 'noCircuit'
    : states.has('down') || states.has('absent') ? 'outOfOrder' : 'noRouteToDestination';
  return { cause, text: because === '' ? 'there is no line and no trunk to try' : `no line and no trunk can take the call: ${because}` };
}

interface Unit {
  readonly ways: readonly Way[];
  readonly price: Price | null;
}

function unitOf({ via, number, shown }: OutboundAttempt, call: Outgoing, office: Office, state: RoutingState): Unit {
  if (via.type === 'trunk') {
    const trunk = office.snapshot.trunks.get(via.id);
    if (trunk === undefined) return nothing;
    const price = office.priceBy(trunk.tariff, call.e164);
    return { price, ways: [trunkWay(trunk, number, shown, price, call, office, trunkState(trunk, state))] };
  }
  if (via.type === 'line') {
    const line = office.snapshot.lines.get(via.id);
    return line === undefined ? nothing : { price: null, ways: [lineWay(line, number, `line ${line.key}`, null, call, office, lineState(line, state))] };
  }
  const group = office.snapshot.lineGroups.get(via.id);
  if (group === undefined) return nothing;
  const price = office.priceBy(group.tariff, call.e164);
  const lines = huntOrder(group, office.linesOf(group), state);
  const ways = lines.map((line) => lineWay(line, number, `group ${group.key}`, price, call, office, lineState(line, state)));
  return { price, ways: ways.sort((a, b) => readiness(a) - readiness(b)) };
}

function trunkWay(trunk: Trunk, form: NumberForm | null, shown: string | null, price: Price | null, call: Outgoing, office: Office, state: WayState): Way {
  const { country } = office.snapshot.settings.site;
  const from = shownBy(trunk, shown, call.caller, office.numbering, country);
  const its = form ?? trunk.calledForm;
  const isMisread = isAmbiguous(call, its);
  const number = isMisread ? '' : office.numbering.formed(call.dialled, call.e164, its, country);
  const stateText = isMisread ? 'it wants international numbers, and what was dialled cannot be read as one: the site has no area code?' : state.stateText;
  return { endpoint: trunk.id, kind: 'trunk', key: trunk.key, via: `trunk ${trunk.key}`, state: state.state, stateText, number, shown: from.number, from, cost: price === null ? null : firstMinute(price), timeoutMs: TRUNK_MS };
}

/**
 * Digits without area code or country code, for a carrier that reads all digits as an international number: 24761234 would be a call to Ascension, which
 * nobody has permitted. Short numbers are shorter than any number with its country code.
 */
function isAmbiguous({ dialled, e164 }: Outgoing, { format }: NumberForm): boolean {
  return e164 === null && (format === 'e164' || format === 'e164Digits' || format === 'international') && dialled.length > LONGEST_SHORT;
}

function lineWay(line: Line, form: NumberForm | null, via: string, price: Price | null, call: Outgoing, office: Office, state: WayState): Way {
  const number = lineNumber(line, form, call, office);
  const stateText = line.id === call.endpoint ? 'the call came in on it' : state.stateText;
  return { endpoint: line.id, kind: 'line', key: line.key, via, state: state.state, stateText, number, shown: line.number ?? null, cost: price === null ? null : firstMinute(price), timeoutMs: LINE_MS };
}

/** What was dialled, where the line's exchange would understand it; else the number as it is dialled in the line's country. A line has no + to dial. */
function lineNumber({ region }: Line, form: NumberForm | null, { dialled, e164 }: Outgoing, { numbering, snapshot }: Office): string {
  const asDialled = !dialled.startsWith('+') && region === snapshot.settings.site.country;
  const number = form === null && asDialled ? dialled : numbering.formed(dialled, e164, form ?? national, region);
  return number.replace('+', '');
}

function standingOf({ kind, state, number, endpoint }: Way, call: Outgoing): 'usable' | 'last' | 'passedOver' {
  if (number === '' || (kind === 'line' && endpoint === call.endpoint)) return 'passedOver';
  switch (state) {
    case 'ready':
    case 'degraded':
    case 'resting':
    case 'unknown':
      return 'usable';
    case 'down':
    case 'absent':
      return kind === 'trunk' ? 'last' : 'passedOver';
    case 'busy':
    case 'inUseElsewhere':
    case 'full':
    case 'disabled':
      return 'passedOver';
  }
}

/** Within a group a line that works well comes before one that works badly, and before one that has to rest first. */
function readiness({ state }: Way): number {
  return state === 'degraded' ? 1 : state === 'resting' ? 2 : 0;
}

/** Those that work well first, then by cost; without a rate last. Amounts of two currencies are not compared: the first one counts. */
function byCost(units: Unit[]): void {
  const currency = units.find(({ price }) => price !== null)?.price?.currency;
  const rank = ({ ways, price }: Unit): readonly [number, number] => [
    ways.some(({ state }) => state !== 'degraded') ? 0 : 1,
    price === null || price.currency !== currency ? Infinity : firstMinute(price),
  ];
  units.sort((a, b) => {
    const [[badlyA, costA], [badlyB, costB]] = [rank(a), rank(b)];
    return badlyA - badlyB || (costA === costB ? 0 : costA - costB);
  });
}

const nothing: Unit = { ways: [], price: null };
const national: NumberForm = { format: 'national', strip: 0, prepend: '' };
const LONGEST_SHORT = 6;
/** As many are named in one sentence. */
const TOLD = 5;

import type { Extension } from '@tipring/config';
import type { Diversion, Party, Route } from '@tipring/telephony';
import { type Call, refused, routed, type Verdict } from './call.ts';
import { featuresOf } from './destinations/recorded.ts';
import type { OutboundMatch } from './rules/outbound-rules.ts';
import { refusalOf, refusalOfForwarded, refusalOfPassedOn } from './rules/permission.ts';
import { causeOf, type OrderedWays, orderedWays } from './ways/outbound-ways.ts';
import { attemptOf } from './ways/way.ts';

/** Of a call that is sent out again. */
export interface PassedOn {
  /** Who called, E.164 where it can be read. */
  readonly from: Party;
  readonly callerE164: string | null;
  readonly diversions: readonly Diversion[];
  /** Who forwards it; null: a rule sends it out. */
  readonly forwarder: Extension | null;
}

/** A number that nobody inside has: the first rule that fits decides, and its ways are tried in order. */
export function callOutside(number: string, match: OutboundMatch, passedOn: PassedOn | null, call: Call): Verdict {
  const { trace, request } = call;
  const ways = waysOf(match, passedOn, call);
  if ('ok' in ways) return ways;
  for (const way of ways.tried) trace.candidate(way, true);
  for (const way of ways.passedOver) trace.candidate(way, false);
  if (ways.tried.length === 0) {
    const { cause, text } = causeOf(ways.passedOver);
    return refused(cause, text);
  }
  if (passedOn !== null && passedOn.forwarder !== null) trace.forwardedOutside({ extensionId: passedOn.forwarder.id, e164: match.number.e164, class: match.number.class });
  const features = featuresOf('outbound', passedOn === null || passedOn.forwarder === null ? [] : [passedOn.forwarder], call);
  const diversions = passedOn?.diversions ?? request.diversions;
  const route: Route = {
    direction: 'outbound', attempts: ways.tried.map((way) => attemptOf(way)), ...(diversions === undefined ? {} : { diversions }), ...(features === undefined ? {} : { features }),
  };
  return routed(route, number, match.number.class, match.number.e164);
}

/** What the rule has to try, if the call is permitted. */
export function waysOf(match: OutboundMatch, passedOn: PassedOn | null, call: Call): OrderedWays | Extract<Verdict, { ok: false }> {
  const { office, state, trace, request, caller } = call;
  const { rule } = match;
  const { e164 } = match.number;
  trace.tell({ kind: 'numbering', id: null, key: office.snapshot.settings.site.country }, 'applied', 'class', `${match.dialled} is ${e164 ?? 'no international number'}, ${match.number.class}${match.number.country === null ? '' : ` (${match.number.country})`}`);
  if (rule.attempts.length === 0) {
    const text = `${rule.displayName}: these numbers may not be called`;
    trace.tell({ kind: 'outboundRoute', id: rule.id, key: rule.key }, 'refused', 'noAttempts', text);
    return refused('notAllowed', text);
  }
  const refusal = passedOn === null ? refusalOf(match, call) : passedOn.forwarder === null ? refusalOfPassedOn(match, call) : refusalOfForwarded(match, passedOn.forwarder, call);
  if (refusal !== undefined) return refusal;
  const own = passedOn === null ? (caller.is === 'extension' ? (caller.extension.calling?.shownNumber ?? null) : null) : passedOn.callerE164;
  const callerOutside = { party: passedOn?.from ?? request.from, own, main: office.snapshot.settings.site.mainNumber };
  return orderedWays(rule.attempts, rule.order, { dialled: match.dialled, e164, caller: callerOutside, endpoint: request.endpoint }, office, state);
}

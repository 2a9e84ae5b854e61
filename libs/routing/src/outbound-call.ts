import type { Diversion, Party, Route } from '@tipring/telephony';
import { type Call, refused, routed, type Verdict } from './call.ts';
import type { OutboundMatch } from './rules/outbound-rules.ts';
import { refusalOf, refusalOfPassedOn } from './rules/permission.ts';
import { causeOf, orderedWays } from './ways/outbound-ways.ts';
import { attemptOf } from './ways/way.ts';

/** Of a call from outside that a rule sends out again. */
export interface PassedOn {
  /** Who called, E.164 where it can be read. */
  readonly from: Party;
  readonly callerE164: string | null;
  readonly diversions: readonly Diversion[];
}

/** A number that nobody inside has: the first rule that fits decides, and its ways are tried in order. */
export function callOutside(number: string, match: OutboundMatch, passedOn: PassedOn | null, call: Call): Verdict {
  const { office, state, trace, request, caller } = call;
  const { rule } = match;
  const { e164 } = match.number;
  trace.tell({ kind: 'numbering', id: null, key: office.snapshot.settings.site.country }, 'applied', 'class', `${match.dialled} is ${e164 ?? 'no international number'}, ${match.number.class}${match.number.country === null ? '' : ` (${match.number.country})`}`);
  if (rule.attempts.length === 0) {
    const text = `${rule.displayName}: these numbers may not be called`;
    trace.tell({ kind: 'outboundRoute', id: rule.id, key: rule.key }, 'refused', 'noAttempts', text);
    return refused('notAllowed', text);
  }
  const refusal = passedOn === null ? refusalOf(match, call) : refusalOfPassedOn(match, call);
  if (refusal !== undefined) return refusal;
  const own = passedOn === null ? (caller.is === 'extension' ? (caller.extension.calling?.shownNumber ?? null) : null) : passedOn.callerE164;
  const callerOutside = { party: passedOn?.from ?? request.from, own, main: office.snapshot.settings.site.mainNumber };
  const { tried, passedOver } = orderedWays(rule.attempts, rule.order, { dialled: match.dialled, e164, caller: callerOutside, endpoint: request.endpoint }, office, state);
  for (const way of tried) trace.candidate(way, true);
  for (const way of passedOver) trace.candidate(way, false);
  if (tried.length === 0) {
    const { cause, text } = causeOf(passedOver);
    return refused(cause, text);
  }
  const diversions = passedOn?.diversions ?? request.diversions;
  const route: Route = { direction: 'outbound', attempts: tried.map((way) => attemptOf(way)), ...(diversions === undefined ? {} : { diversions }) };
  return routed(route, number, match.number.class, e164);
}

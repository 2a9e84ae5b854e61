import type { RingGroup } from '@tipring/config';
import type { Attempt, Route } from '@tipring/telephony';
import { type Call, type Passing, refused, routed, type Verdict } from '../call.ts';
import { Chain, whenNotTaken } from './chain.ts';
import { calledNumber, circle, passedOnBy } from './passing.ts';
import { featuresOf } from './recorded.ts';
import { membersInOrder, nameOf } from './ring-order.ts';
import { Ringing } from './telephones.ts';

/** Its members ring, together or one after the other; then comes what the group has for calls that nobody takes. */
export function callRingGroup(group: RingGroup, given: Passing, call: Call): Verdict {
  const { talker, office, trace } = call;
  const { id, key, displayName } = group;
  const what = { kind: 'ringGroup', id, key } as const;
  const loop = circle(id, given);
  if (loop !== undefined) {
    trace.tell({ kind: 'loopGuard', id: null, key }, 'refused', 'loop', `ring group ${displayName}: ${loop}`);
    return refused('noRouteToDestination', `ring group ${displayName}: ${loop}`);
  }
  trace.tell(what, 'matched', group.strategy, `${displayName} rings: ${strategies[group.strategy]}`);
  const passing = passedOnBy(id, shown(group, given));
  const attempts = group.strategy === 'all' ? together(group, passing, call) : inTurn(group, passing, call);
  const [first] = attempts;
  if (first === undefined) {
    const text = `no member of ${displayName} can ring now`;
    trace.tell(what, group.otherwise === null ? 'refused' : 'applied', 'nobody', text);
    return group.otherwise === null ? refused('userBusy', text) : call.go(group.otherwise, displayName, passing, call);
  }
  const chain = new Chain();
  attempts.forEach((attempt, at) => chain.add(at === 0 ? attempt : { ...attempt, after: attempts[at - 1]!.label!, on: whenNotTaken }));
  if (group.otherwise !== null) {
    trace.tell(what, 'applied', 'otherwiseNext', `when nobody takes it: forwarded (${group.otherwise.type})`);
    const verdict = call.go(group.otherwise, displayName, passing, call);
    if (verdict.ok) chain.branch(attempts.at(-1)!.label!, whenNotTaken, verdict.route);
  }
  const direction = talker.is === 'line' || talker.is === 'trunk' ? 'inbound' : 'internal';
  const extensions = group.members.flatMap(({ target }) => (target.type === 'extension' ? [office.snapshot.extensions.get(target.id)!] : []));
  const features = featuresOf(direction, extensions, call);
  const route: Route = {
    direction, attempts: chain.attempts,
    ...(passing.from === undefined ? {} : { from: passing.from }),
    ...(passing.diversions === undefined ? {} : { diversions: passing.diversions }),
    ...(features === undefined ? {} : { features }),
  };
  return routed(route, calledNumber(group, call), 'internal', null);
}

/** People are to see for which group they are called. */
function shown({ callerNamePrefix }: RingGroup, passing: Passing): Passing {
  if (callerNamePrefix === null) return passing;
  const { caller } = passing;
  const from = passing.from ?? caller;
  return { ...passing, from: { ...from, name: `${callerNamePrefix}${from.name ?? (from.anonymous === true ? 'anonymous' : from.number)}` } };
}

function together(group: RingGroup, passing: Passing, call: Call): readonly Attempt[] {
  const { id, key, ringMs, members } = group;
  const ringing = new Ringing(passing, call);
  for (const { target, afterMs } of membersInOrder(group, members, call)) if (afterMs < ringMs) ringing.add(target, afterMs, ringMs - afterMs, { what: { kind: 'ringGroup', id, key }, via: `ring group ${key}` }, passing);
  const { lastMs: _lastMs, ...telephones } = ringing.telephones;
  return telephones.endpoints.length === 0 ? [] : [attemptOf(group, telephones, ringMs, 0, call)];
}

/** Over and over, as long as the group rings. */
function inTurn(group: RingGroup, passing: Passing, call: Call): readonly Attempt[] {
  const { id, key, ringMs, memberRingMs, members } = group;
  const order = membersInOrder(group, members, call);
  if (order[0] !== undefined) call.trace.turn(id, nameOf(order[0].target));
  const turn = order.flatMap(({ target }) => {
    const ringing = new Ringing(passing, call);
    ringing.add(target, 0, memberRingMs, { what: { kind: 'ringGroup', id, key }, via: `ring group ${key}` }, passing);
    const { lastMs: _lastMs, ...telephones } = ringing.telephones;
    return telephones.endpoints.length === 0 ? [] : [telephones];
  });
  const most = turn.length === 0 ? 0 : Math.min(MOST_TURNS, Math.max(1, Math.round(ringMs / memberRingMs)));
  return Array.from({ length: most }, (_, at) => attemptOf(group, turn[at % turn.length]!, Math.min(memberRingMs, ringMs), at, call));
}

function attemptOf(group: RingGroup, telephones: Pick<Attempt, 'endpoints' | 'delays' | 'given'>, timeoutMs: number, at: number, call: Call): Attempt {
  const { key, alertInfo } = group;
  return { ...telephones, number: calledNumber(group, call), name: `ring group ${key}`, timeoutMs, label: `${key} ${at}`, ...(alertInfo === null ? {} : { alertInfo }) };
}

const strategies = { all: 'all together', linear: 'one after the other', roundRobin: 'one after the other, beginning behind who was rung last', leastRecent: 'one after the other, who has rested longest first' } as const;
/** More are not rung in one call. */
const MOST_TURNS = 30;

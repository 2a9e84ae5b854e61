import type { Destination, InboundRoute, Line, Trunk } from '@tipring/config';
import type { Party } from '@tipring/telephony';
import { type Call, type Passing, refusalCauses, refused, type Verdict } from './call.ts';
import { callExtension } from './destinations/extension-call.ts';
import { callBack, extensionsThatCalledForHelp } from './emergency/callback.ts';
import { callForHelp } from './emergency/emergency-call.ts';
import type { Incoming } from './rules/inbound-rules.ts';

/** A call from outside: block lists, then the rules, then what a line or a number has of its own. */
export function callFromOutside(via: Carrier, call: Call): Verdict {
  const { office, state, trace } = call;
  // Another PBX behind ours, whose people dial as ours do: before everything, for them too.
  const emergency = via.is === 'trunk' && via.trunk.inboundForm === 'asGiven' ? office.emergency.dialled(call.request.number) : undefined;
  if (emergency !== undefined) return callForHelp(emergency, call);
  const incoming = incomingBy(via, call);
  const calledForHelp = extensionsThatCalledForHelp(incoming, call);
  if (calledForHelp.length === 0) {
    const blocked = blockedCaller(incoming, call);
    if (blocked !== undefined) return blocked;
  }
  const rule = office.inbound.find(incoming, state.at, office, trace);
  const verdict = rule === undefined ? byItself(via, incoming, call) : follow(rule.destination, rule, incoming, call);
  return calledForHelp.length === 0 ? verdict : callBack(calledForHelp, verdict, call);
}

export type Carrier = { readonly is: 'line'; readonly line: Line } | { readonly is: 'trunk'; readonly trunk: Trunk };

export function incomingBy(via: Carrier, { request, office }: Call): Incoming {
  const { numbering } = office;
  const { number: caller, anonymous: isAnonymous = false } = request.from;
  if (via.is === 'line') {
    const { id, number = null, region } = via.line;
    return { via: id, called: number ?? '', calledE164: number, caller, callerE164: numbering.given(caller, 'national', region), isAnonymous };
  }
  const { id, inboundForm } = via.trunk;
  const { country } = office.snapshot.settings.site;
  const called = request.number.slice(0, LONGEST);
  return { via: id, called, calledE164: numbering.given(called, inboundForm, country), caller, callerE164: numbering.given(caller, inboundForm, country), isAnonymous };
}

function blockedCaller({ caller, callerE164, isAnonymous }: Incoming, { office, trace }: Call): Verdict | undefined {
  for (const { row, numbers } of office.blocklists.inbound) {
    if (!(isAnonymous ? row.anonymous : numbers.fits(caller, callerE164))) continue;
    const text = isAnonymous ? `callers who withhold their number are in the block list ${row.displayName}` : `${callerE164 ?? caller} is in the block list ${row.displayName}`;
    trace.tell({ kind: 'blocklist', id: row.id, key: row.key }, 'refused', 'blocked', text);
    return refused(refusalCauses[row.as], text);
  }
  return undefined;
}

/** No rule fits: whose number it is, where the line leads, or the number as the far end gave it. */
function byItself(via: Carrier, incoming: Incoming, call: Call): Verdict {
  const { office, trace, request } = call;
  const owner = incoming.calledE164 === null ? undefined : office.snapshot.extensions.get(office.ownerOf(incoming.calledE164) ?? '');
  if (owner !== undefined) {
    trace.tell({ kind: 'extension', id: owner.id, key: owner.key }, 'applied', 'ownNumber', `${incoming.calledE164} is the number outside of extension ${owner.number}`);
    return callExtension(owner, passingOf(incoming, null, call), call);
  }
  if (via.is === 'line') {
    const { id, key, inbound } = via.line;
    if (inbound !== null) {
      trace.tell({ kind: 'line', id, key }, 'applied', 'lineDestination', 'the line has a destination of its own');
      return follow(inbound, null, incoming, call);
    }
  }
  // Another PBX, or a line in front of one, dials our numbers as they are.
  const numbered = via.is === 'line' || via.trunk.inboundForm === 'asGiven' ? office.snapshot.destinationByNumber(request.number) : undefined;
  if (numbered?.slot === null) return call.go(numbered.destination, request.number, passingOf(incoming, null, call), call);
  return via.is === 'line' ? refused('noRouteToDestination', `nobody is called when line ${via.line.key} rings`) : refused('unallocatedNumber', `no inbound route fits ${incoming.calledE164 ?? incoming.called}`);
}

/** Where a rule or a line sends it. */
function follow(destination: Destination, rule: InboundRoute | null, incoming: Incoming, call: Call): Verdict {
  return call.go(destination, rule === null ? 'the line' : rule.displayName, passingOf(incoming, rule, call), call);
}

export function passingOf(incoming: Incoming, rule: InboundRoute | null, call: Call): Passing {
  const caller = shownInside(incoming, null, call) ?? call.request.from;
  return { from: shownInside(incoming, rule, call), caller, callerE164: incoming.callerE164, diversions: call.request.diversions, passedBy: [], conditions: 0, forwarder: null, incoming };
}

/** The caller as telephones inside show him: E.164 where a trunk's number can be read so, which can be called back as it is. Undefined: as he came. */
function shownInside({ callerE164 }: Incoming, rule: InboundRoute | null, { request, caller }: Call): Party | undefined {
  const number = caller.is === 'trunk' ? (callerE164 ?? request.from.number) : request.from.number;
  const prefix = rule?.callerNamePrefix ?? null;
  if (prefix !== null) return { ...request.from, number, name: `${prefix}${request.from.anonymous === true ? 'anonymous' : (request.from.name ?? number)}` };
  return number === request.from.number ? undefined : { ...request.from, number };
}

const LONGEST = 64;

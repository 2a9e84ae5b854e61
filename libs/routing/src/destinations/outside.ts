import type { Call, Passing } from '../call.ts';
import { comesBack } from '../loop-guard.ts';
import { type PassedOn, waysOf } from '../outbound-call.ts';
import type { OutboundMatch } from '../rules/outbound-rules.ts';
import { causeOf } from '../ways/outbound-ways.ts';
import type { Way } from '../ways/way.ts';

/** A number outside that a call is sent to. */
export interface Outside {
  readonly match: OutboundMatch;
  readonly passedOn: PassedOn;
}

/** By which rule it goes out again; a sentence: why it does not. */
export function outsideBy(number: string, { caller, callerE164, diversions, passedBy, forwarder, incoming }: Passing, call: Call): Outside | string {
  const { office, state, trace } = call;
  const match = office.outbound.find({ dialled: number, extensionId: forwarder?.id ?? null }, state.at, (one) => office.numbering.read(one), office, trace);
  if (typeof match === 'string') return `the call is passed on to ${number}, and no outbound route fits`;
  const target = match.number.e164 ?? match.dialled;
  const loop = passedBy.includes(office.ownerOf(target) ?? '') ? `the call would come back to ${target}, where it was before` : incoming === null ? undefined : comesBack(target, incoming, call, diversions);
  if (loop !== undefined) {
    trace.tell({ kind: 'loopGuard', id: null, key: number }, 'refused', 'loop', loop);
    return loop;
  }
  const called = incoming === null || incoming.called === '' || passedBy.length > 0 ? [] : [{ number: incoming.calledE164 ?? incoming.called, reason: 'unconditional' } as const];
  return { match, passedOn: { from: caller, callerE164, diversions: [...(diversions ?? []), ...called], forwarder } };
}

/** The first way by which a number outside can ring together with telephones inside; a sentence: why there is none. */
export function wayOutside(number: string, passing: Passing, call: Call): Way | string {
  if (call.office.emergency.dialled(number) !== undefined) return 'it is an emergency number';
  if (call.office.snapshot.destinationByNumber(number) !== undefined || call.office.features.dialled(number) !== undefined) return 'it is no telephone';
  const found = outsideBy(number, passing, call);
  if (typeof found === 'string') return found;
  const ways = waysOf(found.match, found.passedOn, call);
  if ('ok' in ways) return ways.text;
  const [way] = ways.tried;
  if (way === undefined) return causeOf(ways.passedOver).text;
  const { forwarder } = found.passedOn;
  if (forwarder !== null) call.trace.forwardedOutside({ extensionId: forwarder.id, e164: found.match.number.e164, class: found.match.number.class });
  return way;
}

import { type Destination, destinationKinds, kinds } from '@tipring/config';
import { type Call, refused, type Verdict } from './call.ts';
import { callFeature } from './destinations/feature-call.ts';
import { dialledInside } from './destinations/passing.ts';
import { callForHelp } from './emergency/emergency-call.ts';
import { callOutside } from './outbound-call.ts';

/** What somebody inside dials: an emergency number before all, then a number inside, a feature code, a number outside. */
export function dialInside(given: string, call: Call): Verdict {
  const { office, state, trace, caller } = call;
  const number = withoutSeparators(given);
  const emergency = office.emergency.dialled(number);
  if (emergency !== undefined) return callForHelp(emergency, call);
  const passing = dialledInside(call);
  const numbered = office.snapshot.destinationByNumber(number);
  if (numbered !== undefined && caller.is === 'application' && caller.kind === 'ivr' && insideAlone.has(numbered.destination.type) && !leadsTo(caller.id, number, call)) return refused('notAllowed', `the menu ${caller.key} does not lead to ${number}`);
  if (numbered !== undefined) return numbered.slot === null ? call.go(numbered.destination, number, passing, call) : callFeature({ feature: 'retrieve', argument: number }, passing, call);
  const feature = office.features.dialled(number);
  if (feature !== undefined) return callFeature(feature, passing, call);
  const named = caller.is === 'application' ? destinationOf(given, call) : undefined;
  if (named !== undefined) return call.go(named, given, passing, call);
  trace.tell({ kind: 'internalNumber', id: null, key: number.slice(0, LONGEST) }, 'notMatched', 'nobody', 'nothing inside has this number');
  if (number.length > LONGEST) return refused('invalidNumberFormat', 'no number is so long');
  if (!/^\+?[0-9*#]*$/.test(number)) return refused('unallocatedNumber', `nobody is called ${number}`);
  if (caller.is === 'application' && caller.kind === 'ivr' && !leadsTo(caller.id, number, call)) return refused('notAllowed', `the menu ${caller.key} does not lead to ${number}`);
  const match = office.outbound.find({ dialled: number, extensionId: caller.is === 'extension' ? caller.extension.id : null }, state.at, (one) => office.numbering.read(one), office, trace);
  switch (match) {
    case 'otherPrefix':
      return refused('unallocatedNumber', `nobody has the number ${number}`);
    case 'nothingBehind':
      return refused('invalidNumberFormat', `no number behind ${number}`);
    case 'noRule':
      return refused('noRouteToDestination', `no outbound route fits ${number}`);
    default:
      return callOutside(number, match, null, call);
  }
}

/** An application sends people where no number leads by its id: a menu to another menu. */
function destinationOf(id: string, { office }: Call): Destination | undefined {
  const found = Object.entries(destinationKinds).find(([, kind]) => office.snapshot[kinds[kind].rows].has(id));
  return found === undefined ? undefined : ({ type: found[0], id } as Destination);
}

/** A menu sends callers outside where it says so; not where they say so. */
function leadsTo(menuId: string, number: string, { office }: Call): boolean {
  const menu = office.snapshot.ivrs.get(menuId);
  const destinations = menu === undefined ? [] : [...menu.choices.map(({ destination }) => destination), menu.onSilence, menu.onInvalid];
  return destinations.some((one) => one?.type === 'number' && one.number === number);
}

/** Visual separators of RFC 3966 3. */
function withoutSeparators(number: string): string {
  return /^[+0-9*#().\- ]+$/.test(number) ? number.replace(/[().\- ]/g, '') : number;
}

/** Callers of a menu who may dial numbers inside do not speak through loudspeakers, nor take calls that are parked. */
const insideAlone: ReadonlySet<Destination['type']> = new Set(['paging', 'parkingLot']);
const LONGEST = 64;

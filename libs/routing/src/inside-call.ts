import { type Call, refused, type Verdict } from './call.ts';
import { type ApplicationDestination, callApplication, callFeature } from './application-call.ts';
import { callForHelp } from './emergency/emergency-call.ts';
import { ringExtension } from './extension-call.ts';
import { callOutside } from './outbound-call.ts';

/** What somebody inside dials: an emergency number before all, then an extension, then a number outside. */
export function dialInside(given: string, call: Call): Verdict {
  const { office, state, trace, caller } = call;
  const number = withoutSeparators(given);
  const emergency = office.emergency.dialled(number);
  if (emergency !== undefined) return callForHelp(emergency, call);
  const extension = office.snapshot.extensionByNumber(number);
  if (extension !== undefined) return ringExtension(extension, undefined, call);
  const numbered = office.snapshot.destinationByNumber(number);
  if (numbered?.slot === number) return callFeature('retrieve', number, call);
  if (numbered !== undefined) return callApplication(numbered.destination as ApplicationDestination, undefined, call);
  trace.tell({ kind: 'internalNumber', id: null, key: number.slice(0, LONGEST) }, 'notMatched', 'nobody', 'nothing inside has this number');
  if (number.length > LONGEST) return refused('invalidNumberFormat', 'no number is so long');
  if (!/^\+?[0-9*#]*$/.test(number)) return refused('unallocatedNumber', `nobody is called ${number}`);
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

/** Visual separators of RFC 3966 3. */
function withoutSeparators(number: string): string {
  return /^[+0-9*#().\- ]+$/.test(number) ? number.replace(/[().\- ]/g, '') : number;
}

const LONGEST = 64;

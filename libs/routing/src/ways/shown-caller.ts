import type { Trunk } from '@tipring/config';
import type { Party } from '@tipring/telephony';
import type { Numbering } from '../numbers/numbering.ts';

/** Whose number is shown outside. */
export interface CallerOutside {
  /** As the call came. */
  readonly party: Party;
  /** Its own number outside: an extension's `shownNumber`; of a call that is passed on, the first caller's. */
  readonly own: string | null;
  /** The office's. */
  readonly main: string | null;
}

/**
 * The caller as a trunk is to show him. What a rule says comes first, then what the trunk always shows, the caller's own number, the office's, and the trunk's for
 * those who have none. A caller who withholds his number stays withheld; how that is told is the trunk's matter.
 */
export function shownBy({ identity, callerForm }: Trunk, shown: string | null, { party, own, main }: CallerOutside, numbering: Numbering, country: string): Party {
  const number = shown ?? (identity.caller === 'fixed' ? identity.number : null) ?? own ?? main ?? identity.number;
  return number === null ? party : { ...party, number: numbering.formed(number, number, callerForm, country) };
}

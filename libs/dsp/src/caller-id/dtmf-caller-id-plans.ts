import type { DtmfCallerIdPlan } from './dtmf-caller-id.ts';

/** ETSI's form: A, number, C; D before a redirecting number; B00 not available, B10 restricted. */
const etsi: DtmfCallerIdPlan = {
  number: ['A', 'D'],
  redirecting: 'D',
  information: 'B',
  reasons: { '00': 'unavailable', '10': 'private' },
  end: ['C', '#'],
};

/** TDC: A, number, #; D1# restricted, D2# international and D3# for technical reasons not available. */
const denmark: DtmfCallerIdPlan = {
  number: ['A'],
  information: 'D',
  reasons: { '1': 'private', '2': 'unavailable', '3': 'unavailable' },
  end: ['#', 'C'],
};

/** KPN: D, number, C; ten zeros for a number that is not known. */
const netherlands: DtmfCallerIdPlan = { ...etsi, number: ['D', 'A'], unknownNumber: '0000000000' };

/** As ETSI's, with D before the number. */
const withD: DtmfCallerIdPlan = { ...etsi, number: ['D', 'A'] };

/**
 * By country (ISO 3166). Published sources confirm DK, NL, SE and TW; for the others it is known that DTMF is used, not which codes
 * every exchange sends, and so A or D to begin and C or # to end are understood.
 */
export const dtmfCallerIdPlans: Readonly<Record<string, DtmfCallerIdPlan>> = {
  BE: etsi,
  BR: etsi,
  CN: withD,
  DK: denmark,
  FI: etsi,
  IN: etsi,
  IS: etsi,
  NL: netherlands,
  SA: etsi,
  SE: etsi,
  TW: withD,
  UY: etsi,
};

import { factsFrom, type Fact } from '../fact.ts';
import type { DisconnectSignal, Supervision } from '../line-profile.ts';

/** What an exchange lets the party hear that stays, if nothing better is known of the country. */
const recommended = factsFrom('ITU-T E.182');
const manuals = factsFrom('Operators of the country; manuals of gateways');
const callingPartyControl = factsFrom('Manuals of exchanges and gateways, and public pages on calling party control, compared');
const british = factsFrom('BT SIN 351 (disconnect clear)');
const japanese = factsFrom('NTT technical reference for analogue telephone service');

const busy: DisconnectSignal = { by: 'tone', tone: 'busy' };
const congestion: DisconnectSignal = { by: 'tone', tone: 'congestion' };
const dial: DisconnectSignal = { by: 'tone', tone: 'dial' };
const unobtainable: DisconnectSignal = { by: 'tone', tone: 'numberUnobtainable' };
const reversal: DisconnectSignal = { by: 'polarityReversal' };

type Reversal = NonNullable<Supervision['answerReversal']>;

function denial(ms: number): DisconnectSignal {
  return { by: 'batteryDenial', ms };
}

function tones(...signals: readonly DisconnectSignal[]): Fact<readonly DisconnectSignal[]> {
  return recommended.reported(signals);
}

function supervision(disconnect: Fact<readonly DisconnectSignal[]>, answerReversal?: Reversal): Supervision {
  return answerReversal === undefined ? { disconnect } : { disconnect, answerReversal };
}

const onRequest: Reversal = manuals.reported('on request');
const noReversal: Reversal = manuals.reported('none');

const busyTone = supervision(tones(busy));
const busyOrCongestion = supervision(tones(busy, congestion));
/** A payphone's or gateway's line can be ordered with reversal; it then tells of the end as well. */
const busyOrReversal = supervision(tones(busy, reversal), onRequest);
/** Some say 600 ms, some 250 to 500 ms; what comes after it is any of the tones. */
const northAmerican = supervision(callingPartyControl.disputed([denial(600), dial, congestion], [[denial(350), dial, congestion]]), onRequest);

/** By ISO 3166-1 code. */
export const supervisions: Readonly<Record<string, Supervision>> = {
  AE: busyTone,
  AR: busyOrReversal,
  AT: busyOrCongestion,
  AU: supervision(tones(busy, congestion), onRequest),
  BE: busyOrCongestion,
  BG: busyOrCongestion,
  BH: busyTone,
  BR: busyOrReversal,
  BY: busyOrCongestion,
  CA: northAmerican,
  CH: busyOrCongestion,
  CL: busyOrCongestion,
  CN: busyOrReversal,
  CO: busyOrReversal,
  CR: busyTone,
  CY: busyOrCongestion,
  CZ: busyOrCongestion,
  DE: supervision(tones(busy, congestion), noReversal),
  DK: busyOrCongestion,
  EC: busyOrReversal,
  EE: busyOrCongestion,
  EG: busyTone,
  ES: busyOrCongestion,
  FI: busyOrCongestion,
  FR: supervision(tones(busy, congestion), noReversal),
  GB: supervision(british.reported([denial(100), unobtainable, dial], { alternates: [[denial(800), unobtainable, dial]] }), noReversal),
  GR: busyOrCongestion,
  GU: northAmerican,
  HK: supervision(manuals.reported([busy, congestion], { alternates: [[denial(600), busy, congestion]] })),
  HR: busyOrCongestion,
  HU: busyOrCongestion,
  ID: busyOrReversal,
  IE: busyTone,
  IL: busyOrCongestion,
  IN: busyOrReversal,
  IS: busyTone,
  IT: busyOrCongestion,
  JO: busyTone,
  // NTT reverses when the called party answers, and back when it hangs up first.
  JP: supervision(japanese.reported([busy], { alternates: [[reversal, busy]] }), japanese.reported('common')),
  KR: busyOrCongestion,
  KW: busyTone,
  KZ: busyOrCongestion,
  LB: busyTone,
  LT: busyOrCongestion,
  LU: busyOrCongestion,
  LV: busyOrCongestion,
  MA: busyTone,
  MO: busyOrCongestion,
  MX: busyOrReversal,
  MY: busyOrReversal,
  NG: busyOrCongestion,
  NL: busyOrCongestion,
  NO: busyOrCongestion,
  NZ: busyTone,
  OM: busyTone,
  PA: busyTone,
  PE: busyOrReversal,
  PH: busyOrReversal,
  PK: busyOrReversal,
  PL: supervision(tones(busy, congestion), onRequest),
  PR: northAmerican,
  PT: busyOrCongestion,
  RO: busyTone,
  RU: busyOrCongestion,
  SA: busyTone,
  SE: busyOrCongestion,
  SG: busyOrCongestion,
  SI: busyOrCongestion,
  SK: busyOrCongestion,
  SV: busyTone,
  SY: busyTone,
  TH: busyOrReversal,
  TR: busyOrCongestion,
  TW: supervision(manuals.reported([busy, congestion], { alternates: [[denial(350), busy, congestion]] }), onRequest),
  UA: busyOrCongestion,
  US: northAmerican,
  UY: busyOrReversal,
  VE: busyOrReversal,
  VI: northAmerican,
  VN: busyOrReversal,
  ZA: busyOrCongestion,
};

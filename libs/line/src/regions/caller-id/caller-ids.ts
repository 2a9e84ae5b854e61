import { factsFrom, type Fact } from '../fact.ts';
import type { CallerIdPlace, CallerIdScheme } from './scheme.ts';

/** What books and public pages agree on. */
const published = factsFrom('Books and public pages on caller ID by country, compared');
/** The countries of libs/dsp's plans: that they use DTMF is published, not in every case in which place. */
const publishedDtmf = factsFrom('Books on caller ID, compared; ETSI ETS 300 659-1 annex C');
const etsi = factsFrom('ETSI EN 300 659-1, as the operator took it over');
const telcordia = factsFrom('GR-30-CORE, as the operator took it over');
const british = factsFrom('BT SIN 227 and SIN 242, and public pages on them');
const japanese = factsFrom('NTT technical reference for analogue telephone service, and manuals of gateways');
const newZealand = factsFrom('Telecom New Zealand PTC 200, TNA 102');
const russian = factsFrom('Manuals of gateways made for the country');
const taiwanese = factsFrom('Directorate General of Telecommunications, Taiwan: caller ID 0003-0 (1999), as described in public');

const gr30: CallerIdScheme = { by: 'fsk', standard: 'gr30', modulation: 'bell202', place: 'betweenRings' };
const v23: CallerIdScheme = v23At('betweenRings');
const aon: CallerIdScheme = { by: 'request' };

function v23At(place: CallerIdPlace): CallerIdScheme {
  return { by: 'fsk', standard: 'etsi', modulation: 'v23', place };
}

function dtmf(start: string, end: string, place: CallerIdPlace): CallerIdScheme {
  return { by: 'dtmf', place, start, end };
}

const dtmfAfterReversal = dtmf('A', 'C', 'afterReversal');
const asPublished = published.common(gr30);
const bellcore = telcordia.reported(gr30);
const european = etsi.reported(v23);
const bellcoreOrEtsi = telcordia.reported(gr30, { alternates: [v23] });
const etsiOrBellcore = etsi.reported(v23, { alternates: [gr30] });
/** Exchanges in the tradition of the Soviet Union give the number to who asks for it. */
const formerSoviet = russian.reported(aon, { byOperator: [v23, gr30] });

/** By ISO 3166-1 code. */
export const callerIds: Readonly<Record<string, Fact<CallerIdScheme>>> = {
  AE: etsiOrBellcore,
  AR: bellcoreOrEtsi,
  AT: european,
  AU: asPublished,
  BE: publishedDtmf.disputed(v23, [dtmfAfterReversal, v23At('afterDualTone')]),
  BG: european,
  BH: etsiOrBellcore,
  BR: publishedDtmf.common(dtmfAfterReversal, { byOperator: [v23, gr30] }),
  BY: formerSoviet,
  CA: asPublished,
  CH: european,
  CL: bellcore,
  CN: published.common(gr30, { byOperator: [dtmf('D', 'C', 'afterReversal')] }),
  CO: bellcore,
  CR: bellcore,
  CY: european,
  CZ: european,
  DE: etsi.reported(v23, { byOperator: [v23At('afterDualTone')] }),
  DK: publishedDtmf.common(dtmf('A', '#', 'beforeRinging'), { byOperator: [dtmf('A', '#', 'afterReversal')] }),
  EC: bellcore,
  EE: european,
  EG: etsiOrBellcore,
  ES: european,
  FI: publishedDtmf.common(dtmfAfterReversal, { byOperator: [v23] }),
  FR: european,
  GB: british.common({ by: 'fsk', standard: 'sin227', modulation: 'v23', place: 'afterReversalAndDualTone' }, { byOperator: [v23At('afterShortRing'), v23] }),
  GR: european,
  GU: asPublished,
  HK: asPublished,
  HR: european,
  HU: european,
  ID: bellcoreOrEtsi,
  IE: european,
  IL: bellcore,
  IN: publishedDtmf.disputed(dtmfAfterReversal, [v23, gr30]),
  IS: publishedDtmf.common(dtmfAfterReversal, { byOperator: [v23] }),
  IT: european,
  JO: etsiOrBellcore,
  JP: japanese.common({ by: 'fsk', standard: 'ntt', modulation: 'v23', place: 'afterReversalAndBursts' }),
  KR: bellcore,
  KW: etsiOrBellcore,
  KZ: formerSoviet,
  LT: european,
  LU: european,
  LV: european,
  MA: european,
  MX: bellcore,
  MY: bellcoreOrEtsi,
  NL: publishedDtmf.common(dtmf('D', 'C', 'afterReversal'), { byOperator: [v23] }),
  NO: etsi.reported(v23, { alternates: [v23At('afterDualTone')] }),
  NZ: newZealand.reported(gr30),
  OM: etsiOrBellcore,
  PE: bellcore,
  PH: bellcore,
  PK: bellcoreOrEtsi,
  PL: etsi.reported(v23, { alternates: [v23At('afterReversalAndDualTone'), v23At('afterRingPulse')] }),
  PR: asPublished,
  PT: etsi.reported(v23, { alternates: [v23At('afterDualTone')] }),
  RO: european,
  RU: russian.common(aon, { byOperator: [v23, gr30] }),
  SA: publishedDtmf.common(dtmfAfterReversal, { byOperator: [v23, gr30] }),
  SE: publishedDtmf.common(dtmf('A', 'C', 'beforeRinging'), { byOperator: [dtmfAfterReversal] }),
  SG: asPublished,
  SI: european,
  SK: european,
  SV: bellcore,
  TH: bellcoreOrEtsi,
  TR: etsi.reported(v23, { alternates: [v23At('afterRingPulse')] }),
  TW: taiwanese.common(v23At('afterDualTone'), { byOperator: [dtmf('D', 'C', 'afterReversal'), gr30] }),
  UA: formerSoviet,
  US: asPublished,
  UY: publishedDtmf.common(dtmfAfterReversal, { byOperator: [gr30] }),
  VE: bellcore,
  VI: asPublished,
  VN: bellcoreOrEtsi,
  ZA: etsi.reported(v23, { byOperator: [gr30] }),
};

import { factsFrom, type Fact } from '../fact.ts';
import type { CallerIdPlace, CallerIdScheme } from './scheme.ts';

const tables = factsFrom('Public tables of caller ID by country, compared');
const american = factsFrom('GR-30-CORE, TIA-777');
const australian = factsFrom('AS/CA S002, Telstra calling number display');
const british = factsFrom('BT SIN 227 and SIN 242; Cable Communications Association TW/P&E/312');
const chinese = factsFrom('YDN 069-1997; public tables of caller ID by country, compared');
const danish = factsFrom('ETSI ETS 300 659-1 annex C, TDC');
const dutch = factsFrom('ETSI EN 300 659-1 annex B, KPN');
const etsi = factsFrom('ETSI EN 300 659-1; public tables of caller ID by country, compared');
const hongKong = factsFrom('HKTA specifications for calling number display');
const japanese = factsFrom('NTT technical reference for analogue telephone service, number display');
const newZealand = factsFrom('Telecom New Zealand PTC 200, TNA 102');
const singapore = factsFrom('IMDA TS PSTN');
const swedish = factsFrom('ETSI EN 300 659-1 annex B, Telia');
const taiwanese = factsFrom('Directorate General of Telecommunications, Taiwan: caller ID 0003-0 (1999)');

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
const northAmerican = american.standard(gr30);
const bellcore = tables.common(gr30);
const european = etsi.common(v23);
/** Exchanges in the tradition of the Soviet Union give the number to who asks for it. */
const formerSoviet = tables.common(aon, { byOperator: [v23, gr30] });

/** By ISO 3166-1 code. */
export const callerIds: Readonly<Record<string, Fact<CallerIdScheme>>> = {
  AE: tables.disputed(v23, [gr30]),
  AR: tables.disputed(gr30, [v23]),
  AT: european,
  AU: australian.standard(gr30),
  BE: etsi.disputed(v23, [v23At('afterDualTone'), dtmfAfterReversal]),
  BG: european,
  BH: tables.disputed(v23, [gr30]),
  BR: tables.common(dtmfAfterReversal, { byOperator: [v23, gr30] }),
  BY: formerSoviet,
  CA: northAmerican,
  CH: european,
  CL: bellcore,
  CN: chinese.standard(gr30, { byOperator: [dtmf('D', 'C', 'afterReversal')] }),
  CO: bellcore,
  CR: bellcore,
  CY: european,
  CZ: european,
  DE: etsi.common(v23, { byOperator: [v23At('afterDualTone')] }),
  DK: danish.standard(dtmf('A', '#', 'beforeRinging'), { byOperator: [dtmf('A', '#', 'afterReversal')] }),
  EC: bellcore,
  EE: european,
  EG: tables.disputed(v23, [gr30]),
  ES: european,
  FI: tables.disputed(dtmfAfterReversal, [v23]),
  FR: european,
  GB: british.standard({ by: 'fsk', standard: 'sin227', modulation: 'v23', place: 'afterReversalAndDualTone' }, { byOperator: [v23At('afterShortRing'), v23] }),
  GR: european,
  GU: northAmerican,
  HK: hongKong.standard(gr30),
  HR: european,
  HU: european,
  ID: tables.disputed(gr30, [v23]),
  IE: european,
  IL: bellcore,
  IN: tables.disputed(v23, [gr30], { byOperator: [dtmfAfterReversal] }),
  IS: tables.disputed(dtmfAfterReversal, [v23]),
  IT: european,
  JO: tables.disputed(v23, [gr30]),
  JP: japanese.standard({ by: 'fsk', standard: 'ntt', modulation: 'v23', place: 'afterReversalAndBursts' }),
  KR: bellcore,
  KW: tables.disputed(v23, [gr30]),
  KZ: formerSoviet,
  LT: european,
  LU: european,
  LV: european,
  MA: european,
  MX: bellcore,
  MY: tables.disputed(gr30, [v23]),
  NL: dutch.standard(dtmf('D', 'C', 'afterReversal'), { byOperator: [v23] }),
  NO: etsi.disputed(v23, [v23At('afterDualTone')]),
  NZ: newZealand.standard(gr30),
  OM: tables.disputed(v23, [gr30]),
  PE: bellcore,
  PH: bellcore,
  PK: tables.disputed(gr30, [v23]),
  PL: etsi.disputed(v23, [v23At('afterReversalAndDualTone'), v23At('afterRingPulse')]),
  PR: northAmerican,
  PT: etsi.disputed(v23, [v23At('afterDualTone')]),
  RO: european,
  RU: formerSoviet,
  SA: tables.disputed(dtmfAfterReversal, [v23, gr30]),
  SE: swedish.standard(dtmf('A', 'C', 'beforeRinging'), { byOperator: [dtmfAfterReversal] }),
  SG: singapore.standard(gr30),
  SI: european,
  SK: european,
  SV: bellcore,
  TH: tables.disputed(gr30, [v23]),
  TR: etsi.disputed(v23, [v23At('afterRingPulse')]),
  TW: taiwanese.standard(v23At('afterDualTone'), { byOperator: [dtmf('D', 'C', 'afterReversal'), gr30] }),
  UA: formerSoviet,
  US: northAmerican,
  UY: tables.disputed(dtmfAfterReversal, [gr30]),
  VE: bellcore,
  VI: northAmerican,
  VN: tables.disputed(gr30, [v23]),
  ZA: etsi.common(v23, { byOperator: [gr30] }),
};

import { factsFrom } from '../fact.ts';
import type { Termination } from '../line-profile.ts';
import type { DcTermination } from './dc-termination.ts';
import { complex, resistance, withCapacitor } from './network.ts';

/** Terminals for the networks of the European Union and EFTA, as they were harmonized in 1998. */
const harmonized = factsFrom('ETSI TBR 21, ES 203 021-2');
const dataSheets = factsFrom('Country tables in data sheets of line interface circuits, compared');
const american = factsFrom('TIA-968-B, EIA/TIA-470');
const australian = factsFrom('AS/CA S002');
const newZealand = factsFrom('Telecom New Zealand PTC 200 (BT3 network)');
const japanese = factsFrom('NTT technical reference for analogue telephone service');
const chinese = factsFrom('ITU-T Q.552; country tables in data sheets of line interface circuits, compared');
const british = factsFrom('BT SIN 351, ETSI TBR 21, data sheets compared');
const german = factsFrom('Deutsche Telekom 1 TR 110, ETSI TBR 21, data sheets compared');

/** Networks by what they are called in the trade. */
const z600 = resistance(600);
const z900 = resistance(900);
const european = complex(270, 750, 150);
const z220 = complex(220, 820, 115);
const z220Australian = complex(220, 820, 120);
const z370 = complex(370, 620, 310);
const z320 = complex(320, 1050, 230);
const z200 = complex(200, 680, 100);

const plain: DcTermination = { leastCurrentMa: 10, voltage: 3.5, onHookMs: 0.5, ringer: 'high', ringThresholdVrms: 15 };
/** TBR 21: at most 60 mA. */
const limited: DcTermination = { ...plain, currentLimitMa: 60 };
const limitedAndQuenched: DcTermination = { ...limited, onHookMs: 3 };
/** Where little is left at the end of the line. */
const lowVoltage: DcTermination = { ...plain, leastCurrentMa: 16, voltage: 3.1 };

const tbr21: Termination = { ac: harmonized.standard(european), dc: harmonized.standard(limitedAndQuenched) };
/** Harmonized later, or by their own decision. */
const asTbr21: Termination = { ac: dataSheets.common(european), dc: dataSheets.common(limited) };
const common600: Termination = { ac: dataSheets.common(z600), dc: dataSheets.common(plain) };
const low600: Termination = { ac: dataSheets.common(z600), dc: dataSheets.common(lowVoltage) };
const northAmerican: Termination = {
  // Exchanges have 900 Ω + 2.16 µF (GR-57), which telephones of 600 Ω were made for.
  ac: american.standard(z600, { byOperator: [withCapacitor(900, 2160)] }),
  dc: american.disputed({ ...plain, ringThresholdVrms: 21.5 }, [plain]),
};

/** By ISO 3166-1 code. */
export const terminations: Readonly<Record<string, Termination>> = {
  AE: common600,
  AR: common600,
  AT: { ac: german.disputed(z220, [european]), dc: harmonized.standard(limitedAndQuenched) },
  AU: { ac: australian.standard(z220Australian), dc: dataSheets.common({ ...lowVoltage, onHookMs: 26 }) },
  BE: tbr21,
  BG: { ac: dataSheets.disputed(z220, [european]), dc: dataSheets.common(limited) },
  BH: asTbr21,
  BR: { ac: dataSheets.disputed(z600, [z900]), dc: dataSheets.common(lowVoltage) },
  CA: northAmerican,
  CH: { ac: harmonized.disputed(european, [z220]), dc: harmonized.standard(limitedAndQuenched) },
  CL: common600,
  CN: { ac: chinese.disputed(z200, [z600]), dc: dataSheets.common(lowVoltage) },
  CO: common600,
  CY: asTbr21,
  CZ: asTbr21,
  DE: { ac: german.disputed(z220, [european]), dc: harmonized.standard(limitedAndQuenched) },
  DK: tbr21,
  EC: common600,
  EE: asTbr21,
  EG: low600,
  ES: tbr21,
  FI: tbr21,
  FR: tbr21,
  GB: { ac: british.disputed(z320, [z370, european]), dc: harmonized.standard(limitedAndQuenched) },
  GR: tbr21,
  GU: northAmerican,
  HK: common600,
  HR: asTbr21,
  HU: common600,
  ID: common600,
  IE: tbr21,
  IL: asTbr21,
  IN: { ac: dataSheets.disputed(z370, [z600]), dc: dataSheets.common(plain) },
  IS: tbr21,
  IT: tbr21,
  JO: low600,
  JP: { ac: japanese.disputed(z600, [withCapacitor(600, 1000)]), dc: dataSheets.common(lowVoltage) },
  KR: common600,
  KW: common600,
  KZ: common600,
  LB: asTbr21,
  LT: asTbr21,
  LU: tbr21,
  LV: asTbr21,
  MA: asTbr21,
  MO: common600,
  MX: common600,
  MY: low600,
  NG: asTbr21,
  NL: tbr21,
  NO: tbr21,
  NZ: { ac: newZealand.standard(z370), dc: dataSheets.common(plain) },
  OM: low600,
  PE: common600,
  PH: low600,
  PK: low600,
  PL: { ac: dataSheets.disputed(z600, [european]), dc: dataSheets.common({ ...plain, ringer: 'loaded', ringThresholdVrms: 21.5 }) },
  PR: northAmerican,
  PT: tbr21,
  RO: { ac: dataSheets.disputed(z600, [european]), dc: dataSheets.common(plain) },
  RU: { ac: dataSheets.disputed(z600, [complex(150, 510, 47)]), dc: dataSheets.common(lowVoltage) },
  SA: common600,
  SE: tbr21,
  SG: common600,
  SI: { ac: dataSheets.common(european), dc: dataSheets.common(plain) },
  SK: { ac: dataSheets.disputed(z220, [european]), dc: dataSheets.common(plain) },
  SV: common600,
  SY: low600,
  TH: low600,
  TW: low600,
  US: northAmerican,
  VI: northAmerican,
  ZA: { ac: dataSheets.common(z220), dc: dataSheets.common({ ...plain, onHookMs: 26, ringer: 'loaded' }) },
};

import { factsFrom } from '../fact.ts';
import type { Termination } from '../line-profile.ts';
import type { DcTermination } from './dc-termination.ts';
import { complex, resistance } from './network.ts';

/** Which of the sixteen networks that line interface circuits have is chosen for a country, by the drivers and manuals that were compared. */
const tables = factsFrom('Country tables of drivers for line interface circuits, and manuals of gateways, compared');
/** The same tables say which setting a country has; what it comes to in volts and milliamperes, the data sheet of the circuit. */
const settings = factsFrom('Country tables of drivers for line interface circuits; Si3050 data sheet');
/** Terminals for the networks of the European Union and EFTA, as they were harmonized in 1998. */
const harmonized = factsFrom('ETSI TBR 21, ES 203 021-2');
const chinese = factsFrom('ITU-T Q.552');

/** Networks by what they are called in the trade. */
const z600 = resistance(600);
const z900 = resistance(900);
const european = complex(270, 750, 150);
/** Also 220 Ω + 820 Ω || 115 nF; the circuits have one for both. */
const z220 = complex(220, 820, 120);
const z370 = complex(370, 620, 310);
const z320 = complex(320, 1050, 230);
const z200 = complex(200, 680, 100);

const plain: DcTermination = { leastCurrentMa: 10, voltage: 3.5, onHookMs: 0.5, ringer: 'high', ringThresholdVrms: 15 };
/** TBR 21: at most 60 mA. */
const limited: DcTermination = { ...plain, currentLimitMa: 60 };
const limitedAndQuenched: DcTermination = { ...limited, onHookMs: 3 };
/** Where little is left at the end of the line. */
const lowVoltage: DcTermination = { ...plain, leastCurrentMa: 16, voltage: 3.1 };

const european60: Termination = { ac: tables.common(european), dc: settings.reported(limited) };
/** As TBR 21 has it; the tables name it for each of these. */
const tbr21: Termination = { ac: tables.common(european), dc: settings.reported(limitedAndQuenched) };
const common600: Termination = { ac: tables.common(z600), dc: settings.reported(plain) };
const low600: Termination = { ac: tables.common(z600), dc: settings.reported(lowVoltage) };
const northAmerican: Termination = { ac: tables.common(z600), dc: settings.reported({ ...plain, ringThresholdVrms: 21.5 }, { alternates: [plain] }) };

/** By ISO 3166-1 code. */
export const terminations: Readonly<Record<string, Termination>> = {
  AE: common600,
  AR: common600,
  AT: { ac: tables.disputed(z220, [european]), dc: settings.reported(limitedAndQuenched) },
  AU: { ac: tables.common(z220), dc: settings.reported({ ...lowVoltage, onHookMs: 26 }) },
  BE: tbr21,
  BG: { ac: tables.common(z220), dc: settings.reported(limited) },
  BH: european60,
  BR: { ac: tables.disputed(z600, [z900]), dc: settings.reported(lowVoltage) },
  CA: northAmerican,
  CH: { ac: tables.disputed(european, [z220]), dc: settings.reported(limitedAndQuenched) },
  CL: common600,
  CN: { ac: chinese.reported(z200, { alternates: [z600] }), dc: settings.reported(lowVoltage) },
  CO: common600,
  CY: european60,
  CZ: european60,
  DE: { ac: tables.disputed(z220, [european]), dc: settings.reported(limitedAndQuenched) },
  DK: tbr21,
  EC: common600,
  EE: { ac: harmonized.reported(european), dc: harmonized.reported(limited) },
  EG: low600,
  ES: tbr21,
  FI: tbr21,
  FR: tbr21,
  GB: { ac: tables.disputed(z320, [european]), dc: settings.reported(limitedAndQuenched) },
  GR: tbr21,
  GU: northAmerican,
  HK: common600,
  HR: european60,
  HU: common600,
  ID: common600,
  IE: tbr21,
  IL: european60,
  IN: { ac: tables.common(z370), dc: settings.reported(plain) },
  IS: tbr21,
  IT: tbr21,
  JO: low600,
  JP: low600,
  KR: common600,
  KW: common600,
  KZ: common600,
  LB: european60,
  LT: { ac: harmonized.reported(european), dc: harmonized.reported(limited) },
  LU: tbr21,
  LV: european60,
  MA: european60,
  MO: common600,
  MX: common600,
  MY: low600,
  NG: european60,
  NL: tbr21,
  NO: tbr21,
  NZ: { ac: tables.common(z370), dc: settings.reported(plain) },
  OM: low600,
  PE: common600,
  PH: low600,
  PK: low600,
  PL: { ac: tables.common(z600), dc: settings.reported({ ...plain, ringer: 'loaded', ringThresholdVrms: 21.5 }) },
  PR: northAmerican,
  PT: tbr21,
  RO: common600,
  RU: { ac: tables.disputed(z600, [complex(150, 510, 47)]), dc: settings.reported(lowVoltage) },
  SA: common600,
  SE: tbr21,
  SG: common600,
  SI: { ac: tables.common(european), dc: settings.reported(plain) },
  SK: { ac: tables.common(z220), dc: settings.reported(plain) },
  SV: common600,
  SY: low600,
  TH: low600,
  TW: low600,
  US: northAmerican,
  VI: northAmerican,
  ZA: { ac: tables.common(z220), dc: settings.reported({ ...plain, onHookMs: 26, ringer: 'loaded' }) },
};

import { factsFrom, type Fact } from '../fact.ts';
import type { Dialing, Flash } from '../line-profile.ts';
import type { PulseDialing } from './pulse-dialing.ts';

const manuals = factsFrom('Manuals of telephones, modems and gateways sold in the country');
const published = factsFrom('Public pages on pulse dialling, compared');
const american = factsFrom('EIA/TIA-470, GR-506-CORE');
const australian = factsFrom('AS/CA S002:2010 5.5.1.7 and 5.5.1.8');
const british = factsFrom('BT SIN 351');
const chinese = factsFrom('GB/T 15279');
const etsi = factsFrom('ETSI ES 201 729 (register recall)');
const french = factsFrom('France Télécom STAS');
const japanese = factsFrom('Ordinance on Telecommunications Facilities for Telecommunications Business (Japan), article 30 and annexed table 1');
const newZealand = factsFrom('Telecom New Zealand PTC 200');

/** The timed break of European exchanges. */
const short: Flash = { sendMs: 100, recognised: [80, 150] };
/** The hook flash of North America. */
const long: Flash = { sendMs: 600, recognised: [300, 1000] };

const pulses: PulseDialing = { perSecond: 10, breakPercent: 60, coding: 'direct', interDigitMs: 800 };
const pulses67: PulseDialing = { ...pulses, breakPercent: 67 };

const direct60 = manuals.reported(pulses);
const direct67 = manuals.reported(pulses67);
const eitherRatio = manuals.reported(pulses, { alternates: [pulses67] });
const shortBreak = etsi.reported(short);
const longFlash = manuals.reported(long);
/** The one or the other is met; exchanges of both kinds were bought. */
const shortOrLong = manuals.reported(short, { alternates: [long] });
const longOrShort = manuals.reported(long, { alternates: [short] });

const european: Dialing = { flash: shortBreak, pulse: eitherRatio };
const northAmerican: Dialing = {
  flash: american.reported({ sendMs: 500, recognised: [300, 1000] }),
  pulse: published.common({ ...pulses, breakPercent: 61 }),
};

function dialing(flash: Fact<Flash>, pulse: Fact<PulseDialing>): Dialing {
  return { flash, pulse };
}

/** By ISO 3166-1 code. */
export const dialings: Readonly<Record<string, Dialing>> = {
  AE: dialing(longOrShort, eitherRatio),
  AR: dialing(shortOrLong, eitherRatio),
  AT: european,
  AU: dialing(manuals.reported(short), australian.standard(pulses67)),
  BE: dialing(shortBreak, direct67),
  BG: european,
  BH: dialing(shortOrLong, eitherRatio),
  BR: dialing(manuals.reported({ sendMs: 300, recognised: [80, 320] }, { alternates: [short, long] }), eitherRatio),
  CA: northAmerican,
  CH: european,
  CL: dialing(shortOrLong, direct60),
  CN: dialing(chinese.reported(short, { alternates: [long] }), chinese.reported({ ...pulses, breakPercent: 61 })),
  CO: dialing(longOrShort, direct60),
  CY: dialing(shortBreak, eitherRatio),
  CZ: european,
  DE: european,
  DK: european,
  EC: dialing(longOrShort, eitherRatio),
  EE: european,
  EG: dialing(shortOrLong, eitherRatio),
  ES: dialing(shortBreak, eitherRatio),
  FI: dialing(manuals.reported(short, { alternates: [{ sendMs: 125, recognised: [90, 500] }] }), direct60),
  FR: dialing(french.reported({ sendMs: 250, recognised: [180, 320] }), french.reported(pulses67)),
  GB: dialing(british.reported({ sendMs: 90, recognised: [80, 130] }), published.common(pulses67)),
  GR: european,
  GU: northAmerican,
  HK: dialing(longFlash, direct67),
  HR: european,
  HU: european,
  ID: dialing(longOrShort, direct67),
  IE: dialing(shortBreak, direct67),
  IL: dialing(longOrShort, direct60),
  IN: dialing(longOrShort, direct67),
  IS: european,
  IT: european,
  JO: dialing(shortOrLong, eitherRatio),
  JP: dialing(
    longFlash,
    // The make of 10 pulses a second is 30 to 42 %, that of 20 a second 30 to 36 %.
    japanese.standard({ ...pulses67, interDigitMs: 600 }, { byOperator: [{ ...pulses67, perSecond: 20, interDigitMs: 450 }] }),
  ),
  KR: dialing(longFlash, manuals.reported(pulses67, { byOperator: [{ ...pulses67, perSecond: 20 }] })),
  KW: dialing(shortOrLong, eitherRatio),
  KZ: dialing(shortOrLong, direct60),
  LB: dialing(shortOrLong, eitherRatio),
  LT: european,
  LU: european,
  LV: european,
  MA: dialing(manuals.reported({ sendMs: 250, recognised: [180, 320] }, { alternates: [short] }), eitherRatio),
  MO: dialing(longOrShort, eitherRatio),
  MX: dialing(shortOrLong, eitherRatio),
  MY: dialing(longOrShort, direct67),
  NG: dialing(shortOrLong, eitherRatio),
  NL: european,
  // The dials of Oslo counted down from nine.
  NO: dialing(shortBreak, published.disputed(pulses, [pulses67], { byOperator: [{ ...pulses, coding: 'complement' }] })),
  NZ: dialing(newZealand.reported({ sendMs: 600, recognised: [500, 800] }), published.common({ ...pulses67, coding: 'complement' })),
  OM: dialing(longOrShort, eitherRatio),
  PE: dialing(longOrShort, direct60),
  PH: dialing(longFlash, eitherRatio),
  PK: dialing(longOrShort, eitherRatio),
  PL: dialing(shortBreak, eitherRatio),
  PR: northAmerican,
  PT: dialing(shortBreak, eitherRatio),
  RO: european,
  RU: dialing(shortOrLong, direct60),
  SA: dialing(longOrShort, eitherRatio),
  SE: dialing(shortBreak, published.disputed({ ...pulses, coding: 'plusOne' }, [{ ...pulses67, coding: 'plusOne' }])),
  SG: dialing(longOrShort, direct67),
  SI: european,
  SK: european,
  SV: dialing(longFlash, eitherRatio),
  SY: dialing(shortOrLong, eitherRatio),
  TH: dialing(longOrShort, eitherRatio),
  TR: dialing(shortOrLong, eitherRatio),
  TW: dialing(longFlash, eitherRatio),
  UA: dialing(shortOrLong, direct60),
  US: northAmerican,
  VI: northAmerican,
  VN: dialing(longOrShort, eitherRatio),
  ZA: dialing(shortOrLong, direct67),
};

import { factsFrom, type Fact } from '../fact.ts';
import type { Dialing, Flash } from '../line-profile.ts';
import type { PulseDialing } from './pulse-dialing.ts';

const tables = factsFrom('Country tables of telephones, modems and gateways, compared');
const american = factsFrom('EIA/TIA-470, GR-506-CORE');
const australian = factsFrom('AS/CA S002');
const british = factsFrom('BT SIN 351, BS 6305');
const chinese = factsFrom('GB/T 15279');
const etsi = factsFrom('ETSI ES 201 729 (register recall); tables compared');
const french = factsFrom('France Télécom STAS; tables compared');
const japanese = factsFrom('Terminal Equipment Regulations of Japan, annexed table 1; NTT technical reference for analogue telephone service');
const newZealand = factsFrom('Telecom New Zealand PTC 200');

/** The timed break of European exchanges. */
const short: Flash = { sendMs: 100, recognised: [80, 150] };
/** The hook flash of North America. */
const long: Flash = { sendMs: 600, recognised: [300, 1000] };

const pulses: PulseDialing = { perSecond: 10, breakPercent: 60, coding: 'direct', interDigitMs: 800 };
const pulses67: PulseDialing = { ...pulses, breakPercent: 67 };

const direct60 = tables.common(pulses);
const direct67 = tables.common(pulses67);
const disputedRatio = tables.disputed(pulses, [pulses67]);
const shortBreak = etsi.common(short);
const longFlash = tables.common(long);
/** Tables have the one or the other; exchanges of both kinds were bought. */
const shortOrLong = tables.disputed(short, [long]);
const longOrShort = tables.disputed(long, [short]);

const european: Dialing = { flash: shortBreak, pulse: direct60 };
const northAmerican: Dialing = {
  flash: american.standard({ sendMs: 500, recognised: [300, 1000] }),
  pulse: american.standard({ ...pulses, breakPercent: 61, interDigitMs: 700 }),
};

function dialing(flash: Fact<Flash>, pulse: Fact<PulseDialing>): Dialing {
  return { flash, pulse };
}

/** By ISO 3166-1 code. */
export const dialings: Readonly<Record<string, Dialing>> = {
  AE: dialing(longOrShort, disputedRatio),
  AR: dialing(shortOrLong, disputedRatio),
  AT: european,
  AU: dialing(australian.common(short), australian.common(pulses67)),
  BE: dialing(shortBreak, direct67),
  BG: european,
  BH: dialing(shortOrLong, disputedRatio),
  BR: dialing(tables.disputed({ sendMs: 300, recognised: [80, 320] }, [short, long]), disputedRatio),
  CA: northAmerican,
  CH: european,
  CL: dialing(shortOrLong, direct60),
  CN: dialing(chinese.disputed(short, [long]), chinese.common({ ...pulses, breakPercent: 61 })),
  CO: dialing(longOrShort, direct60),
  CY: dialing(shortBreak, disputedRatio),
  CZ: european,
  DE: european,
  DK: european,
  EC: dialing(longOrShort, disputedRatio),
  EE: european,
  EG: dialing(shortOrLong, disputedRatio),
  ES: dialing(shortBreak, disputedRatio),
  FI: dialing(tables.disputed(short, [{ sendMs: 125, recognised: [90, 500] }]), direct60),
  FR: dialing(french.common({ sendMs: 250, recognised: [180, 320] }), french.common(pulses67)),
  GB: dialing(british.common({ sendMs: 90, recognised: [80, 130] }), british.standard(pulses67)),
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
  JO: dialing(shortOrLong, disputedRatio),
  JP: dialing(
    longFlash,
    // The make of 10 pulses a second is 30 to 42 %, that of 20 a second 30 to 36 %.
    japanese.standard({ ...pulses67, interDigitMs: 600 }, { byOperator: [{ ...pulses67, perSecond: 20, interDigitMs: 450 }] }),
  ),
  KR: dialing(longFlash, tables.common(pulses67, { byOperator: [{ ...pulses67, perSecond: 20 }] })),
  KW: dialing(shortOrLong, disputedRatio),
  KZ: dialing(shortOrLong, direct60),
  LB: dialing(shortOrLong, disputedRatio),
  LT: european,
  LU: european,
  LV: european,
  MA: dialing(tables.disputed({ sendMs: 250, recognised: [180, 320] }, [short]), disputedRatio),
  MO: dialing(longOrShort, disputedRatio),
  MX: dialing(shortOrLong, disputedRatio),
  MY: dialing(longOrShort, direct67),
  NG: dialing(shortOrLong, disputedRatio),
  NL: european,
  // The dials of Oslo counted down from nine.
  NO: dialing(shortBreak, tables.common(pulses, { byOperator: [{ ...pulses, coding: 'complement' }] })),
  NZ: dialing(newZealand.common({ sendMs: 600, recognised: [500, 800] }), newZealand.standard({ ...pulses67, coding: 'complement' })),
  OM: dialing(longOrShort, disputedRatio),
  PE: dialing(longOrShort, direct60),
  PH: dialing(longFlash, disputedRatio),
  PK: dialing(longOrShort, disputedRatio),
  PL: dialing(shortBreak, disputedRatio),
  PR: northAmerican,
  PT: dialing(shortBreak, disputedRatio),
  RO: european,
  RU: dialing(shortOrLong, direct60),
  SA: dialing(longOrShort, disputedRatio),
  SE: dialing(shortBreak, tables.common({ ...pulses, coding: 'plusOne' })),
  SG: dialing(longOrShort, direct67),
  SI: european,
  SK: european,
  SV: dialing(longFlash, disputedRatio),
  SY: dialing(shortOrLong, disputedRatio),
  TH: dialing(longOrShort, disputedRatio),
  TR: dialing(shortOrLong, disputedRatio),
  TW: dialing(longFlash, disputedRatio),
  UA: dialing(shortOrLong, direct60),
  US: northAmerican,
  VI: northAmerican,
  VN: dialing(longOrShort, disputedRatio),
  ZA: dialing(shortOrLong, direct67),
};

import { factsFrom, type Fact } from '../fact.ts';
import type { RingCadence, RingFrequency, Ringing } from '../line-profile.ts';

/** Tables of ringing say so, and ringing tone has the same cadence. */
const tables = factsFrom('Tables of ringing cadences in tone libraries and manuals of gateways, compared with ITU-T E.180 Suppl. 2');
/** Ringing and ringing tone are interrupted alike in most countries, though seldom together. */
const asTone = factsFrom('ITU-T E.180 Suppl. 2: the cadence of the ringing tone');
const manuals = factsFrom('Manuals of gateways, compared');
const frequencies = factsFrom('Specification of the network; manuals of gateways');
const american = factsFrom('TIA-968 table 6 (simulated ringing), 47 CFR 68.312');
const alerting = factsFrom('GR-506-CORE');
const australian = factsFrom('AS/CA S002:2010 5.5.1.1.1');
const chinese = factsFrom('GB/T 15279');
const japanese = factsFrom('Ordinance on Telecommunications Facilities for Telecommunications Business (Japan), annexed table 4');
const newZealand = factsFrom('Telecom New Zealand PTC 200, TNA 102');
const singapore = factsFrom('IMDA TS PSTN');

const double: RingCadence = [400, 200, 400, 2000];

function common(onOffMs: RingCadence, frequency?: Fact<RingFrequency>): Ringing {
  return ringing(tables.common(onOffMs), frequency);
}

function disputed(onOffMs: RingCadence, others: readonly RingCadence[], frequency?: Fact<RingFrequency>): Ringing {
  return ringing(tables.disputed(onOffMs, others), frequency);
}

function fromTone(onOffMs: RingCadence, alternates: readonly RingCadence[], frequency?: Fact<RingFrequency>): Ringing {
  return ringing(asTone.reported(onOffMs, alternates.length === 0 ? {} : { alternates }), frequency);
}

function ringing(cadence: Fact<RingCadence>, frequency: Fact<RingFrequency> | undefined): Ringing {
  return frequency === undefined ? { cadence } : { cadence, frequency };
}

const hz20 = frequencies.reported({ hz: 20 });
const hz25 = frequencies.reported({ hz: 25 });
const hz25or50 = frequencies.reported({ hz: 25 }, { alternates: [{ hz: 50 }] });
const hz25or20 = frequencies.reported({ hz: 25 }, { alternates: [{ hz: 20 }] });
const hz25InManuals = manuals.common({ hz: 25 });

const northAmerican: Ringing = {
  cadence: tables.common([2000, 4000]),
  // GR-506: two longs, short-long-short, short-short-long.
  distinctive: alerting.reported([[800, 400, 800, 4000], [400, 200, 400, 200, 800, 4000], [300, 200, 1000, 200, 300, 4000]]),
  // Ringing type A, without its 30 Hz of party lines.
  frequency: american.standard({ hz: 20, within: [17, 23] }),
  voltage: american.standard({ leastVrms: 40, mostVrms: 130 }),
};

/** By ISO 3166-1 code. */
export const ringings: Readonly<Record<string, Ringing>> = {
  AE: disputed(double, [[1500, 4000]], hz25),
  AR: disputed([1000, 4000], [[1000, 4500]], hz25),
  AT: disputed([1000, 5000], [[1000, 4000]], manuals.disputed({ hz: 50 }, [{ hz: 25 }])),
  AU: {
    cadence: australian.standard(double),
    frequency: australian.standard({ hz: 25, within: [15.3, 50] }),
    voltage: australian.standard({ leastVrms: 45, mostVrms: 95 }),
  },
  BE: common([1000, 3000], hz25),
  BG: disputed([1000, 4000], [[1830, 3000], [1000, 9000]], hz25),
  BH: fromTone(double, []),
  BR: common([1000, 4000], hz25),
  BY: fromTone([800, 3200], [[1000, 4000]], hz25),
  CA: northAmerican,
  CH: common([1000, 4000], hz25InManuals),
  CL: common([1000, 3000], hz25or20),
  CN: { cadence: tables.common([1000, 4000]), frequency: chinese.reported({ hz: 25, within: [22, 28] }) },
  CO: fromTone([1000, 4000], []),
  CR: disputed([1200, 4800], [[2000, 4000]]),
  CY: fromTone([1500, 3000], [double], hz25),
  CZ: common([1000, 4000], hz25or50),
  DE: disputed([1000, 4000], [[1000, 5000]], hz25InManuals),
  DK: common([1000, 4000], hz25),
  EC: fromTone([1200, 4650], []),
  EE: common([1000, 4000], hz25),
  // The ITU's list has the other for the tone, which leaves no time for caller ID.
  EG: fromTone([1000, 4000], [[2000, 1000]], hz25),
  ES: common([1500, 3000], hz25),
  FI: common([1000, 4000], hz25InManuals),
  FR: common([1500, 3500], frequencies.reported({ hz: 50 }, { alternates: [{ hz: 25 }] })),
  GB: common(double, hz25),
  GR: common([1000, 4000], hz25),
  GU: northAmerican,
  HK: fromTone([400, 200, 400, 3000], [double], hz25or20),
  HR: fromTone([1000, 4000], [], hz25),
  HU: common([1250, 3750], hz25),
  ID: fromTone([1000, 4000], [], hz25),
  IE: common(double, hz25),
  IL: common([1000, 3000], hz25),
  IN: disputed(double, [[400, 200, 400, 2600]], hz25),
  IS: fromTone([1200, 4700], [], hz25),
  IT: common([1000, 4000], hz25),
  JO: fromTone([1200, 4800], [double]),
  JP: {
    // 20 interruptions a minute ±20 %, of which ringing is 33 ±10 %; 75 V +8 −10 V.
    cadence: japanese.standard([1000, 2000]),
    frequency: japanese.standard({ hz: 16, within: [15, 20] }),
    voltage: japanese.standard({ leastVrms: 65, mostVrms: 83 }),
  },
  KR: fromTone([1000, 2000], [], hz20),
  KW: fromTone([1000, 4000], [[1000, 3000]]),
  KZ: fromTone([800, 3200], [[1000, 4000]], hz25),
  LB: fromTone([1200, 4400], [[1000, 4000]]),
  LT: disputed([1000, 4000], [[800, 3200]], hz25),
  LU: fromTone([1000, 4000], [], hz25),
  LV: fromTone([1000, 4000], [], hz25),
  MA: fromTone([1660, 3330], []),
  MO: common([1000, 4000]),
  MX: disputed([1000, 4000], [[2000, 4000]], hz25or20),
  MY: common(double, hz25),
  NG: fromTone([2000, 4000], [[1000, 4000]]),
  NL: common([1000, 4000], hz25),
  NO: disputed([1000, 4000], [[1000, 3000]], hz25),
  NZ: { cadence: asTone.reported(double), frequency: newZealand.reported({ hz: 20 }, { alternates: [{ hz: 25 }] }) },
  OM: fromTone(double, []),
  PA: disputed([1200, 4650], [[2000, 4000]]),
  PE: fromTone([1000, 4000], [], hz25),
  PH: common([1000, 4000], hz25or20),
  PK: fromTone([1000, 4000], [double], hz25),
  PL: common([1000, 4000], hz25or50),
  PR: northAmerican,
  PT: common([1000, 5000], hz25),
  RO: fromTone([1850, 4150], [[1000, 4000], [2000, 4000]], hz25),
  RU: disputed([1000, 4000], [[800, 3200]], hz25InManuals),
  SA: fromTone([1200, 4600], [], hz25),
  SE: disputed([1000, 5000], [[1000, 9000]], hz25or50),
  SG: { cadence: tables.common(double), frequency: singapore.reported({ hz: 24 }) },
  SI: fromTone([1000, 4000], [], hz25),
  SK: fromTone([1000, 4000], [], hz25or50),
  SV: fromTone([1200, 5000], []),
  SY: fromTone([1000, 4000], [[1000, 3000]]),
  TH: disputed([1000, 4000], [[1000, 5000]], hz25),
  TR: common([2000, 4000], hz25),
  TW: disputed([1000, 2000], [[1000, 4000]], hz20),
  UA: fromTone([1000, 4000], [[800, 3200]], hz25),
  US: northAmerican,
  UY: fromTone([1000, 4000], []),
  VE: common([1000, 4000]),
  VI: northAmerican,
  VN: fromTone([1000, 4000], [], hz25),
  ZA: common(double, hz25),
};

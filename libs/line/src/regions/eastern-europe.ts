import { cadence, continuous, from, itu, sequence, sit, sitTolerance, specialInformation, tables } from './notation.ts';
import type { Region } from './region.ts';
import type { TonePlan } from './tone-plan.ts';

/** GOST 45.223: 425 ±25 Hz. */
const russian = from('GOST 45.223-2001; ITU-T E.180 Suppl. 2 (04/98)');
const within = { frequencyHz: 25, cadence: 0.1 };

/** As the exchanges of the Soviet Union had it, and their successors list it. */
const formerSoviet: TonePlan = {
  dial: tables.common(continuous(425)),
  ringing: itu.disputed(cadence(425, 800, 3200), [cadence(425, 1000, 4000)]),
  busy: itu.standard(cadence(425, 400, 400)),
  congestion: tables.disputed(cadence(425, 175, 175), [cadence(425, 400, 400)], { sameAs: ['busy'] }),
};

export const easternEurope: readonly Region[] = [
  {
    code: 'AL',
    name: 'Albania',
    tones: {
      dial: itu.standard(continuous(425)),
      ringing: itu.disputed(cadence(425, 1000, 4000), [cadence(425, 1200, 4650)]),
      busy: itu.disputed(cadence(425, 300, 300), [cadence(425, 500, 500)]),
      congestion: itu.standard(cadence(425, 150, 150)),
      callWaiting: itu.standard(cadence(425, 200, 600)),
    },
  },
  {
    code: 'BG',
    name: 'Bulgaria',
    tones: {
      dial: itu.disputed(continuous(425), [cadence(425, 250, 300, 700, 800), cadence(425, 250, 750, 750, 1000)]),
      stutterDial: itu.standard(cadence(425, 1500, 100)),
      ringing: itu.disputed(cadence(425, 1000, 4000), [cadence(425, 1000, 9000), cadence(425, 1830, 3000)]),
      busy: itu.disputed(cadence(425, 500, 500), [cadence(425, 250, 250), cadence(425, 200, 500)]),
      congestion: itu.disputed(cadence(425, 250, 250), [cadence(425, 500, 500), cadence(425, 200, 500)], { sameAs: ['busy'] }),
      callWaiting: itu.standard(cadence(425, 150, 150, 150, 4000)),
      specialInformation: sit,
    },
  },
  {
    code: 'CZ',
    name: 'Czechia',
    tones: {
      dial: itu.disputed(cadence(425, 330, 330, 660, 660), [continuous(425), cadence(425, 165, 165, 660, 660)]),
      ringing: itu.standard(cadence(425, 1000, 4000)),
      busy: itu.disputed(cadence(425, 330, 330), [cadence(425, 165, 165), cadence(425, 240, 360)]),
      congestion: itu.standard(cadence(425, 165, 165), { sameAs: ['busy'] }),
      callWaiting: itu.standard(cadence(425, 330, 9000)),
      specialInformation: itu.standard(specialInformation(undefined, 30), { tolerance: sitTolerance }),
    },
  },
  {
    code: 'HR',
    name: 'Croatia',
    tones: {
      dial: itu.disputed(cadence(425, 200, 300, 700, 800), [continuous(425)]),
      stutterDial: itu.standard(cadence(425, 400, 40)),
      ringing: itu.standard(cadence(425, 1000, 4000)),
      busy: itu.standard(cadence(425, 500, 500)),
      congestion: itu.standard(cadence(425, 250, 250)),
      callWaiting: tables.common(cadence(425, 300, 8000)),
      specialInformation: sit,
    },
  },
  {
    code: 'HU',
    name: 'Hungary',
    tones: {
      dial: itu.standard(continuous(425)),
      secondDial: itu.standard(continuous(425, 450)),
      stutterDial: itu.standard(continuous(350, 375, 400)),
      ringing: itu.standard(cadence(425, 1250, 3750)),
      busy: itu.standard(cadence(425, 300, 300)),
      congestion: itu.standard(cadence(425, 300, 300), { sameAs: ['busy'] }),
      callWaiting: itu.standard(cadence(425, 40, 1960)),
      specialInformation: sit,
    },
  },
  {
    code: 'PL',
    name: 'Poland',
    tones: {
      dial: itu.standard(continuous(425)),
      secondDial: itu.standard(continuous(350, 425)),
      ringing: itu.standard(cadence(425, 1000, 4000)),
      busy: itu.standard(cadence(425, 500, 500)),
      congestion: itu.standard(cadence(425, 500, 500), { sameAs: ['busy'] }),
      callWaiting: itu.standard(cadence(425, 150, 150, 150, 4000)),
      specialInformation: sit,
    },
  },
  {
    code: 'RO',
    name: 'Romania',
    tones: {
      dial: itu.disputed(continuous(450), [continuous(425), continuous(400)]),
      ringing: itu.disputed(cadence(450, 1850, 4150), [cadence(425, 1000, 4000), cadence([425, 475], 2000, 4000)]),
      busy: itu.disputed(cadence(450, 167, 167), [cadence(450, 150, 200), cadence(425, 500, 500)]),
      specialInformation: tables.common(specialInformation()),
    },
  },
  {
    code: 'RS',
    name: 'Serbia',
    tones: {
      dial: itu.disputed(cadence(425, 200, 300, 700, 800), [continuous(425)]),
      ringing: itu.disputed(cadence(425, 1000, 4000), [cadence(425, 1000, 9000)]),
      busy: itu.disputed(cadence(425, 500, 500), [cadence(425, 200, 400)]),
      specialInformation: sit,
    },
  },
  {
    code: 'RU',
    name: 'Russian Federation',
    tones: {
      dial: russian.standard(continuous(425), { tolerance: { frequencyHz: 25 } }),
      stutterDial: tables.common(cadence(425, 400, 40)),
      ringing: russian.disputed(cadence(425, 1000, 4000), [cadence(425, 800, 3200)], { tolerance: within }),
      // The ITU's older list has 400 ms.
      busy: russian.standard(cadence(425, 350, 350), { tolerance: { frequencyHz: 25, cadence: 0.15 } }),
      congestion: russian.standard(cadence(425, 175, 175), { tolerance: within }),
      callWaiting: tables.common(cadence(425, 200, 5000)),
      specialInformation: sit,
    },
  },
  {
    code: 'SI',
    name: 'Slovenia',
    tones: {
      dial: itu.disputed(cadence(425, 200, 300, 700, 800), [continuous(425)]),
      ringing: itu.standard(cadence(425, 1000, 4000)),
      busy: itu.standard(cadence(425, 500, 500)),
      congestion: itu.standard(cadence(425, 200, 200)),
      callWaiting: itu.standard(cadence(425, 300, 10000)),
      specialInformation: itu.disputed(specialInformation(), [specialInformation([950, 1400, 1600])], { tolerance: sitTolerance }),
    },
  },
  {
    code: 'SK',
    name: 'Slovakia',
    tones: {
      dial: itu.disputed(continuous(425), [cadence(425, 330, 330, 660, 660)]),
      stutterDial: itu.standard(cadence(425, 165, 165, 165, 165, 165, 165, 660, 660)),
      ringing: itu.standard(cadence(425, 1000, 4000)),
      busy: itu.standard(cadence(425, 330, 330)),
      congestion: itu.standard(cadence(425, 165, 165)),
      callWaiting: itu.standard(cadence(425, 1000, 170, 330, 3500)),
      specialInformation: itu.standard(specialInformation(undefined, 30), { tolerance: sitTolerance }),
    },
  },
  {
    code: 'TR',
    name: 'Türkiye',
    tones: {
      dial: itu.standard(continuous(450)),
      secondDial: itu.standard(continuous(350, 450)),
      stutterDial: itu.standard(cadence(450, 1000, 250)),
      ringing: itu.standard(cadence(450, 2000, 4000)),
      busy: itu.standard(cadence(450, 500, 500)),
      congestion: itu.standard(cadence(450, 200, 200, 200, 200, 200, 200, 600, 200)),
      numberUnobtainable: itu.standard(cadence(450, 200, 200)),
      callWaiting: itu.standard(cadence(450, 200, 600, 200, 8000)),
      specialInformation: itu.standard(specialInformation(undefined, 0, 300), { tolerance: sitTolerance }),
      offHook: itu.standard(sequence([1400, 200], [0, 200], [2060, 200], [0, 200], [2460, 200], [0, 200], [2600, 200], [0, 200])),
    },
  },
  { code: 'BY', name: 'Belarus', tones: formerSoviet },
  { code: 'KG', name: 'Kyrgyzstan', tones: formerSoviet },
  { code: 'KZ', name: 'Kazakhstan', tones: { ...formerSoviet, ringing: tables.disputed(cadence(425, 800, 3200), [cadence(425, 1000, 4000)]), busy: tables.common(cadence(425, 400, 400)) } },
  { code: 'MD', name: 'Moldova', tones: formerSoviet },
  { code: 'TJ', name: 'Tajikistan', tones: formerSoviet },
  {
    code: 'UA',
    name: 'Ukraine',
    tones: {
      dial: tables.common(continuous(425)),
      ringing: tables.disputed(cadence(425, 1000, 4000), [cadence(425, 800, 3200)]),
      busy: tables.common(cadence(425, 350, 350)),
      congestion: tables.common(cadence(425, 175, 175)),
      specialInformation: tables.common(specialInformation()),
    },
  },
];

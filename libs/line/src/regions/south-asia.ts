import { cadence, continuous, from, itu, modulated, sitTolerance, specialInformation, stutter, tables } from './notation.ts';
import type { Region } from './region.ts';

/** 425 ±20 Hz, modulation 24 ±2 Hz. */
const singapore = from('IDA TS PSTN 1; ITU-T E.180 Suppl. 2 (04/98)');
const within20 = { frequencyHz: 20, cadence: 0.1 };

export const southAsia: readonly Region[] = [
  {
    code: 'BD',
    name: 'Bangladesh',
    tones: {
      dial: itu.standard(continuous(450)),
      stutterDial: itu.standard(cadence(450, 400, 400)),
      ringing: itu.standard(cadence(450, 1000, 4000)),
      busy: itu.standard(cadence(450, 200, 300, 700, 800)),
      congestion: itu.standard(cadence(450, 250, 250)),
      offHook: itu.standard(continuous(3000)),
    },
  },
  {
    code: 'IN',
    name: 'India',
    tones: {
      dial: itu.disputed(modulated(400, 25), [continuous(375, 425)]),
      stutterDial: itu.standard(cadence(400, 2800, 200)),
      ringing: itu.disputed(modulated(400, 25, 400, 200, 400, 2000), [cadence([375, 425], 400, 200, 400, 2000), cadence([375, 425], 400, 200, 400, 2600)]),
      busy: itu.disputed(cadence(400, 750, 750), [cadence(400, 600, 600)]),
      congestion: itu.standard(cadence(400, 250, 250)),
      callWaiting: itu.standard(cadence(400, 200, 100, 200, 7500)),
    },
  },
  {
    code: 'LK',
    name: 'Sri Lanka',
    tones: {
      dial: itu.standard(continuous(425)),
      ringing: itu.standard(cadence(425, 400, 200, 400, 2000)),
      busy: itu.disputed(cadence(425, 500, 500), [cadence(425, 750, 750)]),
      congestion: itu.standard(cadence(425, 250, 250)),
      numberUnobtainable: itu.standard(continuous(400)),
    },
  },
  {
    code: 'NP',
    name: 'Nepal',
    tones: {
      dial: itu.standard(continuous(425)),
      ringing: itu.disputed(cadence(425, 1000, 4000), [cadence(425, 1100, 3100)]),
      busy: itu.disputed(cadence(425, 500, 500), [cadence(425, 250, 250)]),
      congestion: itu.standard(cadence(425, 175, 175)),
    },
  },
  {
    code: 'PK',
    name: 'Pakistan',
    tones: {
      dial: tables.disputed(continuous(400), [continuous(450), continuous(425)]),
      ringing: itu.disputed(cadence(450, 1000, 4000), [cadence(400, 1000, 4000), cadence([383, 417], 400, 200, 400, 2000)]),
      busy: itu.disputed(cadence(400, 750, 750), [cadence(400, 500, 500), cadence(450, 400, 675, 130, 170)]),
      congestion: tables.common(cadence(400, 250, 250)),
    },
  },
];

export const southEastAsia: readonly Region[] = [
  {
    code: 'ID',
    name: 'Indonesia',
    tones: {
      dial: itu.standard(continuous(425)),
      ringing: itu.standard(cadence(425, 1000, 4000)),
      busy: itu.standard(cadence(425, 500, 500)),
      congestion: itu.standard(cadence(425, 250, 250)),
      numberUnobtainable: itu.standard(cadence(425, 2000, 500)),
      callWaiting: itu.standard(cadence(425, 150, 150, 150, 10000)),
      specialInformation: itu.standard(specialInformation(undefined, 30), { tolerance: sitTolerance }),
    },
  },
  {
    code: 'LA',
    name: "Lao People's Democratic Republic",
    tones: {
      dial: itu.standard(continuous(425)),
      stutterDial: itu.standard(cadence(425, 400, 40)),
      ringing: itu.standard(cadence(425, 1000, 4000)),
      busy: itu.standard(cadence(425, 1000, 1000)),
      congestion: itu.standard(cadence(425, 375, 375)),
      numberUnobtainable: itu.standard(cadence(425, 2500, 500)),
    },
  },
  {
    code: 'MY',
    name: 'Malaysia',
    tones: {
      dial: itu.standard(continuous(425)),
      ringing: itu.standard(cadence(425, 400, 200, 400, 2000)),
      busy: itu.disputed(cadence(425, 500, 500), [cadence(425, 350, 650)]),
      congestion: itu.disputed(cadence(425, 250, 250), [cadence(425, 500, 500)], { sameAs: ['busy'] }),
      numberUnobtainable: itu.standard(cadence(425, 2500, 500)),
      offHook: itu.standard(cadence(425, 500, 500), { sameAs: ['busy', 'congestion'] }),
    },
  },
  {
    code: 'PH',
    name: 'Philippines',
    tones: {
      dial: itu.disputed(continuous(425), [continuous(480, 720), cadence(400, 200, 200)]),
      stutterDial: itu.standard(continuous(400, 425)),
      ringing: itu.disputed(cadence([425, 480], 1000, 4000), [cadence(450, 1000, 10000)]),
      busy: itu.disputed(cadence([480, 620], 500, 500), [cadence([480, 720], 500, 500), cadence(425, 500, 500), cadence(450, 400, 200)]),
      congestion: itu.disputed(cadence([480, 620], 250, 250), [cadence([480, 720], 250, 250)]),
      callWaiting: itu.standard(cadence(440, 300, 10000)),
    },
  },
  {
    code: 'SG',
    name: 'Singapore',
    tones: {
      dial: singapore.standard(continuous(425), { tolerance: { frequencyHz: 20 } }),
      stutterDial: singapore.standard(stutter(425, 4, 200, 200, 600, 200), { tolerance: within20 }),
      ringing: singapore.disputed(modulated(425, 24, 400, 200, 400, 2000), [cadence([401, 449], 400, 200, 400, 2000)], { tolerance: within20 }),
      busy: singapore.standard(cadence(425, 750, 750), { tolerance: within20 }),
      congestion: singapore.standard(cadence(425, 250, 250), { tolerance: within20 }),
      numberUnobtainable: singapore.standard(cadence(425, 2500, 500), { tolerance: within20 }),
      callWaiting: singapore.standard(modulated(425, 24, 300, 200, 300, 3200), { tolerance: within20 }),
    },
  },
  {
    code: 'TH',
    name: 'Thailand',
    tones: {
      dial: itu.disputed(modulated(400, 50), [continuous(350, 450), continuous(400)]),
      stutterDial: itu.standard(modulated(400, 50, 400, 100)),
      ringing: itu.disputed(cadence(400, 1000, 4000), [cadence(420, 1000, 5000)]),
      busy: itu.disputed(cadence(400, 500, 500), [cadence(450, 330, 330)]),
      congestion: itu.standard(cadence(400, 300, 300)),
    },
  },
  {
    code: 'VN',
    name: 'Viet Nam',
    tones: {
      dial: tables.common(continuous(425)),
      ringing: tables.common(cadence(425, 1000, 4000)),
      busy: tables.common(cadence(425, 500, 500)),
      congestion: tables.common(cadence(425, 250, 250)),
      specialInformation: tables.common(specialInformation()),
    },
  },
];

import { cadence, continuous, from, itu, sequence, sit, sitTolerance, specialInformation, tables } from './notation.ts';
import type { Region } from './region.ts';
import type { TonePlan } from './tone-plan.ts';

const british = from('BT SIN 350 (exchange tones); ITU-T E.180 Suppl. 2 (04/98)');

/** France, and what lies overseas: the ITU lists the same for each. */
const french: TonePlan = {
  dial: itu.disputed(continuous(440), [continuous(330, 440)]),
  secondDial: itu.standard(continuous(330, 440), { sameAs: ['dial'] }),
  ringing: itu.standard(cadence(440, 1500, 3500)),
  busy: itu.standard(cadence(440, 500, 500)),
  congestion: tables.common(cadence(440, 250, 250)),
  callWaiting: tables.common(cadence(440, 300, 10000)),
  specialInformation: itu.standard(specialInformation(undefined, 30, 300), { tolerance: sitTolerance }),
};

export const westernEurope: readonly Region[] = [
  {
    code: 'AT',
    name: 'Austria',
    tones: {
      dial: itu.disputed(continuous(420), [continuous(450)]),
      stutterDial: itu.standard(continuous(380, 420)),
      ringing: itu.disputed(cadence(420, 1000, 5000), [cadence(450, 1000, 5000)]),
      busy: itu.disputed(cadence(420, 400, 400), [cadence(420, 300, 300), cadence(450, 300, 300)]),
      congestion: itu.disputed(cadence(420, 200, 200), [cadence(450, 300, 300)], { sameAs: ['busy'] }),
      callWaiting: itu.standard(cadence(420, 40, 1960)),
      specialInformation: itu.disputed(specialInformation([950, 1450, 1850]), [specialInformation()], { tolerance: sitTolerance }),
    },
  },
  {
    code: 'BE',
    name: 'Belgium',
    tones: {
      dial: itu.disputed(continuous(425), [continuous(450)]),
      secondDial: itu.standard(sequence([900, 330], [1020, 330], [1140, 330])),
      stutterDial: itu.standard(cadence(425, 1000, 250)),
      ringing: itu.disputed(cadence(425, 1000, 3000), [cadence(450, 1000, 3000)]),
      busy: itu.disputed(cadence(425, 500, 500), [cadence(450, 500, 500), cadence(450, 150, 150)]),
      congestion: itu.disputed(cadence(425, 167, 167), [cadence(450, 167, 167)], { sameAs: ['busy'] }),
      callWaiting: itu.standard(cadence(1400, 175, 175, 175, 3500)),
      specialInformation: itu.disputed(specialInformation([900, 1380, 1860]), [specialInformation([900, 1400, 1800])], { tolerance: sitTolerance }),
    },
  },
  {
    code: 'CH',
    name: 'Switzerland',
    tones: {
      dial: itu.disputed(continuous(425), [continuous(500)]),
      stutterDial: itu.standard(cadence([340, 425], 1100, 1100)),
      ringing: itu.disputed(cadence(425, 1000, 4000), [cadence(500, 1000, 4000)]),
      busy: itu.disputed(cadence(425, 500, 500), [cadence(425, 250, 250), cadence(500, 500, 500)]),
      congestion: itu.standard(cadence(425, 200, 200)),
      callWaiting: itu.standard(cadence(425, 200, 200, 200, 4000)),
      specialInformation: sit,
    },
  },
  {
    code: 'CY',
    name: 'Cyprus',
    tones: {
      dial: itu.disputed(continuous(350, 450), [continuous(425)]),
      ringing: itu.disputed(cadence(425, 1500, 3000), [cadence([375, 425], 400, 200, 400, 2000)]),
      busy: itu.standard(cadence(425, 500, 500)),
      congestion: itu.standard(cadence(425, 250, 250)),
      numberUnobtainable: itu.standard(cadence(425, 2500, 500)),
    },
  },
  {
    code: 'DE',
    name: 'Germany',
    tones: {
      dial: itu.disputed(continuous(425), [continuous(450)]),
      stutterDial: itu.standard(continuous(400, 425)),
      ringing: itu.disputed(cadence(425, 1000, 4000), [cadence(425, 250, 4000, 1000, 4000, 1000, 4000), cadence(425, 1000, 5000), cadence(450, 1000, 5000)]),
      busy: itu.disputed(cadence(425, 480, 480), [cadence(425, 150, 475), cadence(450, 150, 475)]),
      congestion: itu.disputed(cadence(425, 240, 240), [cadence(425, 150, 475)], { sameAs: ['busy'] }),
      callWaiting: itu.disputed(cadence(425, 200, 200, 200, 5000), [cadence(425, 200, 200, 200, 8000)]),
      specialInformation: itu.disputed(specialInformation(), [specialInformation([900, 1400, 1800])], { tolerance: sitTolerance }),
    },
  },
  {
    code: 'ES',
    name: 'Spain',
    tones: {
      dial: itu.standard(continuous(425)),
      secondDial: itu.standard(continuous(600)),
      stutterDial: itu.standard(cadence(425, 1000, 100)),
      ringing: itu.standard(cadence(425, 1500, 3000)),
      busy: itu.standard(cadence(425, 200, 200)),
      congestion: itu.standard(cadence(425, 200, 200, 200, 200, 200, 600)),
      numberUnobtainable: itu.standard(cadence(425, 200, 200, 200, 600)),
      callWaiting: itu.standard(cadence(425, 175, 175, 175, 3500)),
      specialInformation: sit,
    },
  },
  { code: 'FR', name: 'France', tones: french },
  {
    code: 'GB',
    name: 'United Kingdom',
    tones: {
      dial: british.standard(continuous(350, 440)),
      // Calls are diverted.
      stutterDial: british.standard({ segments: [{ frequenciesHz: [350, 440], durationMs: 750 }, { frequenciesHz: [440], durationMs: 750 }] }),
      ringing: british.disputed(cadence([400, 450], 400, 200, 400, 2000), [cadence([383, 417], 400, 200, 400, 2000), cadence([375, 425], 400, 200, 400, 2000)]),
      busy: british.standard(cadence(400, 375, 375)),
      congestion: british.standard(cadence(400, 400, 350, 225, 525)),
      numberUnobtainable: british.standard(continuous(400)),
      callWaiting: tables.disputed(cadence(400, 100, 4000), [cadence(400, 100, 3000), cadence(400, 250, 250, 250, 250, 250, 5000)]),
      specialInformation: british.standard(specialInformation(undefined, 15), { tolerance: sitTolerance }),
    },
  },
  {
    code: 'GI',
    name: 'Gibraltar',
    tones: {
      dial: itu.disputed(continuous(350, 440), [continuous(350, 400)]),
      ringing: itu.standard(cadence([400, 450], 400, 200, 400, 2000)),
      busy: itu.standard(cadence(400, 375, 375)),
      congestion: itu.standard(cadence(400, 400, 350, 225, 525)),
      numberUnobtainable: itu.standard(continuous(400)),
    },
  },
  {
    code: 'GR',
    name: 'Greece',
    tones: {
      dial: itu.disputed(cadence(425, 200, 300, 700, 800), [continuous(425), cadence(450, 200, 300, 700, 800)]),
      ringing: itu.disputed(cadence(425, 1000, 4000), [cadence(450, 1000, 4000)]),
      busy: itu.disputed(cadence(425, 300, 300), [cadence(450, 300, 300)]),
      congestion: itu.disputed(cadence(425, 150, 150), [cadence(425, 200, 200)]),
      callWaiting: tables.common(cadence(425, 150, 150, 150, 8000)),
      specialInformation: itu.disputed(specialInformation(), [specialInformation([950, 1450, 1800])], { tolerance: sitTolerance }),
    },
  },
  {
    code: 'IE',
    name: 'Ireland',
    tones: {
      dial: itu.disputed(continuous(425), [continuous(400, 425, 450)]),
      ringing: itu.disputed(cadence([400, 450], 400, 200, 400, 2000), [cadence(400, 400, 200, 400, 2000), cadence(450, 400, 200, 400, 2000)]),
      busy: itu.standard(cadence(425, 500, 500)),
      numberUnobtainable: itu.disputed(cadence(425, 6000, 1000), [cadence(400, 6000, 1000)]),
      specialInformation: sit,
    },
  },
  {
    code: 'IT',
    name: 'Italy',
    tones: {
      dial: itu.disputed(cadence(425, 200, 200, 600, 1000), [continuous(425)]),
      stutterDial: itu.standard(sequence([470, 400], [425, 400])),
      ringing: itu.standard(cadence(425, 1000, 4000)),
      busy: itu.disputed(cadence(425, 500, 500), [cadence(425, 200, 200)]),
      congestion: itu.standard(cadence(425, 200, 200), { sameAs: ['busy'] }),
      callWaiting: itu.standard(cadence(425, 400, 100, 250, 100, 150, 14000)),
      specialInformation: sit,
    },
  },
  {
    code: 'LU',
    name: 'Luxembourg',
    tones: {
      dial: itu.disputed(continuous(425), [continuous(450)]),
      ringing: itu.standard(cadence(425, 1000, 4000)),
      busy: itu.disputed(cadence(425, 480, 480), [cadence(450, 500, 500)]),
      congestion: itu.disputed(cadence(425, 240, 240), [cadence(450, 250, 250)]),
      specialInformation: sit,
    },
  },
  {
    code: 'NL',
    name: 'Netherlands',
    tones: {
      dial: itu.disputed(continuous(425), [continuous(450)]),
      stutterDial: itu.disputed(cadence(425, 500, 50), [cadence(450, 500, 50)]),
      ringing: itu.disputed(cadence(425, 1000, 4000), [cadence(450, 1000, 4000)]),
      busy: itu.disputed(cadence(425, 500, 500), [cadence(425, 250, 250), cadence(450, 500, 500), cadence(450, 250, 250)]),
      congestion: itu.disputed(cadence(425, 250, 250), [cadence(450, 250, 250)], { sameAs: ['busy'] }),
      callWaiting: itu.standard(cadence(425, 500, 9500)),
      specialInformation: sit,
    },
  },
  {
    code: 'PT',
    name: 'Portugal',
    tones: {
      dial: itu.disputed(continuous(425), [continuous(400)]),
      stutterDial: itu.standard(cadence(425, 1000, 200)),
      ringing: itu.disputed(cadence(425, 1000, 5000), [cadence(400, 1000, 5000)]),
      busy: itu.disputed(cadence(425, 500, 500), [cadence(400, 500, 500)]),
      congestion: itu.standard(cadence(425, 200, 200)),
      callWaiting: tables.disputed(cadence(425, 200, 200, 200, 5000), [cadence(440, 300, 10000)]),
      specialInformation: sit,
    },
  },
  {
    code: 'SM',
    name: 'San Marino',
    tones: {
      dial: itu.standard(cadence(425, 200, 200, 600, 1000)),
      ringing: itu.standard(cadence(425, 1000, 4000)),
      busy: itu.disputed(cadence(425, 500, 500), [cadence(425, 200, 200)]),
    },
  },
  { code: 'GF', name: 'French Guiana', tones: french },
  { code: 'GP', name: 'Guadeloupe', tones: french },
  { code: 'MQ', name: 'Martinique', tones: french },
  { code: 'NC', name: 'New Caledonia', tones: french },
  { code: 'PF', name: 'French Polynesia', tones: french },
  { code: 'PM', name: 'Saint Pierre and Miquelon', tones: french },
  { code: 'RE', name: 'Réunion', tones: french },
  { code: 'YT', name: 'Mayotte', tones: french },
];

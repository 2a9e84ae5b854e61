import { cadence, continuous, from, itu, modulated, sitTolerance, specialInformation, stutter, tables } from './notation.ts';
import type { Region } from './region.ts';

const australian = from('AS/CA S002:2010 5.3.4.1; ITU-T E.180 Suppl. 2 (04/98)');
const newZealand = from('Telecom New Zealand TNA 102');
/** AS/CA S002 5.3.4.1: 425 ±10 Hz, ±10 %. */
const within = { frequencyHz: 10, cadence: 0.1 };

export const oceania: readonly Region[] = [
  {
    code: 'AU',
    name: 'Australia',
    tones: {
      dial: australian.disputed(modulated(425, 25), [continuous(413, 438), continuous(400, 450)], { tolerance: { frequencyHz: 10 } }),
      stutterDial: tables.common(cadence([413, 438], 100, 40)),
      ringing: australian.disputed(modulated(425, 25, 400, 200, 400, 2000), [cadence([400, 450], 400, 200, 400, 2000), cadence([413, 438], 400, 200, 400, 2000), cadence([383, 417], 400, 200, 400, 2000)], { tolerance: within }),
      busy: australian.disputed(cadence(425, 375, 375), [cadence(400, 375, 375)], { tolerance: within }),
      // Every second burst is 10 dB weaker, which is all that sets it apart from busy tone.
      congestion: tables.disputed(
        { segments: [425, 0, 425, 0].map((hz, index) => ({ frequenciesHz: hz === 0 ? [] : [hz], durationMs: 375, levelDb: index === 2 ? -10 : 0 })) },
        [cadence(400, 375, 375)],
        { tolerance: within, sameAs: ['busy'] },
      ),
      numberUnobtainable: australian.disputed(cadence(425, 2500, 500), [cadence(400, 2500, 500)], { tolerance: within }),
      callWaiting: tables.common(cadence(425, 200, 200, 200, 4400)),
    },
  },
  {
    code: 'FJ',
    name: 'Fiji',
    tones: {
      dial: tables.disputed(continuous(400), [continuous(425)]),
      ringing: itu.disputed(cadence([375, 425], 400, 200, 400, 2000), [cadence([383, 417], 400, 200, 400, 2000)]),
      busy: itu.disputed(cadence(400, 375, 375), [cadence(400, 750, 750)]),
      numberUnobtainable: itu.standard(cadence(400, 2500, 500)),
    },
  },
  {
    code: 'NZ',
    name: 'New Zealand',
    tones: {
      dial: newZealand.standard(continuous(400)),
      stutterDial: newZealand.standard(stutter(400, 6, 100, 100)),
      ringing: newZealand.standard(cadence([400, 450], 400, 200, 400, 2000)),
      busy: newZealand.standard(cadence(400, 500, 500)),
      congestion: newZealand.disputed(cadence(400, 250, 250), [cadence(900, 500, 500)]),
      numberUnobtainable: newZealand.disputed(cadence(400, 75, 100, 75, 100, 75, 100, 75, 400), [cadence(400, 750, 100, 750, 100, 750, 100, 750, 400)]),
      callWaiting: newZealand.standard({ ...cadence(400, 200, 3000, 200, 3000, 200, 3000, 200), repeatFrom: null }),
    },
  },
  {
    code: 'PG',
    name: 'Papua New Guinea',
    tones: {
      dial: itu.disputed(continuous(425), [continuous(375, 425), continuous(350, 440)]),
      stutterDial: itu.standard(cadence(425, 400, 40)),
      ringing: itu.disputed(cadence([400, 450], 400, 200, 400, 2000), [cadence(425, 400, 200, 400, 2000), cadence([375, 425], 400, 200, 400, 2000), cadence([383, 417], 400, 200, 400, 2000), cadence([390, 430], 400, 200, 400, 2000)]),
      busy: itu.disputed(cadence(425, 375, 375), [cadence(400, 375, 375)]),
      congestion: itu.disputed(cadence(425, 375, 375), [cadence(400, 375, 375)], { sameAs: ['busy'] }),
      numberUnobtainable: itu.disputed(cadence(425, 2500, 500), [cadence(400, 2500, 500)]),
      specialInformation: itu.standard(specialInformation(), { tolerance: sitTolerance }),
    },
  },
  {
    code: 'VU',
    name: 'Vanuatu',
    tones: {
      dial: itu.standard(continuous(425)),
      stutterDial: itu.standard(cadence(425, 400, 40)),
      ringing: itu.disputed(cadence(425, 1000, 4000), [cadence([400, 450], 400, 200, 400, 2000)]),
      busy: itu.disputed(cadence(425, 500, 500), [cadence(400, 750, 750), cadence(400, 375, 375)]),
      numberUnobtainable: itu.standard(continuous(400)),
      callWaiting: itu.standard(cadence(425, 300, 10000)),
      specialInformation: itu.standard(specialInformation(undefined, 30), { tolerance: sitTolerance }),
    },
  },
];

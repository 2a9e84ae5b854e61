import { cadence, continuous, itu, sequence, sit, sitTolerance, specialInformation, tables } from './notation.ts';
import type { Region } from './region.ts';

export const northernEurope: readonly Region[] = [
  {
    code: 'DK',
    name: 'Denmark',
    tones: {
      dial: itu.standard(continuous(425)),
      ringing: itu.standard(cadence(425, 1000, 4000)),
      busy: itu.disputed(cadence(425, 500, 500), [cadence(425, 250, 250)]),
      congestion: itu.disputed(cadence(425, 200, 200), [cadence(425, 250, 250)], { sameAs: ['busy'] }),
      callWaiting: itu.standard(cadence(425, 200, 600, 200, 3000)),
      specialInformation: sit,
    },
  },
  {
    code: 'EE',
    name: 'Estonia',
    tones: {
      dial: itu.standard(continuous(425)),
      ringing: itu.standard(cadence(425, 1000, 4000)),
      busy: itu.standard(cadence(425, 300, 300)),
      congestion: itu.standard(cadence(425, 200, 200)),
      specialInformation: sit,
    },
  },
  {
    code: 'FI',
    name: 'Finland',
    tones: {
      dial: itu.disputed(continuous(425), [cadence(425, 200, 300, 200, 800)]),
      stutterDial: itu.standard(cadence(425, 650, 25)),
      ringing: itu.standard(cadence(425, 1000, 4000)),
      busy: itu.standard(cadence(425, 300, 300)),
      congestion: itu.standard(cadence(425, 200, 200)),
      callWaiting: itu.standard(cadence(425, 150, 150, 150, 8000)),
      specialInformation: sit,
    },
  },
  {
    code: 'FO',
    name: 'Faroe Islands',
    tones: {
      dial: itu.standard(continuous(425)),
      ringing: itu.standard(cadence(425, 1000, 4000)),
      busy: itu.standard(cadence(425, 250, 250)),
      congestion: itu.standard(cadence(425, 250, 250), { sameAs: ['busy'] }),
      specialInformation: sit,
    },
  },
  {
    code: 'GL',
    name: 'Greenland',
    tones: {
      dial: itu.disputed(continuous(425), [continuous(445)]),
      ringing: itu.disputed(cadence(425, 1000, 4000), [cadence(445, 1000, 4000)]),
      busy: itu.disputed(cadence(425, 250, 250), [cadence(445, 250, 250)]),
      congestion: itu.disputed(cadence(425, 250, 250), [cadence(445, 250, 250)], { sameAs: ['busy'] }),
      specialInformation: sit,
    },
  },
  {
    code: 'IS',
    name: 'Iceland',
    tones: {
      dial: itu.standard(continuous(425)),
      stutterDial: itu.standard(cadence(425, 400, 40)),
      ringing: itu.standard(cadence(425, 1200, 4700)),
      busy: itu.standard(cadence(425, 250, 250)),
      congestion: itu.standard(cadence(425, 250, 250), { sameAs: ['busy'] }),
    },
  },
  {
    code: 'LT',
    name: 'Lithuania',
    tones: {
      dial: itu.standard(continuous(425)),
      ringing: itu.disputed(cadence(425, 1000, 4000), [cadence(425, 800, 3200)]),
      busy: itu.standard(cadence(425, 350, 350)),
      congestion: itu.standard(cadence(425, 200, 200)),
      callWaiting: itu.standard(cadence(425, 150, 150, 150, 4000)),
      specialInformation: sit,
    },
  },
  {
    code: 'LV',
    name: 'Latvia',
    tones: {
      dial: itu.standard(continuous(425)),
      ringing: itu.standard(cadence(425, 1000, 4000)),
      busy: itu.standard(cadence(425, 300, 300)),
      congestion: itu.standard(cadence(425, 150, 150)),
      callWaiting: itu.standard(cadence(425, 200, 5000)),
      specialInformation: itu.disputed(specialInformation(), [specialInformation([950, 1400, 1600])], { tolerance: sitTolerance }),
    },
  },
  {
    code: 'NO',
    name: 'Norway',
    tones: {
      dial: itu.standard(continuous(425)),
      stutterDial: itu.standard(sequence([470, 400], [425, 400])),
      ringing: itu.disputed(cadence(425, 1000, 4000), [cadence(400, 1000, 3000), cadence(450, 1000, 3000)]),
      busy: itu.disputed(cadence(425, 500, 500), [cadence(400, 200, 400), cadence(450, 200, 400)]),
      congestion: itu.disputed(cadence(425, 200, 200), [cadence(425, 250, 250)]),
      callWaiting: itu.standard(cadence(425, 200, 600, 200, 10000)),
      specialInformation: sit,
    },
  },
  {
    code: 'SE',
    name: 'Sweden',
    tones: {
      dial: itu.standard(continuous(425)),
      stutterDial: itu.disputed(cadence(425, 320, 20), [cadence(425, 320, 10)]),
      ringing: itu.disputed(cadence(425, 1000, 5000), [cadence(400, 1000, 9000)]),
      busy: itu.standard(cadence(425, 250, 250)),
      congestion: itu.standard(cadence(425, 250, 750)),
      callWaiting: tables.common(cadence(425, 200, 500, 200, 9100)),
      specialInformation: itu.standard(specialInformation(undefined, 24, 332), { tolerance: sitTolerance }),
    },
  },
];

import { cadence, continuous, itu, modulated, sit, sitTolerance, specialInformation, stutter, tables } from './notation.ts';
import type { Region } from './region.ts';

export const middleEast: readonly Region[] = [
  {
    code: 'AE',
    name: 'United Arab Emirates',
    tones: {
      dial: itu.standard(continuous(350, 440)),
      ringing: itu.disputed(cadence([400, 450], 400, 200, 400, 2000), [cadence(425, 400, 200, 400, 2000)]),
      busy: itu.disputed(cadence(400, 375, 375), [cadence(425, 375, 375)]),
      congestion: itu.disputed(cadence(400, 400, 350, 225, 525), [cadence(425, 400, 350, 225, 525)]),
      numberUnobtainable: itu.disputed(continuous(400), [continuous(425)]),
    },
  },
  {
    code: 'BH',
    name: 'Bahrain',
    tones: {
      dial: itu.disputed(continuous(350, 440), [continuous(330, 440)]),
      ringing: itu.disputed(cadence([400, 450], 400, 200, 400, 2000), [cadence(440, 400, 200, 400, 2000), cadence(450, 400, 200, 400, 2000)]),
      busy: itu.standard(cadence(400, 375, 375)),
      congestion: itu.disputed(cadence(400, 400, 350, 225, 525), [cadence(400, 375, 375)], { sameAs: ['busy'] }),
      numberUnobtainable: itu.standard(continuous(400)),
    },
  },
  {
    code: 'IL',
    name: 'Israel',
    tones: {
      dial: itu.disputed(continuous(400), [continuous(414), continuous(425), continuous(440)]),
      stutterDial: tables.disputed(stutter(400, 10, 160, 160), [stutter(414, 10, 160, 160), stutter(400, 3, 100, 100)]),
      ringing: itu.disputed(cadence(400, 1000, 3000), [cadence(414, 1000, 3000), cadence(425, 1000, 3000), cadence(440, 1000, 3000)]),
      busy: itu.disputed(cadence(400, 500, 500), [cadence(414, 500, 500), cadence(425, 500, 500), cadence(440, 500, 500)]),
      congestion: tables.disputed(cadence(400, 250, 250), [cadence(414, 250, 250)]),
      callWaiting: itu.disputed(cadence(400, 100, 100, 100, 100, 600, 3000), [cadence(414, 100, 100, 100, 100, 600, 3000)]),
      specialInformation: itu.disputed(specialInformation([975, 1400, 1800]), [specialInformation()], { tolerance: sitTolerance }),
    },
  },
  {
    code: 'IR',
    name: 'Iran',
    tones: {
      dial: itu.standard(continuous(425)),
      secondDial: itu.standard(continuous(400, 425)),
      ringing: itu.standard(cadence(425, 1000, 4000)),
      busy: itu.standard(cadence(425, 500, 500)),
      congestion: itu.standard(cadence(425, 250, 250)),
      specialInformation: sit,
      offHook: itu.standard(continuous(1400)),
    },
  },
  {
    code: 'JO',
    name: 'Jordan',
    tones: {
      dial: itu.disputed(continuous(400, 440), [continuous(380, 460)]),
      ringing: itu.disputed(cadence([400, 440], 1200, 4800), [cadence([380, 460], 1200, 4800), cadence([383, 417], 400, 200, 400, 2000)]),
      busy: itu.disputed(cadence([400, 440], 500, 500), [cadence([380, 460], 500, 500), cadence(400, 750, 750)]),
      congestion: itu.disputed(cadence([400, 440], 250, 250), [cadence([380, 460], 500, 500)], { sameAs: ['busy'] }),
    },
  },
  {
    code: 'KW',
    name: 'Kuwait',
    tones: {
      dial: itu.standard(continuous(425)),
      stutterDial: itu.standard(cadence(425, 400, 40)),
      ringing: itu.disputed(cadence(425, 1000, 4000), [cadence(400, 1000, 3000)]),
      busy: itu.standard(cadence(425, 500, 500)),
      congestion: itu.standard(cadence(425, 500, 500), { sameAs: ['busy'] }),
      numberUnobtainable: itu.standard(continuous(400)),
      offHook: itu.standard(cadence(425, 500, 500), { sameAs: ['busy', 'congestion'] }),
    },
  },
  {
    code: 'LB',
    name: 'Lebanon',
    tones: {
      dial: tables.common(continuous(425)),
      ringing: itu.disputed(cadence(435, 1200, 4400), [cadence(425, 1000, 4000)]),
      busy: itu.disputed(cadence(435, 400, 200), [cadence(425, 500, 500)]),
    },
  },
  {
    code: 'OM',
    name: 'Oman',
    tones: {
      dial: itu.standard(continuous(425)),
      ringing: itu.standard(cadence(425, 400, 200, 400, 2000)),
      busy: itu.disputed(cadence(425, 500, 500), [cadence(425, 375, 375)]),
      congestion: itu.disputed(cadence(425, 500, 500), [cadence(425, 400, 350, 225, 525)], { sameAs: ['busy'] }),
      numberUnobtainable: itu.standard(cadence(425, 200, 300)),
      offHook: itu.standard(cadence(425, 480, 480), { sameAs: ['busy', 'congestion'] }),
    },
  },
  {
    code: 'QA',
    name: 'Qatar',
    tones: {
      dial: itu.standard(continuous(350, 440)),
      ringing: itu.standard(cadence([400, 450], 400, 200, 400, 2000)),
      busy: itu.disputed(cadence(400, 375, 375), [cadence(400, 800, 800), cadence(450, 800, 800)]),
      congestion: itu.standard(cadence(400, 400, 350, 225, 525)),
      numberUnobtainable: itu.standard(continuous(400)),
    },
  },
  {
    code: 'SA',
    name: 'Saudi Arabia',
    tones: {
      dial: itu.standard(continuous(425)),
      ringing: itu.standard(cadence(425, 1200, 4600)),
      busy: itu.standard(cadence(425, 500, 500)),
      callWaiting: itu.standard(cadence(425, 150, 200, 150, 10000)),
    },
  },
  {
    code: 'SY',
    name: 'Syria',
    tones: {
      dial: itu.standard(continuous(450)),
      ringing: itu.disputed(cadence(425, 1000, 4000), [cadence(475, 1000, 4000), cadence(450, 1000, 3000)]),
      busy: itu.standard(cadence(450, 500, 500)),
      congestion: itu.standard(cadence(450, 200, 230, 200, 230, 200, 920)),
      numberUnobtainable: itu.standard(cadence(450, 900, 200, 250, 200, 250, 200)),
      specialInformation: itu.standard(specialInformation(undefined, 30), { tolerance: sitTolerance }),
    },
  },
  {
    code: 'EG',
    name: 'Egypt',
    tones: {
      dial: itu.disputed(modulated(425, 50), [continuous(425)]),
      // The ITU's entry has a busy tone of the rhythm that other countries ring with.
      ringing: itu.disputed(modulated(425, 50, 2000, 1000), [cadence([375, 475], 2000, 1000), cadence(425, 2000, 1000)]),
      busy: itu.disputed(modulated(425, 50, 1000, 4000), [cadence([375, 475], 1000, 4000), cadence(425, 1000, 4000), cadence(450, 1000, 4000)]),
      congestion: itu.standard(cadence(450, 500, 500)),
      specialInformation: sit,
    },
  },
];

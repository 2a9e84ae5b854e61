import { cadence, continuous, itu, sit, specialInformation, tables } from './notation.ts';
import type { Region } from './region.ts';

export const latinAmerica: readonly Region[] = [
  {
    code: 'AR',
    name: 'Argentina',
    tones: {
      dial: itu.standard(continuous(425)),
      ringing: itu.standard(cadence(425, 1000, 4000)),
      busy: itu.disputed(cadence(425, 300, 200), [cadence(425, 500, 500)]),
      congestion: itu.standard(cadence(425, 300, 400)),
      callWaiting: itu.disputed(cadence(425, 400, 200, 400, 4000), [cadence(425, 300, 10000)]),
      specialInformation: sit,
    },
  },
  {
    code: 'AW',
    name: 'Aruba',
    tones: {
      dial: itu.standard(continuous(425)),
      ringing: itu.standard(cadence(425, 1000, 4000)),
      busy: itu.standard(cadence(425, 500, 500)),
      congestion: itu.standard(cadence(425, 250, 250)),
      specialInformation: sit,
    },
  },
  {
    code: 'BR',
    name: 'Brazil',
    tones: {
      dial: itu.standard(continuous(425)),
      stutterDial: itu.standard(cadence(425, 975, 50)),
      ringing: itu.standard(cadence(425, 1000, 4000)),
      busy: itu.standard(cadence(425, 250, 250)),
      // The one tone for numbers that cannot be had.
      numberUnobtainable: itu.standard(cadence(425, 250, 250, 750, 250)),
      callWaiting: tables.common(cadence(425, 50, 1000)),
    },
  },
  {
    code: 'CL',
    name: 'Chile',
    tones: {
      dial: itu.standard(continuous(400)),
      ringing: itu.standard(cadence(400, 1000, 3000)),
      busy: itu.standard(cadence(400, 500, 500)),
      congestion: itu.standard(cadence(400, 200, 200)),
      callWaiting: tables.common(cadence(400, 250, 8750)),
      specialInformation: sit,
    },
  },
  {
    code: 'CO',
    name: 'Colombia',
    tones: {
      dial: tables.common(continuous(425)),
      ringing: tables.common(cadence(425, 1000, 4000)),
      busy: tables.common(cadence(425, 250, 250)),
      congestion: tables.common(cadence(425, 100, 250, 350, 250, 650, 250)),
      callWaiting: tables.common(cadence([400, 450], 300, 6000)),
      specialInformation: sit,
    },
  },
  {
    code: 'CR',
    name: 'Costa Rica',
    tones: {
      dial: itu.disputed(continuous(425), [continuous(450)]),
      ringing: itu.disputed(cadence(425, 1200, 4600), [cadence(450, 1200, 4800)]),
      busy: itu.disputed(cadence(425, 300, 300), [cadence(450, 330, 330)]),
      congestion: tables.disputed(cadence(425, 300, 300), [cadence(450, 330, 330)], { sameAs: ['busy'] }),
    },
  },
  {
    code: 'DO',
    name: 'Dominican Republic',
    tones: {
      dial: tables.common(continuous(350, 440)),
      ringing: tables.disputed(cadence([440, 480], 2000, 4000), [cadence([400, 450], 400, 200, 400, 2200)]),
      busy: tables.disputed(cadence([480, 620], 500, 500), [cadence(400, 800, 800), cadence(400, 375, 375)]),
      congestion: tables.disputed(cadence([480, 620], 250, 250), [cadence(400, 800, 800), cadence(400, 375, 375)], { sameAs: ['busy'] }),
    },
  },
  {
    code: 'EC',
    name: 'Ecuador',
    tones: {
      dial: itu.standard(continuous(425)),
      ringing: itu.standard(cadence(425, 1200, 4650)),
      busy: itu.standard(cadence(425, 330, 330)),
      congestion: itu.standard(cadence(425, 330, 330), { sameAs: ['busy'] }),
      callWaiting: tables.common(cadence(425, 200, 600)),
    },
  },
  {
    code: 'SV',
    name: 'El Salvador',
    tones: {
      dial: itu.standard(continuous(425)),
      ringing: itu.standard(cadence(425, 1200, 5000)),
      busy: itu.standard(cadence(425, 330, 330)),
    },
  },
  {
    code: 'KY',
    name: 'Cayman Islands',
    tones: {
      dial: itu.disputed(continuous(425), [continuous(350, 440)]),
      ringing: itu.disputed(cadence(425, 1000, 4000), [cadence([440, 480], 2000, 4000)]),
      busy: itu.disputed(cadence(425, 500, 500), [cadence([480, 620], 500, 500)]),
      congestion: itu.disputed(cadence(425, 250, 250), [cadence([480, 620], 250, 250)]),
    },
  },
  {
    code: 'MX',
    name: 'Mexico',
    tones: {
      dial: itu.standard(continuous(425)),
      ringing: itu.standard(cadence(425, 1000, 4000)),
      busy: itu.standard(cadence(425, 250, 250)),
      congestion: itu.standard(cadence(425, 250, 250), { sameAs: ['busy'] }),
      callWaiting: tables.common(cadence(425, 200, 600, 200, 10000)),
      specialInformation: tables.common(specialInformation(undefined, 30)),
    },
  },
  {
    code: 'PA',
    name: 'Panama',
    tones: {
      dial: itu.standard(continuous(425)),
      ringing: itu.standard(cadence(425, 1200, 4650)),
      // The ITU's entry is silent for 4.65 s, which is its ringing tone's silence.
      busy: tables.common(cadence(425, 320, 320)),
      congestion: tables.common(cadence(425, 320, 320), { sameAs: ['busy'] }),
    },
  },
  {
    code: 'PE',
    name: 'Peru',
    tones: {
      dial: tables.common(continuous(425)),
      ringing: tables.common(cadence(425, 1000, 4000)),
      busy: tables.common(cadence(425, 500, 500)),
      congestion: tables.common(cadence(425, 200, 200)),
    },
  },
  {
    code: 'UY',
    name: 'Uruguay',
    tones: {
      dial: itu.disputed(continuous(425), [cadence(450, 200, 300, 700, 800)]),
      ringing: itu.standard(cadence(425, 1000, 4000)),
      busy: itu.standard(cadence(425, 500, 500)),
      congestion: itu.standard(cadence(425, 250, 250)),
      callWaiting: itu.standard(cadence(425, 200, 200, 200, 4400)),
      specialInformation: sit,
    },
  },
  {
    code: 'VE',
    name: 'Venezuela',
    tones: {
      dial: itu.standard(continuous(425)),
      ringing: itu.standard(cadence(425, 1000, 4000)),
      busy: itu.standard(cadence(425, 500, 500)),
      congestion: itu.standard(cadence(425, 250, 250)),
      callWaiting: tables.common(cadence([400, 450], 300, 6000)),
      specialInformation: itu.standard(specialInformation([950, 1440, 1800])),
    },
  },
];

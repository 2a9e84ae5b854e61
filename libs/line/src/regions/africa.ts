import { cadence, continuous, itu, modulated, sit, stutter, tables } from './notation.ts';
import type { Region } from './region.ts';

export const africa: readonly Region[] = [
  {
    code: 'BW',
    name: 'Botswana',
    tones: {
      dial: itu.standard(continuous(350, 450)),
      ringing: itu.disputed(cadence([400, 450], 400, 200, 400, 2000), [cadence(400, 400, 200, 400, 2000), cadence(450, 400, 200, 400, 2000)]),
      busy: itu.standard(cadence(400, 375, 375)),
      congestion: itu.standard(cadence(425, 250, 250)),
      numberUnobtainable: itu.standard(continuous(400)),
    },
  },
  {
    code: 'CF',
    name: 'Central African Republic',
    tones: {
      dial: itu.standard(continuous(425)),
      secondDial: itu.standard(continuous(330, 425)),
      ringing: itu.standard(cadence(425, 1700, 3300)),
      busy: itu.standard(cadence(425, 500, 500)),
      congestion: itu.standard(cadence(425, 500, 500), { sameAs: ['busy'] }),
    },
  },
  {
    code: 'CI',
    name: "Côte d'Ivoire",
    tones: {
      dial: itu.standard(continuous(425)),
      ringing: itu.disputed(cadence(425, 1660, 3330), [cadence([375, 475], 1660, 3330)]),
      busy: itu.standard(cadence(425, 500, 500)),
    },
  },
  {
    code: 'CM',
    name: 'Cameroon',
    tones: {
      dial: itu.standard(continuous(440)),
      secondDial: itu.standard(continuous(330, 440)),
      ringing: itu.standard(cadence(440, 1700, 3300)),
      busy: itu.standard(cadence(440, 500, 500)),
    },
  },
  {
    code: 'DJ',
    name: 'Djibouti',
    tones: {
      dial: itu.standard(continuous(425)),
      ringing: itu.standard(cadence(425, 1500, 3500)),
      busy: itu.standard(cadence(425, 500, 500)),
    },
  },
  {
    code: 'DZ',
    name: 'Algeria',
    tones: {
      dial: tables.common(continuous(425)),
      ringing: tables.disputed(cadence(425, 1500, 3500), [cadence(450, 1500, 3500)]),
      busy: itu.disputed(cadence(425, 500, 500), [cadence(450, 500, 500)]),
    },
  },
  {
    code: 'ET',
    name: 'Ethiopia',
    tones: {
      dial: itu.standard(continuous(425)),
      ringing: itu.disputed(cadence(425, 1000, 4000), [cadence(425, 1200, 4650)]),
      busy: itu.disputed(cadence(425, 400, 400), [cadence(425, 500, 500)]),
      specialInformation: sit,
    },
  },
  {
    code: 'GA',
    name: 'Gabon',
    tones: {
      dial: itu.disputed(continuous(425), [continuous(440)]),
      secondDial: itu.standard(continuous(330, 440)),
      ringing: itu.disputed(cadence(425, 1500, 3500), [cadence(440, 1500, 3000)]),
      busy: itu.disputed(cadence(425, 500, 500), [cadence(440, 500, 500)]),
    },
  },
  {
    code: 'GH',
    name: 'Ghana',
    tones: {
      dial: itu.standard(continuous(400)),
      ringing: itu.disputed(cadence(400, 400, 200, 400, 2000), [cadence(400, 1000, 4000)]),
      busy: itu.disputed(cadence(400, 500, 500), [cadence(400, 250, 250)]),
      congestion: itu.disputed(cadence(400, 250, 250), [cadence(400, 500, 500)], { sameAs: ['busy'] }),
    },
  },
  {
    code: 'GM',
    name: 'Gambia',
    tones: {
      dial: itu.standard(continuous(425)),
      ringing: itu.standard(cadence(425, 1000, 4000)),
      busy: itu.standard(cadence(425, 500, 500)),
    },
  },
  {
    code: 'KE',
    name: 'Kenya',
    tones: {
      dial: itu.standard(continuous(425)),
      ringing: itu.disputed(cadence(425, 1000, 4000), [cadence(425, 1000, 2000), cadence(425, 670, 3000)]),
      busy: itu.disputed(cadence(425, 500, 500), [cadence(425, 400, 200), cadence(425, 200, 600)]),
      congestion: itu.disputed(cadence(425, 200, 200), [cadence(425, 400, 350, 225, 525)]),
      specialInformation: sit,
    },
  },
  {
    code: 'MA',
    name: 'Morocco',
    tones: {
      dial: itu.standard(continuous(425)),
      ringing: itu.standard(cadence(425, 1660, 3330)),
      busy: itu.standard(cadence(425, 500, 500)),
    },
  },
  {
    code: 'ML',
    name: 'Mali',
    tones: {
      dial: itu.standard(continuous(425)),
      secondDial: itu.standard(continuous(330, 425)),
      stutterDial: itu.standard(cadence(425, 400, 40)),
      ringing: itu.standard(cadence(425, 1700, 3300)),
      busy: itu.standard(cadence(425, 500, 500)),
    },
  },
  {
    code: 'MR',
    name: 'Mauritania',
    tones: {
      dial: itu.standard(continuous(425)),
      ringing: itu.standard(cadence(425, 1500, 3500)),
      busy: itu.standard(cadence(425, 500, 500)),
    },
  },
  {
    code: 'MU',
    name: 'Mauritius',
    tones: {
      dial: itu.standard(continuous(425)),
      ringing: itu.standard(cadence(425, 1000, 4000)),
      busy: itu.standard(cadence(425, 750, 750)),
    },
  },
  {
    code: 'NE',
    name: 'Niger',
    tones: {
      dial: itu.standard(continuous(440)),
      ringing: itu.standard(cadence(440, 1700, 3300)),
      busy: itu.standard(cadence(440, 500, 500)),
      congestion: itu.standard(cadence(440, 500, 500), { sameAs: ['busy'] }),
    },
  },
  {
    code: 'NG',
    name: 'Nigeria',
    tones: {
      dial: itu.disputed(continuous(425), [continuous(400), continuous(450)]),
      ringing: itu.disputed(cadence(400, 2000, 4000), [cadence(425, 1000, 4000), cadence(425, 2000, 4000), cadence(450, 2000, 4000)]),
      busy: itu.disputed(cadence(400, 500, 500), [cadence(425, 500, 500)]),
      congestion: itu.standard(cadence(400, 250, 250)),
    },
  },
  {
    code: 'SN',
    name: 'Senegal',
    tones: {
      dial: itu.standard(continuous(440)),
      secondDial: itu.standard(continuous(330, 440)),
      ringing: itu.disputed(cadence(440, 1700, 3300), [cadence(400, 1700, 3300)]),
      busy: itu.standard(cadence(440, 500, 500)),
    },
  },
  {
    code: 'TN',
    name: 'Tunisia',
    tones: {
      dial: itu.standard(continuous(425)),
      stutterDial: itu.standard(cadence(425, 400, 40)),
      ringing: itu.standard(cadence(425, 1200, 4600)),
      busy: itu.standard(cadence(425, 250, 250)),
      congestion: itu.standard(cadence(425, 167, 167)),
    },
  },
  {
    code: 'ZA',
    name: 'South Africa',
    tones: {
      dial: itu.disputed(modulated(400, 33), [continuous(367, 433), continuous(383, 417)]),
      stutterDial: itu.standard(stutter([367, 433], 4, 250, 250)),
      ringing: itu.disputed(modulated(400, 33, 400, 200, 400, 2000), [cadence([367, 433], 400, 200, 400, 2000), cadence([383, 417], 400, 200, 400, 2000)]),
      busy: itu.standard(cadence(400, 500, 500)),
      congestion: itu.standard(cadence(400, 250, 250)),
      numberUnobtainable: itu.standard(cadence(400, 2500, 500)),
      callWaiting: tables.common(modulated(400, 33, 400, 4000)),
      specialInformation: sit,
    },
  },
  {
    code: 'ZM',
    name: 'Zambia',
    tones: {
      dial: itu.standard(continuous(425)),
      ringing: itu.standard(cadence(425, 1000, 4000)),
      busy: itu.standard(cadence(425, 500, 500)),
      congestion: itu.standard(cadence(425, 250, 250)),
      specialInformation: sit,
    },
  },
];

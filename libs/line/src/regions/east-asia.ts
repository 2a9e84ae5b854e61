import { cadence, continuous, from, itu, modulated, sit, stutter, tables } from './notation.ts';
import type { Region } from './region.ts';

const chinese = from('GB/T 3380 (telephone exchange tones); ITU-T E.180 Suppl. 2 (04/98)');
const hongKong = from('HKTA 2011 (analogue lines); ITU-T E.180 Suppl. 2 (04/98)');
const japanese = from('NTT technical reference for analogue telephone service; ITU-T E.180 Suppl. 2 (04/98)');

const within25 = { frequencyHz: 25, cadence: 0.1 };
/** NTT: interruptions of 60 ±12 a minute. */
const withinNtt = { frequencyHz: 20, cadence: 0.2 };
/** One per cent, ten per cent. */
const withinHongKong = { frequencyHz: 3.5, cadence: 0.1 };

export const eastAsia: readonly Region[] = [
  {
    code: 'CN',
    name: 'China',
    tones: {
      dial: chinese.standard(continuous(450), { tolerance: { frequencyHz: 25 } }),
      stutterDial: chinese.standard(cadence(450, 400, 40), { tolerance: within25 }),
      ringing: chinese.standard(cadence(450, 1000, 4000), { tolerance: within25 }),
      busy: chinese.standard(cadence(450, 350, 350), { tolerance: within25 }),
      congestion: chinese.standard(cadence(450, 700, 700), { tolerance: within25 }),
      numberUnobtainable: chinese.standard(cadence(450, 100, 100, 100, 100, 100, 100, 400, 400), { tolerance: within25 }),
      callWaiting: chinese.standard(cadence(450, 400, 4000), { tolerance: within25 }),
      offHook: chinese.standard(continuous(950), { tolerance: { frequencyHz: 50 } }),
    },
  },
  {
    code: 'HK',
    name: 'Hong Kong',
    tones: {
      dial: hongKong.standard(continuous(350, 440), { tolerance: withinHongKong }),
      stutterDial: hongKong.standard(stutter([350, 440], 3, 100, 100), { tolerance: withinHongKong }),
      ringing: hongKong.standard(cadence([440, 480], 400, 200, 400, 3000), { tolerance: withinHongKong }),
      busy: hongKong.standard(cadence([480, 620], 500, 500), { tolerance: withinHongKong }),
      congestion: hongKong.standard(cadence([480, 620], 250, 250), { tolerance: withinHongKong }),
      numberUnobtainable: hongKong.standard(continuous(480, 620), { tolerance: withinHongKong }),
    },
  },
  {
    code: 'JP',
    name: 'Japan',
    tones: {
      dial: japanese.standard(continuous(400), { tolerance: { frequencyHz: 20 } }),
      secondDial: japanese.standard(cadence(400, 125, 125), { tolerance: withinNtt }),
      ringing: japanese.disputed(modulated(400, 16, 1000, 2000), [cadence([384, 416], 1000, 2000)], { tolerance: withinNtt }),
      busy: japanese.standard(cadence(400, 500, 500), { tolerance: withinNtt }),
      congestion: japanese.standard(cadence(400, 500, 500), { tolerance: withinNtt, sameAs: ['busy'] }),
      callWaiting: tables.disputed(modulated(400, 16, 500, 8000), [cadence([384, 416], 500, 4000)]),
    },
  },
  {
    code: 'KR',
    name: 'Korea (Republic of)',
    tones: {
      dial: itu.standard(continuous(350, 440)),
      ringing: itu.standard(cadence([440, 480], 1000, 2000)),
      busy: itu.standard(cadence([480, 620], 500, 500)),
      congestion: itu.standard(cadence([480, 620], 300, 200)),
    },
  },
  {
    code: 'MO',
    name: 'Macao',
    tones: {
      dial: itu.standard(continuous(425)),
      stutterDial: itu.standard(cadence(425, 1800, 200)),
      ringing: itu.standard(cadence(425, 1000, 4000)),
      busy: itu.standard(cadence(425, 500, 500)),
      congestion: itu.standard(cadence(425, 250, 250)),
      specialInformation: sit,
    },
  },
  {
    code: 'TW',
    name: 'Taiwan',
    tones: {
      dial: tables.common(continuous(350, 440)),
      stutterDial: tables.common(stutter([350, 440], 3, 100, 100)),
      ringing: tables.disputed(cadence([440, 480], 1000, 2000), [cadence([440, 480], 1000, 4000)]),
      busy: tables.disputed(cadence([480, 620], 500, 500), [cadence([440, 620], 500, 500)]),
      congestion: tables.common(cadence([480, 620], 250, 250)),
      callWaiting: tables.disputed(cadence([350, 440], 250, 250, 250, 3250), [cadence(350, 250, 5250)]),
    },
  },
];

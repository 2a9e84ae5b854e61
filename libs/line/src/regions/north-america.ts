import { cadence, continuous, from, itu, sequence, stutter } from './notation.ts';
import type { Region } from './region.ts';
import type { TonePlan } from './tone-plan.ts';

/** ITU-T E.300 Suppl. 3 (precise audible tone plan): ±0.5 % of frequency. TIA/EIA-464: ±10 % of time. */
const precise = from('ITU-T E.300 Suppl. 3 (North American precise audible tone plan), Telcordia GR-506');
const dialTone = [350, 440];
const ringingTone = [440, 480];
const busyTone = [480, 620];
const receiverOffHook = [1400, 2060, 2450, 2600];

const tones: TonePlan = {
  dial: precise.standard(continuous(...dialTone), { tolerance: { frequencyHz: 2 } }),
  // Recall dial tone has three bursts; ten of them tell of a message.
  stutterDial: precise.disputed(stutter(dialTone, 10, 100, 100), [stutter(dialTone, 3, 100, 100)], { tolerance: { frequencyHz: 2, cadence: 0.2 } }),
  ringing: precise.disputed(cadence(ringingTone, 2000, 4000), [cadence(ringingTone, 1000, 3000)], { tolerance: { frequencyHz: 2.4, cadence: 0.1 } }),
  busy: precise.standard(cadence(busyTone, 500, 500), { tolerance: { frequencyHz: 3, cadence: 0.1 } }),
  // Local reorder, toll reorder.
  congestion: precise.disputed(cadence(busyTone, 250, 250), [cadence(busyTone, 300, 200), cadence(busyTone, 200, 300)], { tolerance: { frequencyHz: 3, cadence: 0.1 } }),
  callWaiting: precise.standard(cadence(440, 300, 9700), { tolerance: { frequencyHz: 2.2, cadence: 0.1 } }),
  // Vacant code; then intercept, no circuit, and reorder, which the frequencies and durations of the first two tones tell apart.
  specialInformation: precise.disputed(sit([985.2, 380], [1370.6, 274]), [sit([913.8, 274], [1370.6, 274]), sit([985.2, 380], [1428.5, 380]), sit([913.8, 274], [1428.5, 380])], {
    tolerance: { frequencyHz: 14, cadence: 0.1 },
  }),
  offHook: precise.standard(cadence(receiverOffHook, 100, 100), { tolerance: { frequencyHz: 12, cadence: 0.2 } }),
};

/** Zone 1 of the numbering plan outside the United States and Canada: the ITU lists the same tones, in fewer words. */
const caribbean: TonePlan = {
  dial: itu.standard(continuous(...dialTone)),
  stutterDial: itu.standard(stutter(dialTone, 3, 100, 100)),
  ringing: itu.standard(cadence(ringingTone, 2000, 4000)),
  busy: itu.standard(cadence(busyTone, 500, 500)),
  congestion: itu.standard(cadence(busyTone, 250, 250)),
};

export const northAmerica: readonly Region[] = [
  { code: 'US', name: 'United States', tones },
  { code: 'CA', name: 'Canada', tones },
  { code: 'PR', name: 'Puerto Rico', tones },
  { code: 'VI', name: 'Virgin Islands (U.S.)', tones },
  { code: 'GU', name: 'Guam', tones },
  { code: 'AG', name: 'Antigua and Barbuda', tones: caribbean },
  { code: 'AI', name: 'Anguilla', tones: caribbean },
  { code: 'BB', name: 'Barbados', tones: { ...caribbean, callWaiting: itu.standard(cadence(440, 300, 10000)) } },
  { code: 'BM', name: 'Bermuda', tones: caribbean },
  { code: 'DM', name: 'Dominica', tones: caribbean },
  {
    code: 'JM',
    name: 'Jamaica',
    tones: {
      ...caribbean,
      ringing: itu.disputed(cadence(ringingTone, 2000, 4000), [cadence(ringingTone, 1500, 4500), cadence(ringingTone, 1000, 4000)]),
      busy: itu.disputed(cadence(busyTone, 500, 500), [cadence(400, 750, 750)]),
      congestion: itu.disputed(cadence(busyTone, 300, 200), [cadence(busyTone, 200, 300)]),
    },
  },
  { code: 'KN', name: 'Saint Kitts and Nevis', tones: caribbean },
  { code: 'MS', name: 'Montserrat', tones: caribbean },
  { code: 'TC', name: 'Turks and Caicos Islands', tones: caribbean },
  {
    code: 'TT',
    name: 'Trinidad and Tobago',
    tones: { ...caribbean, congestion: itu.disputed(cadence(busyTone, 300, 200), [cadence(busyTone, 200, 300)]) },
  },
  { code: 'VG', name: 'Virgin Islands (British)', tones: caribbean },
];

/** The third tone is always 1776.7 Hz for 380 ms; an announcement follows, and the tone comes again with it. */
function sit(first: readonly [number, number], second: readonly [number, number]): ReturnType<typeof sequence> {
  return { ...sequence(first, second, [1776.7, 380]), repeatFrom: null };
}

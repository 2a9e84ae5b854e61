import type { RingCadence } from '../port-command.ts';
import type { CallerIdMoment } from './simulator-plan.ts';

/** What an exchange does, one after the other, before a telephone rings. `say`: the caller ID; the next step begins when it is over. */
export type AnnouncementStep = { readonly do: 'polarity'; readonly polarity: 'normal' | 'reversed' } | { readonly do: 'ringPulse'; readonly ms: number } | { readonly do: 'say' } | { readonly do: 'pause'; readonly ms: number };

/** By EN 300 659-1 6.1; NTT's bursts are no steps, for they wait for the telephone. Nothing comes before the first ring where caller ID is between rings. */
export function announcementOf(moment: CallerIdMoment): readonly AnnouncementStep[] {
  switch (moment) {
    case 'betweenRings':
    case 'afterReversalAndBursts':
      return [];
    case 'beforeRinging':
    case 'afterDualTone':
      return [say, beforeRing];
    case 'afterReversal':
    case 'afterReversalAndDualTone':
      return [{ do: 'polarity', polarity: 'reversed' }, { do: 'pause', ms: 200 }, say, beforeRing, { do: 'polarity', polarity: 'normal' }, { do: 'pause', ms: 200 }];
    case 'afterRingPulse':
    case 'afterShortRing':
      // RP-AS: 200 to 300 ms of ringing, and 500 to 800 ms until the data.
      return [{ do: 'ringPulse', ms: 250 }, { do: 'pause', ms: 650 }, say, beforeRing];
  }
}

/** Its longest pause is for caller ID; the first of several: the number of the burst before it. */
export function burstBeforeLongPause(cadence: RingCadence): number {
  const longest = Math.max(...cadence.map(({ offMs }) => offMs));
  return cadence.findIndex(({ offMs }) => offMs === longest) + 1;
}

const say: AnnouncementStep = { do: 'say' };
/** 200 to 500 ms. */
const beforeRing: AnnouncementStep = { do: 'pause', ms: 300 };

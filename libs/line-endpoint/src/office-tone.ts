import type { Tone } from '@tipring/dsp';
import { stationTone, type TonePlan } from '@tipring/line';
import type { Sound } from '@tipring/telephony';

/**
 * How the office says something by the tones of a country. ITU-T E.182 has no tone for a call that is taken away, nor for one that is not allowed, that
 * networks play: both are congestion tone, which is known everywhere to mean that nothing comes of it. More digits are asked for by special dial
 * tone, or the second one.
 */
export function officeTone(plan: TonePlan, sound: Sound): Tone {
  switch (sound) {
    case 'preempted':
    case 'refused': return stationTone(plan, 'congestion');
    case 'askPin': return (plan.stutterDial ?? plan.secondDial ?? plan.dial).tone;
  }
}

import type { Tone } from '@tipring/dsp';
import type { ToneName, TonePlan } from '../regions/tone-plan.ts';

/** What a station hears by a name. Of a tone that its country does not have, the nearest that it has. */
export function stationTone(plan: TonePlan, name: ToneName): Tone {
  const fact = plan[name];
  if (fact !== undefined) return fact.tone;
  switch (name) {
    case 'dial':
    case 'ringing':
    case 'busy': return plan[name].tone;
    case 'secondDial':
    case 'stutterDial': return plan.dial.tone;
    case 'congestion': return plan.busy.tone;
    case 'numberUnobtainable':
    case 'specialInformation': return (plan.specialInformation ?? plan.congestion ?? plan.busy).tone;
    case 'callWaiting': return callWaiting;
    case 'offHook': return howler;
  }
}

/** ITU-T E.180: 400 to 450 Hz; a short burst every ten seconds is what most countries have. */
const callWaiting: Tone = { segments: [{ frequenciesHz: [425], durationMs: 300 }, { frequenciesHz: [], durationMs: 9_700 }] };
/** North America's receiver off-hook tone (GR-506), which is meant to be heard across a room. */
const howler: Tone = { segments: [{ frequenciesHz: [1400, 2060, 2450, 2600], durationMs: 100 }, { frequenciesHz: [], durationMs: 100 }] };

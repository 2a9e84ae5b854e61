import type { WatchedTone } from '@tipring/dsp';
import { toneNames, type TonePlan } from './regions/tone-plan.ts';

/** What a detector watches for on a line of the plan's country: every tone and its alternates, by their names. */
export function watchedTones(plan: TonePlan): readonly WatchedTone[] {
  return toneNames.flatMap((id) => {
    const fact = plan[id];
    if (fact === undefined) return [];
    const { tone, alternates = [], tolerance } = fact;
    return [{ id, tone, ...(tolerance === undefined ? {} : { tolerance }) }, ...alternates.map((alternate) => ({ id, tone: alternate }))];
  });
}

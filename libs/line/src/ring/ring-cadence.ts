import type { RingCadence } from '../regions/line-profile.ts';

/** Whether what was heard (on, off, on …) is how one of the cadences begins. Exchanges and cards are not exact: 25 %, and 60 ms for what is short. */
export function fitsCadence(heard: readonly number[], cadences: readonly RingCadence[]): boolean {
  return cadences.some((cadence) => heard.every((ms, index) => isNear(ms, cadence[index % cadence.length] ?? 0)));
}

/** How long it rang: bursts without the pauses. */
export function onTime(heard: readonly number[]): number {
  return heard.reduce((sum, ms, index) => (index % 2 === 0 ? sum + ms : sum), 0);
}

function isNear(ms: number, expectedMs: number): boolean {
  return Math.abs(ms - expectedMs) <= Math.max(60, expectedMs / 4);
}

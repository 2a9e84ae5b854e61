export { isUnknownRegion, regionOf, regions } from './regions/regions.ts';
export type { UnknownRegion } from './regions/regions.ts';
export { toneNames } from './regions/region.ts';
export type { Confidence, Region, Tolerance, ToneFact, ToneName, TonePlan } from './regions/region.ts';
export { watchedTones } from './watched-tones.ts';

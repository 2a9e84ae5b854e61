import { africa } from './africa.ts';
import { callerIds } from './caller-id/caller-ids.ts';
import { dialings } from './dialing/dialings.ts';
import { eastAsia } from './east-asia.ts';
import { easternEurope } from './eastern-europe.ts';
import { terminations } from './electrical/terminations.ts';
import { latinAmerica } from './latin-america.ts';
import type { LineProfile } from './line-profile.ts';
import { middleEast } from './middle-east.ts';
import { northAmerica } from './north-america.ts';
import { northernEurope } from './northern-europe.ts';
import { oceania } from './oceania.ts';
import type { Region } from './region.ts';
import { ringings } from './ringing/ringings.ts';
import { southAsia, southEastAsia } from './south-asia.ts';
import { supervisions } from './supervision/supervisions.ts';
import { westernEurope } from './western-europe.ts';

/** Every country we know the tones of, by ISO 3166-1 code, with what else is known of lines there. */
export const regions: readonly Region[] = [
  ...africa,
  ...eastAsia,
  ...easternEurope,
  ...latinAmerica,
  ...middleEast,
  ...northAmerica,
  ...northernEurope,
  ...oceania,
  ...southAsia,
  ...southEastAsia,
  ...westernEurope,
]
  .map((region) => ({ ...region, ...profileOf(region.code) }))
  .sort((a, b) => (a.code < b.code ? -1 : 1));

export interface UnknownRegion {
  readonly unknownRegion: string;
}

/** By ISO 3166-1 alpha-2 code, in capitals or not. */
export function regionOf(countryCode: string): Region | UnknownRegion {
  return byCode.get(countryCode.toUpperCase()) ?? { unknownRegion: countryCode };
}

export function isUnknownRegion(found: Region | UnknownRegion): found is UnknownRegion {
  return 'unknownRegion' in found;
}

function profileOf(code: string): LineProfile {
  const profile = { ringing: ringings[code], callerId: callerIds[code], termination: terminations[code], dialing: dialings[code], supervision: supervisions[code] };
  return Object.fromEntries(Object.entries(profile).filter(([, fact]) => fact !== undefined));
}

const byCode = new Map(regions.map((region) => [region.code, region]));

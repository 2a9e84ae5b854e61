import { africa } from './africa.ts';
import { eastAsia } from './east-asia.ts';
import { easternEurope } from './eastern-europe.ts';
import { latinAmerica } from './latin-america.ts';
import { middleEast } from './middle-east.ts';
import { northAmerica } from './north-america.ts';
import { northernEurope } from './northern-europe.ts';
import { oceania } from './oceania.ts';
import type { Region } from './region.ts';
import { southAsia, southEastAsia } from './south-asia.ts';
import { westernEurope } from './western-europe.ts';

/** Every country we know the tones of, by ISO 3166-1 code. */
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
].sort((a, b) => (a.code < b.code ? -1 : 1));

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

const byCode = new Map(regions.map((region) => [region.code, region]));

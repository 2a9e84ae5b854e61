import { emergencyNumbersByCountry } from './emergency-numbers-table.ts';

/** The numbers that reach an emergency service when they are dialled in a country (ISO 3166-1 alpha-2). Empty: none is known there. */
export function emergencyNumbersOf(country: string): readonly string[] {
  return numbers.get(country) ?? none;
}

const numbers = new Map(Object.entries(emergencyNumbersByCountry).map(([country, list]) => [country, list.split(' ')]));
const none: readonly string[] = [];

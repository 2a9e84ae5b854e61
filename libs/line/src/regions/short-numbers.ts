import { shortNumbersByCountry } from './short-numbers-table.ts';

/**
 * What a short number costs that is dialled in a country (ISO 3166-1 alpha-2). `sharedCost`: it is one, and nobody says what it costs. Null: none that is known, or one
 * that takes messages alone.
 */
export function shortNumberOf(country: string, number: string): 'tollFree' | 'premium' | 'national' | 'sharedCost' | null {
  const patterns = patternsOf(country);
  if (patterns === undefined) return null;
  const [tollFree, premium, standard, other, messages] = patterns;
  if (tollFree.test(number)) return 'tollFree';
  if (premium.test(number)) return 'premium';
  if (messages.test(number)) return null;
  return standard.test(number) ? 'national' : other.test(number) ? 'sharedCost' : null;
}

type Patterns = readonly [tollFree: RegExp, premium: RegExp, standard: RegExp, other: RegExp, messages: RegExp];

function patternsOf(country: string): Patterns | undefined {
  const known = compiled.get(country);
  const sources = shortNumbersByCountry[country];
  if (known !== undefined || sources === undefined) return known;
  // What is not there fits nothing.
  const patterns = sources.map((source) => new RegExp(source === '' ? '(?!)' : `^(?:${source})$`)) as unknown as Patterns;
  compiled.set(country, patterns);
  return patterns;
}

const compiled = new Map<string, Patterns>();

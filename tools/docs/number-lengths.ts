import { createRequire } from 'node:module';

/** The source of libs/line/src/regions/number-lengths-table.ts: what libphonenumber knows of the lengths of national numbers. */
export function numberLengthsSource(): string {
  const rows = Object.keys(countries)
    .sort()
    .flatMap((code) => {
      const plan = closedPlan(countries[code]!);
      return plan === undefined ? [] : [`  ${code}: '${plan}',`];
    });
  return `/* Made by \`npm run docs\` from libphonenumber's metadata; a test fails when it is out of date. */

export const numberLengthsByCountry: Readonly<Record<string, string>> = {
${rows.join('\n')}
};
`;
}

/** Where a national number may begin like a number abroad, or with a code that chooses a carrier, lengths say nothing. */
function closedPlan({ 1: abroad, 3: possible, 5: prefix, 7: prefixForParsing }: CountryMetadata): string | undefined {
  const most = Math.max(...possible);
  const written = prefix === 0 ? '' : prefix;
  if (most > MOST_DIGITS || !(abroad === '00' || abroad === '011')) return undefined;
  if (prefixForParsing !== 0 && prefixForParsing !== undefined && !prefixForParsing.split('|').every((one) => one === written || (/^[0-9]+$/.test(one) && !one.startsWith(written)))) return undefined;
  if (!(written === '' || (written === '0' && abroad === '00') || (written === '1' && abroad === '011'))) return undefined;
  return `${written === '' ? '-' : written} ${most}`;
}

/** Calling code, international prefix, pattern, possible lengths, formats, national prefix, its formatting rule, the same for parsing …; 0: none. */
type CountryMetadata = readonly [string, string, string, readonly number[], unknown, string | 0, unknown, (string | 0)?, ...unknown[]];

const { countries } = createRequire(import.meta.url)('libphonenumber-js/metadata.max.json') as { readonly countries: Readonly<Record<string, CountryMetadata>> };

/** Longer ones end by a pause: a map of all their lengths would be long. */
const MOST_DIGITS = 11;

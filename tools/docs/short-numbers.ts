import libphonenumber from 'google-libphonenumber';

/** The source of libs/line/src/regions/short-numbers.ts: what libphonenumber knows of numbers such as 411, 988 and 116117, and of what they cost. */
export function shortNumbersSource(): string {
  const rows = Object.keys(shortNumbers)
    .filter((code) => /^[A-Z]{2}$/.test(code))
    .sort()
    .map((code) => [code, fields.map((field) => patternOf(code, field))] as const)
    .filter(([, patterns]) => patterns.some((pattern) => pattern !== ''))
    .map(([code, patterns]) => `  ${code}: [${patterns.map((pattern) => `'${pattern.replaceAll('\\', '\\\\')}'`).join(', ')}],`);
  return `/* Made by \`npm run docs\` from libphonenumber's tables of short numbers; a test fails when it is out of date. */

/**
 * What a short number costs that is dialled in a country (ISO 3166-1 alpha-2). \`sharedCost\`: it is one, and nobody says what it costs. Null: none that is known, or one
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
  const sources = byCountry[country];
  if (known !== undefined || sources === undefined) return known;
  // What is not there fits nothing.
  const patterns = sources.map((source) => new RegExp(source === '' ? '(?!)' : \`^(?:\${source})$\`)) as unknown as Patterns;
  compiled.set(country, patterns);
  return patterns;
}

const compiled = new Map<string, Patterns>();

const byCountry: Readonly<Record<string, readonly [string, string, string, string, string]>> = {
${rows.join('\n')}
};
`;
}

function patternOf(code: string, field: number): string {
  const pattern = (shortNumbers[code]?.[field] as Message)?.[NATIONAL_NUMBER_PATTERN];
  return typeof pattern === 'string' && pattern !== 'NA' ? pattern : '';
}

/** phonemetadata.proto: messages as arrays by field number. */
type Message = readonly unknown[] | undefined;

const shortNumbers = (libphonenumber as unknown as { readonly shortnumbermetadata: { readonly countryToMetadata: Readonly<Record<string, Message>> } }).shortnumbermetadata.countryToMetadata;
const NATIONAL_NUMBER_PATTERN = 2;
/** tollFree, premiumRate, standardRate, shortCode, smsServices. */
const fields = [4, 5, 30, 29, 33];

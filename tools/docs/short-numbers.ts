import libphonenumber from 'google-libphonenumber';

/** The source of libs/line/src/regions/short-numbers-table.ts: what libphonenumber knows of numbers such as 411, 988 and 116117, and of what they cost. */
export function shortNumbersSource(): string {
  const rows = Object.keys(shortNumbers)
    .filter((code) => /^[A-Z]{2}$/.test(code))
    .sort()
    .map((code) => [code, fields.map((field) => patternOf(code, field))] as const)
    .filter(([, patterns]) => patterns.some((pattern) => pattern !== ''))
    .map(([code, patterns]) => `  ${code}: [${patterns.map((pattern) => `'${pattern.replaceAll('\\', '\\\\')}'`).join(', ')}],`);
  return `/* Made by \`npm run docs\` from libphonenumber's tables of short numbers; a test fails when it is out of date. */

export const shortNumbersByCountry: Readonly<Record<string, readonly [string, string, string, string, string]>> = {
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

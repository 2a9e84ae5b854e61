import { createRequire } from 'node:module';
import libphonenumber from 'google-libphonenumber';

/** The source of libs/line/src/regions/emergency-numbers-table.ts: what libphonenumber knows, so that no start waits for its tables. */
export function emergencyNumbersSource(): string {
  const rows = Object.keys(shortNumbers)
    .filter((code) => /^[A-Z]{2}$/.test(code))
    .sort()
    .map((code) => [code, numbersOf(code)] as const)
    .filter(([, numbers]) => numbers.length > 0)
    .map(([code, numbers]) => `  ${code}: '${numbers.join(' ')}',`);
  return `/* Made by \`npm run docs\` from libphonenumber's tables of short numbers; a test fails when it is out of date. */

export const emergencySource = 'libphonenumber (google-libphonenumber ${version})';

export const emergencyNumbersByCountry: Readonly<Record<string, string>> = {
${rows.join('\n')}
};
`;
}

/** libphonenumber tells whether a given number is one, and has no list: the candidates are those of the country's pattern, and each is asked for. */
function numbersOf(countryCode: string): readonly string[] {
  return candidates(countryCode).filter((number) => info.isEmergencyNumber(number, countryCode as RegionCode));
}

type RegionCode = Parameters<typeof info.isEmergencyNumber>[1];

/** phonemetadata.proto: messages as arrays by field number. */
type Message = readonly unknown[] | undefined;

function candidates(countryCode: string): readonly string[] {
  const metadata = shortNumbers[countryCode];
  const emergency = metadata?.[EMERGENCY] as Message;
  const pattern = emergency?.[NATIONAL_NUMBER_PATTERN];
  if (typeof pattern !== 'string') return [];
  const complete = new RegExp(`^(?:${pattern})$`);
  const general = metadata?.[GENERAL] as Message;
  const lengths = (emergency?.[POSSIBLE_LENGTH] ?? general?.[POSSIBLE_LENGTH] ?? []) as readonly number[];
  return lengths.filter((length) => length > 0 && length <= LONGEST).flatMap((length) => Array.from({ length: 10 ** length }, (_, number) => String(number).padStart(length, '0')).filter((number) => complete.test(number)));
}

const info = libphonenumber.ShortNumberInfo.getInstance();
const shortNumbers = (libphonenumber as unknown as { readonly shortnumbermetadata: { readonly countryToMetadata: Readonly<Record<string, Message>> } }).shortnumbermetadata.countryToMetadata;
const { version } = createRequire(import.meta.url)('google-libphonenumber/package.json') as { readonly version: string };

const GENERAL = 1;
const EMERGENCY = 27;
const NATIONAL_NUMBER_PATTERN = 2;
const POSSIBLE_LENGTH = 9;
const LONGEST = 5;

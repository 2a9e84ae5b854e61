import libphonenumber from 'google-libphonenumber';

/**
 * The numbers that reach an emergency service when they are dialled in a country. libphonenumber tells whether a given number is
 * one, and has no list: the candidates are those of the country's pattern, and each is asked for. Empty: it knows none there.
 */
export function emergencyNumbers(countryCode: string): readonly string[] {
  const known = knownNumbers.get(countryCode);
  if (known !== undefined) return known;
  const numbers = candidates(countryCode).filter((number) => info.isEmergencyNumber(number, countryCode as RegionCode));
  knownNumbers.set(countryCode, numbers);
  return numbers;
}

export const emergencySource = 'libphonenumber (google-libphonenumber 3.2.47)';

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
const knownNumbers = new Map<string, readonly string[]>();

const GENERAL = 1;
const EMERGENCY = 27;
const NATIONAL_NUMBER_PATTERN = 2;
const POSSIBLE_LENGTH = 9;
const LONGEST = 5;

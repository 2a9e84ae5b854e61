import { type CountryCode, isSupportedCountry, Metadata, parsePhoneNumberFromString, type PhoneNumber } from 'libphonenumber-js/max';
import type { DestinationClass, NumberForm, Trunk } from '@tipring/config';
import { Recent } from './recent.ts';

/** A number as the numbering plans have it. */
export interface PlannedNumber {
  /** Null: it cannot be read as one. */
  readonly e164: string | null;
  readonly class: DestinationClass;
  /** ISO 3166-1 alpha-2; null: of no country, or unknown. */
  readonly country: string | null;
}

/** What the numbering plans of libphonenumber do not say. */
export interface NumberingFacts {
  /** Numbers that reach an emergency service in a country, ISO 3166-1 alpha-2. */
  emergencyNumbers(region: string): readonly string[];
  /** What kind of short number this is in a country (411, 116117, 11833); null: none that is known. Absent: none is. */
  shortNumber?(region: string, number: string): DestinationClass | null;
}

/** Reads numbers as they are dialled in one place, and writes them as others want them. What was read lately is remembered. */
export class Numbering {
  readonly #country: string;
  /** Without the prefix of the country, as it comes behind the country code. */
  readonly #areaCode: string | null;
  readonly #facts: NumberingFacts;
  readonly #read = new Recent<string, PlannedNumber>(REMEMBERED);
  readonly #national = new Recent<string, string>(REMEMBERED);

  constructor(country: string, areaCode: string | null, facts: NumberingFacts) {
    this.#country = country;
    const prefix = planOf(country).nationalPrefix;
    this.#areaCode = areaCode !== null && prefix === '0' && areaCode.startsWith('0') ? areaCode.slice(1) : areaCode;
    this.#facts = facts;
  }

  /** As dialled here: with + or the country's international prefix, with or without the area code. */
  read(number: string): PlannedNumber {
    return this.#read.get(number) ?? this.#read.set(number, this.#readAnew(number));
  }

  /** E.164 of a number as a far end gave it; null: it cannot be read so. @param region where it is, as the far end sees it */
  given(number: string, form: Trunk['inboundForm'], region: string): string | null {
    // Who writes country codes writes nothing else before them: it is not read through a numbering plan, which takes most of the time of a call.
    if (number.startsWith('+')) return isE164(number) ? number : null;
    switch (form) {
      case 'e164Digits':
        return isE164(`+${number}`) ? `+${number}` : null;
      case 'national':
        return region === this.#country ? this.read(number).e164 : (/^[0-9]{1,20}$/.test(number) && parse(number, region)?.number) || null;
      // What has no + might be anything.
      case 'e164':
      case 'asGiven':
        return null;
    }
  }

  /**
   * A number as a far end wants it.
   * @param dialled behind the prefix
   * @param region where the far end is; the country's own and international prefixes are those of there
   */
  formed(dialled: string, e164: string | null, { format, strip, prepend }: NumberForm, region: string): string {
    return prepend + this.#formatted(dialled, e164, format, region).slice(strip);
  }

  #formatted(dialled: string, e164: string | null, format: NumberForm['format'], region: string): string {
    if (e164 === null || format === 'asDialled') return dialled;
    if (format === 'e164') return e164;
    if (format === 'e164Digits') return e164.slice(1);
    const { callingCode, internationalPrefix } = planOf(region);
    if (format === 'national' && callingCode !== null && e164.startsWith(callingCode, 1)) {
      const national = this.nationalOf(e164);
      if (national !== null) return national;
    }
    return internationalPrefix + e164.slice(1);
  }

  /** With the country's own prefix, where it has one; null: of no country. */
  nationalOf(e164: string): string | null {
    const known = this.#national.get(e164) ?? this.#national.set(e164, nationalForm(parsePhoneNumberFromString(e164)));
    return known === '' ? null : known;
  }

  #readAnew(number: string): PlannedNumber {
    if (!/^\+?[0-9]{1,20}$/.test(number)) return unknown;
    const direct = parse(number, this.#country);
    if (number.startsWith('+')) return direct?.isPossible() === true ? this.#planned(direct) : { ...unknown, e164: isE164(number) ? number : null };
    const short = number.length <= LONGEST_SHORT ? (this.#facts.shortNumber?.(this.#country, number) ?? null) : null;
    if (short !== null) return { e164: null, class: short, country: this.#country };
    const isValid = direct?.isValid() === true;
    if (this.#areaCode !== null && !isPrefixed(number, this.#country) && !(isValid && isWhole(direct, number))) {
      const local = parse(`+${planOf(this.#country).callingCode}${this.#areaCode}${number}`, this.#country);
      if (local?.isValid() === true) return this.#planned(local);
    }
    if (direct !== undefined && isValid) return this.#planned(direct);
    // Nobody told the area code, and the exchange knows it.
    if (/^[2-9][0-9]{3,7}$/.test(number)) return { e164: null, class: 'national', country: this.#country };
    return direct === undefined ? unknown : this.#planned(direct);
  }

  #planned(number: PhoneNumber): PlannedNumber {
    if (!number.isPossible()) return unknown;
    const country = number.country ?? null;
    if (!number.isValid()) return { e164: number.number, class: 'unknown', country };
    return { e164: number.number, class: this.#classOf(number, country), country };
  }

  #classOf(number: PhoneNumber, country: string | null): DestinationClass {
    const satellite = networks.get(number.countryCallingCode);
    if (satellite !== undefined) return satellite;
    const type = number.getType();
    // Personal numbers and pagers are billed like premium ones in most countries, and called by fraudsters as these are.
    if (type === 'PREMIUM_RATE' || type === 'PERSONAL_NUMBER' || type === 'PAGER') return 'premium';
    const isAbroad = number.countryCallingCode !== planOf(this.#country).callingCode;
    // Toll-free numbers of the North American plan are those of all its countries.
    if (type === 'TOLL_FREE' && !isAbroad) return 'tollFree';
    if (isAbroad || country !== this.#country) return 'international';
    if (type === 'SHARED_COST' || type === 'UAN') return 'sharedCost';
    return type === 'MOBILE' ? 'mobile' : 'national';
  }
}

/** Of ITU-T E.164 Annex D and the list of assigned country codes: those of no country. */
const networks: ReadonlyMap<string, DestinationClass> = new Map([
  ['800', 'tollFree'], ['808', 'sharedCost'], ['870', 'satellite'], ['878', 'premium'], ['881', 'satellite'], ['882', 'satellite'], ['883', 'satellite'], ['979', 'premium'],
]);

interface Plan {
  /** Null: libphonenumber does not know the country. */
  readonly callingCode: string | null;
  readonly nationalPrefix: string;
  readonly internationalPrefix: string;
}

/** A subscriber's own number never begins so: it is of another area or country, however long it is. */
function isPrefixed(number: string, country: string): boolean {
  const { nationalPrefix, internationalPrefix } = planOf(country);
  return [nationalPrefix, internationalPrefix].some((prefix) => prefix !== '' && number.startsWith(prefix));
}

/** What is dialled before numbers of the country, and of other countries. */
export function planOf(country: string): Plan {
  const known = plans.get(country);
  if (known !== undefined) return known;
  const plan = isSupportedCountry(country) ? planFrom(country) : { callingCode: null, nationalPrefix: '', internationalPrefix: '00' };
  plans.set(country, plan);
  return plan;
}

function planFrom(country: CountryCode): Plan {
  const metadata = new Metadata();
  metadata.selectNumberingPlan(country);
  // What is absent of a plan is undefined, '' or 0.
  const plan = metadata.numberingPlan as unknown as { callingCode(): string; nationalPrefix(): unknown; IDDPrefix(): unknown; defaultIDDPrefix(): unknown };
  const prefix = String(plan.defaultIDDPrefix() || plan.IDDPrefix());
  return { callingCode: plan.callingCode(), nationalPrefix: String(plan.nationalPrefix() || ''), internationalPrefix: isPlain(prefix) ? prefix.replace('~', '') : firstOf(prefix) };
}

/** 8~10: 8, a second dial tone, 10. */
function isPlain(prefix: string): boolean {
  return /^[0-9~]+$/.test(prefix);
}

/** Where each carrier has a prefix and none is everybody's (Brazil, Korea …) the first is as good as any; `prepend` is for who wants another. */
function firstOf(prefixes: string): string {
  const any = new RegExp(`^(?:${prefixes})$`);
  for (let digits = 3; digits <= 5; digits += 1) {
    for (let code = 0; code < 10 ** digits; code += 1) {
      const candidate = String(code).padStart(digits, '0');
      if (any.test(candidate)) return candidate;
    }
  }
  return '00';
}

/** Countries have them once and for all. */
const plans = new Map<string, Plan>();

function parse(number: string, country: string): PhoneNumber | undefined {
  return parsePhoneNumberFromString(number, isSupportedCountry(country) ? country : undefined);
}

/** Dialled as a number of the country is from anywhere in it, or as an international one: not a local number that happens to look like one. */
function isWhole(read: PhoneNumber | undefined, number: string): boolean {
  if (read === undefined) return false;
  return !number.endsWith(read.nationalNumber) || number.length > read.nationalNumber.length || digitsOf(read.formatNational()) === number;
}

/** In the North American plan 1 is dialled before all ten digits, though it is not written. */
function nationalForm(number: PhoneNumber | undefined): string {
  if (number === undefined) return '';
  if (number.countryCallingCode === '1') return `1${number.nationalNumber}`;
  return digitsOf(number.formatNational());
}

function digitsOf(text: string): string {
  return text.replace(/[^0-9]/g, '');
}

function isE164(text: string): boolean {
  return /^\+[1-9][0-9]{4,14}$/.test(text);
}

const unknown: PlannedNumber = Object.freeze({ e164: null, class: 'unknown', country: null });
const REMEMBERED = 4_096;
const LONGEST_SHORT = 8;

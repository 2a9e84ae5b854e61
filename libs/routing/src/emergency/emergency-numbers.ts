import type { Snapshot } from '@tipring/config';
import { type NumberingFacts, planOf } from '../numbers/numbering.ts';

/** An emergency number that was dialled. */
export interface EmergencyCall {
  /** Without any prefix: as every line and trunk is given it. */
  readonly number: string;
  /** `testNumbers`: routed alike, pre-empts nobody. */
  readonly isTest: boolean;
}

/** What reaches an emergency service from here: the numbers of the countries of the site and of all ports, and those of the configuration. */
export class EmergencyNumbers {
  readonly #numbers: ReadonlySet<string>;
  readonly #tests: ReadonlySet<string>;
  readonly #prefixes: ReadonlySet<string>;
  readonly #byRegion: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #usual: string;
  /** Of the site: telephones that write every number as E.164 put it before emergency numbers too. */
  readonly #callingCode: string | null;

  /** @param prefixes that lead outside */
  constructor({ settings, lines, stations }: Snapshot, prefixes: Iterable<string>, facts: NumberingFacts) {
    const { site, emergency } = settings;
    const regions = new Set([site.country, ...[...lines.values(), ...stations.values()].map(({ region }) => region)]);
    this.#byRegion = new Map([...regions].map((region) => [region, new Set([...facts.emergencyNumbers(region), ...emergency.numbers, ...emergency.testNumbers])]));
    this.#numbers = new Set([...this.#byRegion.values()].flatMap((numbers) => [...numbers]));
    this.#tests = new Set(emergency.testNumbers.filter((number) => !emergency.numbers.includes(number) && ![...regions].some((region) => facts.emergencyNumbers(region).includes(number))));
    this.#prefixes = new Set([site.outsidePrefix, ...prefixes].filter((prefix) => prefix !== ''));
    this.#callingCode = planOf(site.country).callingCode;
    this.#usual = usualOf([...facts.emergencyNumbers(site.country), ...emergency.numbers]);
  }

  /** Those that reach somebody. */
  get genuine(): readonly string[] {
    return [...this.#numbers].filter((number) => !this.#tests.has(number));
  }

  get tests(): readonly string[] {
    return [...this.#tests];
  }

  /** Undefined: it is none. Known as it is, behind any prefix that leads outside, and as the service URN (RFC 5031). */
  dialled(given: string): EmergencyCall | undefined {
    if (/^(?:urn:service:)?sos(?:\.|$)/.test(given)) return this.#call(this.#usual);
    const bare = given.replace(withholding, '').replace(/#$/, '');
    const number = bare.replace(/^\+/, '');
    if (this.#numbers.has(number)) return this.#call(number);
    if (bare.startsWith(`+${this.#callingCode}`) && this.#numbers.has(bare.slice(1 + (this.#callingCode ?? '').length))) return this.#call(bare.slice(1 + (this.#callingCode ?? '').length));
    for (let length = 1; length <= LONGEST_PREFIX && length < number.length; length += 1) {
      const behind = number.slice(length).replace(withholding, '');
      if (this.#prefixes.has(number.slice(0, length)) && this.#numbers.has(behind)) return this.#call(behind);
    }
    return undefined;
  }

  /** Whether it is one in that country. */
  isOf(region: string, number: string): boolean {
    return this.#byRegion.get(region)?.has(number) ?? false;
  }

  #call(number: string): EmergencyCall {
    return { number, isTest: this.#tests.has(number) };
  }
}

/** Of a country that has several the one that is known everywhere; 112 where none is known (ITU-T E.161.1). */
function usualOf(numbers: readonly string[]): string {
  return numbers.find((number) => number === '112' || number === '911') ?? numbers[0] ?? '112';
}

/** Dialled before a number to hide or show one's own: in North America, and as 3GPP TS 22.030 has it. */
const withholding = /^(?:\*67|\*82|[*#]31#)/;
const LONGEST_PREFIX = 6;

import { isDigit } from './characters.ts';
import type { HeaderFields, NameAddress } from './message.ts';
import { parseNameAddresses } from './name-address.ts';
import { parseDeltaSeconds } from './values.ts';

export interface Contact extends NameAddress {
  /** Seconds; undefined when absent; malformed reads as 3600 (RFC 3261 20.10). */
  readonly expires: number | undefined;
  /** Thousandths, 0–1000; 1000 when absent or malformed. */
  readonly q: number;
}

/** '*' only when it stands alone (RFC 3261 10.2.2). Empty when there is no Contact; undefined when malformed. */
export function parseContacts(headers: HeaderFields): Contact[] | '*' | undefined {
  if (headers.get('Contact') === '*' && headers.list('Contact').length === 1) return '*';
  return parseNameAddresses(headers, 'Contact')?.map((address) => new WrittenContact(address));
}

class WrittenContact implements Contact {
  readonly uri: string;
  readonly tag: string | undefined;
  readonly #address: NameAddress;

  constructor(address: NameAddress) {
    this.uri = address.uri;
    this.tag = address.tag;
    this.#address = address;
  }

  get displayName(): string | undefined {
    return this.#address.displayName;
  }

  get expires(): number | undefined {
    const expires = this.#address.parameter('expires');
    return expires === undefined ? undefined : (parseDeltaSeconds(expires) ?? 3600);
  }

  get q(): number {
    return parseQ(this.#address.parameter('q'));
  }

  parameter(name: string): string | undefined {
    return this.#address.parameter(name);
  }
}

/** RFC 3261 25.1 qvalue: 0 or 1 with up to three decimals. */
function parseQ(text: string | undefined): number {
  if (text === undefined || text.length === 0 || text.length > 5) return 1000;
  const whole = text.charCodeAt(0) - 0x30;
  if (whole !== 0 && whole !== 1) return 1000;
  if (text.length > 1 && text.charAt(1) !== '.') return 1000;
  let thousandths = whole * 1000;
  for (let at = 2, weight = 100; at < text.length; at += 1, weight /= 10) {
    if (!isDigit(text.charCodeAt(at))) return 1000;
    thousandths += (text.charCodeAt(at) - 0x30) * weight;
  }
  return Math.min(thousandths, 1000);
}

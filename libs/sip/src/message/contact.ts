import type { HeaderFields, NameAddress } from './message.ts';
export interface Contact extends NameAddress {
  /** Seconds; undefined when absent; malformed reads as 3600 (RFC 3261 20.10). */
  readonly expires: number | undefined;
  /** 0–1000, thousandths; 1000 when absent. */
  readonly q: number;
}
/** '*' only when it stands alone (RFC 3261 10.2.2). Empty when there is no Contact; undefined when malformed. */
export declare function parseContacts(headers: HeaderFields): Contact[] | '*' | undefined;

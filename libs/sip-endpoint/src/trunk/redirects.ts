import { parseNameAddress, parseTelUri, parseUri } from '@tipring/sip';
import { userOf } from '../identity.ts';
import { numberUri } from './trunk-identity.ts';

/**
 * Where a 3xx sends a call of a trunk: only to numbers at that trunk (its own hosts, or a tel URI, which it is to route), at most
 * five in all, and none twice. A carrier may say that a number has another; it may not send us, and what we pay for, to anybody else's host.
 */
export class Redirects {
  readonly #domain: string;
  readonly #isOwn: (host: string) => boolean;
  readonly #seen: Set<string>;
  #open: string[] = [];
  #taken = 0;

  /** `isOwn`: whether a host, IPv6 without brackets, is the trunk's domain or one of its servers. */
  constructor(uri: string, domain: string, isOwn: (host: string) => boolean) {
    this.#domain = domain;
    this.#isOwn = isOwn;
    this.#seen = new Set([keyOf(uri)]);
  }

  /** `contacts` as written, the most wanted first. */
  take(contacts: readonly string[]): void {
    const uris = contacts.flatMap((contact) => this.#uriOf(contact) ?? []).filter((uri) => !this.#seen.has(keyOf(uri)));
    this.#open = [...uris, ...this.#open.filter((uri) => !uris.includes(uri))];
  }

  /** The next to be called; undefined when there is none, or too many were. */
  next(): string | undefined {
    if (this.#taken >= MOST) return undefined;
    const uri = this.#open.shift();
    if (uri === undefined) return undefined;
    this.#taken++;
    this.#seen.add(keyOf(uri));
    return uri;
  }

  #uriOf(contact: string): string | undefined {
    const uri = parseNameAddress(contact)?.uri;
    const number = uri === undefined ? undefined : userOf(uri);
    if (uri === undefined || number === undefined) return undefined;
    const sip = parseUri(uri);
    if (sip === undefined ? parseTelUri(uri) === undefined : !this.#isOwn(sip.host.replace(/^\[|\]$/g, ''))) return undefined;
    return numberUri(number, this.#domain);
  }
}

function keyOf(uri: string): string {
  return uri.toLowerCase();
}

/** Contacts that are followed for one call. */
const MOST = 5;

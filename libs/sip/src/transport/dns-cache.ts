import type { Dns, DnsAnswer, NaptrRecord, SrvRecord } from './dns.ts';
import { RecentMap } from './recent-map.ts';

export interface DnsCacheSettings {
  /** Names remembered. */
  readonly capacity: number;
  /** For answers that do not say how long they are good. */
  readonly usualTtlS: number;
  readonly longestTtlS: number;
  /** For "there is no such thing" (RFC 2308), and for a server's failure. */
  readonly negativeTtlS: number;
}

/**
 * Remembers answers for their time, "no" as well, and asks once for what many want at once. When the servers fail, the last
 * good answer is used on (RFC 8767): a trunk does not go down with the resolver.
 */
export class DnsCache implements Dns {
  readonly #dns: Dns;
  readonly #now: () => number;
  readonly #settings: DnsCacheSettings;
  readonly #entries: RecentMap<string, Entry<unknown>>;

  /** `now` in ms, monotonic. */
  constructor(dns: Dns, now: () => number, settings: Partial<DnsCacheSettings> = {}) {
    this.#dns = dns;
    this.#now = now;
    this.#settings = { ...usualSettings, ...settings };
    this.#entries = new RecentMap(this.#settings.capacity);
  }

  naptr(name: string): Promise<DnsAnswer<NaptrRecord>> {
    return this.#cached(`naptr ${name}`, () => this.#dns.naptr(name));
  }

  srv(name: string): Promise<DnsAnswer<SrvRecord>> {
    return this.#cached(`srv ${name}`, () => this.#dns.srv(name));
  }

  a(name: string): Promise<DnsAnswer<string>> {
    return this.#cached(`a ${name}`, () => this.#dns.a(name));
  }

  aaaa(name: string): Promise<DnsAnswer<string>> {
    return this.#cached(`aaaa ${name}`, () => this.#dns.aaaa(name));
  }

  #cached<Record>(key: string, ask: () => Promise<DnsAnswer<Record>>): Promise<DnsAnswer<Record>> {
    // The key carries the type of the query, so the entry is of the query's type.
    const known = this.#entries.get(key) as Entry<Record> | undefined;
    if (known !== undefined && known.until > this.#now()) return known.answer;
    const answer = ask();
    const entry: Entry<Record> = { answer, until: Number.POSITIVE_INFINITY };
    this.#entries.set(key, entry);
    answer.then(
      ({ records, ttlS = this.#settings.usualTtlS }) => {
        const lasts = records.length === 0 ? this.#settings.negativeTtlS : Math.min(ttlS, this.#settings.longestTtlS);
        entry.until = this.#now() + lasts * 1000;
      },
      () => {
        entry.until = this.#now() + this.#settings.negativeTtlS * 1000;
      },
    );
    if (known === undefined) return answer;
    entry.answer = answer.catch(() => known.answer);
    return entry.answer;
  }
}

interface Entry<Record> {
  answer: Promise<DnsAnswer<Record>>;
  until: number;
}

const usualSettings: DnsCacheSettings = { capacity: 4096, usualTtlS: 60, longestTtlS: 3600, negativeTtlS: 10 };

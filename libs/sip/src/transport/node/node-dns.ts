import { lookup, Resolver } from 'node:dns/promises';
import type { Dns, DnsAnswer, NaptrRecord, SrvRecord } from '../dns.ts';

export interface NodeDnsSettings {
  /** `address` or `address:port`; those of the system when left out. */
  readonly servers?: readonly string[];
  /** For one try of one server, ms. */
  readonly timeoutMs?: number;
}

/** DNS over the resolver of Node, which tells the TTL of addresses only. */
export class NodeDns implements Dns {
  readonly #resolver: Resolver;
  readonly #readsHosts: boolean;

  constructor({ servers, timeoutMs = 2000 }: NodeDnsSettings = {}) {
    this.#resolver = new Resolver({ timeout: timeoutMs, tries: 2 });
    if (servers !== undefined) this.#resolver.setServers(servers);
    this.#readsHosts = servers === undefined;
  }

  naptr(name: string): Promise<DnsAnswer<NaptrRecord>> {
    return answered(this.#resolver.resolveNaptr(name));
  }

  srv(name: string): Promise<DnsAnswer<SrvRecord>> {
    return answered(this.#resolver.resolveSrv(name));
  }

  a(name: string): Promise<DnsAnswer<string>> {
    return this.#addresses(name, 4, this.#resolver.resolve4(name, { ttl: true }));
  }

  aaaa(name: string): Promise<DnsAnswer<string>> {
    return this.#addresses(name, 6, this.#resolver.resolve6(name, { ttl: true }));
  }

  async #addresses(name: string, family: 4 | 6, query: Promise<{ address: string; ttl: number }[]>): Promise<DnsAnswer<string>> {
    const outcome = await answered(query).catch((failure: Error) => failure);
    if (!(outcome instanceof Error) && outcome.records.length > 0) {
      const { records } = outcome;
      return { records: records.map(({ address }) => address), ttlS: Math.min(...records.map(({ ttl }) => ttl)) };
    }
    // Names that only this machine knows (/etc/hosts, containers); also when no server answers.
    const local = this.#readsHosts ? await lookup(name, { family, all: true }).catch(() => []) : [];
    if (local.length === 0 && outcome instanceof Error) throw outcome;
    return { records: local.map(({ address }) => address) };
  }
}

/** "No such name" and "no such record" are answers; anything else is a failure and rejects. */
async function answered<Record>(query: Promise<Record[]>): Promise<DnsAnswer<Record>> {
  try {
    return { records: await query };
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'ENOTFOUND' || code === 'ENODATA') return { records: [] };
    throw error;
  }
}

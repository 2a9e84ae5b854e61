import type { Dns, DnsAnswer, NaptrRecord, SrvRecord } from '@tipring/sip';

/** Name servers in a test: what they say, and whether they say anything. */
export class FakeDns implements Dns {
  readonly zone = { naptr: new Map<string, NaptrRecord[]>(), srv: new Map<string, SrvRecord[]>(), a: new Map<string, string[]>() };
  is: 'up' | 'dead' | 'failing' = 'up';
  asked = 0;

  naptr(name: string): Promise<DnsAnswer<NaptrRecord>> {
    return this.#answer(this.zone.naptr.get(name));
  }

  srv(name: string): Promise<DnsAnswer<SrvRecord>> {
    return this.#answer(this.zone.srv.get(name));
  }

  a(name: string): Promise<DnsAnswer<string>> {
    return this.#answer(this.zone.a.get(name));
  }

  aaaa(): Promise<DnsAnswer<string>> {
    return this.#answer<string>([]);
  }

  #answer<Of>(records: readonly Of[] = []): Promise<DnsAnswer<Of>> {
    this.asked++;
    if (this.is === 'dead') return new Promise(() => {});
    if (this.is === 'failing') return Promise.reject(new Error('SERVFAIL'));
    return Promise.resolve({ records, ttlS: 60 });
  }
}

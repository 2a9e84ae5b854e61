/** A NAPTR record (RFC 3403 4.1) of a SIP domain. */
export interface NaptrRecord {
  readonly order: number;
  readonly preference: number;
  readonly flags: string;
  readonly service: string;
  readonly replacement: string;
}

/** RFC 2782. */
export interface SrvRecord {
  readonly priority: number;
  readonly weight: number;
  readonly port: number;
  readonly name: string;
}

/** Records of one query. An empty list: the name exists not or has no such records. `ttlS` in seconds, where it is known. */
export interface DnsAnswer<Record> {
  readonly records: readonly Record[];
  readonly ttlS?: number;
}

/** What RFC 3263 asks of a resolver. A promise rejects when no server answered, which is not the same as no records. */
export interface Dns {
  naptr(name: string): Promise<DnsAnswer<NaptrRecord>>;
  srv(name: string): Promise<DnsAnswer<SrvRecord>>;
  a(name: string): Promise<DnsAnswer<string>>;
  aaaa(name: string): Promise<DnsAnswer<string>>;
}

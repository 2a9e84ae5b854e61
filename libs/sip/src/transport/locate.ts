import type { SipUri } from '../message/uri.ts';
import { uriParameter } from '../message/uri.ts';
import type { Dns, DnsAnswer, NaptrRecord, SrvRecord } from './dns.ts';
import type { AddressHop, TransportName } from './flow.ts';

/** Where a request is to go, before names are resolved: a Request-URI, a topmost Route, or an outbound proxy. */
export interface Target {
  readonly host: string;
  readonly port?: number;
  /** As the URI asks for it. */
  readonly transport?: TransportName;
  /** A sips URI: TLS on every hop (RFC 3261 26.2.2). */
  readonly secure: boolean;
}

export interface LocateSettings {
  /** What we speak, best first; decides where DNS leaves the choice to us. */
  readonly transports: readonly TransportName[];
  /** Address families this machine has, best first. */
  readonly families: readonly ('IPv4' | 'IPv6')[];
  /** Uniform in [0, 1); spreads load by SRV weight. */
  readonly random: () => number;
}

/** A server that was found. Of the lowest rank one is drawn in proportion to the weights for each request (RFC 2782); its addresses are tried in order. */
export interface LocatedServer {
  readonly rank: number;
  readonly weight: number;
  readonly hops: readonly AddressHop[];
}

/** `hops`: drawn once, in the order in which they are to be tried; `servers`: of which `drawHops` draws anew. Neither is empty when ok. */
export type Located =
  | { readonly ok: true; readonly hops: readonly AddressHop[]; readonly servers: readonly LocatedServer[] }
  /** `noAnswer`: DNS failed, try later. `noRecords`: there is no such host. `transport`: it is asked for what we do not speak. */
  | { readonly ok: false; readonly cause: 'noAnswer' | 'noRecords' | 'transport'; readonly reason: string };

/** RFC 3263 4: maddr replaces the host, and `sips` with `tcp` means TLS. */
export function targetOf(uri: SipUri): Target {
  const asked = uriParameter(uri, 'transport')?.toLowerCase();
  return {
    host: uriParameter(uri, 'maddr') ?? uri.host,
    port: uri.port,
    transport: TRANSPORTS.find((name) => name === asked),
    secure: uri.scheme === 'sips',
  };
}

/** Locates the servers of a SIP target by RFC 3263. Never rejects. */
export async function locate(target: Target, dns: Dns, settings: LocateSettings): Promise<Located> {
  const host = target.host.replace(/^\[|\]$/g, '');
  const asked = overSecure(target);
  if (asked !== undefined && !settings.transports.includes(asked)) {
    return { ok: false, cause: 'transport', reason: `${asked} is not spoken here` };
  }
  // RFC 3263 4.1 and 4.2: a numeric address, or a port, ends the search: no NAPTR, no SRV.
  const fallback = asked ?? (target.secure ? 'tls' : 'udp');
  const isNumeric = isNumericAddress(host);
  if (isNumeric || target.port !== undefined) {
    if (!settings.transports.includes(fallback)) return { ok: false, cause: 'transport', reason: `${fallback} is not spoken here` };
    const port = target.port ?? defaultPort(fallback);
    if (isNumeric) {
      const hops: readonly AddressHop[] = [{ transport: fallback, address: host, port }];
      return { ok: true, hops, servers: [{ rank: 0, weight: 0, hops }] };
    }
    return new Search(host, dns, settings).addresses([{ transport: fallback, name: host, port, rank: 0, weight: 0 }]);
  }
  const search = new Search(host, dns, settings);
  const services = asked === undefined ? await search.services(target.secure) : [{ transport: asked, srv: srvName(asked, host) }];
  const servers = await search.servers(services);
  if (servers.length > 0) return search.addresses(servers);
  // A domain without SRV records is a host (RFC 3263 4.1 last paragraph, 4.2).
  if (!settings.transports.includes(fallback)) return { ok: false, cause: 'transport', reason: `${fallback} is not spoken here` };
  return search.addresses([{ transport: fallback, name: host, port: defaultPort(fallback), rank: 0, weight: 0 }]);
}

interface Service {
  readonly transport: TransportName;
  readonly srv: string;
}

interface Server {
  readonly transport: TransportName;
  readonly name: string;
  readonly port: number;
  readonly rank: number;
  readonly weight: number;
}

/** One search; it remembers whether DNS has failed on the way. */
class Search {
  readonly #host: string;
  readonly #dns: Dns;
  readonly #settings: LocateSettings;
  #trouble: string | undefined;

  constructor(host: string, dns: Dns, settings: LocateSettings) {
    this.#host = host;
    this.#dns = dns;
    this.#settings = settings;
  }

  /** RFC 3263 4.1: which transports, by NAPTR, or else by asking for the SRV records of those we speak. */
  async services(secure: boolean): Promise<Service[]> {
    const { transports } = this.#settings;
    const records = await this.#ask<NaptrRecord>(this.#dns.naptr(this.#host));
    const offered = records
      .map((record) => ({ record, transport: NAPTR_SERVICES[record.service.toUpperCase()] }))
      .filter(({ record, transport }) => record.flags.toLowerCase() === 's' && transport !== undefined && transports.includes(transport))
      .filter(({ transport }) => !secure || transport === 'tls' || transport === 'wss')
      .sort((a, b) => a.record.order - b.record.order || a.record.preference - b.record.preference);
    if (offered.length > 0) return offered.map(({ record, transport }) => ({ transport: transport ?? 'udp', srv: record.replacement }));
    const possible = transports.filter((transport) => (secure ? transport === 'tls' : transport === 'udp' || transport === 'tcp'));
    return possible.map((transport) => ({ transport, srv: srvName(transport, this.#host) }));
  }

  async servers(services: readonly Service[]): Promise<Server[]> {
    const found = await Promise.all(services.map(({ srv }) => this.#ask<SrvRecord>(this.#dns.srv(srv))));
    return services.flatMap(({ transport }, i) =>
      inOrder(found[i] ?? [], ({ priority }) => priority, this.#settings.random)
        // RFC 2782: a target of "." says that the service is decidedly not available.
        .filter(({ name }) => name !== '' && name !== '.')
        .map(({ name, port, priority, weight }) => ({ transport, name, port, weight, rank: i * PRIORITIES + priority })),
    );
  }

  async addresses(servers: readonly Server[]): Promise<Located> {
    const tried = servers.slice(0, MOST_SERVERS);
    const found = await Promise.all(tried.map(({ name }) => this.#addressesOf(name)));
    const located = tried.map(({ transport, port, rank, weight }, i): LocatedServer => ({
      rank,
      weight,
      // RFC 5922 4: what is verified is the domain that was asked for, not the server that DNS named.
      hops: (found[i] ?? []).slice(0, MOST_HOPS).map((address) => ({ transport, address, port, ...(isVerified(transport) ? { host: this.#host } : {}) })),
    }));
    const answering = located.filter(({ hops }) => hops.length > 0);
    if (answering.length > 0) return { ok: true, hops: hopsOf(answering), servers: answering };
    if (this.#trouble !== undefined) return { ok: false, cause: 'noAnswer', reason: `DNS gave no answer for ${this.#host}: ${this.#trouble}` };
    return { ok: false, cause: 'noRecords', reason: `there is no address for ${this.#host}` };
  }

  async #addressesOf(name: string): Promise<string[]> {
    const { families } = this.#settings;
    const found = await Promise.all(families.map((family) => this.#ask(family === 'IPv4' ? this.#dns.a(name) : this.#dns.aaaa(name))));
    return found.flat();
  }

  async #ask<Record>(query: Promise<DnsAnswer<Record>>): Promise<readonly Record[]> {
    try {
      return (await query).records;
    } catch (error) {
      this.#trouble = error instanceof Error ? error.message : String(error);
      return [];
    }
  }
}

/** The hops of one request: drawn anew, as RFC 2782 has it. */
export function drawHops(servers: readonly LocatedServer[], random: () => number): AddressHop[] {
  return hopsOf(inOrder(servers, ({ rank }) => rank, random));
}

function hopsOf(servers: readonly LocatedServer[]): AddressHop[] {
  return servers.flatMap(({ hops }) => hops).slice(0, MOST_HOPS);
}

/** RFC 2782: by rank, and within one at random in proportion to the weights, those of weight 0 with a small chance. */
function inOrder<Of extends { readonly weight: number }>(records: readonly Of[], rankOf: (record: Of) => number, random: () => number): Of[] {
  const ordered: Of[] = [];
  const ranks = [...new Set(records.map(rankOf))].sort((a, b) => a - b);
  for (const rank of ranks) {
    const left = records.filter((record) => rankOf(record) === rank).sort((a, b) => a.weight - b.weight);
    while (left.length > 0) {
      const sum = left.reduce((total, { weight }) => total + weight, 0);
      const drawn = Math.floor(random() * (sum + 1));
      let running = 0;
      const at = left.findIndex(({ weight }) => (running += weight) >= drawn);
      ordered.push(...left.splice(Math.max(at, 0), 1));
    }
  }
  return ordered;
}

function overSecure({ transport, secure }: Target): TransportName | undefined {
  if (!secure || transport === undefined) return transport;
  return transport === 'ws' || transport === 'wss' ? 'wss' : 'tls';
}

function srvName(transport: TransportName, host: string): string {
  return `${SRV_PREFIX[transport]}.${host}`;
}

/** RFC 3261 19.1.2, RFC 7118 10.2. */
function defaultPort(transport: TransportName): number {
  return DEFAULT_PORT[transport];
}

function isVerified(transport: TransportName): boolean {
  return transport === 'tls' || transport === 'wss';
}

function isNumericAddress(host: string): boolean {
  return host.includes(':') || /^\d{1,3}(\.\d{1,3}){3}$/.test(host);
}

const TRANSPORTS: readonly TransportName[] = ['udp', 'tcp', 'tls', 'ws', 'wss'];

/** RFC 3263 4.1, RFC 7118 10.2. */
const NAPTR_SERVICES: Readonly<Partial<Record<string, TransportName>>> = {
  'SIP+D2U': 'udp',
  'SIP+D2T': 'tcp',
  'SIPS+D2T': 'tls',
  'SIP+D2W': 'ws',
  'SIPS+D2W': 'wss',
};

const SRV_PREFIX: Readonly<Record<TransportName, string>> = { udp: '_sip._udp', tcp: '_sip._tcp', tls: '_sips._tcp', ws: '_sip._ws', wss: '_sips._ws' };
const DEFAULT_PORT: Readonly<Record<TransportName, number>> = { udp: 5060, tcp: 5060, tls: 5061, ws: 80, wss: 443 };

/** RFC 2782: a priority has 16 bits. */
const PRIORITIES = 65_536;

/** What a hostile zone may make us ask for and try. */
const MOST_SERVERS = 8;
const MOST_HOPS = 16;

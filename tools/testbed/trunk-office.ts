import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SimulatedCarrier } from '@tipring/carrier';
import type { CarrierPlan, CarrierTransport } from '@tipring/carrier-control';
import { type Certificate, selfSigned } from '@tipring/sip';
import { DnsResponder, type Zone } from '@tipring/sip/test-support';
import { waitFor } from '../interop/wait-for.ts';
import { PhoneArrivals, PhoneParty } from '../interop/parties/phone-party.ts';
import { PhoneBank } from './phone-bank.ts';
import { type OfficeLine, type PortNumber, SimulatedOffice } from './simulated-office.ts';

export interface TrunkOfficeOptions {
  /** On the first ports of the one card, telephones behind them; 32 at most. */
  readonly lines: number;
  readonly telephones?: number;
  readonly phones?: number;
  readonly zone?: Zone;
  /** For the PBX. */
  readonly env?: Readonly<Record<string, string>>;
}

/** What tests say of a carrier; the rest is usual. */
export interface CarrierWishes extends Partial<Omit<CarrierPlan, 'listen'>> {
  /** Loopback; each carrier has its own. */
  readonly address: string;
  /** The same port for all. UDP and TCP when absent. */
  readonly transports?: readonly CarrierTransport[];
  readonly port?: number;
}

/** A way out of an outbound route. */
export type Way = { readonly trunk: string } | { readonly line: string } | { readonly lineGroup: string };

/** What tests read of a trunk as it stands. */
export interface TrunkView {
  readonly state: 'up' | 'degraded' | 'down' | 'disabled';
  readonly why: string;
  readonly registration: { readonly state: string; readonly lastStatus: number | null } | null;
  readonly servers: readonly { readonly address: string; readonly port: number; readonly state: string }[];
  readonly calls: { readonly inbound: number; readonly outbound: number };
}

/** An office with trunks to simulated carriers, lines to simulated exchanges, a name server of its own, and phones. */
export class TrunkOffice {
  readonly office: SimulatedOffice;
  readonly dns: DnsResponder;
  readonly certificate: Certificate;
  readonly phones: readonly PhoneParty[];
  readonly #bank: PhoneBank;
  readonly #folder: string;
  readonly #carriers: SimulatedCarrier[] = [];

  static async start({ lines, telephones = 0, phones = 4, zone = {}, env = {} }: TrunkOfficeOptions): Promise<TrunkOffice> {
    const dns = await DnsResponder.start(zone);
    const folder = mkdtempSync(join(tmpdir(), 'tipring-trunks-'));
    // Carriers of the tests are trusted like any that an authority vouches for.
    const certificate = selfSigned({ names: ['carrier.example', '*.carrier.example', ...carrierAddresses], days: 2, now: new Date() });
    writeFileSync(join(folder, 'carriers.pem'), certificate.cert);
    const office = await SimulatedOffice.start([{ serial: officeCard, lines, telephones }], { lineDigits: 10, env: { TIPRING_DNS: dns.server, NODE_EXTRA_CA_CERTS: join(folder, 'carriers.pem'), ...env } });
    const { pbx } = office;
    const arrivals = new PhoneArrivals();
    const devices = pbx.devices.slice(0, phones);
    // Above the ephemeral range: the ports of gateways and carriers are below.
    const bank = await PhoneBank.start({ registrar: { address: '127.0.0.1', port: pbx.ports.sip }, devices, firstRtpPort: 61_000 + 2 * Math.floor(Math.random() * 1_500), behaviour: () => 'answer', ringMs: () => 200, arrived: arrivals.arrived });
    await bank.register();
    const parties = devices.map((device, at) => new PhoneParty(bank, arrivals, device, 540 + 60 * at));
    return new TrunkOffice(office, dns, certificate, bank, parties, folder);
  }

  private constructor(office: SimulatedOffice, dns: DnsResponder, certificate: Certificate, bank: PhoneBank, phones: readonly PhoneParty[], folder: string) {
    this.office = office;
    this.dns = dns;
    this.certificate = certificate;
    this.phones = phones;
    this.#bank = bank;
    this.#folder = folder;
  }

  get pbx() {
    return this.office.pbx;
  }

  /** Answers at once, and rings until told otherwise when `numbers` say so. */
  async carrier({ address, transports = ['udp', 'tcp'], port = 0, ...plan }: CarrierWishes): Promise<SimulatedCarrier> {
    const [first = 'udp', ...others] = transports;
    const whole = (listen: CarrierPlan['listen']): CarrierPlan => ({
      name: address, domain: 'carrier.example', customers: [{ type: 'address', name: 'pbx', transport: first, address: '127.0.0.1', port: first === 'tls' ? this.pbx.ports.sips : this.pbx.ports.sip, numbers: [] }],
      numbers: [], usual: { is: 'answered', afterMs: 100 }, ...plan, listen,
    });
    const own = port === 0 ? carrierPort : port;
    const carrier = await SimulatedCarrier.start(whole([first, ...others].map((transport) => ({ transport, address, port: own }))), { certificate: this.certificate });
    this.#carriers.push(carrier);
    return carrier;
  }

  /** @returns its id */
  async addTrunk(key: string, settings: object): Promise<string> {
    const { id } = await this.pbx.api<{ id: string }>('POST', '/trunks', { key, displayName: key, ...settings });
    return id;
  }

  async change(path: string, settings: object): Promise<void> {
    const { version } = await this.pbx.api<{ version: number }>('GET', path);
    await this.pbx.api('PATCH', path, settings, { 'if-match': `"${version}"` });
  }

  /** Commissioned. What is to be dialled on it is in a route. */
  async addLine(port: PortNumber, settings: object = {}): Promise<OfficeLine> {
    const name = `${port.card.toLowerCase()}-${port.port}`;
    const { id } = await this.pbx.api<{ id: string }>('POST', '/lines', { key: `lin-${name}`, displayName: `Line ${name}`, port, region: 'US', ...settings });
    await this.change(`/lines/${id}`, { isCommissioned: true });
    return { id, port, prefix: '' };
  }

  async addLineGroup(key: string, lines: readonly OfficeLine[], settings: object = {}): Promise<string> {
    const { id } = await this.pbx.api<{ id: string }>('POST', '/line-groups', { key, displayName: key, lines: lines.map((line) => line.id), ...settings });
    return id;
  }

  /** Whatever is dialled behind the prefix goes these ways, one after the other. */
  async addOutboundRoute(prefix: string, ways: readonly Way[], settings: object = {}): Promise<void> {
    const attempts = ways.map((way) => {
      const [[type, id] = ['', '']] = Object.entries(way);
      return { via: { type, id } };
    });
    await this.pbx.api('POST', '/outbound-routes', { key: `out-${prefix}`, displayName: `Behind ${prefix}`, match: { prefix }, attempts, ...settings });
  }

  /** Whoever calls one of these numbers reaches the extension. */
  async addInboundRoute(key: string, called: readonly string[], extension: string, settings: object = {}): Promise<void> {
    const { items } = await this.pbx.api<{ items: { id: string }[] }>('GET', `/extensions?number=${extension}`);
    await this.pbx.api('POST', '/inbound-routes', { key, displayName: key, match: { called }, destination: { type: 'extension', id: items[0]?.id }, ...settings });
  }

  trunk(id: string): Promise<TrunkView> {
    return this.pbx.api<TrunkView>('GET', `/trunks/${id}/status`);
  }

  /** @returns how long it took, ms */
  async trunkIs(id: string, ...states: readonly TrunkView['state'][]): Promise<number> {
    const begun = performance.now();
    let last: TrunkView | undefined;
    await waitFor(() => `the trunk to be ${states.join(' or ')}; it is ${JSON.stringify(last)}`, async () => {
      last = await this.trunk(id);
      return states.includes(last.state) || undefined;
    });
    return performance.now() - begun;
  }

  async stop(): Promise<void> {
    await this.#bank.close();
    for (const carrier of this.#carriers) await carrier.close();
    this.dns.stop();
    await this.office.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

export const officeCard = 'SIM-1';
/** Of all carriers of the tests: they differ in their addresses. */
export const carrierPort = 15_060;
const carrierAddresses = Array.from({ length: 40 }, (_, at) => `127.0.0.${100 + at}`);

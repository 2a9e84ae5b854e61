import type { SimulatedCarrier } from '@tipring/carrier';
import type { Zone, ZoneRecord } from '@tipring/sip/test-support';
import { carrierPort, type CarrierWishes, type TrunkOffice } from '../testbed/trunk-office.ts';
import { waitFor } from './wait-for.ts';

/*
 * The ways in which a trunk is of no use, at the moments in a call at which that can begin. Each has a trunk and a carrier of its own.
 */
export interface TrunkFailure {
  readonly what: string;
  /** `idle`: it fails and nobody knows yet; `known`: it is known to; else in the call that is made. */
  readonly when: 'idle' | 'known' | 'after INVITE' | 'after 180' | 'after 183';
  /** The carriers, if more than one or a special one is needed. */
  readonly carriers?: (addresses: readonly [string, string], office: TrunkOffice) => readonly CarrierWishes[];
  readonly trunk?: (addresses: readonly [string, string], name: string) => object;
  /** Names are of `name`.carrier.example. */
  readonly zone?: (addresses: readonly [string, string], name: string) => Zone;
  /** The trunk is passed over: down, full, disabled. */
  readonly isTried?: false;
  /** Until it fails, or is known to. */
  readonly before?: (at: FailurePlace) => Promise<void>;
  /** Beside the call, from when it was dialled. */
  readonly during?: (at: FailurePlace) => Promise<void>;
  /** Which carrier is reached after all; none: the line. */
  readonly reaches?: 0 | 1;
}

export interface FailurePlace {
  readonly office: TrunkOffice;
  readonly trunk: string;
  readonly name: string;
  readonly carriers: readonly [SimulatedCarrier, ...SimulatedCarrier[]];
  /** Has somebody who is not of this case call over the trunk, and talk on. */
  occupy(): Promise<void>;
  /** Other answers of the name server, for these names alone. */
  answer(zone: Zone): void;
}

const account = { username: 'office', password: 'a secret of the office' };
const registering = { transport: 'udp', peering: { type: 'registration', ...account } } as const;
const customers = [{ type: 'registration', ...account, numbers: [] }] as const;

export const trunkFailures: readonly TrunkFailure[] = [
  { what: 'black hole', when: 'idle', before: ({ carriers: [carrier] }) => fail(carrier, { is: 'blackHole' }) },
  {
    what: 'black hole', when: 'known', isTried: false,
    async before({ carriers: [carrier], office, trunk }) {
      await fail(carrier, { is: 'blackHole' });
      await office.trunkIs(trunk, 'down');
    },
  },
  { what: 'black hole', when: 'after INVITE', before: ({ carriers: [carrier] }) => fail(carrier, { is: 'silentAfter', status: 100, of: 'carrier' }) },
  { what: 'black hole', when: 'after 180', before: ({ carriers: [carrier] }) => fail(carrier, { is: 'silentAfter', status: 180, of: 'carrier' }) },
  {
    what: 'black hole', when: 'after 183',
    carriers: ([address]) => [{ address, usual: { is: 'noAnswer', earlyMedia: true } }],
    async during({ carriers: [carrier] }) {
      await sent(carrier, 'SIP/2.0 183');
      await fail(carrier, { is: 'blackHole' });
    },
  },
  { what: '503', when: 'idle', before: ({ carriers: [carrier] }) => fail(carrier, { is: 'refuse', status: 503, what: 'calls' }) },
  {
    what: '503 to everything', when: 'known', isTried: false,
    async before({ carriers: [carrier], office, trunk }) {
      await fail(carrier, { is: 'refuse', status: 503, what: 'everything' });
      await office.trunkIs(trunk, 'down', 'degraded');
    },
  },
  { what: '503', when: 'after INVITE', carriers: ([address]) => [{ address, usual: { is: 'refused', status: 503, afterMs: 500 } }] },
  { what: '503', when: 'after 183', carriers: ([address]) => [{ address, usual: { is: 'refused', status: 503, afterMs: 500, announcement: true } }] },
  { what: 'TCP reset', when: 'idle', trunk: ([address]) => ({ server: { host: address, port: carrierPort, transport: 'tcp' } }), before: ({ carriers: [carrier] }) => fail(carrier, { is: 'reset' }) },
  {
    what: 'TCP reset', when: 'after INVITE', trunk: ([address]) => ({ server: { host: address, port: carrierPort, transport: 'tcp' } }),
    before: ({ carriers: [carrier] }) => fail(carrier, { is: 'silentAfter', status: 100, of: 'call' }),
    async during({ carriers: [carrier] }) {
      await sent(carrier, 'SIP/2.0 100');
      await fail(carrier, { is: 'reset' });
    },
  },
  {
    what: 'TCP reset', when: 'after 183', trunk: ([address]) => ({ server: { host: address, port: carrierPort, transport: 'tcp' } }),
    carriers: ([address]) => [{ address, usual: { is: 'noAnswer', earlyMedia: true } }],
    async during({ carriers: [carrier] }) {
      await sent(carrier, 'SIP/2.0 183');
      await fail(carrier, { is: 'reset' });
    },
  },
  { what: 'sockets closed (ICMP)', when: 'idle', before: ({ carriers: [carrier] }) => fail(carrier, { is: 'closed' }) },
  { what: 'DNS never answers', when: 'known', isTried: false, trunk: byName, zone: (_, name) => deadNames(name) },
  // Answers of before are good enough.
  {
    what: 'DNS dead', when: 'idle', trunk: byName, zone: names, reaches: 0,
    async before({ answer, name }) {
      answer(deadNames(name));
      await new Promise((resume) => setTimeout(resume, 1_500));
    },
  },
  {
    what: 'DNS dead', when: 'after INVITE', trunk: byName, zone: names, reaches: 0,
    carriers: ([address]) => [{ address, usual: { is: 'answered', afterMs: 1_500 } }],
    async during({ carriers: [carrier], answer, name }) {
      await sent(carrier, 'SIP/2.0 100');
      answer(deadNames(name));
    },
  },
  { what: 'carrier full', when: 'idle', before: ({ carriers: [carrier] }) => fail(carrier, { is: 'full' }) },
  { what: 'full (own limit)', when: 'idle', isTried: false, trunk: ([address]) => ({ server: { host: address, port: carrierPort, transport: 'udp' }, limits: { total: 1 } }), before: ({ occupy }) => occupy() },
  {
    what: 'unregistered (forgotten)', when: 'idle', carriers: ([address]) => [{ address, customers }], trunk: registered,
    async before({ carriers: [carrier] }) {
      await carrier.act({ do: 'forget' });
    },
  },
  {
    what: 'unregistered (refused)', when: 'known', isTried: false, carriers: ([address]) => [{ address, customers }], trunk: registered,
    async before({ carriers: [carrier], office, trunk }) {
      await carrier.act({ do: 'forget' });
      await fail(carrier, { is: 'refuseRegistration', status: 403 });
      // It is asked anew because of a change.
      await office.change(`/trunks/${trunk}`, { peering: { ...registering.peering, expiresS: 300 } });
      await office.trunkIs(trunk, 'down');
    },
  },
  { what: 'first trunk disabled', when: 'known', isTried: false, trunk: ([address]) => ({ server: { host: address, port: carrierPort, transport: 'udp' }, isEnabled: false }) },
  {
    what: 'SRV pool, first dead', when: 'idle', trunk: byName, zone: pool, reaches: 1, carriers: (addresses) => addresses.map((address) => ({ address })),
    before: ({ carriers: [first] }) => fail(first, { is: 'blackHole' }),
  },
  {
    what: 'SRV pool, first closed', when: 'idle', trunk: byName, zone: pool, reaches: 1, carriers: (addresses) => addresses.map((address) => ({ address })),
    before: ({ carriers: [first] }) => fail(first, { is: 'closed' }),
  },
];

async function fail(carrier: SimulatedCarrier, failure: Parameters<SimulatedCarrier['act']>[0] extends infer Act ? (Act extends { do: 'fail'; failure: infer Failure } ? Failure : never) : never): Promise<void> {
  await carrier.act({ do: 'fail', failure });
}

/** A response to an INVITE of a customer. */
async function sent(carrier: SimulatedCarrier, start: string): Promise<void> {
  await waitFor(`${carrier.state().name} to send ${start}`, () => carrier.messages(0).some(({ way, startLine }) => way === 'sent' && startLine.startsWith(start)) || undefined);
}

function registered([address]: readonly [string, string]): object {
  return { server: { host: address, port: carrierPort, transport: registering.transport }, domain: 'carrier.example', peering: registering.peering };
}

function byName(_: readonly [string, string], name: string): object {
  return { server: { host: `${name}.carrier.example`, port: null, transport: null } };
}

function names([address]: readonly [string, string], name: string): Zone {
  return { [`SRV _sip._udp.${name}.carrier.example`]: [srv(1, `a.${name}`)], [`A a.${name}.carrier.example`]: [a(address)] };
}

function pool([first, second]: readonly [string, string], name: string): Zone {
  return { [`SRV _sip._udp.${name}.carrier.example`]: [srv(1, `a.${name}`), srv(2, `b.${name}`)], [`A a.${name}.carrier.example`]: [a(first)], [`A b.${name}.carrier.example`]: [a(second)] };
}

function deadNames(name: string): Zone {
  return Object.fromEntries(['NAPTR', 'SRV _sip._udp.', 'SRV _sip._tcp.', 'SRV _sips._tcp.', 'A', 'AAAA', 'A a.'].map((kind) => [`${kind}${kind.endsWith('.') ? '' : ' '}${name}.carrier.example`, 'mute' as const]));
}

function srv(priority: number, target: string): ZoneRecord {
  return { type: 'SRV', priority, weight: 1, port: carrierPort, target: `${target}.carrier.example` };
}

/** Good for a second. */
function a(address: string): ZoneRecord {
  return { type: 'A', bytes: address.split('.').map(Number), ttlS: 1 };
}

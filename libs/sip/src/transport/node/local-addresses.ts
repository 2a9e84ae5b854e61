import { BlockList, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Flow, SocketAddress, TransportName } from '../flow.ts';
import { RecentMap } from '../recent-map.ts';
import type { DatagramSocket } from './datagram-socket.ts';
import type { ListenAddress } from './settings.ts';

/** 0.0.0.0 or :: as the addresses this machine has now; any other address as itself. Link-local ones are left out. */
export function concrete(address: string): string[] {
  if (address !== '0.0.0.0' && address !== '::') return [address];
  const family = isIPv6(address) ? 'IPv6' : 'IPv4';
  return interfaceAddresses()
    .filter((one) => one.family === family && !one.address.startsWith('fe80:'))
    .map((one) => one.address);
}

/** Which of our own addresses a peer sees, and the UDP socket that goes with it. */
export class Locals {
  readonly #sockets: LocalChoice<DatagramSocket>;
  readonly #datagramSockets: readonly DatagramSocket[];
  readonly #listening: readonly ListenAddress[];
  readonly #byTransport = new Map<TransportName, LocalChoice<ListeningPlace>>();

  /** `listening` as bound, wildcard addresses included. */
  constructor(sockets: readonly DatagramSocket[], listening: readonly ListenAddress[]) {
    this.#datagramSockets = sockets;
    this.#listening = listening;
    this.#sockets = new LocalChoice(sockets);
    for (const transport of TRANSPORTS) {
      const own = listening.filter((one) => one.transport === transport);
      // Without a listener of that transport answers come back on the connection; some address has to be written all the same.
      const places = (own.length > 0 ? own : listening).flatMap((one) =>
        concrete(one.address).map((address) => ({ local: { transport, address, port: one.port } })),
      );
      this.#byTransport.set(transport, new LocalChoice(places));
    }
  }

  /** Our listening address as the far end of this flow knows it. */
  of(flow: Flow): ListenAddress {
    const { transport, local } = flow;
    for (const one of this.#listening) {
      if (one.transport === transport && one.address === local.address && (transport !== 'udp' || one.port === local.port)) return one;
    }
    const any = this.#listening.find((one) => one.transport === transport && (one.address === '0.0.0.0' || one.address === '::'));
    return { transport, address: local.address, port: any?.port ?? local.port };
  }

  towards(transport: TransportName, remote: string): ListenAddress {
    const place = this.#byTransport.get(transport)?.towards(remote);
    return place?.local ?? { transport, address: isIPv6(remote) ? '::' : '0.0.0.0', port: transport === 'tls' ? 5061 : 5060 };
  }

  socketTowards(remote: string): DatagramSocket | undefined {
    return this.#sockets.towards(remote);
  }

  /** The socket bound there, or another that reaches the remote address. */
  socketAt(local: SocketAddress, remote: SocketAddress): DatagramSocket | undefined {
    const exact = this.#datagramSockets.find((one) => one.local.address === local.address && one.local.port === local.port);
    return exact ?? this.socketTowards(remote.address);
  }
}

interface ListeningPlace {
  readonly local: ListenAddress;
}

/** Chooses by the remote address among places that have a local one: the subnet it is in, else the first that is not loopback. */
class LocalChoice<Place extends ListeningPlace> {
  readonly #places: readonly { readonly place: Place; readonly ipv6: boolean; readonly loopback: boolean; readonly subnet: BlockList }[];
  readonly #chosen = new RecentMap<string, Place>(REMEMBERED);

  constructor(places: readonly Place[]) {
    const interfaces = interfaceAddresses();
    this.#places = places.map((place) => {
      const { address } = place.local;
      const subnet = new BlockList();
      const ipv6 = isIPv6(address);
      const found = interfaces.find((one) => one.address === address);
      const prefix = Number(found?.cidr?.split('/')[1] ?? (ipv6 ? 128 : 32));
      subnet.addSubnet(bare(address), prefix, ipv6 ? 'ipv6' : 'ipv4');
      return { place, ipv6, loopback: address === '::1' || address.startsWith('127.'), subnet };
    });
  }

  /** undefined when there is none of the remote's address family. */
  towards(remote: string): Place | undefined {
    const known = this.#chosen.get(remote);
    if (known !== undefined) return known;
    const ipv6 = isIPv6(remote);
    const able = this.#places.filter((one) => one.ipv6 === ipv6);
    const near = able.find(({ subnet }) => subnet.check(bare(remote), ipv6 ? 'ipv6' : 'ipv4'));
    const place = (near ?? able.find(({ loopback }) => !loopback) ?? able[0])?.place;
    if (place !== undefined) this.#chosen.set(remote, place);
    return place;
  }
}

function interfaceAddresses(): { address: string; family: string; cidr: string | null }[] {
  return Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
}

function bare(address: string): string {
  return address.split('%')[0] ?? address;
}

const TRANSPORTS: readonly TransportName[] = ['udp', 'tcp', 'tls', 'ws', 'wss'];
const REMEMBERED = 1024;

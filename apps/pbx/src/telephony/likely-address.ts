import { isIPv4 } from 'node:net';

/** An address of this machine, as os.networkInterfaces tells it. */
export interface OwnAddress {
  readonly interface: string;
  readonly address: string;
}

/**
 * The address a person would enter in a phone: of the interface that the default route leaves by, else of another one, and
 * only then of a bridge to containers or virtual machines, which no phone is on. `routes`: the text of /proc/net/route.
 */
export function addressForPhones(own: readonly OwnAddress[], routes: string): string {
  const outward = defaultInterface(routes);
  const rank = ({ interface: name, address }: OwnAddress): number => {
    if (isLoopback(address)) return 6;
    const family = isIPv4(address) ? 0 : 3;
    return family + (name === outward ? 0 : BRIDGES.some((prefix) => name.startsWith(prefix)) ? 2 : 1);
  };
  const [best] = [...own].sort((a, b) => rank(a) - rank(b));
  return best?.address ?? '127.0.0.1';
}

/** The interface of the IPv4 default route with the least metric; undefined: there is none. */
function defaultInterface(routes: string): string | undefined {
  let best: { readonly name: string; readonly metric: number } | undefined;
  for (const line of routes.split('\n').slice(1)) {
    const [name, destination, , flags, , , metric, mask] = line.trim().split(/\s+/);
    const isUp = (Number.parseInt(flags ?? '0', 16) & ROUTE_IS_UP) !== 0;
    if (name === undefined || destination !== '00000000' || mask !== '00000000' || !isUp) continue;
    if (best === undefined || Number(metric) < best.metric) best = { name, metric: Number(metric) };
  }
  return best?.name;
}

export function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}

const BRIDGES = ['docker', 'br-', 'veth', 'virbr', 'podman', 'cni', 'lxc', 'lxdbr'];
const ROUTE_IS_UP = 1;

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Ports that are free for both UDP and TCP on the loopback address. They lie below Linux's ephemeral range (32768 and up), so
 * that no outgoing connection takes one between this check and its use.
 */
export async function freePorts(count: number): Promise<number[]> {
  const found: number[] = [];
  while (found.length < count) {
    const port = 10_000 + Math.floor(Math.random() * 10_000);
    if (!found.includes(port) && (await isFree(port))) found.push(port);
  }
  return found;
}

/** A block of `size` ports for RTP, chosen at random; a gateway passes over a taken one. */
export function portBlock(size: number): { first: number; last: number } {
  const first = 20_000 + 2 * Math.floor((Math.random() * (12_700 - size)) / 2);
  return { first, last: first + size - 1 };
}

/** The first of `size` ports beside a block for RTP, for those who talk to it: below the ephemeral range as well. */
export function portsBeside({ first, last }: { readonly first: number; readonly last: number }, size: number): number {
  const above = last + 1 + ((last + 1) % 2);
  return above + size <= 32_768 ? above : first - size - (size % 2);
}

async function isFree(port: number): Promise<boolean> {
  const udp = createSocket('udp4');
  const tcp = createServer();
  try {
    const bound = once(udp, 'listening');
    udp.bind(port, '127.0.0.1');
    await bound;
    const listening = once(tcp, 'listening');
    tcp.listen(port, '127.0.0.1');
    await listening;
    return true;
  } catch {
    return false;
  } finally {
    udp.close();
    tcp.close();
  }
}

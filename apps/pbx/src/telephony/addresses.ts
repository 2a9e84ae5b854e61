import { readFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import type { ListenAddress } from '@tipring/sip';
import type { Environment } from '../environment.ts';
import { addressForPhones, isLoopback, type OwnAddress } from './likely-address.ts';

/** Where to listen for SIP. 'auto': every address this machine has, so that a flow's local address is exact. */
export function sipListenAddresses({ bind, ports }: Pick<Environment, 'bind' | 'ports'>): ListenAddress[] {
  const streams = bind === 'auto' ? ['0.0.0.0', ...(hasIPv6() ? ['::'] : [])] : bind;
  return streams.flatMap((address) => [
    { transport: 'udp' as const, address, port: ports.sip },
    { transport: 'tcp' as const, address, port: ports.sip },
    { transport: 'tls' as const, address, port: ports.sips },
    { transport: 'ws' as const, address, port: ports.ws },
    { transport: 'wss' as const, address, port: ports.wss },
  ]);
}

/** Where the API listens: one socket, for both families where the machine has both. */
export function httpHost(bind: Environment['bind']): string {
  if (bind === 'auto') return hasIPv6() ? '::' : '0.0.0.0';
  return bind[0] ?? '127.0.0.1';
}

/** The address a person would enter in a phone; of named ones the first that is not this machine's own loopback. */
export function likelyAddress(bind: Environment['bind']): string {
  if (bind === 'auto') return addressForPhones(interfaceAddresses(), routingTable());
  return bind.find((address) => !isLoopback(address) && !isIPv6(address)) ?? bind[0] ?? '127.0.0.1';
}

/** Names and addresses by which phones may call this machine: for the digest-uri and the certificate. */
export function ownNames(bind: Environment['bind']): string[] {
  return [...new Set([hostname(), 'localhost', ...(bind === 'auto' ? ownAddresses() : bind)])];
}

function ownAddresses(): string[] {
  return interfaceAddresses().map(({ address }) => address);
}

function interfaceAddresses(): OwnAddress[] {
  return Object.entries(networkInterfaces())
    .flatMap(([name, list]) => (list ?? []).map(({ address }) => ({ interface: name, address })))
    .filter(({ address }) => !address.startsWith('fe80:'));
}

function routingTable(): string {
  try {
    return readFileSync('/proc/net/route', 'utf8');
  } catch {
    // A container without it: the interfaces' names must do.
    return '';
  }
}

function hasIPv6(): boolean {
  return ownAddresses().some((address) => isIPv6(address));
}

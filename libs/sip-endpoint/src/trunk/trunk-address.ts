import type { Target } from '@tipring/sip';
import type { ConfiguredServer, ConfiguredTrunk } from './configured-trunk.ts';
import type { DigestName } from './digest-answers.ts';

/** Where its requests go: the outbound proxy, or the server itself. */
export function targetOf({ server, outboundProxy, peering }: ConfiguredTrunk): Target {
  const { host, port, transport } = outboundProxy ?? server;
  // A certificate is only shown over TLS.
  const asked = peering.type === 'certificate' ? 'tls' : transport;
  return { host, secure: false, ...(port === null ? {} : { port }), ...(asked === null ? {} : { transport: asked }) };
}

/** Host part of its addresses, with the port where it is named and no usual one. */
export function domainOf({ server, domain }: ConfiguredTrunk): string {
  if (domain !== null) return bracketed(domain);
  const usual = server.transport === 'tls' ? 5061 : 5060;
  return server.port === null || server.port === usual ? bracketed(server.host) : `${bracketed(server.host)}:${server.port}`;
}

/** RFC 3261 16.12.1.1: the proxy is a loose router. */
export function proxyRoute({ outboundProxy: proxy }: ConfiguredTrunk): readonly string[] {
  return proxy === null ? [] : [`<sip:${hostPort(proxy)}${proxy.transport === null || proxy.transport === 'udp' ? '' : `;transport=${proxy.transport}`};lr>`];
}

/** User name of its account; undefined: it has none. */
export function accountName({ peering }: ConfiguredTrunk): string | undefined {
  return peering.type === 'registration' ? peering.username : peering.type === 'address' ? peering.credentials?.username : undefined;
}

/** What its challenges are answered with; undefined: nothing. */
export function digestName({ peering }: ConfiguredTrunk): DigestName | undefined {
  switch (peering.type) {
    case 'registration':
      return { username: peering.authenticationName ?? peering.username, password: peering.password };
    case 'address':
      return peering.credentials ?? undefined;
    case 'certificate':
      return undefined;
  }
}

function hostPort({ host, port }: ConfiguredServer): string {
  return port === null ? bracketed(host) : `${bracketed(host)}:${port}`;
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

import { networkInterfaces } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, test } from 'vitest';
import { transportConformance } from '../conformance.ts';
import type { TransportName } from '../flow.ts';
import { NodeTransport } from './node-transport.ts';
import { selfSigned } from './self-signed.ts';

const hasIPv6 = Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ address }) => address === '::1'));
const families = [
  { name: 'IPv4', address: '127.0.0.1', present: true },
  { name: hasIPv6 ? 'IPv6' : 'IPv6 (this machine has no ::1)', address: '::1', present: hasIPv6 },
];
const certificate = selfSigned({ names: ['127.0.0.1', '::1'], days: 1, now: new Date() });

describe.each(families)('$name', ({ address, present }) => {
  describe.each(['udp', 'tcp', 'tls', 'ws', 'wss'] satisfies TransportName[])('%s on loopback', (transport) => {
    transportConformance(transport, test.skipIf(!present), async (nearEvents, farEvents) => {
      const settings = { listen: [{ transport, address, port: 0 }], certificate, trust: { authorities: certificate.cert } };
      const near = await NodeTransport.open(settings, nearEvents);
      const far = await NodeTransport.open(settings, farEvents);
      return {
        near,
        far,
        farAddress: { address, port: far.listening[0]?.port ?? 0 },
        deadAddress: { address, port: TCPMUX },
        pass: () => nextTurn(),
        loseFar: () => far.close(),
        end: async () => {
          await near.close();
          await far.close();
        },
      };
    });
  });
});

/** RFC 1078; nobody serves it, and unlike a port that was free a moment ago it is given to nobody meanwhile. */
const TCPMUX = 1;

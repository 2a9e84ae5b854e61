import { connect, isIP, isIPv6 } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { WebSocket } from 'ws';
import type { AddressHop } from '../flow.ts';
import type { Connection, ConnectionPorts } from './connection.ts';
import type { Certificate, NodeTransportSettings } from './settings.ts';
import { StreamConnection } from './stream-connection.ts';
import { WebSocketConnection } from './web-socket-connection.ts';

/** Starts to open a connection of ours; what is sent meanwhile waits in it. `own`: shown to a peer that asks. */
export function openConnection(hop: AddressHop, ports: ConnectionPorts, trust: NodeTransportSettings['trust'] = {}, own?: Certificate): Connection {
  const { transport, address, port, host } = hop;
  const verification = {
    ca: trust.authorities,
    ...(own === undefined ? {} : { cert: own.cert, key: own.key }),
    rejectUnauthorized: trust.acceptAny !== true,
    // RFC 6066 3: no literal addresses in SNI. Without a name the certificate has to be for the address.
    servername: host !== undefined && isIP(host) === 0 ? host : undefined,
  };
  switch (transport) {
    case 'tcp':
      return new StreamConnection(connect({ host: address, port }), transport, ports, undefined);
    case 'tls':
      return new StreamConnection(connectTls({ host: address, port, minVersion: 'TLSv1.2', ...verification }), transport, ports, undefined);
    case 'ws':
    case 'wss': {
      const url = `${transport}://${isIPv6(address) ? `[${address}]` : address}:${port}/`;
      const options = { ...(transport === 'wss' ? verification : {}), perMessageDeflate: false, maxPayload: ports.limits.messageBytes };
      return WebSocketConnection.opening(new WebSocket(url, 'sip', options), transport, ports);
    }
    case 'udp':
      throw new Error('UDP has no connections');
  }
}

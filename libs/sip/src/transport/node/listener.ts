import { createServer as createHttpServer } from 'node:http';
import { createServer, isIPv6 } from 'node:net';
import type { Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { TlsOptions } from 'node:tls';
import { WebSocketServer } from 'ws';
import type { TransportName } from '../flow.ts';
import type { ConnectionPorts } from './connection.ts';
import type { Gate } from './gate.ts';
import type { Certificate, ListenAddress } from './settings.ts';
import { StreamConnection } from './stream-connection.ts';
import { WebSocketConnection } from './web-socket-connection.ts';

export interface ListenerPorts extends ConnectionPorts {
  readonly gate: Gate;
  readonly certificate: Certificate | undefined;
  /** PEM; undefined: the system's. */
  readonly authorities: string | undefined;
  readonly asksCertificates: (() => boolean) | undefined;
  readonly onError: (reason: string) => void;
}

/** A listening stream socket. */
export interface Listener {
  readonly local: ListenAddress;
  /** Listens no more; what it accepted stays. Resolves when that is gone, too. */
  close(): Promise<void>;
}

/** Listens for TCP, TLS, WS or WSS. Rejects with the system's error when the address cannot be had. */
export function openListener(wanted: ListenAddress, ports: ListenerPorts): Promise<Listener> {
  const take = entrance(wanted.transport, ports);
  const server = createServer({ noDelay: true }, (socket) => {
    if (ports.gate.admit(socket, ports.now())) take(socket);
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: wanted.address, port: wanted.port, ipv6Only: isIPv6(wanted.address), backlog: BACKLOG }, () => {
      server.off('error', reject);
      // Out of descriptors, for one: the server keeps listening, and an operator should know.
      server.on('error', (error) => ports.onError(`${wanted.transport} ${wanted.address}:${wanted.port}: ${error.message}`));
      const bound = server.address();
      const port = bound === null || typeof bound === 'string' ? wanted.port : bound.port;
      resolve({ local: { transport: wanted.transport, address: wanted.address, port }, close: () => new Promise((gone) => server.close(() => gone())) });
    });
  });
}

/** What becomes of an accepted TCP socket. */
function entrance(transport: TransportName, ports: ListenerPorts): (socket: Socket) => void {
  const stream = (socket: Socket): void => {
    new StreamConnection(socket, transport, ports, ports.gate.established(socket, ports.now()));
  };
  switch (transport) {
    case 'tcp':
      return stream;
    case 'tls':
      return certificatesAsked(ports, stream);
    case 'ws':
      return webSocketEntrance(transport, ports);
    case 'wss':
      return tlsEntrance(ports, webSocketEntrance(transport, ports));
    case 'udp':
      throw new Error('UDP does not accept connections');
  }
}

/** Each connection as it is wanted when it comes: trunks that show a certificate are configured while we listen. */
function certificatesAsked(ports: ListenerPorts, take: (socket: Socket) => void): (socket: Socket) => void {
  const [plain, asking] = [tlsEntrance(ports, take), tlsEntrance(ports, take, { requestCert: true, rejectUnauthorized: false, ca: ports.authorities })];
  return (socket) => (ports.asksCertificates?.() === true ? asking : plain)(socket);
}

function tlsEntrance({ certificate }: ListenerPorts, take: (socket: Socket) => void, further: TlsOptions = {}): (socket: Socket) => void {
  if (certificate === undefined) throw new Error('a certificate is needed to listen for tls or wss');
  // Never listens itself: it is handed the sockets that the gate let through, which node:tls documents.
  const server = createTlsServer({ cert: certificate.cert, key: certificate.key, minVersion: 'TLSv1.2', ...further }, (secure) => {
    take(secure);
  });
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  return (socket) => {
    socket.on('error', ignore);
    server.emit('connection', socket);
  };
}

function webSocketEntrance(transport: 'ws' | 'wss', ports: ListenerPorts): (socket: Socket) => void {
  const webSockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: ports.limits.messageBytes,
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  });
  const server = createHttpServer((_request, response) => {
    response.writeHead(426, { Upgrade: 'websocket', Connection: 'close' }).end('SIP over WebSocket is spoken here (RFC 7118).\n');
  });
  server.on('clientError', (_error, socket) => socket.destroy());
  server.on('upgrade', (request, socket: Socket, head) => {
    socket.on('error', ignore);
    // RFC 7118 4.1: the client has to offer the subprotocol.
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
    if (!offered.includes(SUBPROTOCOL)) {
      socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\nThe subprotocol "sip" has to be offered (RFC 7118 4.1).\n');
      return;
    }
    webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      WebSocketConnection.accepted(webSocket, socket, transport, ports, ports.gate.established(socket, ports.now()));
    });
  });
  return (socket) => {
    server.emit('connection', socket);
  };
}

function ignore(): void {}

/** RFC 7118 4.1. */
const SUBPROTOCOL = 'sip';

/** What the kernel may hold for us between two turns of the event loop; a power cut brings all phones back at once. */
const BACKLOG = 1024;

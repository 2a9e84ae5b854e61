import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { Guard, NodeTransport } from '@tipring/sip';

/**
 * A process that sends back what it gets, on UDP and TCP of 127.0.0.1, and prints its two ports: `bare` with Node's sockets
 * alone, `transport` over ours, `guarded` with the guard before it, `native` over the addon.
 */
const [kind] = process.argv.slice(2);

if (kind === 'bare') {
  const datagrams = createSocket({ type: 'udp4', recvBufferSize: 4_000_000 });
  datagrams.on('message', (bytes, from) => datagrams.send(bytes, from.port, from.address));
  const streams = createServer({ noDelay: true }, (socket) => {
    socket.on('data', (bytes) => socket.write(bytes));
    socket.on('error', () => {});
  });
  datagrams.bind(0, '127.0.0.1', () => {
    streams.listen({ port: 0, host: '127.0.0.1', backlog: 1024 }, () => {
      process.stdout.write(`${datagrams.address().port} ${(streams.address() as { port: number }).port}\n`);
    });
  });
} else {
  const guard = new Guard(() => performance.now());
  const isGuarded = kind === 'guarded';
  const native = kind === 'native' ? process.env['TIPRING_SIP_NATIVE'] : undefined;
  const listen = (['udp', 'tcp'] as const).map((transport) => ({ transport, address: '127.0.0.1', port: 0 }));
  const transport = await NodeTransport.open(
    { listen, ...(native === undefined ? {} : { native }), limits: { connectionsPerAddress: 10_000 } },
    {
      onMessage: (bytes, flow) => {
        if (isGuarded) {
          // Phones of an office have authenticated; this is what a message of theirs costs.
          if (guard.admits(flow) !== 'pass') guard.authenticated(flow);
        }
        transport.send({ flow }, bytes, () => {});
      },
      onFlowClosed: () => {},
      onError: (reason) => process.stderr.write(`${reason}\n`),
    },
  );
  process.stdout.write(`${transport.listening.map(({ port }) => port).join(' ')}\n`);
}

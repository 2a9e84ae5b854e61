import { GatewayClient, gatewayConformance, type GatewayReplies, type GatewayUnderTest, playerConformance, type PortRange } from '@tipring/gateway';
import { randomInt } from 'node:crypto';
import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, describe, expect, test } from 'vitest';
import { breakable } from './testing/breakable-connection.ts';
import { connected, kindsForTests, type MediaProcess, startMedia } from './testing/media-process.ts';

/** What a case has left behind. */
async function releaseAll(socket: string): Promise<void> {
  const gateway = await connected(socket);
  const audit = await new Promise<GatewayReplies['audit'] | null>((resolve) => gateway.send({ do: 'audit' }, resolve));
  for (const { context } of audit?.contexts ?? []) await new Promise((resolve) => gateway.send({ do: 'release', context }, resolve));
  gateway.close();
}

describe.each(kindsForTests())('the media gateway process, %s packet I/O', (kind) => {
  /** One process for each range of ports: starting one for every clause would take most of the time. */
  const running = new Map<string, MediaProcess>();
  afterAll(async () => {
    for (const media of running.values()) await media.end();
  });

  const make = async ({ firstPort, lastPort }: PortRange): Promise<GatewayUnderTest> => {
    const ports = `${firstPort}-${lastPort}`;
    const media = running.get(ports) ?? (await startMedia(kind, { TIPRING_RTP_PORTS: ports, TIPRING_MEDIA_WORKERS: '2' }));
    running.set(ports, media);
    const proxy = await breakable(media.socket);
    const gateway = await connected(proxy.path);
    return {
      gateway,
      lose: proxy.lose,
      comeBack: proxy.mend,
      end: async () => {
        gateway.close();
        proxy.close();
        await releaseAll(media.socket);
      },
    };
  };
  gatewayConformance(test, make);
  playerConformance(test, make);

  test('it ends cleanly on SIGTERM, and says once what it has', async () => {
    const media = await startMedia(kind);
    const exit = new Promise((resolve) => media.process.once('exit', (code, signal) => resolve({ code, signal })));
    await media.end();
    expect(await exit).toEqual({ code: 0, signal: null });
    expect(media.output().split('\n').filter(Boolean)).toHaveLength(1);
    // In the log; a person who starts it has nothing to do about real-time priority.
    expect(media.shown()).toBe('');
  });

  test('ports that other programs have are passed over, however many there are', async () => {
    const address = `127.${randomInt(1, 255)}.${randomInt(1, 255)}.7`;
    const [firstPort, lastPort, free] = [28_400, 28_799, 28_640];
    const others: DatagramSocket[] = [];
    for (let port = firstPort; port <= lastPort; port += 2) {
      if (port === free) continue;
      const other = createSocket('udp4');
      other.bind({ address, port: port + (port % 4 === 0 ? 0 : 1), exclusive: true });
      await once(other, 'listening');
      others.push(other);
    }
    const media = await startMedia(kind, { TIPRING_RTP_PORTS: `${firstPort}-${lastPort}`, TIPRING_RTP_ADDRESS: address });
    const gateway = await connected(media.socket);
    const add = (termination: string) => new Promise((resolve) => gateway.send({ do: 'add', context: 'c', termination }, (reply, refusal) => resolve(reply?.local ?? refusal?.code)));
    expect(await add('a')).toMatchObject({ address, rtpPort: free });
    expect(await add('b')).toBe('noPort');
    gateway.close();
    await media.end();
    for (const other of others) other.close();
  });
});

describe('controllers come and go', () => {
  const ends: (() => unknown)[] = [];
  afterAll(async () => {
    for (const end of ends.toReversed()) await end();
  });

  test('the newest controller takes over, the older is told and does not fight back', async () => {
    const media = await startMedia('fallback');
    ends.push(() => media.end());
    const older = await connected(media.socket);
    const olderIsDown = new Promise<void>((resolve) => (older.onState = () => resolve()));
    const newer = await connected(media.socket);
    ends.push(() => older.close(), () => newer.close());
    await olderIsDown;
    const code = await new Promise((resolve) => older.send({ do: 'audit' }, (_reply, refusal) => resolve(refusal?.code)));
    expect([code, newer.state]).toEqual(['gone', 'up']);
    expect(await new Promise((resolve) => newer.send({ do: 'audit' }, resolve))).toMatchObject({ contexts: [] });
  });

  test('a second gateway on the same socket refuses to start, a dead one\'s socket file is replaced', async () => {
    const first = await startMedia('fallback');
    await expect(startMedia('fallback', { TIPRING_GATEWAY_SOCKET: first.socket })).rejects.toThrow('another media gateway is running');
    const died = new Promise((resolve) => first.process.once('exit', resolve));
    first.process.kill('SIGKILL');
    await died;
    const second = await startMedia('fallback', { TIPRING_GATEWAY_SOCKET: first.socket });
    const client = new GatewayClient({ path: first.socket });
    await new Promise<void>((resolve) => (client.onState = () => resolve()));
    expect(client.state).toBe('up');
    client.close();
    await second.end();
    await first.end();
  });

  test('a broken line is refused and the connection goes on', async () => {
    const media = await startMedia('fallback');
    ends.push(() => media.end());
    const socket = connect(media.socket);
    let answers = '';
    const three = new Promise<void>((resolve) => {
      socket.on('data', (chunk) => {
        answers += chunk.toString();
        if (answers.split('\n').length > 3) resolve();
      });
    });
    socket.write(`{"n":1,"do":"fly"}\n${'x'.repeat(300_000)}\n{"n":2,"do":"inspect","context":"c"}\n`);
    await three;
    socket.destroy();
    expect(answers.split('\n').filter(Boolean).map((line) => JSON.parse(line) as { n: unknown; no: { code: string } }).map(({ n, no }) => [n, no.code])).toEqual([[1, 'badCommand'], [null, 'badCommand'], [2, 'noSuchContext']]);
  });
});

import { expect, test } from 'vitest';
import { readEnvironment } from './environment.ts';

const least = { TIPRING_DATA: '/data', DATABASE_URL: 'postgres://u:p@127.0.0.1/t', TIPRING_GATEWAY_SOCKET: '/data/gateway.sock' };

test('what is not set has the ports people know, and all addresses', () => {
  const read = readEnvironment(least);
  expect(read).toEqual({
    ok: true,
    environment: {
      dataFolder: '/data', databaseUrl: least.DATABASE_URL, redisUrl: undefined, gatewaySocket: '/data/gateway.sock', soundsFolder: '/data/sounds', bind: 'auto', logLevel: 'info',
      ports: { sip: 5060, sips: 5061, ws: 5066, wss: 5067, http: 8080 },
    },
  });
});

test('a variable that is set to nothing is not set; several addresses are a list', () => {
  const read = readEnvironment({ ...least, REDIS_URL: '', TIPRING_SIP_PORT: '', TIPRING_BIND: '10.0.0.1, 192.168.1.1' });
  expect(read.ok && [read.environment.redisUrl, read.environment.ports.sip, read.environment.bind]).toEqual([undefined, 5060, ['10.0.0.1', '192.168.1.1']]);
});

test('all faults are told, each with its variable', () => {
  const read = readEnvironment({ DATABASE_URL: 'mysql://x', TIPRING_GATEWAY_SOCKET: '/s', TIPRING_SIP_PORT: '70000' });
  expect(read.ok ? [] : read.faults.map((fault) => fault.split(':')[0])).toEqual(['TIPRING_DATA', 'DATABASE_URL', 'TIPRING_SIP_PORT']);
});

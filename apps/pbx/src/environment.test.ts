import { expect, test } from 'vitest';
import { readEnvironment } from './environment.ts';
import { greeting } from './greeting.ts';

const least = { TIPRING_DATA: '/data', DATABASE_URL: 'postgres://u:p@127.0.0.1/t', TIPRING_GATEWAY_SOCKET: '/data/gateway.sock' };

test('what is not set has the ports people know, and all addresses', () => {
  const read = readEnvironment(least);
  expect(read).toEqual({
    ok: true,
    environment: {
      dataFolder: '/data', databaseUrl: least.DATABASE_URL, redisUrl: undefined, gatewaySocket: '/data/gateway.sock', bind: 'auto', logLevel: 'info',
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

test('the first start says how to register a phone and where the key is, and shows no secret; later ones are one line', () => {
  const about = { isFirstStart: true, apiUrl: 'http://10.0.0.1:8080/api/v1', firstStartPath: '/data/first-start.json', address: '10.0.0.1', sipPort: 5060, calls: 0, devices: 10, afterMs: 900 };
  const first = greeting(about);
  for (const words of ['10.0.0.1, port 5060', '/data/first-start.json', 'http://10.0.0.1:8080/docs', 'dial 102']) expect(first).toContain(words);
  expect(greeting({ ...about, isFirstStart: false }).trim().split('\n').length).toBe(1);
});

import { createHash } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTestDatabase, type TestDatabase, testDatabaseUrl } from '@tipring/store/testing';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Environment } from './environment.ts';
import type { FirstStart } from './first-start.ts';
import { type RunningPbx, startPbx } from './start-pbx.ts';

describe.skipIf(testDatabaseUrl === undefined)('a pbx (TIPRING_TEST_DATABASE_URL)', () => {
  let clone: TestDatabase;
  let environment: Environment;
  let pbx: RunningPbx;
  let first: FirstStart;
  const log = pino({ level: 'silent' });

  beforeAll(async () => {
    clone = await createTestDatabase();
    const dataFolder = mkdtempSync(join(tmpdir(), 'tipring-start-'));
    const [sip, sips, ws, wss, http] = (await freePorts(5)) as [number, number, number, number, number];
    environment = { dataFolder, soundsFolder: join(dataFolder, 'sounds'), databaseUrl: clone.url, redisUrl: undefined, gatewaySocket: join(dataFolder, 'gateway.sock'), simulator: 'demo', bind: ['127.0.0.1'], ports: { sip, sips, ws, wss, http }, logLevel: 'silent' };
    pbx = await startPbx(environment, log);
    first = JSON.parse(readFileSync(join(dataFolder, 'first-start.json'), 'utf8')) as FirstStart;
  });
  afterAll(async () => {
    await pbx.stop();
    await clone.drop();
    rmSync(environment.dataFolder, { recursive: true });
  });

  test('makes a demo office at its first start, with random passwords that stand in one file, readable by its owner alone', () => {
    expect(statSync(join(environment.dataFolder, 'first-start.json')).mode & 0o777).toBe(0o600);
    expect(first.devices.map((device) => device.extension)).toEqual(Array.from({ length: 20 }, (_, index) => String((index < 10 ? 101 : 131) + index)));
    expect(new Set(first.devices.map((device) => device.password)).size).toBe(20);
    expect(first.devices.every((device) => device.password.length >= 20)).toBe(true);
    expect(existsSync(join(environment.dataFolder, 'first-start.json.new'))).toBe(false);
  });

  test('has the simulated card’s telephones and lines in it, which are shown as absent until the gateway is there', async () => {
    expect((await api('GET', '/stations')).items.map(({ key, port }: { key: string; port: { port: number } }) => [key, port.port])).toEqual([['door-phone', 11], ['fax', 10], ['gatehouse', 12], ['kitchen', 6], ['meeting-room', 9], ['reception', 5], ['warehouse', 7], ['workshop', 8]]);
    expect((await api('GET', '/lines')).items.map(({ nextStep }: { nextStep: unknown }) => nextStep)).toEqual([null, null, null, null]);
    expect((await api('GET', '/cards')).items).toMatchObject([{ id: 'SIM-1', isPresent: false, fxoPorts: [1, 2, 3, 4] }]);
    expect(pbx.about.handset).toEqual({ extension: '121', card: 'SIM-1', port: 5 });
    await expect(api('GET', '/simulator')).rejects.toThrow('503');
  });

  test('lets a phone register with the password of that file and not with another', async () => {
    expect(await register(environment.ports.sip, '101', first.devices[0]!.password)).toBe(200);
    expect(await register(environment.ports.sip, '102', 'guess')).toBe(401);
    const { items } = await api('GET', '/registrations');
    expect(items.map(({ username, aor }: { username: string; aor: string }) => [username, aor])).toEqual([['101', 'sip:101@127.0.0.1']]);
  });

  test('a wrong password is seen: as a failure, as an event, and counted', async () => {
    await register(environment.ports.sip, '105', 'guess');
    expect((await api('GET', '/security/failures?user=105')).items).toMatchObject([{ source: '127.0.0.1', user: '105', kind: 'wrongPassword', method: 'REGISTER', count: 1 }]);
    expect(await (await fetch(first.apiUrl.replace('/api/v1', '/metrics'))).text()).toMatch(/tipring_sip_authentication_failures_total\{kind="wrongPassword"\} [1-9]/);
    const stream = await fetch(`${first.apiUrl}/events?after=0&types=authentication.failed`, { headers: { authorization: `Bearer ${first.apiKey}` } });
    const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('"user":"105"')) text += (await reader.read()).value ?? '';
    await reader.cancel();
  });

  test('knows office, key and registrations again after a restart, and does not make them anew', async () => {
    const before = (await api('GET', '/extensions')).items;
    await pbx.stop();
    pbx = await startPbx(environment, log);
    expect(pbx.about.isFirstStart).toBe(false);
    expect(JSON.parse(readFileSync(join(environment.dataFolder, 'first-start.json'), 'utf8'))).toEqual(first);
    expect((await api('GET', '/extensions')).items).toEqual(before);
    expect((await api('GET', '/registrations')).items.length).toBe(1);
  });

  test('a change takes effect without restart: a disabled device is registered no more and cannot register', async () => {
    await register(environment.ports.sip, '103', first.devices[2]!.password);
    const device = (await api('GET', '/devices?username=103')).items[0];
    await api('PATCH', `/devices/${device.id}`, { enabled: false });
    expect((await api('GET', `/registrations?deviceId=${device.id}`)).items).toEqual([]);
    expect(await register(environment.ports.sip, '103', first.devices[2]!.password)).not.toBe(200);
    await api('PATCH', `/devices/${device.id}`, { enabled: true });
    expect(await register(environment.ports.sip, '103', first.devices[2]!.password)).toBe(200);
  });

  test('a rotated password is the only one that works', async () => {
    const device = (await api('GET', '/devices?username=104')).items[0];
    const { credentials } = await api('POST', `/devices/${device.id}/credentials/rotation`);
    expect(await register(environment.ports.sip, '104', first.devices[3]!.password)).toBe(401);
    expect(await register(environment.ports.sip, '104', credentials.password)).toBe(200);
  });

  test('settings take effect without restart: the next REGISTER gets the new bounds', async () => {
    await api('PATCH', '/settings', { sip: { minExpiresS: 400 } });
    expect(await register(environment.ports.sip, '101', first.devices[0]!.password)).toBe(423);
    await api('PATCH', '/settings', { sip: { minExpiresS: 30 } });
    expect(await register(environment.ports.sip, '101', first.devices[0]!.password)).toBe(200);
  });

  test('tells what happened as events, and what it is doing as metrics', async () => {
    const metrics = await (await fetch(first.apiUrl.replace('/api/v1', '/metrics'))).text();
    for (const name of ['tipring_sip_transactions_total', 'tipring_sip_retransmissions_sent_total', 'tipring_calls 0', 'tipring_registered_devices', 'tipring_gateway_up 0', 'tipring_journal_backlog 0', 'tipring_nodejs_eventloop_lag_seconds', 'tipring_process_cpu']) {
      expect(metrics).toContain(name);
    }
    const health = (await (await fetch(first.apiUrl.replace('/api/v1', '/health'))).json()) as { status: string; parts: Record<string, { up: boolean }> };
    expect(health.parts['analog']).toMatchObject({ up: false, vital: false, text: expect.stringContaining('12 of 12 lines and stations have no port: SIM-1/1') });
    expect([health.status, health.parts['database']?.up, health.parts['gateway']?.up, health.parts['sip']?.up]).toEqual(['down', true, false, true]);
  });

  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into answers of every shape
  async function api(method: string, path: string, body?: object): Promise<any> {
    const headers: Record<string, string> = { authorization: `Bearer ${first.apiKey}`, 'if-match': '*' };
    if (body !== undefined) headers['content-type'] = 'application/json';
    const response = await fetch(first.apiUrl + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }
});

/** REGISTER as a phone does it (RFC 3261 22, RFC 7616); resolves to the status of the one with credentials. */
async function register(port: number, username: string, password: string): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  try {
    const callId = createHash('md5').update(`${username}${Math.random()}`).digest('hex');
    const challenge = await ask(socket, port, request(socket, port, { username, callId, cseq: 1 }));
    const nonce = /nonce="([^"]+)"/.exec(challenge)?.[1] ?? '';
    const realm = /realm="([^"]+)"/.exec(challenge)?.[1] ?? '';
    const uri = `sip:127.0.0.1:${port}`;
    const md5 = (text: string) => createHash('md5').update(text).digest('hex');
    const response = md5(`${md5(`${username}:${realm}:${password}`)}:${nonce}:00000001:c:auth:${md5(`REGISTER:${uri}`)}`);
    const authorization = `Authorization: Digest username="${username}", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${response}", algorithm=MD5, qop=auth, nc=00000001, cnonce="c"\r\n`;
    const answer = await ask(socket, port, request(socket, port, { username, callId, cseq: 2, authorization }));
    return Number(/^SIP\/2\.0 (\d+)/.exec(answer)?.[1]);
  } finally {
    socket.close();
  }
}

function request(socket: Socket, port: number, { username, callId, cseq, authorization = '' }: { username: string; callId: string; cseq: number; authorization?: string }): string {
  const own = `127.0.0.1:${socket.address().port}`;
  return (
    `REGISTER sip:127.0.0.1:${port} SIP/2.0\r\nVia: SIP/2.0/UDP ${own};branch=z9hG4bK${callId}${cseq};rport\r\nMax-Forwards: 70\r\n` +
    `From: <sip:${username}@127.0.0.1>;tag=t\r\nTo: <sip:${username}@127.0.0.1>\r\nCall-ID: ${callId}\r\nCSeq: ${cseq} REGISTER\r\n` +
    `Contact: <sip:${username}@${own}>\r\nExpires: 300\r\n${authorization}Content-Length: 0\r\n\r\n`
  );
}

/** A PBX that was kept from reading for half a second turns new work away, and says when to come back (RFC 3261 21.5.4): phones do. */
async function ask(socket: Socket, port: number, text: string): Promise<string> {
  for (;;) {
    const answer = await new Promise<string>((resolve) => {
      socket.once('message', (bytes) => resolve(bytes.toString('latin1')));
      socket.send(text, port, '127.0.0.1');
    });
    const turnedAway = /^SIP\/2\.0 503 [^]*\r\nRetry-After: (\d+)/.exec(answer);
    if (turnedAway === null) return answer;
    await sleep(Number(turnedAway[1]) * 1000);
  }
}

/**
 * Free for UDP and TCP, below Linux's ephemeral range: no outgoing connection takes one between this look and its use, nor while
 * the PBX is down. Other tests beside this one choose below 20,000.
 */
async function freePorts(count: number): Promise<number[]> {
  const found = new Set<number>();
  while (found.size < count) {
    const port = 20_000 + Math.floor(Math.random() * 7_000);
    if (await isFree(port)) found.add(port);
  }
  return [...found];
}

async function isFree(port: number): Promise<boolean> {
  const [udp, tcp] = [createSocket('udp4'), createServer()];
  try {
    udp.bind(port, '127.0.0.1');
    await once(udp, 'listening');
    tcp.listen(port, '127.0.0.1');
    await once(tcp, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    udp.close();
    tcp.close();
  }
}

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ApiBed, apiBed } from '@tipring/pbx/testing';
import { testDatabaseUrl } from '@tipring/store/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { run } from './run.ts';
import type { World } from './world.ts';

const carrier = `
trunks:
  carrier:
    server: { host: sip.carrier.example }
    peering: { type: registration, username: me, password: hidden-word }
`;

describe.skipIf(testDatabaseUrl === undefined)('tipring (TIPRING_TEST_DATABASE_URL)', () => {
  let bed: ApiBed;
  let folder: string;
  beforeAll(async () => {
    bed = await apiBed();
    folder = mkdtempSync(join(tmpdir(), 'tipring-cli-'));
  });
  afterAll(async () => {
    await bed.close();
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => void (asked = []));
  let asked: string[] = [];

  const file = (name: string) => join(folder, name);
  /** What was said, what was complained of, and how it ended. */
  async function tipring(args: readonly string[], given: Partial<World> = {}) {
    const said: string[] = [];
    const complained: string[] = [];
    const read = (path: string) => {
      try {
        return readFileSync(path, 'utf8');
      } catch {
        return undefined;
      }
    };
    const world: World = {
      environment: { TIPRING_URL: bed.api.url, TIPRING_KEY: bed.key }, firstStart: file('first-start.json'), isTerminal: false, hasColour: false,
      say: (text) => said.push(text), complain: (text) => complained.push(text), read, write: (path, text) => writeFileSync(path, text, { mode: 0o600 }),
      ask: async (question) => asked.push(question) > 0 && true, ...given,
    };
    const code = await run(args, world);
    return { code, out: said.join(''), problem: complained.join('') };
  }

  describe('the configuration', () => {
    const office = () => file('office.yaml');
    const change = (edit: (text: string) => string) => writeFileSync(office(), edit(readFileSync(office(), 'utf8')));
    const exported = async () => (await tipring(['export'])).out;
    let first: string;
    beforeEach(async () => {
      first ??= await exported();
      expect((await tipring(['export', office()])).out).toBe(`Written to ${office()}.\n`);
      expect(statSync(office()).mode & 0o777).toBe(0o600);
    });
    afterEach(async () => {
      writeFileSync(office(), first);
      await tipring(['apply', office(), '--yes']);
    });

    test('is exported, and planning that changes nothing', async () => {
      expect(await tipring(['plan', office()])).toMatchObject({ code: 0, out: expect.stringMatching(/^Nothing would change\./) as string });
      expect(await tipring(['plan', office(), '--check'])).toMatchObject({ code: 0 });
      expect(await tipring(['apply', office(), '--yes'])).toEqual({ code: 0, out: 'Nothing changes: the document holds already.\n', problem: '' });
      await tipring(['export', file('office.json')]);
      expect(await tipring(['plan', file('office.json')])).toMatchObject({ code: 0, out: expect.stringMatching(/^Nothing would change\./) as string });
    });

    test('is planned and applied with the reason; the revision tells what changed, without secrets', async () => {
      change((text) => text.replace(/^( {2}desk-101:\n)/m, '$1    displayName: Reception\n') + carrier);
      const planned = await tipring(['plan', office(), '--check']);
      expect(planned.code).toBe(4);
      expect(planned.out).toContain('+ trunk carrier\n');
      expect(planned.out).toContain('    displayName: Desk 101 → Reception\n');
      expect(planned.out).toContain('    peering.password: (secret)\n');
      expect(planned.out).toContain('1 to add, 1 to change, 0 to remove.');
      expect(planned.out).not.toContain('hidden-word');
      // What is usual need not be read.
      expect(planned.out).not.toContain('sessionTimer');
      const applied = await tipring(['apply', office(), '--why', 'a carrier', '-y']);
      expect([applied.code, applied.out]).toEqual([0, expect.stringMatching(/Applied as revision \d+\.\n$/)]);
      expect(bed.configuration.snapshot.extensionByNumber('101')?.displayName).toBe('Reception');
      const listed = await tipring(['revisions']);
      expect(listed.out).toMatch(/\+1 ~1 -0\s+stands\s+a carrier\n/);
      const number = JSON.parse((await tipring(['revisions', '--json'])).out)[0].number as number;
      expect((await tipring(['revisions', String(number)])).out).toContain('+ trunk carrier\n');
      expect(await tipring(['rollback', String(number - 1)])).toMatchObject({ code: 0, out: `Revision ${number + 1}: as it was with ${number - 1}.\n` });
      expect(await exported()).toBe(first);
    });

    test('is applied only when somebody who was shown it says yes', async () => {
      change((text) => text + carrier);
      expect(await tipring(['apply', office()])).toMatchObject({ code: 2, problem: expect.stringContaining('--yes') as string });
      const refused = await tipring(['apply', office()], { isTerminal: true, ask: async () => false });
      expect(refused).toMatchObject({ code: 1, out: expect.stringContaining('+ trunk carrier') as string, problem: 'Nothing was changed.\n' });
      expect(bed.configuration.snapshot.trunks.size).toBe(0);
      expect((await tipring(['apply', office()], { isTerminal: true })).code).toBe(0);
      expect([asked, bed.configuration.snapshot.trunks.size]).toEqual([['Apply? (y/n) '], 1]);
    });

    test('on trial is confirmed, or goes back', async () => {
      change((text) => text + carrier);
      const trial = await tipring(['apply', office(), '-y', '--confirm-within', '5m']);
      expect(trial.out).toContain('To let it stand: tipring confirm');
      expect((await tipring(['revisions'])).out).toContain('until ');
      expect(await tipring(['confirm'])).toMatchObject({ code: 0, out: expect.stringMatching(/^Revision \d+ stands\.\n$/) as string });
      expect(await tipring(['confirm'])).toMatchObject({ code: 1, problem: expect.stringContaining('Nothing waits') as string });
      expect(await tipring(['apply', office(), '-y', '--confirm-within', 'soon'])).toMatchObject({ code: 2, problem: expect.stringContaining('5m') as string });
    });

    test('that is wrong is told with every place and what to do', async () => {
      change((text) => text.replace(/^(extensions:\n)/m, '$1  broken: { number: x }\n') + carrier.replace('server', 'sever'));
      const { code, problem } = await tipring(['plan', office()]);
      expect(code).toBe(1);
      expect(problem).toMatch(/^\d+ problems:\n/);
      expect(problem).toContain('  /extensions/broken/number: ');
      expect(problem).toContain('  /trunks/carrier/sever: ');
      expect(await tipring(['plan', file('none.yaml')])).toMatchObject({ code: 2, problem: expect.stringContaining('tipring export') as string });
    });

    test('with secrets sealed by a passphrase goes to who knows it', async () => {
      change((text) => text + carrier);
      await tipring(['apply', office(), '-y']);
      const environment = { TIPRING_URL: bed.api.url, TIPRING_KEY: bed.key, TIPRING_PASSPHRASE: 'correct horse' };
      await tipring(['export', office()], { environment });
      expect(readFileSync(office(), 'utf8')).toContain('sealed:p1:');
      expect((await tipring(['plan', office()])).code).toBe(1);
      expect((await tipring(['plan', office(), '--check'], { environment })).code).toBe(0);
    });
  });

  test('the schema is JSON Schema', async () => {
    expect(JSON.parse((await tipring(['schema'])).out)).toMatchObject({ type: 'object', properties: { trunks: {} } });
  });

  describe('the office', () => {
    beforeAll(async () => {
      const extensionId = bed.configuration.snapshot.extensionByNumber('103')!.id;
      const line = (await bed.request('POST', '/api/v1/lines', { body: { key: 'main', displayName: 'Main', port: { card: 'SIM-1', port: 1 }, region: 'DE', number: '+493012345' } })).body.id;
      const trunk = (await bed.request('POST', '/api/v1/trunks', { body: { key: 'carrier', displayName: 'Carrier', server: { host: 'sip.carrier.example' }, peering: { type: 'address' } } })).body.id;
      await bed.request('POST', '/api/v1/stations', { body: { key: 'wall', displayName: 'Wall', port: { card: 'SIM-1', port: 6 }, region: 'DE', extensionId } });
      await bed.request('POST', '/api/v1/outbound-routes', { body: { key: 'outside', displayName: 'Outside', match: { prefix: '9' }, attempts: [{ via: { type: 'trunk', id: trunk } }] } });
      bed.analog.push({ kind: 'line', id: line, port: 'SIM-1/1', isPresent: true, since: Date.now(), state: 'idle', party: null, polarity: 'normal', hook: 'on', battery: true });
      bed.trunks.push({
        id: trunk, state: 'down', since: Date.now() - 180_000, why: 'Two OPTIONS were not answered.', registration: null, options: null, servers: [],
        calls: { inbound: 0, outbound: 1 }, outcomes: { attempts: 1, answered: 0, failed: 1, lastFailure: null },
      });
      bed.states.set(trunk, { state: 'ready', text: 'It answers.', idleSince: null, usedMs: 0, isEmergency: false });
    });

    test('lines, trunks and stations are told with their states', async () => {
      const text = async (what: string) => (await tipring([what])).out.split('\n').map((line) => line.replace(/ {2,}/g, ' | '));
      expect(await text('lines')).toEqual(['LINE | PORT | STATE | FOR | NUMBER | NEXT', expect.stringMatching(/^main \| SIM-1\/1 \| idle \| \d s \| \+493012345 \| Nobody is called/), '']);
      expect((await text('trunks'))[1]).toBe('carrier | down | 3 min | – | 0 in, 1 out | Two OPTIONS were not answered.');
      expect((await text('stations'))[1]).toMatch(/^wall \| SIM-1\/6 \| 103 \| /);
      expect((await tipring(['trunks'], { hasColour: true })).out).toContain('\x1b[31mdown\x1b[0m');
      expect(JSON.parse((await tipring(['trunks', '--json'], { hasColour: true })).out)).toMatchObject([{ key: 'carrier', live: { state: 'down' } }]);
    });

    test('calls are told with what they go over', async () => {
      expect((await tipring(['calls'])).out).toBe('No call is up.\n');
      const leg = { id: 'l', endpoint: bed.configuration.snapshot.deviceByUsername('101')!.id, role: 'caller', state: 'answered', reference: '', party: { number: '102' }, isMuted: false, startedAt: 1e12, answeredAt: 1e12 } as const;
      bed.calls.push({ id: 'cal_1', state: 'talking', direction: 'outbound', startedAt: Date.now(), answeredAt: 1e12, from: { number: '101', name: 'Desk' }, to: '95551234', legs: [leg], emergency: null, recovered: false, parked: null, recording: null });
      expect((await tipring(['calls'])).out).toMatch(/\ntalking {2}101 Desk {2}95551234 {2}\d s +device phone-101\n$/);
      bed.calls.length = 0;
    });

    test('a drill is begun, waited for, and ends as it says', async () => {
      const trunk = [...bed.configuration.snapshot.trunks.keys()][0]!;
      const watched = setInterval(() => {
        const call = bed.calls.at(-1);
        if (call !== undefined) bed.tell({ type: 'call.ended', at: Date.now(), call: { ...call, legs: [] }, cause: 'noCircuit' });
        bed.calls.length = 0;
      }, 20);
      const failed = await tipring(['drill', 'carrier', '92125550123', '--impairment', 'refuse503']);
      clearInterval(watched);
      expect(failed).toMatchObject({ code: 1, out: expect.stringContaining('Failed: Nothing was tried after the trunk had failed.') as string });
      expect(bed.drillCalls.at(-1)).toMatchObject({ trunkId: trunk, number: '92125550123', impairment: 'refuse503' });
      expect(await tipring(['drill', 'nobody', '1'])).toMatchObject({ code: 1, problem: expect.stringContaining('no trunk nobody') as string });
    });

    test('a call is explained before it is made', async () => {
      const { code, out } = await tipring(['explain', '101', '92125550123', '--at', '2026-12-24T18:00:00Z', '--state', 'carrier=degraded']);
      expect(code).toBe(0);
      expect(out).toContain('outside');
      expect(out).toMatch(/1\. {2}trunk carrier .*degraded/);
      expect(out).toMatch(/Goes to .*outbound/);
      expect(JSON.parse((await tipring(['explain', 'trunk:carrier', '+12125550199', '--caller', '+4930999', '--json'])).out).explanation).toMatchObject({ caller: { kind: 'trunk', key: 'carrier' }, from: { number: '+4930999' } });
      expect(await tipring(['explain', '999', '1'])).toMatchObject({ code: 1, problem: expect.stringContaining('no extension 999') as string });
      expect(await tipring(['explain', '101', '1', '--at', 'soon'])).toMatchObject({ code: 2 });
    });
  });

  test('which Tipring it is about stands in the environment, or in what the one on this machine left', async () => {
    const nowhere = await tipring(['calls'], { environment: {} });
    expect(nowhere).toMatchObject({ code: 3, problem: expect.stringContaining('TIPRING_URL') as string });
    writeFileSync(file('first-start.json'), JSON.stringify({ apiUrl: `${bed.api.url}/api/v1`, apiKey: bed.key }));
    expect((await tipring(['calls'], { environment: {} })).code).toBe(0);
    expect(await tipring(['calls'], { environment: { TIPRING_URL: bed.api.url, TIPRING_KEY: 'wrong' } })).toMatchObject({ code: 3, problem: expect.stringContaining('Authorization') as string });
    expect(await tipring(['calls'], { environment: { TIPRING_URL: 'http://127.0.0.1:9', TIPRING_KEY: 'x' } })).toMatchObject({ code: 3, problem: expect.stringContaining('npm start') as string });
  });

  test('what is not understood is answered with what there is', async () => {
    expect(await tipring(['dance'])).toMatchObject({ code: 2, problem: expect.stringContaining('plan FILE') as string });
    expect(await tipring(['plan'])).toMatchObject({ code: 2, problem: expect.stringContaining('tipring plan FILE') as string });
    expect(await tipring(['calls', '--colour'])).toMatchObject({ code: 2, problem: expect.stringContaining('--colour') as string });
    expect(await tipring(['apply', '--help'])).toMatchObject({ code: 0, out: expect.stringContaining('--confirm-within 5m') as string });
  });

  test('as a program it takes what is piped in, and ends as it says', () => {
    const program = join(import.meta.dirname, 'tipring.mjs');
    const environment = { ...process.env, TIPRING_URL: 'http://127.0.0.1:9', TIPRING_KEY: 'x' };
    const { status, stderr } = spawnSync(process.execPath, [program, 'plan', '-'], { input: 'version: 1\n', env: environment, encoding: 'utf8' });
    expect([status, stderr]).toEqual([3, expect.stringContaining('does not answer at http://127.0.0.1:9/api/v1')]);
  });
});

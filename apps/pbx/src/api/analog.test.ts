import { testDatabaseUrl } from '@tipring/store/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiBed, apiBed } from './api-bed.ts';

describe.skipIf(testDatabaseUrl === undefined)('lines and stations over the API (TIPRING_TEST_DATABASE_URL)', () => {
  let bed: ApiBed;
  let extensionId: string;
  beforeAll(async () => {
    bed = await apiBed();
    extensionId = bed.configuration.snapshot.extensionByNumber('103')!.id;
  });
  afterAll(() => bed.close());

  const any = { 'if-match': '*' };
  const station = (key: string, port: number) => ({ key, displayName: key, extensionId, port: { card: 'SIM-1', port }, region: 'US' });
  const line = (key: string, port: number) => ({ key, displayName: key, port: { card: 'SIM-1', port }, region: 'US' });
  const create = async (path: string, body: object) => (await bed.request('POST', `/api/v1/${path}`, { body })).body;
  const change = (path: string, id: string, body: object) => bed.request('PATCH', `/api/v1/${path}/${id}`, { body, headers: any });

  describe('stations', () => {
    test('are made with what an ordinary telephone has, found by port and extension, changed and deleted', async () => {
      const made = await bed.request('POST', '/api/v1/stations', { body: station('wall', 5) });
      expect([made.status, made.headers.get('etag'), made.headers.get('location')]).toEqual([201, '"1"', `/api/v1/stations/${made.body.id}`]);
      expect(made.body).toMatchObject({ id: expect.stringMatching(/^sta_/), kind: 'telephone', isEnabled: true, overrides: {}, port: { card: 'SIM-1', port: 5 } });
      expect((await bed.request('GET', '/api/v1/stations?port=SIM-1/5')).body.items).toEqual([made.body]);
      expect((await bed.request('GET', `/api/v1/stations?extensionId=${extensionId}`)).body.items).toEqual([made.body]);
      expect((await bed.request('GET', '/api/v1/stations?port=SIM-1/6')).body.items).toEqual([]);
      const path = `/api/v1/stations/${made.body.id}`;
      expect((await bed.request('PATCH', path, { body: { kind: 'fax' } })).status).toBe(428);
      expect((await bed.request('PATCH', path, { body: { kind: 'fax' }, headers: { 'if-match': '"1"' } })).body).toMatchObject({ kind: 'fax', version: 2 });
      expect((await bed.request('DELETE', path, { headers: { 'if-match': '"1"' } })).status).toBe(412);
      expect((await bed.request('DELETE', path, { headers: { 'if-match': '"2"' } })).status).toBe(204);
      expect((await bed.request('GET', path)).status).toBe(404);
    });

    test('an override is merged in, changed field by field, and taken away by null (RFC 7396)', async () => {
      const { id } = await create('stations', { ...station('merged', 6), overrides: { dialing: { byPulse: false, firstDigitMs: 10_000 }, ringing: { patterns: { door: [200, 200] } } } });
      const overrides = async (body: object) => (await change('stations', id, { overrides: body })).body.overrides;
      expect(await overrides({ dialing: { firstDigitMs: null, byDtmf: true }, echo: { tailMs: 128 } })).toEqual({ dialing: { byDtmf: true, byPulse: false }, ringing: { patterns: { door: [200, 200] } }, echo: { tailMs: 128 } });
      expect(await overrides({ echo: 'off', dialing: null, ringing: { patterns: { door: null, gate: [400, 400] } } })).toEqual({ ringing: { patterns: { gate: [400, 400] } }, echo: 'off' });
      expect(await overrides({ ringing: null })).toEqual({ echo: 'off' });
      expect((await change('stations', id, { overrides: null, kind: 'fax' })).body).toMatchObject({ overrides: {}, kind: 'fax' });
      expect(await overrides({})).toEqual({});
    });

    test('what is wrong with an override is told with its place, also when only the outcome is wrong', async () => {
      const { id } = await create('stations', station('wrong', 7));
      const refused = async (overrides: object) => (await change('stations', id, { overrides })).body;
      expect(await refused({ dialing: { map: '[1-' } })).toMatchObject({ code: 'invalidValue', pointer: '/overrides/dialing/map', hint: expect.stringContaining('character') });
      expect(await refused({ hotline: { delayMs: 0 } })).toMatchObject({ code: 'invalidValue', pointer: '/overrides/hotline/number' });
      expect(await refused({ dialing: { byDtmf: false, byPulse: false } })).toMatchObject({ code: 'contradiction', pointer: '/overrides/dialing' });
      expect(await refused({ ringing: { colour: 1 } })).toMatchObject({ code: 'invalidValue', pointer: '/overrides/ringing' });
    });

    test('call in the name of their extension', async () => {
      const { id } = await create('stations', station('caller', 11));
      const made = await bed.request('POST', '/api/v1/calls', { body: { from: id, to: '102' } });
      expect([made.status, made.body.from]).toEqual([201, { number: '103', name: 'Desk 103' }]);
    });

    test('keep their extension: it cannot be deleted, and the answer names them', async () => {
      await create('stations', station('keeper', 8));
      const refused = await bed.request('DELETE', `/api/v1/extensions/${extensionId}`, { headers: any });
      expect([refused.status, refused.body.code]).toEqual([409, 'inUse']);
      expect(refused.body.hint).toContain('keeper');
    });
  });

  describe('lines', () => {
    test('begin uncommissioned, and say one next step after the other until they are in service', async () => {
      const made = await bed.request('POST', '/api/v1/lines', { body: line('main', 1) });
      expect([made.status, made.headers.get('location')]).toEqual([201, `/api/v1/lines/${made.body.id}`]);
      expect(made.body).toMatchObject({ id: expect.stringMatching(/^lin_/), isEnabled: true, isCommissioned: false, inbound: null, nextStep: { code: 'nameCalled' } });
      const next = async (body: object) => (await change('lines', made.body.id, body)).body.nextStep?.code ?? null;
      expect(await next({ inbound: { type: 'extension', id: extensionId } })).toBe('callIn');
      expect(await next({ isCommissioned: true })).toBeNull();
      expect(await next({ inbound: null })).toBeNull();
      expect(await next({ isEnabled: false })).toBe('enable');
      const { items } = (await bed.request('GET', `/api/v1/audit?target=line:${made.body.id}`)).body;
      expect(items.map((row: { after: { isCommissioned: boolean } }) => row.after.isCommissioned)).toEqual([true, true, true, false, false]);
    });

    test('cannot be born commissioned', async () => {
      const refused = await bed.request('POST', '/api/v1/lines', { body: { ...line('hasty', 2), isCommissioned: true } });
      expect([refused.status, refused.body.code]).toEqual([422, 'invalidValue']);
    });

    test('send their calls to another kind of destination, which replaces the former as a whole', async () => {
      const { id } = await create('lines', { ...line('moved', 2), inbound: { type: 'extension', id: extensionId } });
      expect((await change('lines', id, { inbound: { type: 'number', number: '101' } })).body.inbound).toEqual({ type: 'number', number: '101' });
      expect((await change('lines', id, { inbound: { type: 'extension', id: `ext_${'9'.repeat(26)}` } })).body).toMatchObject({ code: 'danglingReference', pointer: '/inbound/id' });
    });

    test('each kind of evidence of a hang-up is switched off and back to what the region has, never all of them', async () => {
      const { id } = await create('lines', line('evidence', 3));
      const disconnect = async (body: object) => (await change('lines', id, { overrides: { disconnect: body } })).body;
      expect((await disconnect({ polarity: 'off', battery: { denialMs: 350 }, silence: { ms: 60_000 } })).overrides.disconnect).toEqual({ battery: { denialMs: 350 }, polarity: 'off', silence: { ms: 60_000 } });
      expect((await disconnect({ polarity: null })).overrides.disconnect).toEqual({ battery: { denialMs: 350 }, silence: { ms: 60_000 } });
      expect(await disconnect({ battery: 'off', polarity: 'off', tone: 'off', dialTone: 'off', silence: 'off' })).toMatchObject({ code: 'contradiction', pointer: '/overrides/disconnect' });
    });

    test('an extension that lines call cannot be deleted, and the answer names them', async () => {
      const lonely = await create('extensions', { key: 'lonely', number: '177', displayName: 'Lonely' });
      await create('lines', { ...line('caller', 4), inbound: { type: 'extension', id: lonely.id } });
      const refused = await bed.request('DELETE', `/api/v1/extensions/${lonely.id}`, { headers: any });
      expect([refused.status, refused.body.code, refused.body.hint]).toEqual([409, 'inUse', expect.stringContaining('caller')]);
    });
  });

  describe('ports', () => {
    test('take what is made for them: the answer says what is wrong and which ports would do', async () => {
      const wrong = await bed.request('POST', '/api/v1/lines', { body: line('into-fxs', 12) });
      expect([wrong.status, wrong.body.code, wrong.body.pointer]).toEqual([422, 'contradiction', '/port']);
      expect(wrong.body.hint).toBe('Port 12 of card SIM-1 is an FXS port; the telephone company’s line goes into an FXO port. Its FXO ports are 1, 2, 3, 4.');
      expect((await bed.request('POST', '/api/v1/stations', { body: station('into-nothing', 13) })).body.hint).toContain('has no port 13');
    });

    test('have one owner', async () => {
      await create('stations', station('first-owner', 9));
      const refused = await bed.request('POST', '/api/v1/stations', { body: station('second-owner', 9) });
      expect([refused.status, refused.body.code, refused.body.pointer]).toEqual([409, 'notUnique', '/port']);
      expect(refused.body.hint).toContain('the station first-owner');
    });

    test('of a card that is not there yet are taken, and the card is shown as absent', async () => {
      const { id, nextStep } = await create('lines', { ...line('later', 2), port: { card: 'SPARE-7', port: 2 } });
      expect(nextStep).toMatchObject({ code: 'plugIn', text: expect.stringContaining('SPARE-7') });
      expect((await bed.request('GET', '/api/v1/cards/SPARE-7')).body).toEqual({ id: 'SPARE-7', isPresent: false, driver: null, identity: null, vendor: null, model: null, firmware: null, slot: null, fxoPorts: [2], fxsPorts: [] });
      const { items } = (await bed.request('GET', '/api/v1/cards/SPARE-7/ports')).body;
      expect(items).toMatchObject([{ id: 'SPARE-7/2', kind: 'fxo', isPresent: false, owner: { type: 'line', id }, capabilities: null, measurement: null }]);
      expect((await bed.request('GET', `/api/v1/lines/${id}/live`)).body).toMatchObject({ port: 'SPARE-7/2', isPresent: false, state: null, measurement: null });
    });
  });

  describe('cards', () => {
    test('are listed by serial with their ports, and page by page', async () => {
      const { items } = (await bed.request('GET', '/api/v1/cards')).body;
      expect(items.find((card: { id: string }) => card.id === 'SIM-1')).toMatchObject({ isPresent: true, driver: 'simulated', identity: 'serial', fxoPorts: [1, 2, 3, 4], fxsPorts: [5, 6, 7, 8, 9, 10, 11, 12] });
      const numbers: number[] = [];
      for (let after = '', pages = 0; after !== null && pages < 10; pages += 1) {
        const { body } = await bed.request('GET', `/api/v1/cards/SIM-1/ports?limit=5${after}`);
        numbers.push(...body.items.map((port: { number: number }) => port.number));
        after = body.next === null ? null! : `&after=${body.next}`;
      }
      expect(numbers).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    });

    test('a port tells what is plugged in, what it can, how it is set and what is measured', async () => {
      bed.gateway.send({ do: 'openPort', port: 'SIM-1/10' });
      bed.gateway.setMeasurement('SIM-1/10', { echo: { erlDb: 18.5, erleDb: 31, residualDbm0: -58, isConverged: true, isDisabled: false }, hum: { mainsHz: 50, levelDbm0: -70 } });
      const { id } = await create('stations', station('measured', 10));
      const port = (await bed.request('GET', '/api/v1/cards/SIM-1/ports/10')).body;
      expect(port).toMatchObject({
        id: 'SIM-1/10', kind: 'fxs', isPresent: true, isOpen: true, owner: { type: 'station', id, key: 'measured' }, capabilities: { kind: 'fxs', polarityReversal: true }, settings: { impedance: '600' },
        measurement: { lineVolts: 48, offHook: false, echo: { erlDb: 18.5, isConverged: true }, hum: { mainsHz: 50 }, received: { rmsDbm0: -150 } },
      });
      expect((await bed.request('GET', '/api/v1/cards/SIM-1/ports/12')).body).toMatchObject({ owner: null, isOpen: false, measurement: null });
      expect((await bed.request('GET', '/api/v1/cards/SIM-1/ports/20')).status).toBe(404);
      expect((await bed.request('GET', '/api/v1/cards/SIM-9/ports')).status).toBe(404);
    });

    test('without the gateway show what is configured, as absent', async () => {
      bed.gateway.goDown();
      // Nobody can tell where its port is: the next step is what it would be otherwise.
      expect((await bed.request('GET', '/api/v1/lines?key=main')).body.items).toMatchObject([{ nextStep: { code: 'enable' } }]);
      expect((await bed.request('GET', '/api/v1/lines?key=later')).body.items).toMatchObject([{ nextStep: { code: 'nameCalled' } }]);
      const { items } = (await bed.request('GET', '/api/v1/cards')).body;
      expect(items.find((card: { id: string }) => card.id === 'SIM-1')).toMatchObject({ isPresent: false, driver: null });
      expect((await bed.request('POST', '/api/v1/stations', { body: station('blind', 12) })).status).toBe(201);
      bed.gateway.comeUp();
      expect((await bed.request('GET', '/api/v1/cards/SIM-1')).body.isPresent).toBe(true);
    });
  });

  describe('live', () => {
    test('a line shows its machine, its battery and what is measured', async () => {
      const row = bed.configuration.snapshot.lineAt({ card: 'SIM-1', port: 1 });
      bed.gateway.send({ do: 'openPort', port: 'SIM-1/1' });
      bed.analog.push({ kind: 'line', id: row!.id, port: 'SIM-1/1', isPresent: true, since: 1_800_000_000_000, state: 'up', party: { number: '5551234' }, polarity: 'reversed', hook: 'off', battery: true });
      const live = (await bed.request('GET', `/api/v1/lines/${row!.id}/live`)).body;
      expect(live).toMatchObject({ id: row!.id, isPresent: true, state: 'up', since: '2027-01-15T08:00:00.000Z', party: { number: '5551234' }, polarity: 'reversed', hook: 'off', battery: true, measurement: { lineVolts: 48 } });
      expect((await bed.request('GET', '/api/v1/lines/lin_nobody/live')).status).toBe(404);
    });

    test('a station whose machine is not there shows what is measured all the same', async () => {
      bed.gateway.send({ do: 'openPort', port: 'SIM-1/5' });
      bed.gateway.setMeasurement('SIM-1/5', { line: { atMs: 0, offHook: true, batteryPresent: true, lineVolts: 7.5432, loopMilliamps: 22.98, ringVoltsRms: null, polarity: 'normal' } });
      const { id } = await create('stations', station('idle', 5));
      expect((await bed.request('GET', `/api/v1/stations/${id}/live`)).body).toMatchObject({ state: null, since: null, hook: 'off', polarity: 'normal', held: null, waiting: null, measurement: { lineVolts: 7.5, loopMilliamps: 23 } });
      bed.analog.push({ kind: 'station', id, port: 'SIM-1/5', isPresent: true, since: 1_800_000_000_000, state: 'talking', party: null, polarity: 'normal', hook: 'off', held: 1, waiting: { number: '102', name: 'Desk 102' } });
      expect((await bed.request('GET', `/api/v1/stations/${id}/live`)).body).toMatchObject({ state: 'talking', held: 1, waiting: { number: '102' } });
    });
  });

  describe('region profiles', () => {
    test('are listed by code, all of them', async () => {
      const { items, next } = (await bed.request('GET', '/api/v1/region-profiles?limit=500')).body;
      expect(next).toBeNull();
      expect(items.length).toBeGreaterThanOrEqual(60);
      expect(items.find((profile: { code: string }) => profile.code === 'DE')).toEqual({ code: 'DE', name: 'Germany', isComplete: true });
      expect((await bed.request('GET', '/api/v1/region-profiles?limit=1')).body.next).not.toBeNull();
    });

    test('tell every fact with its source and how sure it is, and the emergency numbers', async () => {
      const profile = (await bed.request('GET', '/api/v1/region-profiles/us')).body;
      expect(profile.tones.find((tone: { name: string }) => tone.name === 'dial')).toMatchObject({ tone: { segments: [{ frequenciesHz: [350, 440], durationMs: null }] }, source: expect.stringMatching(/\w/), confidence: expect.stringMatching(/standard|common/) });
      expect(profile.facts.map((fact: { name: string }) => fact.name)).toEqual(expect.arrayContaining(['ringCadence', 'callerId', 'acTermination', 'disconnect']));
      for (const fact of [...profile.tones, ...profile.facts]) expect(fact).toMatchObject({ source: expect.stringMatching(/\w/), confidence: expect.stringMatching(/standard|common|disputed|reported/) });
      expect(profile.emergencyNumbers).toEqual({ numbers: ['112', '911'], source: expect.stringContaining('libphonenumber') });
      expect((await bed.request('GET', '/api/v1/region-profiles/XX')).body.code).toBe('notFound');
      expect((await bed.request('GET', '/api/v1/region-profiles/USA')).body.code).toBe('invalidValue');
    });
  });

  describe('the loop calculator', () => {
    const ask = async (body: object) => (await bed.request('POST', '/api/v1/calculators/loop', { body, key: await bed.keyWith('read') })).body;

    test('answers with figures, a limit and a verdict in words, as an exchange feeds unless said otherwise', async () => {
      const near = await ask({ gauge: 'AWG 26', lengthKm: 1 });
      expect(near).toMatchObject({ loopOhms: 274, verdict: 'good', limitedBy: 'current' });
      expect(near.loopMilliamps).toBeCloseTo(48_000 / (400 + 274 + 200), 1);
      const far = await ask({ gauge: 'AWG 26', lengthKm: 14.6 });
      expect(far).toMatchObject({ verdict: 'fail', explanation: expect.stringContaining('20 are needed') });
      expect(far.longestKm).toBeGreaterThan(6);
      expect(far.longestKm).toBeLessThan(7);
      expect((await ask({ gauge: 'AWG 24', lengthKm: 1, feed: { volts: 48, ohms: 400, limitMilliamps: 25 } })).loopMilliamps).toBeCloseTo(25, 3);
      expect((await ask({ gauge: '0.5 mm', lengthKm: 2, feed: { volts: 24, ohms: 200 }, ren: 5 })).loopMilliamps).toBeLessThan(near.loopMilliamps);
    });

    test.each([
      [{ gauge: 'AWG 30', lengthKm: 1 }, '/gauge'],
      [{ gauge: 'AWG 26' }, '/lengthKm'],
      [{ gauge: 'AWG 26', lengthKm: -1 }, '/lengthKm'],
      [{ gauge: 'AWG 26', lengthKm: 1, feed: { volts: 48, ohms: 'many' } }, '/feed/ohms'],
      [{ gauge: 'AWG 26', lengthKm: 1, temperatureC: 400 }, '/temperatureC'],
    ])('refuses %j and points at the field', async (body, pointer) => {
      expect(await ask(body)).toMatchObject({ code: 'invalidValue', pointer });
    });
  });

  describe('the simulator', () => {
    const act = (body: object) => bed.request('POST', '/api/v1/simulator/acts', { body });
    const reception = { on: 'telephone', port: { card: 'SIM-1', port: 5 } };

    test('a handset is lifted and hung up, and the state shows it', async () => {
      expect((await act({ ...reception, do: 'lift' })).body).toMatchObject({ is: 'telephone', hook: 'off' });
      const { telephones, lines, cards } = (await bed.request('GET', '/api/v1/simulator')).body;
      expect(telephones[0]).toMatchObject({ port: { card: 'SIM-1', port: 5 }, name: 'Reception', hook: 'off' });
      expect([telephones.length, lines.length, cards.length]).toEqual([8, 4, 1]);
      expect((await act({ ...reception, do: 'hangUp' })).body.hook).toBe('on');
    });

    test('what cannot be done just now, or at that port, is refused with a reason', async () => {
      const flash = await act({ ...reception, do: 'flash' });
      expect([flash.status, flash.body.code]).toEqual([409, 'wrongState']);
      const nobody = await act({ on: 'telephone', port: { card: 'SIM-1', port: 1 }, do: 'lift' });
      expect([nobody.status, nobody.body.code, nobody.body.hint]).toEqual([404, 'notFound', expect.stringContaining('SIM-1/1')]);
    });

    test.each([
      [{ ...reception, do: 'jump' }, '/do'],
      [{ ...reception, do: 'dial', digits: '12x' }, '/digits'],
      [{ on: 'telephone', port: { card: 'SIM-1', port: 40 }, do: 'lift' }, '/port/port'],
      [{ on: 'sea', do: 'lift' }, '/on'],
      [{ on: 'wire', port: { card: 'SIM-1', port: 1 }, do: 'noise', levelDbm0: 0 }, '/levelDbm0'],
    ])('%j is no act, and the answer points at what is wrong', async (body, pointer) => {
      expect((await act(body)).body).toMatchObject({ code: 'invalidValue', pointer });
    });

    test('needs the scope act; looking needs read', async () => {
      const read = await bed.keyWith('read');
      expect((await bed.request('POST', '/api/v1/simulator/acts', { body: { ...reception, do: 'lift' }, key: read })).status).toBe(403);
      expect((await bed.request('GET', '/api/v1/simulator', { key: read })).status).toBe(200);
    });
  });
});

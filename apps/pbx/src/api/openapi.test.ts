import { testDatabaseUrl } from '@tipring/store/testing';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiBed, apiBed } from './api-bed.ts';

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: object }[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema: object }> };
  readonly responses: Record<string, { readonly description: string; readonly content?: Record<string, { readonly schema: object }> }>;
}

interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, object> };
}

describe.skipIf(testDatabaseUrl === undefined)('the OpenAPI document (TIPRING_TEST_DATABASE_URL)', () => {
  let bed: ApiBed;
  let document: Document;
  let operations: { path: string; method: string; operation: Operation }[];
  beforeAll(async () => {
    bed = await apiBed();
    document = (await bed.request('GET', '/openapi.json', { key: null })).body;
    operations = Object.entries(document.paths).flatMap(([path, item]) => Object.entries(item).map(([method, operation]) => ({ path, method, operation })));
  });
  afterAll(() => bed.close());

  test('is version 3.1, and every schema in it is valid JSON Schema 2020-12 with no dangling reference', () => {
    expect(document.openapi).toBe('3.1.0');
    // Named, even rightly, it makes the readable page show a warning over everything else.
    expect(document).not.toHaveProperty('jsonSchemaDialect');
    for (const name of Object.keys(document.components.schemas)) expect(() => compile(document, { $ref: `#/components/schemas/${name}` })).not.toThrow();
    expect(JSON.stringify(document.components.schemas)).not.toContain('"readOnly"');
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(references.filter((name) => !(name in document.components.schemas))).toEqual([]);
  });

  test('holds every route that is served, and nothing else', () => {
    // Nest's own table of routes, as fastify printed it.
    const served = routesOf(bed);
    const documented = operations.map(({ path, method }) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`);
    expect(documented.sort()).toEqual(served.sort());
  });

  test('every operation has its own id, a schema for each parameter and body, and one for each answer with a body', () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { path, method, operation } of operations) {
      const where = `${method} ${path}`;
      for (const name of [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1])) {
        expect(operation.parameters?.some((parameter) => parameter.in === 'path' && parameter.name === name), `${where}: {${name}}`).toBe(true);
      }
      if (method === 'patch') expect(operation.requestBody, where).toBeDefined();
      // A generated client would leave it out of what it sends.
      expect(JSON.stringify(operation.requestBody ?? {}), where).not.toContain('"readOnly"');
      for (const [status, response] of Object.entries(operation.responses)) {
        if (status === '204') expect(response.content, where).toBeUndefined();
        else expect(Object.values(response.content ?? {})[0]?.schema, `${where} ${status}`).toBeDefined();
      }
    }
  });

  test('answers are what the document says', async () => {
    bed.calls.push({ id: 'cal_1', state: 'talking', direction: 'internal', startedAt: 1e12, answeredAt: 1e12, from: { number: '101' }, to: '102', legs: [{ id: 'l', endpoint: 'dev_1', role: 'caller', state: 'answered', reference: 'x', party: { number: '102' }, isMuted: false, startedAt: 1e12, answeredAt: null }], recovered: false, emergency: null, parked: null, recording: null });
    bed.registrations.push({ deviceId: 'dev_1', aor: 'sip:101@192.168.1.10', contact: 'sip:101@10.0.0.1', transport: 'udp', address: '10.0.0.1', port: 5060, q: 1, since: 1e12, expiresAt: 1e12, userAgent: null });
    bed.blocks.push({ source: '192.0.2.1', reason: 'x', since: 1e12, until: 1e12, refused: 3 });
    bed.failures.push({ source: '192.0.2.1', port: 5060, transport: 'udp', user: '101', kind: 'wrongPassword', method: 'REGISTER', count: 3, first: 1e12, last: 1e12 });
    bed.health['database'] = { up: true, vital: false, text: 'ok' };
    for (const { path, method, operation } of operations.filter((one) => one.method === 'get' && !one.path.includes('{') && one.path !== '/api/v1/events')) {
      const schema = operation.responses['200']?.content?.['application/json']?.schema;
      if (schema === undefined) continue;
      const answer = await bed.request(method.toUpperCase(), path);
      expect(answer.status, path).toBe(200);
      const validate = compile(document, schema);
      expect(validate(answer.body) ? [] : validate.errors, path).toEqual([]);
    }
  });

  test('answers about lines, stations, cards and countries are what the document says', async () => {
    const { id: extensionId } = bed.configuration.snapshot.extensionByNumber('101')!;
    const common = { displayName: 'x', region: 'DE', key: 'documented' };
    const line = (await bed.request('POST', '/api/v1/lines', { body: { ...common, port: { card: 'SIM-1', port: 1 }, overrides: { echo: 'off', disconnect: { silence: { ms: 60_000 } } } } })).body.id;
    const station = (await bed.request('POST', '/api/v1/stations', { body: { ...common, extensionId, port: { card: 'SIM-1', port: 5 } } })).body.id;
    bed.analog.push({ kind: 'line', id: line, port: 'SIM-1/1', isPresent: true, since: 1e12, state: 'idle', party: null, polarity: 'normal', hook: 'on', battery: true });
    bed.subscribers.push({
      id: 'a', watcher: 'dev_1', resource: extensionId, uri: 'sip:101@pbx', package: 'dialog', peer: 'udp:192.0.2.7:5060', since: 1e12, expiresAt: 1e12, isBehind: false,
      told: { at: 1e12, version: 3, isAnswered: true, what: { revision: 1, state: 'ringing', isReachable: true, dialogs: [{ id: 'x', state: 'terminated' }], messages: null } },
    });
    bed.gateway.send({ do: 'openPort', port: 'SIM-1/1' });
    bed.gateway.send({ do: 'openPort', port: 'SIM-1/5' });
    for (const [path, concrete] of [
      ['/lines/{id}', `/lines/${line}`],
      ['/lines/{id}/live', `/lines/${line}/live`],
      ['/stations/{id}', `/stations/${station}`],
      ['/stations/{id}/live', `/stations/${station}/live`],
      ['/cards/{id}', '/cards/SIM-1'],
      ['/cards/{id}/ports', '/cards/SIM-1/ports'],
      ['/cards/{id}/ports/{number}', '/cards/SIM-1/ports/5'],
      ['/region-profiles/{code}', '/region-profiles/DE'],
      ['/region-profiles/{code}', '/region-profiles/JP'],
      ['/presence/{key}', '/presence/101'],
      ['/presence/{key}/subscribers', '/presence/101/subscribers'],
    ]) {
      const schema = document.paths[`/api/v1${path}`]?.['get']?.responses['200']?.content?.['application/json']?.schema;
      const answer = await bed.request('GET', `/api/v1${concrete}`);
      expect(answer.status, concrete).toBe(200);
      const validate = compile(document, schema!);
      expect(validate(answer.body) ? [] : validate.errors, concrete).toEqual([]);
    }
    for (const [path, body] of [
      ['/calculators/loop', { gauge: '0.5 mm', lengthKm: 3 }],
      ['/simulator/acts', { on: 'telephone', port: { card: 'SIM-1', port: 6 }, do: 'lift' }],
      ['/simulator/acts', { on: 'line', port: { card: 'SIM-1', port: 2 }, do: 'call', number: { shown: '5551234' }, name: { absent: 'private' } }],
      ['/simulator/acts', { on: 'card', card: 'SIM-1', do: 'drift', ppm: 20 }],
    ] as const) {
      const { requestBody, responses } = document.paths[`/api/v1${path}`]!['post']!;
      const asked = compile(document, requestBody!.content['application/json']!.schema);
      expect(asked(body) ? [] : asked.errors, path).toEqual([]);
      const answer = await bed.request('POST', `/api/v1${path}`, { body });
      expect(answer.status, path).toBe(200);
      const validate = compile(document, responses['200']!.content!['application/json']!.schema);
      expect(validate(answer.body) ? [] : validate.errors, path).toEqual([]);
    }
  });

  test('answers about trunks, routing, schedules and the configuration are what the document says', async () => {
    const made = async (path: string, body: object) => (await bed.request('POST', `/api/v1${path}`, { body: { key: 'documented', displayName: 'x', ...body } })).body.id as string;
    const trunk = await made('/trunks', { server: { host: 'sip.carrier.example' }, peering: { type: 'registration', username: 'me', password: 'secret' } });
    const other = (await bed.request('POST', '/api/v1/trunks', { body: { key: 'other', displayName: 'x', server: { host: '192.0.2.1' }, peering: { type: 'address', credentials: { username: 'a', password: 'b' } }, tariff: { currency: 'EUR', rates: [{ prefix: '+', perMinute: 0.1, perCall: 0, incrementS: 1 }] } } })).body.id;
    const pins = await made('/pin-sets', { pins: [{ label: 'Ann', pin: '1234' }] });
    const schedule = await made('/schedules', { timeZone: 'UTC', week: [{ days: ['monday'], from: '08:00', to: '17:00' }], holidays: [{ name: 'x', from: '2026-12-25', to: '2026-12-26', everyYear: true, hours: [] }] });
    const route = await made('/outbound-routes', { match: { prefix: '9' }, attempts: [{ via: { type: 'trunk', id: trunk } }] });
    bed.trunks.push({
      id: trunk, state: 'up', since: 1e12, why: 'it answers', registration: { state: 'registered', expiresAt: 1e12, lastStatus: 200, text: '200' }, options: { lastAnsweredAt: null, roundTripMs: null, unanswered: 0 },
      servers: [{ transport: 'udp', address: '192.0.2.1', port: 5060, state: 'answers', text: 'x' }], calls: { inbound: 0, outbound: 0 }, outcomes: { attempts: 0, answered: 0, failed: 0, lastFailure: null },
    });
    const drill = (await bed.request('POST', `/api/v1/trunks/${trunk}/drills`, { body: { number: '95551234' } })).body.id;
    const text = (await bed.request('GET', '/api/v1/config/export')).body;
    const plan = (await bed.request('POST', '/api/v1/config/plans', { body: { document: text.replace(/^( {2}desk-101:\n)/m, '$1    displayName: Other\n') } })).body.id;
    for (const [path, concrete] of [
      ['/trunks/{id}', `/trunks/${trunk}`],
      ['/trunks/{id}', `/trunks/${other}`],
      ['/trunks/{id}/status', `/trunks/${trunk}/status`],
      ['/trunks/{id}/status', `/trunks/${other}/status`],
      ['/trunks/{id}/drills', `/trunks/${trunk}/drills`],
      ['/trunks/{id}/drills/{drill}', `/trunks/${trunk}/drills/${drill}`],
      ['/pin-sets/{id}', `/pin-sets/${pins}`],
      ['/schedules/{id}', `/schedules/${schedule}`],
      ['/schedules/{id}/state', `/schedules/${schedule}/state`],
      ['/outbound-routes/{id}', `/outbound-routes/${route}`],
      ['/config/plans/{id}', `/config/plans/${plan}`],
      ['/config/revisions/{number}', '/config/revisions/1'],
    ] as const) await meets('get', path, concrete);
    await meets('post', '/routing/explain', '/routing/explain', { from: { extension: '101' }, to: '92125550123', states: { documented: 'down' } });
    await meets('post', '/calculators/erlang', '/calculators/erlang', { erlangs: 2, blocking: 0.01 });
    await meets('post', '/config/plans/{id}/application', `/config/plans/${plan}/application`, { why: 'documented' });
    await meets('post', '/config/revisions/{number}/rollback', '/config/revisions/1/rollback', {});
    await meets('put', '/config', '/config', (await bed.request('GET', '/api/v1/config/export', { headers: { accept: 'application/json' } })).body);
  });

  /** What is asked and what is answered, both as documented. */
  async function meets(method: string, path: string, concrete: string, body?: object): Promise<void> {
    const { requestBody, responses } = document.paths[`/api/v1${path}`]![method]!;
    if (body !== undefined) {
      const asked = compile(document, requestBody!.content['application/json']!.schema);
      expect(asked(body) ? [] : asked.errors, concrete).toEqual([]);
    }
    const answer = await bed.request(method.toUpperCase(), `/api/v1${concrete}`, body === undefined ? {} : { body });
    const schema = responses[String(answer.status)]?.content?.['application/json']?.schema;
    expect(schema, `${concrete} ${answer.status}`).toBeDefined();
    const validate = compile(document, schema!);
    expect(validate(answer.body) ? [] : validate.errors, concrete).toEqual([]);
  }

  test('/docs is a page that needs nothing from elsewhere', async () => {
    const page = await bed.request('GET', '/docs', { key: null });
    expect(page.status).toBe(200);
    expect(page.body).not.toMatch(/https?:\/\//);
    for (const part of [...page.body.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map((match: RegExpMatchArray) => match[1])) {
      expect((await bed.request('GET', part ?? '', { key: null })).status, part).toBe(200);
    }
  });
});

/** A schema of the document, with all it refers to. */
function compile(document: Document, schema: object) {
  const within = (part: object): object => JSON.parse(JSON.stringify(part).replaceAll('#/components/schemas/', 'document#/$defs/')) as object;
  let validator = validators.get(document);
  if (validator === undefined) {
    validator = new Ajv2020({ strict: false, validateFormats: false });
    validator.addSchema({ $id: 'document', $defs: within(document.components.schemas) });
    validators.set(document, validator);
  }
  return validator.compile(within(schema));
}

const validators = new WeakMap<Document, Ajv2020>();

/** What fastify serves, from its own tree: a node's path is what stands before it, outer to inner. */
function routesOf(bed: ApiBed): string[] {
  const routes: string[] = [];
  const outer: { depth: number; path: string }[] = [];
  for (const line of bed.api.app.getHttpAdapter().getInstance().printRoutes({ commonPrefix: false }).split('\n')) {
    const node = /[├└]── (\S*)(?: \(([A-Z, ]+)\))?$/.exec(line);
    if (node === null) continue;
    const depth = line.search(/[├└]/);
    while ((outer.at(-1)?.depth ?? -1) >= depth) outer.pop();
    const path = (outer.at(-1)?.path ?? '') + (node[1] ?? '');
    outer.push({ depth, path });
    for (const method of node[2]?.split(', ') ?? []) {
      if (!['HEAD', 'OPTIONS'].includes(method)) routes.push(`${method} ${path}`);
    }
  }
  return routes.filter((route) => !route.endsWith(' *'));
}

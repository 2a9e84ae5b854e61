import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConferenceRooms, FakePlayers, type LocalTime, Queues } from '@tipring/app-endpoint';
import { type ActResult, demoPlan, Simulator } from '@tipring/cards';
import { FakeTimers } from '@tipring/clock';
import type { CarrierState } from '@tipring/carrier-control';
import { buildSnapshot, type ConfigurationRows, emptyRows, firstSettings, usualExtension } from '@tipring/config';
import { ApiKeys, AuditLog, CallLadders, CallRecordRepository, closeDatabase, ConfigurationRepository, type Database, DrillLog, EventLog, IdempotencyKeys, KeySealer, LiveConfiguration, MessageStore, newId, openDatabase, Recordings, RevisionLog, type Scope, UsageRepository, WebhookDeliveries } from '@tipring/store';
import { createTestDatabase, silent, testSealer, type TestDatabase } from '@tipring/store/testing';
import { PresenceAgent } from '@tipring/presence';
import type { LiveTrunk, Subscriber } from '@tipring/sip-endpoint';
import type { Availability, CallControl, CallEvent, CallListener, CallView, OriginateRequest } from '@tipring/telephony';
import { pino } from 'pino';
import { CallStories } from '../call-stories.ts';
import type { KeptDrills } from '../kept-drills.ts';
import { digestSecrets } from '../credentials.ts';
import { OfficeRouting } from '../telephony/office-routing.ts';
import { SiteClock } from '../telephony/site-clock.ts';
import { watchedIn } from '../telephony/watched.ts';
import type { AuthenticationFailure } from '@tipring/sip';
import { fakeCard, FakeGateway } from '@tipring/gateway';
import { emergencyNumbersOf, shortNumberOf } from '@tipring/line';
import type { Live } from '@tipring/line-endpoint';
import { cardsOf } from '../telephony/analog-views.ts';
import type { Asked, BlockView, DrillCall, HealthPart, RegistrationView } from './ports.ts';
import { type Api, startApi } from './start-api.ts';

/** The API over a real database and real HTTP; only telephony is a list. */
export interface ApiBed {
  readonly api: Api;
  readonly database: Database;
  readonly events: EventLog;
  readonly stories: CallStories;
  readonly configuration: LiveConfiguration;
  readonly calls: CallView[];
  readonly messages: MessageStore;
  /** Of sounds. */
  readonly sounds: string;
  readonly registrations: RegistrationView[];
  readonly blocks: BlockView[];
  readonly failures: AuthenticationFailure[];
  /** With the card SIM-1: FXO ports 1 to 4, FXS ports 5 to 12. */
  readonly gateway: FakeGateway;
  readonly analog: Live[];
  readonly trunks: LiveTrunk[];
  /** Of the extensions that there are at the start; told of calls by `tell`. */
  readonly presence: PresenceAgent;
  readonly subscribers: Subscriber[];
  readonly conferences: ConferenceRooms;
  /** Of lines and trunks, by id. */
  readonly states: Map<string, Availability>;
  /** Of drills; those of the database are there too. */
  readonly timers: FakeTimers;
  readonly kept: KeptDrills;
  /** Test calls that were begun. */
  readonly drillCalls: DrillCall[];
  /** Tells the API's observers of calls. */
  tell(event: CallEvent): void;
  /** The demo office's. */
  readonly simulator: Simulator;
  readonly health: Record<string, HealthPart>;
  /** A key with all scopes. */
  readonly key: string;
  keyWith(...scopes: Scope[]): Promise<string>;
  request(method: string, path: string, options?: RequestOptions): Promise<Answer>;
  close(): Promise<void>;
}

interface RequestOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** null: none. */
  readonly key?: string | null;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into answers of every shape
  readonly body: any;
}

export async function apiBed(): Promise<ApiBed> {
  const clone: TestDatabase = await createTestDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'tipring-api-'));
  const database = await openDatabase(clone.url, silent);
  const repository = new ConfigurationRepository(database.orm, testSealer);
  await repository.found(office(), { actor: 'system', requestId: null });
  const built = buildSnapshot((await repository.load())!);
  if (!built.ok) throw new Error(JSON.stringify(built.problems));
  const timers = new FakeTimers();
  const configuration = new LiveConfiguration(repository, built.value, { timers });
  const apiKeys = new ApiKeys(database.orm);
  const keyWith = async (...scopes: Scope[]) => (await apiKeys.create('test', scopes, { actor: 'system', requestId: null })).secret;
  const key = await keyWith('read', 'write', 'act');
  const events = new EventLog({ folder, pool: database.batches, wallClock: Date.now, log: silent, floor: 0, ringSize: 50 });
  const calls: CallView[] = [];
  const registrations: RegistrationView[] = [];
  const blocks: BlockView[] = [];
  const failures: AuthenticationFailure[] = [];
  const gateway = new FakeGateway({ cards: [fakeCard('SIM-1', [...Array<'fxo'>(4).fill('fxo'), ...Array<'fxs'>(8).fill('fxs')])] });
  const analog: Live[] = [];
  const trunks: LiveTrunk[] = [];
  const presence = new PresenceAgent(Date.now);
  presence.configure(watchedIn(configuration.snapshot), []);
  const subscribers: Subscriber[] = [];
  const clock = new SiteClock(() => configuration.snapshot.settings.site.timeZone, Date.now);
  const conferences = new ConferenceRooms({ media: new FakePlayers(timers), phrases: { pieces: () => [] }, timers, clock, snapshot: () => configuration.snapshot, newId: () => 'x', recorded: () => {}, discardFile: () => {} });
  const records = new CallRecordRepository(database.orm);
  const ladders = new CallLadders({ pool: database.batches, log: silent });
  const stories = new CallStories(ladders, records, configuration, timers, Date.now);
  const drillCalls: DrillCall[] = [];
  const listeners = new Set<CallListener>();
  const control = listOfCalls(calls, listeners);
  control.observe((event) => presence.hear(event));
  const sounds = join(folder, 'sounds');
  const messages = await MessageStore.open({ folder: join(folder, 'messages'), sounds, pool: database.batches, wallClock: Date.now, log: silent });
  const kept: KeptDrills = new DrillLog(database.orm);
  const states = new Map<string, Availability>();
  const routing = new OfficeRouting({ configuration, facts: { emergencyNumbers: emergencyNumbersOf, shortNumber: shortNumberOf }, availabilities: { availability: (id) => states.get(id) }, wallClock: Date.now });
  const simulator = new Simulator({ timers: new FakeTimers(), dsp: null }, demoPlan());
  const health: Record<string, HealthPart> = {};
  const api = await startApi(
    {
      configuration,
      apiKeys,
      revisions: new RevisionLog(database.orm),
      exportSealer: new KeySealer(new Uint8Array(32).fill(9), 'export'),
      emergencyNumbers: emergencyNumbersOf,
      audit: new AuditLog(database.orm),
      idempotency: new IdempotencyKeys(database.orm),
      records,
      stories,
      usage: new UsageRepository(database.orm),
      events,
      calls: control,
      messages,
      soundsFolder: sounds,
      soundsChanged: () => undefined,
      registrations: { list: () => registrations },
      blocks: {
        list: () => blocks,
        lift: (source) => {
          const at = blocks.findIndex((block) => block.source === source);
          return at >= 0 && blocks.splice(at, 1).length === 1;
        },
      },
      failures: { list: () => failures },
      cards: cardsOf(gateway),
      analog: { find: (id) => analog.find((one) => one.id === id) },
      carrier: { state: async () => ({ ok: true, value: quietCarrier }), act: async () => ({ ok: false, refusal: { code: 'noSuchCall', text: 'there is no call c1' } }) },
      simulator: { state: async () => ({ ok: true, value: simulator.state() }), act: async (act) => asked(simulator.act(act)) },
      trunks: { find: (id) => trunks.find((trunk) => trunk.id === id) },
      queues: new Queues({ snapshot: () => configuration.snapshot, calls: control, clock: { now: Date.now, local: utc }, timers, kept: { load: () => new Map(), save: () => {} } }),
      presence: { views: () => presence.views(), find: (name) => presence.view(presence.find(name)?.id ?? name), subscribers: (entity) => subscribers.filter(({ resource }) => resource === entity) },
      conferences,
      explainer: routing,
      drillCalls: {
        begin(drill) {
          if (drill.number === '911') return { ok: false, code: 'notOnTheWay', text: 'Not on the way.' };
          drillCalls.push(drill);
          return { ok: true, value: control.originate({ from: drill.extensionId, party: drill.party, to: drill.number }) };
        },
      },
      drills: kept,
      deliveries: new WebhookDeliveries(database.batches),
      recordings: new Recordings(database.batches),
      timers,
      health: { parts: async () => health },
      metrics: { contentType: 'text/plain; version=0.0.4', text: async () => 'tipring_calls 0\n' },
      log: pino({ level: 'silent' }),
    },
    { host: '127.0.0.1', port: 0 },
  );
  return {
    api, database, events, messages, sounds, stories, configuration, calls, registrations, blocks, failures, gateway, analog, trunks, presence, subscribers, conferences, states, timers, kept, drillCalls, simulator, health, key, keyWith,
    tell(event) {
      for (const listener of listeners) listener(event);
    },
    async request(method, path, options = {}) {
      const headers: Record<string, string> = { ...options.headers };
      const bearer = options.key === undefined ? key : options.key;
      if (bearer !== null) headers['authorization'] = `Bearer ${bearer}`;
      if (options.body !== undefined && headers['content-type'] === undefined) headers['content-type'] = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
      const response = await fetch(api.url + path, { method, headers, ...(options.body === undefined ? {} : { body: typeof options.body === 'string' ? options.body : JSON.stringify(options.body) }) });
      const text = await response.text();
      const isJson = /json/.test(response.headers.get('content-type') ?? '');
      return { status: response.status, headers: response.headers, body: isJson && text !== '' ? JSON.parse(text) : text };
    },
    async close() {
      await api.close();
      simulator.close();
      configuration.close();
      await events.close();
      await messages.close();
      await closeDatabase(database);
      await clone.drop();
      rmSync(folder, { recursive: true });
    },
  };
}

function utc(at: number): LocalTime {
  const date = new Date(at);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(), weekday: date.getUTCDay(), hour: date.getUTCHours(), minute: date.getUTCMinutes(), second: date.getUTCSeconds() };
}

function asked(result: ActResult): Asked<Extract<ActResult, { readonly ok: true }>> {
  return result.ok ? { ok: true, value: result } : { ok: false, ...result.refusal };
}

function office(): ConfigurationRows {
  const at = new Date(0).toISOString();
  const extensions = ['101', '102', '103'].map((number) => ({ id: newId('ext'), key: `desk-${number}`, number, displayName: `Desk ${number}`, ...usualExtension, version: 1, createdAt: at, updatedAt: at }));
  const devices = extensions.slice(0, 2).map((extension) => ({
    id: newId('dev'), key: `phone-${extension.number}`, extensionId: extension.id, displayName: 'Phone', username: extension.number, algorithm: 'MD5' as const, enabled: true,
    ha1: digestSecrets(extension.number, 'tipring', 'secret'), version: 1, createdAt: at, updatedAt: at,
  }));
  return { ...emptyRows(firstSettings('tipring', at)), extensions, devices };
}

function listOfCalls(calls: CallView[], listeners: Set<CallListener>): CallControl {
  return {
    originate(request: OriginateRequest) {
      const id = newId('cal');
      calls.push({ id, state: 'trying', direction: 'internal', startedAt: 1_800_000_000_000, answeredAt: null, from: request.party, to: request.to, legs: [], recovered: false, emergency: null, parked: null, recording: null });
      return id;
    },
    hangUp(id) {
      const at = calls.findIndex((call) => call.id === id);
      return at >= 0 && calls.splice(at, 1).length === 1;
    },
    calls: () => calls,
    call: (id) => calls.find((call) => call.id === id),
    hold: () => refused,
    resume: () => refused,
    mute: () => refused,
    sendDigits: () => refused,
    transfer: () => refused,
    completeTransfer: () => refused,
    cancelTransfer: () => refused,
    swapTransfer: () => refused,
    park: () => refused,
    retrieve: () => refused,
    pickUp: () => refused,
    redirect: () => refused,
    merge: () => refused,
    supervise: () => refused,
    record: () => refused,
    transfers: () => [],
    transferOf: () => undefined,
    parked: () => [],
    callerLeg: () => undefined,
    observe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const refused = { ok: false, code: 'refused', text: 'these calls are a list' } as const;

/** Of its plan alone. */
const quietCarrier: CarrierState = { name: 'Demo carrier', listening: [{ transport: 'udp', address: '127.0.0.60', port: 5070 }], failure: null, registrations: [], calls: [], received: {} };

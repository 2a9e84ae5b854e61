import { randomBytes, randomFillSync } from 'node:crypto';
import { nodeTimers } from '@tipring/clock';
import { GatewayClient } from '@tipring/gateway';
import { type AuthenticationFailures, type BindingRow, capturing, DigestServer, type Flow, type Guard, nodeHashing, NodeTransport, SessionLayer, TransactionLayer } from '@tipring/sip';
import { emergencyNumbersOf } from '@tipring/line';
import type { LineEndpoints } from '@tipring/line-endpoint';
import { GatewayMedia, SipEndpoints } from '@tipring/sip-endpoint';
import { newId } from '@tipring/store';
import { type Codec, Exchange } from '@tipring/telephony';
import type { Logger } from 'pino';
import { CallStories } from '../call-stories.ts';
import type { Environment } from '../environment.ts';
import type { Storage } from '../storage.ts';
import { likelyAddress, ownNames, sipListenAddresses } from './addresses.ts';
import { startAnalog } from './analog.ts';
import { bindingRow } from './binding-row.ts';
import { certificate } from './certificate.ts';
import { EmergencyNotifier, postNotice } from './emergency-notifier.ts';
import { FrontDoor } from './front-door.ts';
import { OfficeAccounts } from './office-accounts.ts';
import { OfficeIncidents } from './office-incidents.ts';
import { OfficeRouting } from './office-routing.ts';
import { guardSettings, registrarSettings, trustKnownPhones, watchSignIns } from './security.ts';
import { keepReplayWindows, takeReplayWindows } from './replay-windows.ts';

/** SIP, calls and media, wired and running. */
export interface Telephony {
  readonly exchange: Exchange;
  readonly endpoints: SipEndpoints;
  readonly routing: OfficeRouting;
  /** Analog telephones and lines. */
  readonly analog: LineEndpoints;
  readonly gateway: GatewayClient;
  readonly media: GatewayMedia;
  readonly transport: NodeTransport;
  readonly transactions: TransactionLayer;
  readonly sessions: () => number;
  /** Host part of our addresses. */
  readonly domain: string;
  readonly guard: Guard;
  readonly failures: AuthenticationFailures;
  readonly door: FrontDoor;
  readonly stories: CallStories;
  /** Adds to an instant of the monotonic clock to make it one of the wall clock, ms. */
  readonly epochShift: () => number;
  /** Every call gets its BYE; resolves when none is left or after `patienceMs`. */
  drain(patienceMs: number): Promise<void>;
  /** Nothing is heard any more. */
  close(): Promise<void>;
}

/** Codecs that may pass, most compatible first. The gateway decodes all of them. */
const codecs: readonly Codec[] = [
  { name: 'PCMA', clockRate: 8000 },
  { name: 'PCMU', clockRate: 8000 },
  { name: 'G722', clockRate: 8000 },
  { name: 'opus', clockRate: 48_000, channels: 2 },
];

/**
 * The order matters: the sockets are open and what comes in waits, the gateway is asked what an earlier process left,
 * those calls are taken back, and only then is anything answered; else a BYE of such a call would get a 481.
 */
export async function startTelephony(environment: Environment, storage: Storage, log: Logger): Promise<Telephony> {
  const { configuration, journal, registrations } = storage;
  const { settings } = configuration.snapshot;
  const timers = nodeTimers();
  const epochShift = () => Date.now() - timers.now();
  const { guard, failures } = watchSignIns(() => timers.now(), epochShift, storage.events, log, guardSettings(settings));
  let registrar = registrarSettings(settings);
  configuration.observe((after) => {
    guard.adjust(guardSettings(after.settings));
    registrar = registrarSettings(after.settings);
  });
  const domain = likelyAddress(environment.bind);
  const digest = new DigestServer({ realm: settings.sip.realm, secret: storage.nonceSecret, hosts: ownNames(environment.bind) }, nodeHashing, randomBytes(12).toString('hex'), Date.now());
  takeReplayWindows(environment.dataFolder, digest);

  // The transport's events need the endpoints and those need the transport: the door stands between.
  let flowClosed: (flow: Flow) => void = () => undefined;
  let deliver: (bytes: Uint8Array, flow: Flow) => void = () => undefined;
  const door = new FrontDoor(guard, () => timers.now(), (bytes, flow) => deliver(bytes, flow));
  const gateway = new GatewayClient({ path: environment.gatewaySocket });
  const media = new GatewayMedia(gateway);
  const transport = await NodeTransport.open(
    { listen: sipListenAddresses(environment), certificate: certificate(environment.dataFolder, ownNames(environment.bind)), native: environment.sipNative ?? '', admits: (address) => guard.admitsConnection(address) },
    { onMessage: (bytes, flow) => door.receive(bytes, flow), onFlowClosed: (flow) => flowClosed(flow), onError: (reason) => log.warn({ reason }, 'transport') },
  );

  const stories = new CallStories(storage.ladders, storage.records, configuration, timers, Date.now);
  const transactions = new TransactionLayer(capturing(transport, stories.ladders, Date.now), timers, unguessable);
  let sessions: SessionLayer | undefined;
  let importing = false;
  const routing = new OfficeRouting({
    configuration,
    facts: { emergencyNumbers: emergencyNumbersOf },
    availabilities: { availability: (id) => analog.endpoints.availability(id) },
    wallClock: Date.now,
  });
  const endpoints = new SipEndpoints(
    {
      accounts: new OfficeAccounts(configuration),
      exchange: { offer: (offer) => exchange.offer(offer) },
      registrations: {
        changed: (change) => {
          if (importing) return;
          registrations.changed(change.aor, change.what);
          if (change.what !== 'refreshed') storage.events.append(`registration.${change.what}`, { deviceId: change.binding.device, contact: change.binding.contact, transport: change.binding.flow.transport, reason: change.why });
        },
      },
      guard,
      failures,
    },
    {
      sessions: (user) => (sessions = new SessionLayer({ transactions, timers, random: unguessable }, user, { product: 'Tipring', methods: ['REGISTER'], dialogMethods: [], sessionTimer: { expiresS: 1800, minimumS: 90 }, extensions: ['path'], tryingAfterMs: TRYING_AFTER_MS })),
      transport,
      digest,
      get registrar() {
        return registrar;
      },
      timers,
      wallClock: Date.now,
    },
    media,
    { domain, codecs, transcoded: codecs, mediaTimeout: 'note' },
  );
  const exchange = new Exchange(
    {
      routes: routing,
      endpoints: {
        find(id) {
          const found = analog.endpoints.find(id);
          if (found.length === 0) return endpoints.find(id);
          routing.taken(id);
          return found;
        },
      },
      media,
      records: stories.following(journal),
    },
    timers,
    {
      wallClock: Date.now, newId: () => newId('cal'), media: { codecs, digits: 'rtpEvent' }, transcoded: codecs, setupMs: 180_000, releasingMs: 5_000,
      get silenceMs() {
        return configuration.snapshot.settings.calls.silenceS * 1000;
      },
      bug: ({ call, error, last }) => log.error({ err: error, call, last }, 'bug'),
    },
  );
  const analog = startAnalog(storage, media, { offer: (offer) => exchange.offer(offer) }, () => routing.emergencyNumbers, timers, log);
  const notifier = new EmergencyNotifier({ configuration, timers, log, post: postNotice });
  const incidents = new OfficeIncidents({ configuration, events: storage.events, notifier, log });
  exchange.observe((event) => {
    routing.hear(event);
    incidents.hearCall(event);
  });
  flowClosed = (flow) => endpoints.flowClosed(flow);
  deliver = (bytes, flow) => {
    stories.ladders.received(bytes, flow, Date.now());
    transactions.receiveBytes(bytes, flow);
  };

  registrations.follow((aor) => endpoints.bindings.of(aor).map((binding) => bindingRow(binding, epochShift())));
  importing = true;
  endpoints.bindings.import((await registrations.load(Date.now())) as BindingRow[], Date.now(), (flow) => (flow.transport === 'udp' || flow.transport === 'tcp' ? flow : undefined));
  importing = false;
  trustKnownPhones(endpoints.bindings.all(), guard);
  forgetWhomTheConfigurationForgets(storage, endpoints);

  const adopted = adoptCalls(media, exchange);
  analog.follow();
  await adopted;
  // The gateway may still be starting; what it does not give back by then was lost with it.
  const settled = setTimeout(() => journal.closeAbandoned((id) => exchange.call(id) !== undefined), gateway.state === 'up' ? 0 : ABANDONED_AFTER_MS);
  door.open(transport);

  return {
    exchange, endpoints, routing, analog: analog.endpoints, gateway, media, transport, transactions, guard, failures, door, stories, domain, epochShift,
    sessions: () => sessions?.size ?? 0,
    async drain(patienceMs) {
      await Promise.race([exchange.drain(), new Promise((resolve) => setTimeout(resolve, patienceMs).unref())]);
    },
    async close() {
      clearTimeout(settled);
      notifier.close();
      door.close();
      stories.close();
      keepReplayWindows(environment.dataFolder, digest);
      endpoints.bindings.close();
      gateway.close();
      flowClosed = () => undefined;
      await transport.close();
      timers.close();
    },
  };
}

/** Resolves when the gateway has told what it holds and that is taken back, or when it does not come for a while. */
function adoptCalls(media: GatewayMedia, exchange: Exchange): Promise<void> {
  return new Promise((resolve) => {
    const patience = setTimeout(resolve, GATEWAY_PATIENCE_MS);
    let first = true;
    media.audited = (held) => {
      if (first) exchange.adopt(held);
      first = false;
      exchange.gatewayReturned(held.map((one) => one.context));
      clearTimeout(patience);
      resolve();
    };
    media.audit();
  });
}

/** A device that is gone, disabled or has a new password is not reachable any more, whatever it registered before. */
function forgetWhomTheConfigurationForgets(storage: Storage, endpoints: SipEndpoints): void {
  storage.configuration.observe((_snapshot, changes) => {
    for (const change of changes) {
      storage.events.append(`configuration.${change.change}`, change.kind === 'settings' ? { kind: change.kind } : { kind: change.kind, id: change.id });
      if (change.kind !== 'device') continue;
      if (change.change === 'removed') endpoints.bindings.removeAll(change.id, 'administrative');
      else if (change.change === 'changed' && (!change.after.enabled || change.after.ha1.MD5 !== change.before.ha1.MD5)) endpoints.bindings.removeAll(change.id, 'administrative');
    }
  });
}

/** Numbers in [0, 1) from the system's generator, many at a time: tags and branches are made of them. */
function unguessable(): number {
  if (drawn === pool.length) {
    randomFillSync(pool);
    drawn = 0;
  }
  const value = (pool[drawn] ?? 0) / 2 ** 32;
  drawn += 1;
  return value;
}

const pool = new Uint32Array(1024);
let drawn = pool.length;

const GATEWAY_PATIENCE_MS = 1_000;
const ABANDONED_AFTER_MS = 15_000;

/** Most phones ring before that, and the datagram is saved; the caller repeats its INVITE only after 500 ms. */
const TRYING_AFTER_MS = 100;

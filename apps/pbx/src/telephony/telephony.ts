import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type ConferenceRooms, PlayerEvents, type Queues } from '@tipring/app-endpoint';
import { nodeTimers } from '@tipring/clock';
import { GatewayClient } from '@tipring/gateway';
import { type AuthenticationFailures, type BindingRow, capturing, DigestServer, DnsCache, type Flow, type Guard, NodeDns, nodeHashing, NodeTransport, SessionLayer, TransactionLayer } from '@tipring/sip';
import { emergencyNumbersOf, shortNumberOf } from '@tipring/line';
import type { LineEndpoints } from '@tipring/line-endpoint';
import { GatewayMedia, SipEndpoints, TrunkEndpoints } from '@tipring/sip-endpoint';
import { newId } from '@tipring/store';
import { type Codec, Exchange } from '@tipring/telephony';
import type { Logger } from 'pino';
import type { DrillCalls } from '../api/ports.ts';
import { CallStories } from '../call-stories.ts';
import type { Environment } from '../environment.ts';
import type { Storage } from '../storage.ts';
import { likelyAddress, ownNames, sipListenAddresses } from './addresses.ts';
import { startAnalog } from './analog.ts';
import { bindingRow } from './binding-row.ts';
import { certificate } from './certificate.ts';
import { EmergencyNotifier, postNotice } from './emergency-notifier.ts';
import { TestCalls } from './drill-calls.ts';
import { FrontDoor } from './front-door.ts';
import { officeApplications } from './office-applications.ts';
import { OfficeAccounts } from './office-accounts.ts';
import { OfficeIncidents } from './office-incidents.ts';
import { OfficePickups } from './office-pickups.ts';
import { OfficeRouting } from './office-routing.ts';
import { OfficeSounds } from './office-sounds.ts';
import { PhoneChanges } from './phone-changes.ts';
import { SiteClock } from './site-clock.ts';
import { guardSettings, registrarSettings, trustKnownPhones, watchSignIns } from './security.ts';
import { adoptCalls, followTrunks, forgetWhomTheConfigurationForgets, rememberCalls, wantsCertificates } from './following.ts';
import { type OfficePresence, officePresence } from './presence.ts';
import { unguessable } from './unguessable.ts';
import { keptAgents } from './kept-agents.ts';
import { parkingLotsOf } from './parking-lots.ts';
import { keepReplayWindows, takeReplayWindows } from './replay-windows.ts';
import { SpokenTexts } from './spoken-texts.ts';
import { siteTones } from './site-tones.ts';

/** SIP, calls and media, wired and running. */
export interface Telephony {
  readonly exchange: Exchange;
  readonly endpoints: SipEndpoints;
  readonly trunks: TrunkEndpoints;
  readonly routing: OfficeRouting;
  readonly drillCalls: DrillCalls;
  /** Analog telephones and lines. */
  readonly analog: LineEndpoints;
  /** Who is what now, and who is told of it. */
  readonly presence: OfficePresence;
  readonly conferences: ConferenceRooms;
  readonly queues: Queues;
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
  readonly sounds: OfficeSounds;
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
  let tones = siteTones(settings.site.country);
  configuration.observe((after) => {
    tones = siteTones(after.settings.site.country);
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
  const sounds = new OfficeSounds(environment.soundsFolder, () => configuration.snapshot);
  media.musicOf = (classId) => sounds.music(classId);
  const speaker = environment.speaker === undefined ? [] : [process.execPath, '--conditions=@tipring/source', environment.speaker];
  const texts = new SpokenTexts({ folder: environment.soundsFolder, speaker, log: (event, details) => log.warn(details, event) });
  texts.follow(configuration.snapshot);
  configuration.observe((after) => texts.follow(after));
  const players = new PlayerEvents(media);
  media.onPlayerEvent = (event) => players.hear(event);
  const transport = await NodeTransport.open(
    { listen: sipListenAddresses(environment), certificate: certificate(environment.dataFolder, ownNames(environment.bind)), native: environment.sipNative ?? '', admits: (address) => guard.admitsConnection(address), asksCertificates: () => wantsCertificates(configuration.snapshot) },
    { onMessage: (bytes, flow) => door.receive(bytes, flow), onFlowClosed: (flow) => flowClosed(flow), onError: (reason) => log.warn({ reason }, 'transport') },
  );

  const stories = new CallStories(storage.ladders, storage.records, configuration, timers, Date.now);
  const transactions = new TransactionLayer(capturing(transport, stories.ladders, Date.now), timers, unguessable);
  let sessions: SessionLayer | undefined;
  let importing = false;
  const routing = new OfficeRouting({
    configuration,
    facts: { emergencyNumbers: emergencyNumbersOf, shortNumber: shortNumberOf },
    availabilities: { availability: (id) => analog.endpoints.availability(id) ?? trunks.availability(id) },
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
          presence.registered(change.aor);
          if (change.what !== 'refreshed') storage.events.append(`registration.${change.what}`, { deviceId: change.binding.device, contact: change.binding.contact, transport: change.binding.flow.transport, reason: change.why });
        },
      },
      guard,
      failures,
      trunks: { take: (invite) => trunks.take(invite) },
      pickups: { mayTake: (by, leg, isEarlyOnly) => pickups.mayTake(by, leg, isEarlyOnly) },
      subscriptions: { subscribe: (transaction, account) => presence.subscriptions.subscribe(transaction, account) },
    },
    {
      sessions: (user) => (sessions = new SessionLayer({ transactions, timers, random: unguessable }, user, { product: 'Tipring', methods: ['REGISTER', 'SUBSCRIBE', 'REFER'], dialogMethods: ['REFER', 'SUBSCRIBE'], sessionTimer: { expiresS: 1800, minimumS: 90 }, extensions: ['path', 'replaces', 'norefersub', 'tdialog'], tryingAfterMs: TRYING_AFTER_MS })),
      transport,
      digest,
      get registrar() {
        return registrar;
      },
      timers,
      wallClock: Date.now,
    },
    media,
    {
      domain, codecs, transcoded: codecs, mediaTimeout: 'note',
      get tones() {
        return tones;
      },
    },
  );
  const dns = new DnsCache(new NodeDns(environment.dnsServers === undefined ? {} : { servers: environment.dnsServers }), () => timers.now());
  const trunks = new TrunkEndpoints(
    { exchange: { offer: (offer) => exchange.offer(offer) }, guard },
    { transactions, dns, hashing: nodeHashing, random: unguessable, contactSecret: storage.trunkSecret },
    endpoints,
  );
  const exchange = new Exchange(
    {
      routes: routing,
      endpoints: {
        find(id) {
          const application = office.find(id);
          if (application !== undefined) return [application];
          if (trunks.isTrunk(id)) return trunks.find(id);
          const found = analog.endpoints.find(id);
          if (found.length === 0) return endpoints.find(id);
          routing.taken(id);
          return found;
        },
      },
      media,
      records: stories.following(journal),
      lots: parkingLotsOf(configuration),
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
  const office = officeApplications(
    {
      snapshot: () => configuration.snapshot, messages: storage.messages, changes: new PhoneChanges(configuration, () => new Date()), calls: exchange,
      agents: keptAgents(environment.dataFolder, log),
      music: (classId) => sounds.music(classId),
      conferences: {
        newId: () => newId('cnf'),
        recorded: (recording) => log.info(recording, 'a conference was recorded'),
        discardFile: (file) => void rm(join(environment.soundsFolder, file), { force: true }).catch((error: unknown) => log.warn({ err: error, file }, 'not removed')),
      },
      paging: { isBusy: (extension) => routing.isBusy(extension), multicastFrom: () => domain },
    },
    {
      media: players, phrases: sounds, timers, codecs,
      clock: new SiteClock(() => configuration.snapshot.settings.site.timeZone, Date.now),
      log: { bug: (endpoint, leg, error) => log.error({ err: error, endpoint, leg }, 'bug') },
    },
  );
  const pickups = new OfficePickups({ configuration, exchange });
  const presence = officePresence({ configuration, endpoints, trunks, exchange, messages: storage.messages, dataFolder: environment.dataFolder, domain, timers, log });
  const analog = startAnalog(storage, media, { exchange, messages: (extension) => presence.messagesOf(extension) }, () => [routing.emergencyNumbers, routing.emergencyTestNumbers], timers, log);
  const notifier = new EmergencyNotifier({ configuration, timers, log, post: postNotice });
  const incidents = new OfficeIncidents({ configuration, events: storage.events, notifier, log });
  exchange.observe((event) => {
    routing.hear(event);
    incidents.hearCall(event);
  });
  trunks.observe((event) => incidents.hearTrunk(event));
  const drillCalls = new TestCalls({ configuration, exchange, routing, trunks, media, timers, wallClock: Date.now, address: domain, codecs });
  flowClosed = (flow) => {
    trunks.flowClosed(flow);
    endpoints.flowClosed(flow);
  };
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

  // Before calls are taken back: those of trunks are counted.
  followTrunks(configuration, trunks);
  rememberCalls(storage, routing, log);
  const adopted = adoptCalls(media, exchange, () => presence.callsKnown());
  analog.follow();
  await adopted;
  routing.resume(exchange.calls());
  presence.begin(analog.endpoints);
  // The gateway may still be starting; what it does not give back by then was lost with it.
  const settled = setTimeout(() => {
    journal.closeAbandoned((id) => exchange.call(id) !== undefined);
    presence.callsKnown();
    // A message is named after the leg that speaks it.
    const legs = new Set(exchange.calls().flatMap((call) => call.legs.filter(({ state }) => state !== 'released').map(({ id }) => id)));
    storage.messages.closeAbandoned(({ id }) => legs.has(id.slice(0, id.lastIndexOf('-'))));
  }, gateway.state === 'up' ? 0 : ABANDONED_AFTER_MS);
  door.open(transport);

  return {
    exchange, sounds, endpoints, trunks, routing, drillCalls, analog: analog.endpoints, presence, queues: office.queues, conferences: office.conferences, gateway, media, transport, transactions, guard, failures, door, stories, domain, epochShift,
    sessions: () => sessions?.size ?? 0,
    async drain(patienceMs) {
      await Promise.race([exchange.drain(), new Promise((resolve) => setTimeout(resolve, patienceMs).unref())]);
    },
    async close() {
      clearTimeout(settled);
      notifier.close();
      await texts.close();
      presence.close();
      office.close();
      await trunks.close(TRUNKS_PATIENCE_MS);
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

/** For the answers to what takes registrations back. */
const TRUNKS_PATIENCE_MS = 500;
const ABANDONED_AFTER_MS = 15_000;

/** Most phones ring before that, and the datagram is saved; the caller repeats its INVITE only after 500 ms. */
const TRYING_AFTER_MS = 100;

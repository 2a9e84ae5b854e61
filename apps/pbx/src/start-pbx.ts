import { nodeTimers } from '@tipring/clock';
import { CarrierClient } from '@tipring/carrier-control';
import type { Snapshot } from '@tipring/config';
import { emergencyNumbersOf } from '@tipring/line';
import { DrillLog, Recordings, UsageRepository, WebhookDeliveries } from '@tipring/store';
import type { Logger } from 'pino';
import type { Environment } from './environment.ts';
import { firstStartPath } from './first-start.ts';
import type { Greeting } from './greeting.ts';
import { startLateWork } from './late-work.ts';
import { metricsOf } from './metrics.ts';
import { openStorage } from './storage.ts';
import { httpHost, likelyAddress } from './telephony/addresses.ts';
import { analogOf, cardsOf, simulatorOf } from './telephony/analog-views.ts';
import { startTelephony } from './telephony/telephony.ts';
import { blocksOf, failuresOf, healthOf, presenceOf, registrationsOf, tellCalls, trunksOf } from './telephony/views.ts';

export interface RunningPbx {
  readonly about: Omit<Greeting, 'afterMs'>;
  /** Calls get their BYE, records and events are written; within eight seconds. */
  stop(): Promise<void>;
}

/** From the first to the last: what is kept, SIP and calls, the API. Ends in the reverse order, calls first. */
export async function startPbx(environment: Environment, log: Logger): Promise<RunningPbx> {
  const address = likelyAddress(environment.bind);
  const apiUrl = `http://${address.includes(':') ? `[${address}]` : address}:${environment.ports.http}/api/v1`;

  const storage = await openStorage(environment, apiUrl, log);
  const storedMs = performance.now();
  const telephony = await startTelephony(environment, storage, log);
  const callsMs = performance.now();
  telephony.exchange.observe(tellCalls(storage.events));
  const cards = cardsOf(telephony.gateway);
  const carrier = new CarrierClient(environment.carrierSocket ?? '');
  const apiTimers = nodeTimers();
  // Loaded only now: it takes half the time of the start, and phones need not wait for it.
  const { startApi } = await import('./api/start-api.ts');
  const api = await startApi(
    {
      configuration: storage.configuration,
      apiKeys: storage.apiKeys,
      revisions: storage.revisions,
      exportSealer: storage.exportSealer,
      emergencyNumbers: emergencyNumbersOf,
      audit: storage.audit,
      idempotency: storage.idempotency,
      records: storage.records,
      usage: new UsageRepository(storage.database.orm),
      stories: telephony.stories,
      events: storage.events,
      calls: telephony.exchange,
      messages: storage.messages,
      soundsFolder: environment.soundsFolder,
      soundsChanged: () => telephony.sounds.forget(),
      registrations: registrationsOf(storage, telephony),
      blocks: blocksOf(telephony),
      failures: failuresOf(telephony),
      cards,
      analog: analogOf((id) => telephony.analog.live(id), telephony.epochShift),
      simulator: simulatorOf(telephony.gateway),
      carrier,
      trunks: trunksOf(telephony),
      presence: presenceOf(telephony),
      conferences: telephony.conferences,
      queues: telephony.queues,
      explainer: telephony.routing,
      drillCalls: telephony.drillCalls,
      drills: new DrillLog(storage.database.orm),
      deliveries: new WebhookDeliveries(storage.database.batches),
      recordings: new Recordings(storage.database.batches),
      timers: apiTimers,
      health: healthOf(storage, telephony),
      metrics: metricsOf(storage, telephony),
      log,
    },
    { host: httpHost(environment.bind), port: environment.ports.http },
  );
  // Since the process began; what the API adds does not keep calls waiting.
  log.info({ storedMs: Math.round(storedMs), callsMs: Math.round(callsMs), apiMs: Math.round(performance.now()), gateway: telephony.gateway.state }, 'started');
  await telephony.door.watchLoad(telephony.transport.listening);
  const lateWork = startLateWork(environment, { configuration: storage.configuration, messages: storage.messages, log });
  const { snapshot } = storage.configuration;
  return {
    about: {
      isFirstStart: storage.isFirstStart,
      apiUrl,
      firstStartPath: firstStartPath(environment),
      address,
      sipPort: environment.ports.sip,
      calls: telephony.exchange.size,
      devices: snapshot.devices.size,
      handset: environment.simulator === 'demo' ? firstHandset(snapshot) : null,
    },
    async stop() {
      await telephony.drain(4_000);
      await api.close();
      carrier.close();
      apiTimers.close();
      await lateWork.close();
      await telephony.close();
      await storage.close(2_000);
    },
  };
}

/** For the greeting. */
function firstHandset(snapshot: Snapshot): Greeting['handset'] {
  const [station] = [...snapshot.stations.values()].sort((a, b) => a.port.port - b.port.port);
  const extension = station === undefined ? undefined : snapshot.extensions.get(station.extensionId);
  return station === undefined || extension === undefined ? null : { extension: extension.number, ...station.port };
}

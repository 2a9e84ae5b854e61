import type { GatewayMetrics } from '@tipring/gateway';
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { Metrics } from './api/ports.ts';
import type { Storage } from './storage.ts';
import type { Telephony } from './telephony/telephony.ts';

/** Everything is read when it is scraped: nothing is counted twice on the call path. */
export function metricsOf(storage: Storage, telephony: Telephony): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'tipring_' });
  const gauge = (name: string, help: string, read: () => number) => void new Gauge({ name: `tipring_${name}`, help, registers: [registry], collect() { this.set(read()); } });
  // A counter of prom-client only adds; ours are totals already.
  const total = (name: string, help: string, read: () => number) => void new Counter({ name: `tipring_${name}`, help, registers: [registry], collect() { this.reset(); this.inc(read()); } });
  const { transactions, transport, endpoints, exchange, guard, failures, door, gateway, media, presence } = telephony;
  const counters = transactions.counters;

  gauge('calls', 'Calls that are up or being set up', () => exchange.size);
  gauge('sip_sessions', 'SIP sessions that live', telephony.sessions);
  gauge('registered_devices', 'Devices with at least one live binding', () => endpoints.bindings.size);
  gauge('media_listeners', 'Terminations that a leg listens to; 0 without calls', () => media.size);
  gauge('sip_transactions_open', 'SIP transactions kept, all machines', () => transactions.size.clients + transactions.size.servers);
  void new Counter({
    name: 'tipring_sip_transactions_total', help: 'SIP transactions begun', labelNames: ['side', 'method'], registers: [registry],
    collect() {
      this.reset();
      this.inc({ side: 'client', method: 'invite' }, counters.inviteClients);
      this.inc({ side: 'client', method: 'other' }, counters.nonInviteClients);
      this.inc({ side: 'server', method: 'invite' }, counters.inviteServers);
      this.inc({ side: 'server', method: 'other' }, counters.nonInviteServers);
    },
  });
  total('sip_retransmissions_sent_total', 'Requests and responses sent again', () => counters.retransmissionsSent);
  total('sip_retransmissions_received_total', 'Messages that were repetitions', () => counters.retransmissionsReceived);
  total('sip_timeouts_total', 'Timers B, F and H', () => counters.timeouts);
  total('sip_transport_failures_total', 'Messages that could not be sent', () => counters.transportFailures);
  total('sip_messages_received_total', 'SIP messages received', () => transport.counters().received - door.probes);
  total('sip_messages_sent_total', 'SIP messages sent', () => transport.counters().sent);
  gauge('sip_connections', 'TCP, TLS and WebSocket connections', () => transport.counters().connections);
  total('sip_connections_refused_total', 'Connections not accepted', () => transport.counters().refused);
  total('sip_limited_total', 'Messages dropped because their source sends too many', () => door.counters.limited);
  total('sip_banned_total', 'Messages dropped because their source is shut out', () => door.counters.banned);
  total('sip_overload_total', 'New work answered 503 with Retry-After', () => door.counters.overload + counters.overloads);
  gauge('sip_refused_share', 'Share of new work that is answered 503 now, 0..1', () => door.admission.refusedShare);
  gauge('sip_queue_wait_seconds', 'How long the new work has waited that waits longest', () => door.waitMs / 1000);
  gauge('sip_queue', 'New work that waits for its turn', () => door.admission.waiting);
  const { subscriptions } = presence;
  gauge('subscriptions', 'What telephones watch: one for each lamp', () => subscriptions.size);
  gauge('notifies_waiting', 'NOTIFYs that wait for their turn', () => subscriptions.load.waiting);
  total('subscriptions_accepted_total', 'SUBSCRIBEs that were granted, refreshes not counted', () => subscriptions.counters.accepted);
  total('subscriptions_failed_total', 'Subscriptions that ended because a NOTIFY was refused or not answered', () => subscriptions.counters.failed);
  total('notifies_total', 'NOTIFYs to telephones that watch, repetitions not counted', () => subscriptions.counters.notified);
  total('notifies_coalesced_total', 'Changes that a NOTIFY told together with a later one', () => subscriptions.counters.coalesced);
  gauge('blocked_sources', 'Sources shut out now', () => guard.blocks().length);
  total('sip_bans_total', 'Sources that were shut out', () => guard.bans);
  void new Counter({
    name: 'tipring_sip_authentication_failures_total', help: 'Credentials that were not taken, by kind; stale, foreign and replayed nonces had the right password', labelNames: ['kind'], registers: [registry],
    collect() {
      this.reset();
      for (const [kind, count] of Object.entries(failures.counts)) this.inc({ kind }, count);
    },
  });
  void new Counter({
    name: 'tipring_sip_refused_messages_total', help: 'Bytes that were no SIP message, by reason', labelNames: ['reason'], registers: [registry],
    collect() {
      this.reset();
      for (const [reason, count] of counters.refusedBytes) this.inc({ reason }, count);
    },
  });
  gauge('journal_backlog', 'Call records that are not in PostgreSQL yet', () => storage.journal.backlog);
  gauge('journal_open', 'Attempts written down as begun and not ended', () => storage.journal.open);
  total('call_records_saved_total', 'Call records PostgreSQL has taken', () => storage.journal.saved);
  gauge('events_backlog', 'Events that are not in PostgreSQL yet', () => storage.events.backlog);
  gauge('events_last_sequence', 'Number of the last event', () => storage.events.last);
  gauge('registrations_backlog', 'Devices whose bindings are not written as they are now', () => storage.registrations.backlog);
  gauge('gateway_up', '1 when the media gateway is connected', () => (gateway.state === 'up' ? 1 : 0));
  gatewayGauges(registry, () => gatewayMetrics(telephony));

  return { contentType: registry.contentType, text: () => registry.metrics() };
}

/** One question to the gateway a scrape; what it does not answer in time is left out. */
function gatewayGauges(registry: Registry, ask: () => Promise<GatewayMetrics | null>): void {
  void new Gauge({
    name: 'tipring_gateway',
    help: 'What the media gateway counts: contexts, terminations, ports, workers, packets',
    labelNames: ['figure'],
    registers: [registry],
    async collect() {
      this.reset();
      for (const [figure, value] of Object.entries((await ask()) ?? {})) this.set({ figure }, Number(value));
    },
  });
}

function gatewayMetrics({ gateway }: Telephony): Promise<GatewayMetrics | null> {
  return new Promise((resolve) => {
    const patience = setTimeout(() => resolve(null), 500);
    gateway.send({ do: 'metrics' }, (reply) => {
      clearTimeout(patience);
      resolve(reply);
    });
  });
}

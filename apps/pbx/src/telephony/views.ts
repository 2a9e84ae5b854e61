import type { EventLog } from '@tipring/store';
import type { CallEvent } from '@tipring/telephony';
import { escapeUser } from '@tipring/sip';
import type { AuthenticationFailures, Blocks, Health, HealthPart, Presence, Registrations, Trunks } from '../api/ports.ts';
import { presentCall } from '../api/call-representations.ts';
import type { Storage } from '../storage.ts';
import { analogHealth } from './analog-views.ts';
import type { Telephony } from './telephony.ts';

/** The registrar's bindings, for the API. */
export function registrationsOf({ configuration }: Storage, { endpoints, domain, epochShift }: Telephony): Registrations {
  const host = domain.includes(':') ? `[${domain}]` : domain;
  return {
    list() {
      const shift = epochShift();
      const { devices } = configuration.snapshot;
      return Array.from(endpoints.bindings.all(), ({ device, contact, flow, q, since, expiresAt, userAgent }) => ({
        deviceId: device,
        aor: `sip:${escapeUser(devices.get(device)?.username ?? device)}@${host}`,
        contact,
        transport: flow.transport,
        address: flow.remote.address,
        port: flow.remote.port,
        q: q / 1000,
        since: Math.round(since + shift),
        expiresAt: Math.round(expiresAt + shift),
        userAgent: userAgent ?? null,
      }));
    },
  };
}

/** Trunks as they stand, for the API, whose instants are of the wall clock. */
export function trunksOf({ trunks, epochShift }: Pick<Telephony, 'trunks' | 'epochShift'>): Trunks {
  return {
    find(id) {
      const live = trunks.live(id);
      if (live === undefined) return undefined;
      const shift = epochShift();
      const wall = (at: number | null) => (at === null ? null : Math.round(at + shift));
      const { registration, options } = live;
      return {
        ...live,
        since: Math.round(live.since + shift),
        registration: registration && { ...registration, expiresAt: wall(registration.expiresAt) },
        options: options && { ...options, lastAnsweredAt: wall(options.lastAnsweredAt) },
      };
    },
  };
}

export function blocksOf({ guard, epochShift }: Telephony): Blocks {
  return {
    list() {
      const shift = epochShift();
      return guard.blocks().map((block) => ({ ...block, since: Math.round(block.since + shift), until: Math.round(block.until + shift) }));
    },
    lift: (source) => guard.unblock(source),
  };
}

export function failuresOf({ failures, epochShift }: Telephony): AuthenticationFailures {
  return {
    list() {
      const shift = epochShift();
      return failures.recent().map((failure) => ({ ...failure, first: Math.round(failure.first + shift), last: Math.round(failure.last + shift) }));
    },
  };
}

export function healthOf(storage: Storage, { analog, gateway, transport }: Telephony): Health {
  return {
    async parts() {
      const ports = analogHealth(storage.configuration.snapshot, (id) => analog.live(id));
      const parts: Record<string, HealthPart> = {
        database: await databaseHealth(storage),
        gateway: { up: gateway.state === 'up', vital: true, text: gateway.state === 'up' ? 'the media gateway answers' : 'the media gateway is not connected; calls have no sound' },
        sip: { up: transport.listening.length > 0, vital: true, text: `listening on ${transport.listening.length} sockets` },
        journal: { up: storage.journal.backlog < BACKLOG, vital: false, text: `${storage.journal.backlog} call records wait to be written` },
        ...(ports === undefined ? {} : { analog: ports }),
      };
      return parts;
    },
  };
}

/** Who is what, for the API. */
export function presenceOf({ presence: { agent, subscriptions } }: Telephony): Presence {
  return {
    views: () => agent.views(),
    find: (name) => agent.view(agent.find(name)?.id ?? name),
    subscribers: (entity) => subscriptions.subscribers(entity),
  };
}

/** What happens to calls goes into the event log, as REST shows calls. */
export function tellCalls(events: EventLog): (event: CallEvent) => void {
  return ({ type, call, ...rest }) => {
    // Each ring of each telephone: whoever wants to know that asks for presence.
    if (type === 'call.legsChanged') return;
    const { at: _at, ...detail } = rest;
    events.append(type, { call: presentCall(call), ...detail });
  };
}

async function databaseHealth({ database }: Storage): Promise<HealthPart> {
  const patience = new Promise<never>((_, reject) => setTimeout(() => reject(new Error('no answer within a second')), 1_000).unref());
  try {
    await Promise.race([database.batches.query('SELECT 1'), patience]);
    return { up: true, vital: false, text: 'PostgreSQL answers' };
  } catch (error) {
    return { up: false, vital: false, text: `PostgreSQL does not answer: ${error instanceof Error ? error.message : String(error)}. Calls go on; records wait in files.` };
  }
}

const BACKLOG = 10_000;

import { type ApplicationSurroundings, CallBacks, ConferenceRooms, type ConferenceRoomsPorts, Conferences, type KeptPresences, LastCallers, Mailboxes, type MessageStore, OfficeApplications, type OfficeChanges, PagingZones, type PagingZonesPorts, QueueEndpoints, Queues, WakeUps } from '@tipring/app-endpoint';
import type { Snapshot } from '@tipring/config';
import type { Piece } from '@tipring/prompts';
import type { CallControl, Endpoint, EndpointId } from '@tipring/telephony';

export interface ApplicationsPorts {
  readonly snapshot: () => Snapshot;
  readonly messages: MessageStore;
  readonly changes: OfficeChanges;
  readonly calls: CallControl;
  readonly agents: KeptPresences;
  readonly music: (classId: string | null) => readonly Piece[];
  readonly conferences: Pick<ConferenceRoomsPorts, 'newId' | 'recorded' | 'discardFile'>;
  readonly paging: Pick<PagingZonesPorts, 'isBusy' | 'multicastFrom'>;
}

export interface Applications {
  /** Made anew for each call: as it is configured now. Undefined: it is none of these. */
  find(id: EndpointId): Endpoint | undefined;
  /** Who is in which conference. */
  readonly conferences: ConferenceRooms;
  /** Who waits in which queue, and for whom. */
  readonly queues: Queues;
  /** Nobody is called back or woken any more. */
  close(): void;
}

/** What plays, listens and does what it is told in this office. */
export function officeApplications(ports: ApplicationsPorts, surroundings: ApplicationSurroundings): Applications {
  const { snapshot, calls, music } = ports;
  const { clock, timers } = surroundings;
  const callBacks = new CallBacks(calls, snapshot, timers);
  const lastCallers = new LastCallers(calls, snapshot);
  const wakeUps = new WakeUps(calls, snapshot, clock, timers);
  const queues = new Queues({ snapshot, calls, clock, timers, kept: ports.agents });
  const lines = new QueueEndpoints({ snapshot, queues, music }, surroundings);
  const mailboxes = new Mailboxes({ ...ports, clock });
  const applications = new OfficeApplications({ ...ports, queues, clock, callBacks, lastCallers, mailboxes, wakeUps }, surroundings);
  const rooms = new ConferenceRooms({ ...surroundings, snapshot, ...ports.conferences });
  const conferences = new Conferences({ snapshot, rooms, music }, surroundings);
  const zones = new PagingZones({ snapshot, calls, ...ports.paging }, surroundings);
  return {
    find: (id) => applications.find(id) ?? lines.find(id) ?? conferences.find(id) ?? zones.find(id),
    conferences: rooms,
    queues,
    close: () => {
      callBacks.close();
      lastCallers.close();
      wakeUps.close();
      queues.close();
    },
  };
}

import { CallBacks, LastCallers, Mailboxes, WakeUps, OfficeApplications, type ApplicationSurroundings, type MessageStore, type OfficeChanges, type QueueAgents } from '@tipring/app-endpoint';
import type { Snapshot } from '@tipring/config';
import type { CallControl } from '@tipring/telephony';

export interface ApplicationsPorts {
  readonly snapshot: () => Snapshot;
  readonly messages: MessageStore;
  readonly changes: OfficeChanges;
  readonly calls: CallControl;
  readonly queues: QueueAgents;
}

/** What plays, listens and does what it is told in this office. `close`: nobody is called back or woken any more. */
export function officeApplications(ports: ApplicationsPorts, surroundings: ApplicationSurroundings): { readonly applications: OfficeApplications; close(): void } {
  const { clock, timers } = surroundings;
  const callBacks = new CallBacks(ports.calls, ports.snapshot, timers);
  const lastCallers = new LastCallers(ports.calls, ports.snapshot);
  const wakeUps = new WakeUps(ports.calls, ports.snapshot, clock, timers);
  const mailboxes = new Mailboxes({ ...ports, clock });
  return {
    applications: new OfficeApplications({ ...ports, clock, callBacks, lastCallers, mailboxes, wakeUps }, surroundings),
    close: () => {
      callBacks.close();
      lastCallers.close();
      wakeUps.close();
    },
  };
}

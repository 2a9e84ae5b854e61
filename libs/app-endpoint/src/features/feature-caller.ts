import type { Extension, Snapshot } from '@tipring/config';
import type { Said } from '@tipring/prompts';
import type { CallControl } from '@tipring/telephony';
import type { OfficeChanges } from '../office-changes.ts';
import type { WallClock } from '../wall-clock.ts';
import type { CallBacks } from './call-backs.ts';
import type { FeatureAnswer, FeatureAsk } from './feature.ts';
import type { LastCallers } from './last-callers.ts';

/** Port. The agents of queues, as they log in and out. `queue`: its id; null: all of which this extension is an agent. False: it is of none such. */
export interface QueueAgents {
  change(extensionId: string, queue: string | null, to: 'loggedIn' | 'loggedOut' | 'paused' | 'resumed'): boolean;
}

export interface OfficeDeskPorts {
  readonly snapshot: () => Snapshot;
  readonly changes: OfficeChanges;
  readonly calls: CallControl;
  readonly clock: WallClock;
  readonly queues: QueueAgents;
  readonly callBacks: CallBacks;
  readonly lastCallers: LastCallers;
}

/** A caller with what he is in the configuration. */
export interface FeatureCaller {
  readonly extension: Extension;
  readonly ask: FeatureAsk;
  readonly ports: OfficeDeskPorts;
}

/** It cannot be done, or is done: the caller is told, and the call is over. */
export function refusal(...said: readonly Said[]): FeatureAnswer {
  return { said, then: 'over' };
}

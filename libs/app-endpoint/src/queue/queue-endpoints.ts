import type { Snapshot } from '@tipring/config';
import type { Said } from '@tipring/prompts';
import type { Endpoint, EndpointId } from '@tipring/telephony';
import { ApplicationEndpoint } from '../application-endpoint.ts';
import type { ApplicationSurroundings } from '../application-ports.ts';
import { targetOf } from '../target-of.ts';
import { queue } from './queue.ts';
import type { Queues } from './queues.ts';

export interface QueueEndpointsPorts {
  readonly snapshot: () => Snapshot;
  readonly queues: Queues;
  /** What those hear who wait; null: the site's. */
  readonly music: (classId: string | null) => readonly Said[];
}

/** The queues of an office as endpoints, by the ids of their rows. */
export class QueueEndpoints {
  readonly #ports: QueueEndpointsPorts;
  readonly #surroundings: ApplicationSurroundings;

  constructor(ports: QueueEndpointsPorts, surroundings: ApplicationSurroundings) {
    this.#ports = ports;
    this.#surroundings = surroundings;
  }

  /** Made anew for each call: as it is configured now. Undefined: it is no queue. */
  find(id: EndpointId): Endpoint | undefined {
    const { snapshot, queues, music } = this.#ports;
    const configured = snapshot().queues.get(id);
    if (configured === undefined) return undefined;
    const { greetingId, musicClassId, announcement, overflow, language } = configured;
    const application = queue(
      {
        greeting: greetingId === null ? [{ phrase: 'queue.wait' }] : [{ prompt: greetingId }],
        music: music(musicClassId),
        everyMs: announcement.everyMs,
        saysPosition: announcement.position,
        announced: announcement.promptId === null ? [] : [{ prompt: announcement.promptId }],
        overflow: overflow === null ? null : targetOf(overflow),
      },
      queues.asked(id),
    );
    const spoken = (number: string): string => snapshot().extensionByNumber(number)?.language ?? language ?? snapshot().settings.voice.language;
    return new ApplicationEndpoint(id, application, ({ number }) => spoken(number), this.#surroundings);
  }
}

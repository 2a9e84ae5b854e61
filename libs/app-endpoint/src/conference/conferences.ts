import type { Said } from '@tipring/prompts';
import type { Snapshot } from '@tipring/config';
import type { Endpoint, EndpointId } from '@tipring/telephony';
import { ApplicationEndpoint } from '../application-endpoint.ts';
import type { ApplicationSurroundings } from '../application-ports.ts';
import type { ConferenceRooms } from './conference-rooms.ts';

export interface ConferencesPorts {
  readonly snapshot: () => Snapshot;
  readonly rooms: ConferenceRooms;
  /** What those hear who wait; null: the site's. */
  readonly music: (classId: string | null) => readonly Said[];
}

/** The conferences of an office as endpoints, by the ids of their rows. */
export class Conferences {
  readonly #ports: ConferencesPorts;
  readonly #surroundings: ApplicationSurroundings;

  constructor(ports: ConferencesPorts, surroundings: ApplicationSurroundings) {
    this.#ports = ports;
    this.#surroundings = surroundings;
  }

  /** Made anew for each call: as it is configured now. Undefined: it is no conference. */
  find(id: EndpointId): Endpoint | undefined {
    const { rooms, music, snapshot } = this.#ports;
    const configured = snapshot().conferences.get(id);
    const application = configured === undefined ? undefined : rooms.application(id, music(configured.musicClassId));
    if (configured === undefined || application === undefined) return undefined;
    const spoken = (number: string): string => snapshot().extensionByNumber(number)?.language ?? configured.language ?? snapshot().settings.voice.language;
    return new ApplicationEndpoint(id, application, ({ number }) => spoken(number), this.#surroundings);
  }
}

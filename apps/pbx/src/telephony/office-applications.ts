import { ApplicationEndpoint, type ApplicationSurroundings, announcement, echoTest, milliwatt, speakingClock } from '@tipring/app-endpoint';
import type { Snapshot } from '@tipring/config';
import type { Endpoint, EndpointId } from '@tipring/telephony';

/** What plays, listens and records in this office, by the names that routing gives. */
export class OfficeApplications {
  readonly #snapshot: () => Snapshot;
  readonly #surroundings: ApplicationSurroundings;

  constructor(snapshot: () => Snapshot, surroundings: ApplicationSurroundings) {
    this.#snapshot = snapshot;
    this.#surroundings = surroundings;
  }

  /** Made anew for each call: as it is configured now. Undefined: it is no application. */
  find(id: EndpointId): Endpoint | undefined {
    const { clock } = this.#surroundings;
    switch (id) {
      case 'application:echoTest':
        return this.#endpoint(id, echoTest({ mostMs: LONGEST_TEST_MS }));
      case 'application:milliwatt':
        return this.#endpoint(id, milliwatt({ mostMs: LONGEST_TEST_MS }));
      case 'application:speakingClock':
        return this.#endpoint(id, speakingClock({ local: (at) => clock.local(at), times: 18 }));
      default:
        break;
    }
    if (this.#snapshot().prompts.has(id)) return this.#endpoint(id, announcement({ said: [{ prompt: id }], times: 1, then: null }));
    return undefined;
  }

  #endpoint<State, Ask, Answer>(id: EndpointId, application: ConstructorParameters<typeof ApplicationEndpoint<State, Ask, Answer>>[1]): Endpoint {
    return new ApplicationEndpoint(id, application, () => this.#snapshot().settings.voice.language, this.#surroundings);
  }
}

/** Who forgets to hang up does not keep a line. */
const LONGEST_TEST_MS = 600_000;

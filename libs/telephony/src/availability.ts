import type { EndpointId } from './endpoint.ts';

/**
 * Whether a line or a trunk could take a call out now. `ready`; `degraded`: it works, badly; `busy`: a line in a call; `full`: a trunk with all calls it may
 * have; `inUseElsewhere`: somebody talks on a telephone in parallel to ours; `resting`: between two calls; `absent`: its card or its registration is not there; `down`: it does not
 * answer, or has no battery; `disabled`: by configuration, or not commissioned.
 */
export type AvailabilityState = 'ready' | 'degraded' | 'busy' | 'full' | 'resting' | 'inUseElsewhere' | 'absent' | 'down' | 'disabled';

export interface Availability {
  readonly state: AvailabilityState;
  /** A sentence for people. */
  readonly text: string;
  /** Ms of the monotonic clock; when its last call ended, null: it had none since the start. */
  readonly idleSince: number | null;
  /** Ms it was in calls since the start. */
  readonly usedMs: number;
  /** In an emergency call: it is not pre-empted. */
  readonly isEmergency: boolean;
  /** Of a line: its call came in. Who is called cannot end a call at once (ITU-T Q.118: an exchange may hold it for a minute), so such a line is pre-empted last. */
  readonly isIncoming?: boolean;
}

/** Port. Synchronous; undefined: there is no line or trunk of this name. */
export interface Availabilities {
  availability(endpoint: EndpointId): Availability | undefined;
}

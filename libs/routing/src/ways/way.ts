import type { Line, Trunk } from '@tipring/config';
import type { Attempt, Availabilities, AvailabilityState, EndpointId, Party } from '@tipring/telephony';

/** One trunk or line (or telephone of ours) by which a call could go, and what it would be given. */
export interface Way {
  readonly endpoint: EndpointId;
  readonly kind: 'trunk' | 'line' | 'device' | 'station' | 'application';
  readonly key: string;
  /** The group or rule that it came in by. */
  readonly via: string;
  readonly state: AvailabilityState | 'unknown';
  readonly stateText: string;
  readonly number: string;
  readonly shown: string | null;
  /** The caller as it is to show him; absent: it shows its own. */
  readonly from?: Party;
  /** Of the tariff's currency for the first minute. */
  readonly cost: number | null;
  readonly timeoutMs: number;
}

export type WayState = Pick<Way, 'state' | 'stateText'>;

/** How a line stands, by the configuration and then by its adapter. */
export function lineState({ id, isEnabled, isCommissioned }: Line, availabilities: Availabilities): WayState {
  if (!isEnabled) return { state: 'disabled', stateText: 'the line is switched off in the configuration' };
  if (!isCommissioned) return { state: 'disabled', stateText: 'the line is not commissioned: GET /api/v1/lines tells what to do' };
  return liveState(id, availabilities);
}

export function trunkState({ id, isEnabled }: Trunk, availabilities: Availabilities): WayState {
  return isEnabled ? liveState(id, availabilities) : { state: 'disabled', stateText: 'the trunk is switched off in the configuration' };
}

export function liveState(id: EndpointId, availabilities: Availabilities): WayState {
  const live = availabilities.availability(id);
  return live === undefined ? { state: 'unknown', stateText: 'nothing is known of it' } : { state: live.state, stateText: live.text };
}

/** Built without spreading: there may be hundreds in one call. */
export function attemptOf({ endpoint, number, from, kind, key, timeoutMs }: Way, priority?: 'emergency'): Attempt {
  const attempt: { -readonly [Field in keyof Attempt]: Attempt[Field] } = { endpoints: [endpoint], number, name: `${kind} ${key}`, timeoutMs };
  if (from !== undefined) attempt.from = from;
  if (priority !== undefined) attempt.priority = priority;
  return attempt;
}

/** A person is waited for so long. What is lost before is the adapter's to notice. */
export const TRUNK_MS = 180_000;
/** A line tells by itself when nobody answers. */
export const LINE_MS = 200_000;
/** More are not tried, and not told of. */
export const MOST_ATTEMPTS = 100;

import type { PortName } from '@tipring/gateway';
import type { Fxo, FxsLine } from '@tipring/line';
import type { EndpointId, Party } from '@tipring/telephony';
import type { LineIncident } from './line-endpoints-ports.ts';

/** A station or line as it stands: a copy. Instants are of the monotonic clock, ms. What hardware does not tell is null; what is measured is asked for (`LineEndpoints.measure`). */
export type Live = LiveStation | LiveLine;

interface LiveParts {
  readonly id: EndpointId;
  readonly port: PortName;
  /** False: its card or its gateway is not there. */
  readonly isPresent: boolean;
  /** In `state`. */
  readonly since: number;
  /** Who is at the other end of its call, as far as known. */
  readonly party: Party | null;
  readonly polarity: 'normal' | 'reversed' | null;
}

export interface LiveStation extends LiveParts {
  readonly kind: 'station';
  readonly state: FxsLine['at'];
  readonly hook: 'on' | 'off';
  /** Calls that are held, and one that waits. */
  readonly held: number;
  readonly waiting: Party | null;
}

export interface LiveLine extends LiveParts {
  readonly kind: 'line';
  readonly state: Fxo['at'];
  readonly hook: 'on' | 'off' | null;
  readonly battery: boolean | null;
}

/** For REST and its event stream. */
export type LineEvent =
  | { readonly type: 'state'; readonly live: Live }
  | { readonly type: 'incident'; readonly id: EndpointId; readonly what: LineIncident; readonly text: string };

/** Must not throw. */
export type LineListener = (event: LineEvent) => void;

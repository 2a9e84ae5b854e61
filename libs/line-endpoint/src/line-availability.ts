import { type Fxo, type FxoSettings, whyNotDialled } from '@tipring/line';
import type { Availability, AvailabilityState } from '@tipring/telephony';
import type { PortLeg } from './port-leg.ts';
import { absenceTexts, type PortLink } from './port-link.ts';
import type { PortUse } from './port-use.ts';

/** What `Line.originate` would come to now for a call that is no emergency: `ready` is seized, anything else is released at once. */
export interface LineAsIs {
  /** By the configuration that holds from the next call on. */
  readonly isEnabled: boolean;
  readonly line: Fxo;
  readonly settings: FxoSettings;
  readonly link: Pick<PortLink, 'isOpen' | 'absence'>;
  readonly leg: PortLeg | null;
  readonly use: PortUse;
}

/**
 * `disabled` is a line that is out of service, which emergency calls do not get either, and one that is free and that nobody has tried yet, which
 * they do: routing knows by `isEnabled` which.
 */
export function lineAvailability({ isEnabled, line, settings, link, leg, use }: LineAsIs, at: number): Availability {
  const { idleSince } = use;
  const rest = { idleSince, usedMs: use.usedMs(at), isEmergency: leg?.isEmergency ?? false, ...(leg?.role === 'caller' || arriving.has(line.at) ? { isIncoming: true } : {}) };
  if (!isEnabled) return { state: 'disabled', text: 'the line is out of service', ...rest };
  if (!link.isOpen) return { state: 'absent', text: absenceTexts[link.absence], ...rest };
  const refusal = whyNotDialled(line, settings);
  if (refusal === null) return { state: 'ready', text: 'the line is free', ...rest };
  const { kind, text } = refusal.evidence;
  const state = states[kind] ?? 'busy';
  return { state, text: state === 'busy' && rest.isEmergency ? 'the line is in an emergency call' : text, ...rest };
}

/** Whose call comes in, and nobody has it yet. */
const arriving: ReadonlySet<string> = new Set<Fxo['at']>(['announced', 'reading', 'validating', 'collecting', 'offered', 'ignored', 'caught', 'answering']);

/** By the kind of a refusal's evidence. */
const states: Readonly<Record<string, AvailabilityState>> = {
  absent: 'absent',
  disabled: 'disabled',
  notCommissioned: 'disabled',
  noBattery: 'down',
  inUseElsewhere: 'inUseElsewhere',
  releasing: 'resting',
  guard: 'resting',
};

import { fxsLine, type FxsLine, type FxsSettings } from '@tipring/line';
import type { Availability, Cause, Evidence } from '@tipring/telephony';
import { gatewayLost } from './gateway-evidence.ts';
import { absenceTexts, type PortLink } from './port-link.ts';
import type { PortUse } from './port-use.ts';
import type { StationCalls } from './station-calls.ts';

export interface StationAsIs {
  readonly line: FxsLine;
  readonly settings: FxsSettings;
  readonly link: Pick<PortLink, 'isOpen' | 'absence'>;
  readonly calls: StationCalls;
  readonly use: PortUse;
}

/** Why a call does not come to the telephone's machine at all; null: it does, and that decides. */
export function whyNotRung({ isLeaving, link, calls }: { readonly isLeaving: boolean; readonly link: StationAsIs['link']; readonly calls: StationCalls }): { readonly cause: Cause; readonly evidence: Evidence } | null {
  if (isLeaving) return { cause: 'outOfOrder', evidence: { kind: 'removed', text: 'the station is being removed' } };
  if (!link.isOpen) return link.absence === 'gateway' ? { cause: 'temporaryFailure', evidence: gatewayLost } : { cause: 'outOfOrder', evidence: { kind: 'portAbsent', text: 'the card of the port is not there' } };
  // Call waiting tone, and the silence in which its acknowledgement is awaited, would cut into it.
  if (calls.all.some(({ isEmergency }) => isEmergency)) return { cause: 'userBusy', evidence: { kind: 'emergency', text: 'the telephone is in an emergency call' } };
  if (calls.held !== null || calls.incoming !== null) return { cause: 'userBusy', evidence: { kind: 'offHook', text: 'the telephone has two calls already' } };
  return null;
}

/** What `Station.originate` would come to now: `ready` rings, `resting` rings in a moment, `busy` is told of the call while it talks, or refuses it; anything else refuses it. */
export function stationAvailability({ line, settings, link, calls, use }: StationAsIs, at: number): Availability {
  const { idleSince } = use;
  const rest = { idleSince, usedMs: use.usedMs(at), isEmergency: calls.all.some(({ isEmergency }) => isEmergency) };
  if (!link.isOpen) return { state: 'absent', text: absenceTexts[link.absence], ...rest };
  if (rest.isEmergency) return { state: 'busy', text: 'the telephone is in an emergency call', ...rest };
  if (calls.held !== null || calls.incoming !== null) return { state: 'busy', text: 'the telephone has two calls already, or is being called', ...rest };
  const [, effects] = fxsLine(line, { type: 'ring', call: { caller: { number: { absent: 'unavailable' } }, pattern: null } }, settings);
  const refusal = effects.find((effect) => effect.do === 'refuse');
  if (refusal === undefined) {
    if (line.at === 'talking') return { state: 'busy', text: 'the telephone is in a call, and can be told of another', ...rest };
    return line.at === 'guard' ? { state: 'resting', text: 'the telephone was hung up a moment ago', ...rest } : { state: 'ready', text: 'the telephone is free', ...rest };
  }
  const { text } = refusal.evidence;
  return { state: line.at === 'absent' ? 'absent' : line.at === 'disabled' ? 'disabled' : 'busy', text, ...rest };
}

import { fxsLine, type FxsLine, type FxsSettings } from '@tipring/line';
import type { Availability } from '@tipring/telephony';
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

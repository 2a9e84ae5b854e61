import type { SipRequest } from '@tipring/sip';
import { parseReplaces } from '@tipring/sip';
import type { EndpointId, LegId } from '@tipring/telephony';
import type { Surroundings } from './surroundings.ts';

/** Which leg an INVITE is to take the place of; undefined: it is a call of its own. `status`: what it is refused with. */
export type Replaced = { readonly ok: true; readonly leg: LegId | undefined } | { readonly ok: false; readonly status: number };

/**
 * RFC 3891 3. The dialog is named by its Call-ID and tags, or, as our dialog-info does for legs of any kind, by `LEG@domain` (`legName`).
 * `mayTake` is asked for legs that are not of the same endpoint.
 */
export function replacedLeg({ headers }: SipRequest, by: EndpointId, mayTake: (leg: LegId, isEarlyOnly: boolean) => boolean, { sessions, legs, settings }: Surroundings): Replaced {
  const [written, second] = headers.lines('Replaces');
  if (written === undefined) return { ok: true, leg: undefined };
  const replaces = second === undefined && !headers.has('Join') ? parseReplaces(written) : undefined;
  if (replaces === undefined) return { ok: false, status: 400 };
  const { callId, toTag, fromTag, earlyOnly } = replaces;
  const session = sessions.find({ callId, tags: [toTag, fromTag] });
  const found = legs.of(session);
  if (session === undefined || found === undefined) {
    const leg = legOf(callId, settings.domain);
    return leg !== undefined && mayTake(leg, earlyOnly) ? { ok: true, leg } : { ok: false, status: 481 };
  }
  // Nobody takes the place of a caller who is still waiting.
  if (session.phase !== 'confirmed' && session.direction === 'in') return { ok: false, status: 481 };
  if (session.phase === 'confirmed' && earlyOnly) return { ok: false, status: 486 };
  const { id } = found.leg;
  return found.endpoint === by || mayTake(id, earlyOnly) ? { ok: true, leg: id } : { ok: false, status: 403 };
}

/** A leg of any kind as the Call-ID of a Replaces may name it, whatever its tags. */
export function legName(leg: LegId, domain: string): string {
  return `${leg}@${domain}`;
}

function legOf(callId: string, domain: string): LegId | undefined {
  const end = callId.length - domain.length - 1;
  return end > 0 && callId.endsWith(`@${domain}`) ? callId.slice(0, end) : undefined;
}

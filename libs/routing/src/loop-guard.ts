import type { Diversion } from '@tipring/telephony';
import type { Call } from './call.ts';
import type { Incoming } from './rules/inbound-rules.ts';
import { Trace } from './trace.ts';

/**
 * Whether a call that is passed on to a number would come back and be passed on again: by what the far end tells of diversions, and, where it tells nothing, by our own
 * rules, asked as if the call came in again for that number.
 * @returns a sentence; undefined: it goes on
 */
export function comesBack(target: string, incoming: Incoming, { office, state }: Pick<Call, 'office' | 'state'>, diversions: readonly Diversion[] = []): string | undefined {
  if (diversions.length >= MOST_DIVERSIONS) return `the call was passed on ${diversions.length} times already`;
  const seen = new Set([incoming.calledE164 ?? incoming.called, ...diversions.map(({ number }) => number)]);
  let next: string | null = target;
  for (let hop = 0; hop < MOST_DIVERSIONS && next !== null; hop += 1) {
    if (seen.has(next)) return `the call would come back to ${next}, where it was before`;
    seen.add(next);
    next = passedOnTo(next, incoming, { office, state });
  }
  return next === null ? undefined : `the call would be passed on more than ${MOST_DIVERSIONS} times`;
}

/** Null: it would not be passed on. */
function passedOnTo(called: string, incoming: Incoming, { office, state }: Pick<Call, 'office' | 'state'>): string | null {
  const unheard = new Trace('call');
  const rule = office.inbound.find({ ...incoming, called, calledE164: called.startsWith('+') ? called : null }, state.at, office, unheard);
  // A wide pattern fits numbers that are not ours; one that is named is.
  if (rule?.destination.type !== 'number' || !rule.match.called.includes(called)) return null;
  const { number } = rule.destination;
  if (office.snapshot.extensionByNumber(number) !== undefined) return null;
  const match = office.outbound.find({ dialled: number, extensionId: null }, state.at, (one) => office.numbering.read(one), office, unheard);
  return typeof match === 'string' ? null : (match.number.e164 ?? match.dialled);
}

const MOST_DIVERSIONS = 5;

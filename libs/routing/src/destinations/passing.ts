import type { Extension } from '@tipring/config';
import type { Diversion } from '@tipring/telephony';
import type { Call, Passing } from '../call.ts';

/** Somebody inside has dialled it. */
export function dialledInside({ request, caller }: Call): Passing {
  const callerE164 = caller.is === 'extension' ? (caller.extension.calling?.shownNumber ?? null) : null;
  return { from: undefined, caller: request.from, callerE164, diversions: request.diversions, passedBy: [], conditions: 0, forwarder: null, incoming: null };
}

/** An extension sends it on. */
export function forwardedBy(extension: Extension, reason: Diversion['reason'], passing: Passing): Passing {
  const number = extension.calling?.shownNumber ?? extension.number;
  return { ...passing, diversions: [...(passing.diversions ?? []), { number, reason }], passedBy: [...passing.passedBy, extension.id], forwarder: extension };
}

/** The same, if its telephones do not take it. */
export function forwardedIf(extension: Extension, reason: Diversion['reason'], passing: Passing): Passing {
  return { ...forwardedBy(extension, reason, passing), conditions: passing.conditions + 1 };
}

/** A ring group, a menu … sends it on. */
export function passedOnBy(id: string, passing: Passing): Passing {
  return { ...passing, passedBy: [...passing.passedBy, id] };
}

/** What is shown as called of what may have no number: its own, else what was called, else its key. */
export function calledNumber({ number, key }: { readonly number?: string | null; readonly key: string }, { request }: Call): string {
  return number ?? (request.number === '' ? key : request.number);
}

/** A sentence; undefined: it was not there before, and was not sent on too often. */
export function circle(id: string, { passedBy }: Passing): string | undefined {
  if (passedBy.includes(id)) return 'the call was there before';
  return passedBy.length >= MOST_HOPS ? `the call was sent on ${MOST_HOPS} times` : undefined;
}

const MOST_HOPS = 6;

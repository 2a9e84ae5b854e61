import type { Destination, Extension, Forwarding } from '@tipring/config';
import type { Attempt, Cause, Diversion, Route } from '@tipring/telephony';
import { type Call, type Passing, refused, routed, type Verdict } from '../call.ts';
import { callerFault } from './caller-lists.ts';
import { Chain, whenBusy, whenNoAnswer, whenUnreachable } from './chain.ts';
import { circle, forwardedBy, forwardedIf } from './passing.ts';
import { featuresOf } from './recorded.ts';
import { telephonesOf } from './telephones.ts';

/** An extension is called: unless it sends the call elsewhere, its telephones ring together, and others that follow it; then comes what is behind each way that may end. */
export function callExtension(extension: Extension, passing: Passing, call: Call): Verdict {
  const { trace, state } = call;
  const { id, key, number, displayName, forwarding, isDoNotDisturb, isCallWaiting } = extension;
  const what = { kind: 'extension', id, key } as const;
  const loop = circle(id, passing);
  if (loop !== undefined) {
    trace.tell({ kind: 'loopGuard', id: null, key: number }, 'refused', 'loop', `extension ${number}: ${loop}`);
    return refused('noRouteToDestination', `extension ${number}: ${loop}`);
  }
  trace.tell(what, 'matched', 'extension', `${number} is ${displayName}`);
  const fault = callerFault(extension, passing, call);
  if (fault.is === 'refused') {
    trace.tell(what, 'refused', fault.code, fault.text);
    return refused('rejected', fault.text);
  }
  if (forwarding.always !== null && !isWho(forwarding.always, call)) return instead('always', 'unconditional', `all calls to ${number} are forwarded`, 'rejected', extension, passing, call);
  if (isDoNotDisturb && fault.is !== 'allowed') return instead('busy', 'userBusy', `${number} is not to be disturbed`, 'userBusy', extension, passing, call);
  if (!isCallWaiting && state.extensionState(id) !== 'idle' && state.extensionState(id) !== 'unreachable') return instead('busy', 'userBusy', `${number} is in a call and takes no second one`, 'userBusy', extension, passing, call);
  return ring(extension, passing, call);
}

/** Who is forwarded to may call back. */
function isWho(destination: Destination, { talker }: Call): boolean {
  return talker.is === 'extension' && destination.type === 'extension' && destination.id === talker.extension.id;
}

/** Its telephones do not ring. */
function instead(when: keyof Forwarding, reason: Diversion['reason'], text: string, cause: Cause, extension: Extension, passing: Passing, call: Call): Verdict {
  const { id, key } = extension;
  const what = { kind: 'extension', id, key } as const;
  const where = behind(when, extension);
  if (where === null) {
    call.trace.tell(what, 'refused', codes[when], text);
    return refused(cause, text);
  }
  call.trace.tell(what, 'applied', codes[when], text);
  return call.go(where, extension.displayName, forwardedBy(extension, reason, passing), call);
}

function ring(extension: Extension, passing: Passing, call: Call): Verdict {
  const { talker, trace, request } = call;
  const { id, key, number, ringTimeoutMs, forwarding, voicemailBoxId } = extension;
  const { endpoints, delays, given, lastMs } = telephonesOf(extension, passing, call);
  if (endpoints.length === 0) {
    const text = `extension ${number} has no device and no station that is enabled`;
    return behind('unreachable', extension) === null ? refused('subscriberAbsent', text) : instead('unreachable', 'unavailable', text, 'subscriberAbsent', extension, passing, call);
  }
  const attempt: Attempt = { endpoints, number, name: `extension ${number}`, timeoutMs: Math.max(ringTimeoutMs, lastMs), ...(delays === undefined ? {} : { delays }), ...(given === undefined ? {} : { given }) };
  const direction = talker.is === 'line' || talker.is === 'trunk' ? 'inbound' : 'internal';
  const features = featuresOf(direction, [extension], call);
  const route: Route = {
    direction, attempts: [attempt],
    ...(passing.from === undefined ? {} : { from: passing.from }),
    ...((passing.diversions ?? request.diversions) === undefined ? {} : { diversions: passing.diversions ?? request.diversions! }),
    ...(features === undefined ? {} : { features }),
  };
  if (voicemailBoxId === null && forwarding.busy === null && forwarding.noAnswer === null && forwarding.unreachable === null) return routed(route, number, 'internal', null);

  const chain = new Chain();
  chain.add(Chain.labelled(attempt, number));
  for (const { when, reason, on, words } of ends) {
    const where = passing.conditions < MOST_CONDITIONS ? behind(when, extension) : boxOf(extension);
    if (where === null) continue;
    trace.tell({ kind: 'extension', id, key }, 'applied', `${when}Next`, `${words}: ${where.type === 'voicemail' && forwarding[when] === null ? 'its voicemail box' : `forwarded (${where.type})`}`);
    const verdict = call.go(where, extension.displayName, forwardedIf(extension, reason, passing), call);
    if (verdict.ok) chain.branch(number, on, verdict.route);
  }
  return routed({ ...route, attempts: chain.attempts }, number, 'internal', null);
}

/** Where its calls go when it does not take them: what it says, else its voicemail box. */
function behind(when: keyof Forwarding, { forwarding, voicemailBoxId }: Pick<Extension, 'forwarding' | 'voicemailBoxId'>): Destination | null {
  return forwarding[when] !== null || when === 'always' ? forwarding[when] : boxOf({ voicemailBoxId });
}

function boxOf({ voicemailBoxId }: Pick<Extension, 'voicemailBoxId'>): Destination | null {
  return voicemailBoxId === null ? null : { type: 'voicemail', id: voicemailBoxId };
}

/** Each has three ways on: of more that depend on each other, only the box is left. */
const MOST_CONDITIONS = 2;

const codes = { always: 'forwarded', busy: 'busy', noAnswer: 'noAnswer', unreachable: 'unreachable' } as const;

const ends = [
  { when: 'busy', reason: 'userBusy', on: whenBusy, words: 'when it is busy' },
  { when: 'noAnswer', reason: 'noAnswer', on: whenNoAnswer, words: 'when nobody answers' },
  { when: 'unreachable', reason: 'unavailable', on: whenUnreachable, words: 'when it cannot be reached' },
] as const;

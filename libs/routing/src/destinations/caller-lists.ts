import type { Extension } from '@tipring/config';
import type { Call, Passing } from '../call.ts';

/** What an extension’s own lists say of who calls it. */
export type CallerFault = { readonly is: 'nothing' | 'allowed' } | { readonly is: 'refused'; readonly code: string; readonly text: string };

export function callerFault({ number, callers }: Extension, { caller, callerE164 }: Passing, call: Call): CallerFault {
  const { allowed, blocked, anonymous, others } = callers;
  if (allowed.length === 0 && blocked.length === 0 && anonymous === 'taken' && others === 'taken') return nothing;
  const isAnonymous = caller.anonymous === true;
  // Inside a number is not what a telephone says of itself.
  const given = call.talker.is === 'extension' ? call.talker.extension.number : caller.number;
  if (!isAnonymous && call.office.listOf(allowed).fits(given, callerE164)) return { is: 'allowed' };
  if (isAnonymous && anonymous === 'refused') return { is: 'refused', code: 'anonymous', text: `${number} takes no calls of who withholds the number` };
  if (!isAnonymous && call.office.listOf(blocked).fits(given, callerE164)) return { is: 'refused', code: 'blocked', text: `${callerE164 ?? given} is blocked by ${number}` };
  if (others === 'refused' && !isAnonymous) return { is: 'refused', code: 'notAllowed', text: `${number} takes calls only of who is allowed` };
  return nothing;
}

const nothing: CallerFault = Object.freeze({ is: 'nothing' });

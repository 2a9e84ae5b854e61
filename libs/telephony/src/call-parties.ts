import type { CallEffect, CallSettings, CallStep, CallTimer } from './call-inputs.ts';
import type { Call, Caller, Talking, Waiting } from './call-machine.ts';
import { holding, silenceBegins, without } from './call-step.ts';
import type { LegId } from './leg.ts';
import type { MediaProfile } from './media.ts';

/* Who is in a call that is up (call-machine.ts), and what comes of it when somebody joins or leaves. */

/** Whose far end still waits for an answer gets it. */
export function answering({ leg, media, answered }: { readonly leg: LegId; readonly media: MediaProfile; readonly answered: boolean }): CallEffect[] {
  return answered ? [] : [{ do: 'send', leg, command: { type: 'answer', media } }];
}

/** As long as it is in this call somebody talks to it. */
export function welcome({ leg, answered }: Caller): CallEffect[] {
  return answered ? [holding('resumed', leg)] : [];
}

export function withoutLeg(state: Talking, leg: LegId): Talking {
  return {
    ...state,
    parties: without(state.parties, leg),
    held: without(state.held, leg),
    heldHere: without(state.heldHere, leg),
    muted: without(state.muted, leg),
    mirrors: without(state.mirrors, leg),
    silent: without(state.silent, leg),
    // Who supervised it goes on with the others.
    observers: state.observers.filter((one) => one.leg !== leg).map((one) => (one.of === leg ? { ...one, of: state.parties.find((party) => party !== leg) ?? one.of } : one)),
    returns: state.returns === leg ? null : state.returns,
  };
}

/** From one to the other, with what that does to timer `silence` and to who is left alone. `silentMs`: how long the one who fell silent last has been. */
export function became(before: Talking, after: Talking, settings: CallSettings, silentMs: number, effects: CallEffect[]): CallStep {
  const told: CallEffect[] = [];
  for (const leg of after.parties) {
    const [was, is] = [before.parties.includes(leg) && isLeftAlone(before, leg), isLeftAlone(after, leg)];
    if (was !== is) told.push(holding(is ? 'held' : 'resumed', leg));
  }
  effects.unshift(...told);
  if (isSilent(before) && !isSilent(after)) effects.push({ do: 'stop', timer: 'silence' });
  if (!isSilent(before) && isSilent(after)) effects.push(...silenceBegins(settings, after.isEmergency, silentMs));
  return [after, effects];
}

/** Nothing comes from any, and nobody wanted that. */
export function isSilent({ parties, silent, held, heldHere }: Talking): boolean {
  return silent.length === parties.length && held.length + heldHere.length === 0;
}

export function timersOf(state: Talking): readonly CallTimer[] {
  return isSilent(state) ? ['silence'] : [];
}

export function stopped(state: Talking): CallEffect[] {
  return timersOf(state).map((timer) => ({ do: 'stop', timer }));
}

export function holdsAny({ held, heldHere }: Talking, leg: LegId): boolean {
  return held.includes(leg) || heldHere.includes(leg);
}

/** All others hold: it hears nobody. */
export function isLeftAlone({ parties, held, heldHere }: Talking, leg: LegId): boolean {
  return parties.every((other) => other === leg || held.includes(other) || heldHere.includes(other));
}

/** One is left, and hears music. `ms`: how long; null: somebody else sees to its end. */
export function letWait(so: Omit<Waiting, 'at'>, ms: number | null, before: CallEffect[]): CallStep {
  if (so.why.is !== 'move') before.push(holding('held', so.leg));
  if (ms !== null) before.push({ do: 'start', timer: 'waiting', ms });
  before.push({ do: 'publish', type: 'call.partiesChanged' }, { do: 'attach' });
  return [{ at: 'waiting', ...so }, before];
}

/** As the caller of whoever is called next. */
export function callerOf(leg: LegId, isHolding: boolean, media: MediaProfile): Caller {
  return { leg, media, kept: null, answered: true, isHolding, told: 'media' };
}

/** Who came from another call to talk to the others, or is on its way back there; null: nobody. */
export function consulterIn(state: Call): LegId | null {
  if (state.at === 'setup') return state.returns ? state.caller.leg : null;
  if (state.at === 'talking') return state.returns;
  return state.at === 'waiting' && state.why.is === 'move' ? state.leg : null;
}

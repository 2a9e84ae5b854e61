import type { CallEffect, CallSettings, CallStep } from './call-inputs.ts';
import type { Asking, Call, Setup, Talking, Waiting } from './call-machine.ts';
import type { Cause } from './cause.ts';
import type { LegEvent, LegId } from './leg.ts';

/* What the states of call-machine.ts have in common. */

/** A leg that was told to release has only `released` left to say. */
export function loser(state: Asking | Setup | Talking | Waiting, leg: LegId, event: LegEvent): CallStep {
  if (event.type !== 'released' || !state.losers.includes(leg)) return stay(state);
  return [{ ...state, losers: without(state.losers, leg) }, [{ do: 'drop', leg }]];
}

export function released(legs: readonly LegId[], cause: Cause): CallEffect[] {
  return legs.map((leg) => ({ do: 'send', leg, command: { type: 'release', cause } }));
}

export function restored(legs: readonly LegId[]): CallEffect[] {
  return legs.map((leg) => ({ do: 'send', leg, command: { type: 'restoreMedia' } }));
}

/** Told to the other side of who holds. */
export function holding(type: 'held' | 'resumed', leg: LegId): CallEffect {
  return { do: 'send', leg, command: { type } };
}

/** Told to the other side of who is silent. */
export function silence(leg: LegId, silentMs: number): CallEffect {
  return { do: 'send', leg, command: { type: 'silent', silentMs } };
}

/** Who calls for help may be unable to speak, but for ever a line is not held for nobody: the next emergency call needs it. */
export function silenceLimit({ silenceMs }: CallSettings, isEmergency: boolean): number {
  return isEmergency ? silenceMs * EMERGENCY_PATIENCE : silenceMs;
}

/** Timer `silence` for two parties of whom nothing has come for `alreadyMs`. */
export function silenceBegins(settings: CallSettings, isEmergency: boolean, alreadyMs: number): CallEffect[] {
  const ms = silenceLimit(settings, isEmergency);
  return ms === 0 ? [] : [{ do: 'start', timer: 'silence', ms: Math.max(0, ms - alreadyMs) }];
}

export function without(legs: readonly LegId[], leg: LegId): readonly LegId[] {
  return legs.filter((one) => one !== leg);
}

/** What was to be done before what a step does. */
export function after(effects: readonly CallEffect[], [state, further]: CallStep): CallStep {
  return [state, [...effects, ...further]];
}

export function stay(state: Call): CallStep {
  return [state, nothing];
}

const EMERGENCY_PATIENCE = 10;
const nothing: readonly CallEffect[] = [];

import { sendOn } from './call-attempt.ts';
import { preempt, release } from './call-ending.ts';
import type { CallEffect, CallInput, CallSettings, CallStep } from './call-inputs.ts';
import type { Arrival, Observer, Talking } from './call-machine.ts';
import { answering, became, holdsAny, letWait, stopped, timersOf, welcome, withoutLeg } from './call-parties.ts';
import { loser, released, restored, silence, silenceLimit, stay, without } from './call-step.ts';
import type { LegEvent, LegId } from './leg.ts';
import type { Outcome } from './outcome.ts';

/* The state of call-machine.ts in which parties hear each other. */

export function talking(state: Talking, input: CallInput, settings: CallSettings): CallStep {
  const everyone = [...state.parties, ...state.observers.map(({ leg }) => leg)];
  const open = [...everyone, ...state.losers];
  switch (input.type) {
    case 'hangUp':
      return release(open, input.outcome, input.outcome.cause, 'some', settings, timersOf(state));
    case 'timeout': {
      if (input.timer !== 'silence') return stay(state);
      const outcome: Outcome = { cause: 'recoveryOnTimerExpiry', evidence: { kind: 'silence', text: `no audio from either side for ${Math.round(silenceLimit(settings, state.isEmergency) / 1000)} s` } };
      return release(open, outcome, outcome.cause, 'some', settings, []);
    }
    case 'mediaLost':
      // Its ends are made anew, and so is their silence.
      return became(state, { ...state, silent: [] }, settings, 0, [...restored(everyone), { do: 'reconnect' }, { do: 'attach' }]);
    case 'hold':
      if (!state.parties.includes(input.leg) || state.heldHere.includes(input.leg) === input.isHeld) return stay(state);
      return holds(state, { ...state, heldHere: input.isHeld ? [...state.heldHere, input.leg] : without(state.heldHere, input.leg) }, input.leg, settings);
    case 'mute':
      if (!everyone.includes(input.leg)) return stay(state);
      return [{ ...state, muted: input.isMuted ? [...without(state.muted, input.leg), input.leg] : without(state.muted, input.leg) }, [{ do: 'publish', type: 'call.partiesChanged' }, { do: 'attach' }]];
    case 'supervise':
      if (!state.parties.includes(input.of)) return stay(state);
      return observed(state, { leg: input.leg, of: input.of, mode: input.mode });
    case 'sentOn':
      return sendOn(state, input);
    case 'left': {
      const others = input.why.is === 'slot' ? without(everyone, input.leg) : state.observers.map(({ leg }) => leg);
      return letWait({ leg: input.leg, isHolding: state.held.includes(input.leg), why: input.why, then: input.then, losers: [...state.losers, ...others] }, input.ms, [...stopped(state), ...released(others, 'normalClearing')]);
    }
    case 'arrived':
      return arrived(state, input.arrival, settings);
    case 'departed':
      return departed(input.isFinal === true ? { ...state, returns: null } : state, input.legs, input.outcome, settings, []);
    case 'leg':
      if (state.observers.some(({ leg }) => leg === input.leg)) return observerDoes(state, input.leg, input.event);
      return state.parties.includes(input.leg) ? partyDoes(state, input.leg, input.event, settings, open) : loser(state, input.leg, input.event);
    default:
      return stay(state);
  }
}

function partyDoes(state: Talking, leg: LegId, event: LegEvent, settings: CallSettings, open: readonly LegId[]): CallStep {
  const others = without(state.parties, leg);
  switch (event.type) {
    case 'released': {
      const [other] = others;
      if (event.cause === 'preempted' && others.length === 1 && other !== undefined && state.returns !== other) return preempt(other, without(open, leg), event, leg, stopped(state));
      if (others.length === 1 && state.returns !== other) return release(without(open, leg), event, event.cause, 'some', settings, timersOf(state));
      return departed(state, [leg], event, settings, [{ do: 'drop', leg }]);
    }
    case 'digit':
      return [state, others.map((other) => ({ do: 'send', leg: other, command: { type: 'sendDigit', digit: event.digit, durationMs: event.durationMs } }))];
    case 'digitPassed':
      return [state, others.map((other) => ({ do: 'send', leg: other, command: event }))];
    case 'held':
      return state.held.includes(leg) ? stay(state) : holds(state, { ...state, held: [...state.held, leg] }, leg, settings);
    case 'resumed':
      return state.held.includes(leg) ? holds(state, { ...state, held: without(state.held, leg) }, leg, settings) : stay(state);
    case 'mediaReturned':
      return [state, [{ do: 'reconnect' }]];
    // Of more than two it says nothing about the others.
    case 'silent':
      return became(state, { ...state, silent: [...without(state.silent, leg), leg] }, settings, event.silentMs, others.length === 1 ? others.map((other) => silence(other, event.silentMs)) : []);
    case 'heard':
      return became(state, { ...state, silent: without(state.silent, leg) }, settings, 0, others.length === 1 ? others.map((other) => ({ do: 'send', leg: other, command: { type: 'heard' } })) : []);
    case 'mirror':
      return [{ ...state, mirrors: event.is === 'on' ? [...without(state.mirrors, leg), leg] : without(state.mirrors, leg) }, [{ do: 'attach' }]];
    case 'changed':
      return [state, [{ do: 'attach' }]];
    default:
      return stay(state);
  }
}

function observerDoes(state: Talking, leg: LegId, event: LegEvent): CallStep {
  switch (event.type) {
    case 'released':
      return [withoutLeg(state, leg), [{ do: 'drop', leg }, { do: 'publish', type: 'call.partiesChanged' }, { do: 'attach' }]];
    case 'mediaReturned':
      return [state, [{ do: 'reconnect' }]];
    case 'changed':
      return [state, [{ do: 'attach' }]];
    default:
      return stay(state);
  }
}

function holds(before: Talking, after: Talking, leg: LegId, settings: CallSettings): CallStep {
  const [was, is] = [holdsAny(before, leg), holdsAny(after, leg)];
  const told: CallEffect[] = was === is ? [] : [{ do: 'publish', type: is ? 'call.held' : 'call.resumed', leg }];
  return became(before, after, settings, 0, [...told, { do: 'attach' }]);
}

/** Without these; `effects`: what is done about them. Of two the other is left: it ends with the call, or goes back to where it came from. */
function departed(state: Talking, legs: readonly LegId[], outcome: Outcome, settings: CallSettings, effects: CallEffect[]): CallStep {
  const after = legs.reduce(withoutLeg, state);
  const [last] = after.parties;
  if (after.parties.length > 1) return became(state, after, settings, 0, [...effects, { do: 'introduce' }, { do: 'publish', type: 'call.partiesChanged' }, { do: 'attach' }]);
  effects.push(...stopped(state));
  const observers = after.observers.map((observer) => observer.leg);
  if (last !== undefined && last === state.returns) {
    effects.push(...released(observers, 'normalClearing'), { do: 'moveOn', leg: last, outcome });
    return letWait({ leg: last, isHolding: state.held.includes(last), why: { is: 'move' }, then: null, losers: [...state.losers, ...observers] }, null, effects);
  }
  const [end, further] = release([...after.parties, ...observers, ...state.losers], outcome, 'normalClearing', 'some', settings, []);
  return [end, [...effects, ...further]];
}

function arrived(state: Talking, { who, as, returns }: Arrival, settings: CallSettings): CallStep {
  const { leg } = who;
  const held = who.isHolding ? [...state.held, leg] : state.held;
  const before: CallEffect[] = [...answering(who), ...welcome(who)];
  const after: readonly CallEffect[] = [{ do: 'introduce' }, { do: 'publish', type: 'call.partiesChanged' }, { do: 'attach' }];
  switch (as.is) {
    case 'observer':
      return observed(state, { leg, of: as.of, mode: as.mode }, before);
    case 'inPlaceOf': {
      const gone = withoutLeg(state, as.leg);
      const observers = gone.observers.concat(state.observers.filter(({ of }) => of === as.leg).map((one) => ({ ...one, of: leg })));
      const parties = state.parties.map((one) => (one === as.leg ? leg : one));
      return became(state, { ...gone, parties, observers, held: who.isHolding ? [...gone.held, leg] : gone.held, losers: [...state.losers, as.leg] }, settings, 0, [...before, ...released([as.leg], 'normalClearing'), ...after]);
    }
    case 'party':
    case 'answer':
      return became(state, { ...state, parties: [...state.parties, leg], held, returns: returns === true ? leg : state.returns }, settings, 0, [...before, ...after]);
  }
}

/** He comes, or his mode changes. */
function observed(state: Talking, observer: Observer, before: readonly CallEffect[] = []): CallStep {
  const observers = [...state.observers.filter(({ leg }) => leg !== observer.leg), observer];
  return [{ ...state, observers }, [...before, { do: 'publish', type: 'call.partiesChanged' }, { do: 'attach' }]];
}

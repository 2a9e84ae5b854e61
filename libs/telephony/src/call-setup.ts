import { back, letGo, over, ringDelayed, timersOfSetup } from './call-attempt.ts';
import { release } from './call-ending.ts';
import type { CallEffect, CallInput, CallSettings, CallStep, CallTimer } from './call-inputs.ts';
import type { Arrival, Caller, Setup } from './call-machine.ts';
import { answering, welcome } from './call-parties.ts';
import { after, holding, loser, released, restored, silence, silenceBegins, stay, without } from './call-step.ts';
import { givenToCaller, keptTo, narrowed } from './codec-choice.ts';
import type { LegEvent, LegId } from './leg.ts';
import type { MediaProfile } from './media.ts';
import { combined, type Outcome } from './outcome.ts';

/* The state of call-machine.ts in which somebody is called. */

export function setup(state: Setup, input: CallInput, settings: CallSettings): CallStep {
  const transferor = state.sentOn?.back?.by;
  const open = [state.caller.leg, ...state.rung, ...state.losers, ...(transferor === undefined ? [] : [transferor])];
  switch (input.type) {
    case 'rung':
      return [{ ...state, rung: [...state.rung, ...input.legs] }, []];
    case 'hangUp':
      return release(open, input.outcome, input.outcome.cause, 'some', settings, timersOfSetup);
    case 'timeout': {
      if (input.timer === 'delayed') return ringDelayed(state, []);
      if (input.timer !== 'ringing' && input.timer !== 'setup') return stay(state);
      const outcome = expired(input.timer, state.progress.is === 'silent' ? 'silent' : 'rang');
      if (input.timer === 'setup') {
        if (state.returns) return over({ ...state, left: [] }, outcome, [], settings);
        return after([{ do: 'failed', outcome, next: null }], release(open, outcome, outcome.cause, 'some', settings, ['ringing', 'delayed']));
      }
      // Who can help rings: that is not given up for another way.
      if (state.isEmergency && state.progress.is !== 'silent') return stay(state);
      return over(state, outcome, [], settings);
    }
    case 'mediaLost':
      return [state, [...restored(open), { do: 'reconnect' }]];
    case 'sentOn': {
      // The caller is sent elsewhere.
      const outcome: Outcome = { cause: 'normalClearing', evidence: { kind: 'api', text: 'sent elsewhere through the API' } };
      const redirected: Setup = { ...state, left: input.route.attempts.map((attempt, index) => (index === 0 ? { ...attempt, on: ['normalClearing'] } : attempt)), progress: { is: 'silent' }, sentOn: { is: 'redirect', back: null, recall: null } };
      return over(redirected, outcome, [], settings);
    }
    case 'calledOff':
      return back(state, null, settings, []);
    case 'arrived':
      return arrived(state, input.arrival, settings);
    case 'departed':
      return release(open.filter((leg) => !input.legs.includes(leg)), input.outcome, 'normalClearing', 'some', settings, timersOfSetup);
    case 'leg':
      if (input.event.type === 'silent') return [{ ...state, silent: [...without(state.silent, input.leg), input.leg] }, []];
      if (input.event.type === 'heard') return [{ ...state, silent: without(state.silent, input.leg) }, []];
      if (input.event.type === 'mediaReturned') return [state, state.progress.is === 'early' && (input.leg === state.caller.leg || input.leg === state.progress.leg) ? [{ do: 'reconnect' }] : []];
      if (input.leg === transferor) return transferorDoes(state, input.leg, input.event);
      if (input.leg === state.caller.leg) return setupCaller(state, input.event, settings, open);
      if (state.rung.includes(input.leg)) return setupCalled(state, input.leg, input.event, settings);
      return loser(state, input.leg, input.event);
    default:
      return stay(state);
  }
}

function setupCaller(state: Setup, event: LegEvent, settings: CallSettings, open: readonly LegId[]): CallStep {
  switch (event.type) {
    case 'released':
      return release(without(open, state.caller.leg), event, event.cause, 'some', settings, timersOfSetup);
    case 'digit':
      // Early media may be an announcement that asks for digits.
      if (state.progress.is !== 'early') return stay(state);
      return [state, [{ do: 'send', leg: state.progress.leg, command: { type: 'sendDigit', digit: event.digit, durationMs: event.durationMs } }]];
    case 'held':
    case 'resumed':
      return [{ ...state, caller: { ...state.caller, isHolding: event.type === 'held' } }, []];
    case 'changed':
      return [state, [{ do: 'attach' }]];
    default:
      return stay(state);
  }
}

/** It did not wait for what becomes of its transfer: what it wanted is done all the same. */
function transferorDoes(state: Setup, leg: LegId, event: LegEvent): CallStep {
  if (event.type !== 'released' || state.sentOn === null) return stay(state);
  return [{ ...state, sentOn: { ...state.sentOn, back: null } }, [{ do: 'drop', leg }, { do: 'publish', type: 'call.partiesChanged' }, { do: 'attach' }]];
}

function setupCalled(state: Setup, leg: LegId, event: LegEvent, settings: CallSettings): CallStep {
  const caller = state.caller.leg;
  switch (event.type) {
    case 'ringing': {
      if (state.progress.is !== 'silent') return stay(state);
      const { told } = state.caller;
      const effects: CallEffect[] = [];
      // Once by signalling; who has media hears each attempt ring.
      if (told !== 'ringing') effects.push({ do: 'send', leg: caller, command: { type: 'alert' } });
      if (!state.rang) effects.push({ do: 'publish', type: 'call.ringing' });
      return [letGo({ ...state, caller: told === 'nothing' ? { ...state.caller, told: 'ringing' } : state.caller, rang: true, progress: { is: 'ringing' } }, effects), effects];
    }
    case 'progress': {
      if (state.progress.is === 'early') return stay(state);
      const given = givenToCaller(event.media, state.caller.media, settings.transcoded);
      const effects: CallEffect[] = [{ do: 'send', leg: caller, command: { type: 'progress', media: given } }];
      if (!state.rang) effects.push({ do: 'publish', type: 'call.ringing' });
      const told: Caller = { ...state.caller, told: 'media', kept: keptTo(given, state.caller.media, settings.transcoded) };
      return [letGo({ ...state, caller: told, rang: true, progress: { is: 'early', leg } }, effects), effects];
    }
    case 'answered':
      return answered(state, leg, event.media, settings, []);
    case 'released':
      return failed(state, leg, event, settings);
    case 'changed':
      return [state, [{ do: 'attach' }]];
    default:
      return stay(state);
  }
}

/** By a leg that was rung, or one that picked the call up. */
function answered(before: Setup, leg: LegId, media: MediaProfile, settings: CallSettings, further: readonly CallEffect[]): CallStep {
  const effects: CallEffect[] = [];
  const state = letGo(before, effects);
  const caller = state.caller.leg;
  const others = without(state.rung, leg);
  const given = givenToCaller(media, state.caller.media, settings.transcoded);
  const kept = narrowed(media, given);
  effects.push({ do: 'stop', timer: 'ringing' }, { do: 'stop', timer: 'setup' }, { do: 'send', leg: caller, command: { type: 'answer', media: given } });
  if (state.delayed.length > 0) effects.push({ do: 'stop', timer: 'delayed' });
  if (kept !== undefined) effects.push({ do: 'send', leg, command: { type: 'answer', media: kept } });
  effects.push(...released(others, 'answeredElsewhere'), { do: 'publish', type: 'call.answered' }, ...further);
  if (state.sentOn !== null) effects.push({ do: 'introduce' });
  if (state.sentOn?.is === 'transfer') effects.push({ do: 'transferred', is: 'completed', cause: null });
  const silent = [caller, leg].filter((one) => state.silent.includes(one));
  for (const one of silent) effects.push(silence(one === caller ? leg : caller, 0));
  const held = state.caller.isHolding ? [caller] : [];
  if (held.length > 0) effects.push(holding('held', leg));
  else if (silent.length === 2) effects.push(...silenceBegins(settings, state.isEmergency, 0));
  // Otherwise the caller's leg says `changed` when its answer has left.
  if (state.caller.answered) effects.push({ do: 'attach' });
  const losers = [...state.losers, ...others];
  return [{ at: 'talking', parties: [caller, leg], isEmergency: state.isEmergency, losers, held, heldHere: [], muted: [], observers: [], mirrors: [], silent, returns: state.returns ? caller : null }, effects];
}

/** A leg of another call takes the call that rings, or waits for the answer in place of the caller. */
function arrived(before: Setup, { who, as, recall }: Arrival, settings: CallSettings): CallStep {
  if (as.is === 'inPlaceOf' && as.leg === before.caller.leg) {
    const effects: CallEffect[] = [];
    const state = letGo(before, effects);
    const { caller } = state;
    effects.push(...released([caller.leg], 'normalClearing'), ...welcome(who));
    if (state.progress.is === 'ringing') effects.push({ do: 'send', leg: who.leg, command: { type: 'alert' } });
    effects.push({ do: 'publish', type: 'call.partiesChanged' }, { do: 'attach' });
    const now: Caller = { ...who, told: who.answered ? 'media' : who.told };
    return [{ ...state, caller: now, losers: [...state.losers, caller.leg], returns: false, sentOn: { is: 'transfer', back: null, recall: recall ?? null } }, effects];
  }
  if (as.is !== 'answer' && (as.is !== 'inPlaceOf' || !before.rung.includes(as.leg))) return stay(before);
  // Whose far end still waits takes what the caller has.
  const took = who.answered ? who.media : givenToCaller(before.caller.media, who.media, settings.transcoded);
  const told: CallEffect[] = who.answered ? welcome(who) : answering({ ...who, media: took });
  return answered(before, who.leg, took, settings, [...told, { do: 'publish', type: 'call.pickedUp', leg: who.leg }, { do: 'introduce' }, { do: 'attach' }]);
}

/** One of the legs that ring together is gone. */
function failed(state: Setup, leg: LegId, outcome: Outcome, settings: CallSettings): CallStep {
  const rung = without(state.rung, leg);
  const failures = [...state.failures, { cause: outcome.cause, evidence: outcome.evidence }];
  const wasHeard = state.progress.is === 'early' && state.progress.leg === leg;
  const progress: Setup['progress'] = wasHeard ? { is: outcome.cause === 'networkOutOfOrder' ? 'lost' : 'committed' } : state.progress;
  const effects: CallEffect[] = [{ do: 'drop', leg }];
  if (rung.length === 0 && state.delayed.length > 0) return ringDelayed({ ...state, rung, failures, progress }, [...effects, { do: 'stop', timer: 'delayed' }]);
  if (rung.length === 0) return over({ ...state, rung, failures, progress }, combined(failures), effects, settings);
  // The others still ring, unheard so far.
  if (wasHeard) effects.push({ do: 'send', leg: state.caller.leg, command: { type: 'alert' } });
  return [{ ...state, rung, failures, progress }, effects];
}

export function expired(timer: CallTimer, so: 'rang' | 'silent'): Outcome {
  if (timer === 'setup') return { cause: 'recoveryOnTimerExpiry', evidence: { kind: 'timer', text: 'nobody answered before the limit for setting up a call' } };
  return so === 'rang'
    ? { cause: 'noAnswer', evidence: { kind: 'timer', text: 'rang, and nobody answered in time' } }
    : { cause: 'noUserResponding', evidence: { kind: 'timer', text: 'nothing rang in time' } };
}

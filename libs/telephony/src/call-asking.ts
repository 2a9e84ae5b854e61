import { begin } from './call-attempt.ts';
import { release } from './call-ending.ts';
import type { CallEffect, CallInput, CallSettings, CallStep } from './call-inputs.ts';
import type { Asking, Caller } from './call-machine.ts';
import { after, loser, restored, stay } from './call-step.ts';
import { keptTo, spokenByCaller } from './codec-choice.ts';
import type { LegEvent, LegId, Sound } from './leg.ts';
import type { Outcome } from './outcome.ts';

/* The state of call-machine.ts in which the caller is asked for a PIN. */

/** He is given media, if he has none, and hears that he is to dial. */
export function ask(caller: Caller, losers: readonly LegId[], before: CallEffect[], settings: CallSettings): CallStep {
  // Who was rung first has agreed on codecs already.
  const media = caller.answered ? caller.media : spokenByCaller(caller.media, settings.transcoded);
  if (!caller.answered) before.push({ do: 'send', leg: caller.leg, command: { type: 'progress', media } });
  before.push({ do: 'tell', type: 'asked', text: 'asked for a PIN', leg: caller.leg }, sound(caller.leg, 'askPin'), { do: 'start', timer: 'pin', ms: PAUSE_MS });
  return [{ at: 'asking', caller: { ...caller, kept: caller.answered ? null : keptTo(media, caller.media, settings.transcoded), told: 'media' }, is: 'listening', digits: '', wrong: 0, losers }, before];
}

export function asking(state: Asking, input: CallInput, settings: CallSettings): CallStep {
  const { caller, losers } = state;
  const open = [caller.leg, ...losers];
  switch (input.type) {
    case 'routed':
      return begin(caller, input.route, losers, []);
    case 'asks':
      return refused(state, [], settings);
    case 'refused':
      return release(open, input.outcome, input.outcome.cause, 'some', settings, ['setup']);
    case 'hangUp':
      return release(open, input.outcome, input.outcome.cause, 'some', settings, ['setup', 'pin']);
    case 'timeout':
      if (input.timer === 'setup') return release(open, tooLong, tooLong.cause, 'some', settings, ['pin']);
      if (input.timer !== 'pin') return stay(state);
      if (state.is === 'listening') return entered(state, [], settings);
      return [{ ...state, is: 'listening' }, [sound(caller.leg, 'askPin'), { do: 'start', timer: 'pin', ms: PAUSE_MS }]];
    case 'mediaLost':
      return [state, restored(open)];
    case 'leg':
      return input.leg === caller.leg ? callerDoes(state, input.event, settings) : loser(state, input.leg, input.event);
    default:
      return stay(state);
  }
}

function callerDoes(state: Asking, event: LegEvent, settings: CallSettings): CallStep {
  const { caller } = state;
  switch (event.type) {
    case 'released':
      return release(state.losers, event, event.cause, 'some', settings, ['setup', 'pin']);
    case 'digit': {
      const effects: CallEffect[] = [{ do: 'stop', timer: 'pin' }];
      if (event.digit === '#') return entered(state, effects, settings);
      // With the first digit it is quiet, as after any dial tone.
      if (state.digits === '') effects.push(sound(caller.leg, null));
      effects.push({ do: 'start', timer: 'pin', ms: PAUSE_MS });
      return [{ ...state, is: 'listening', digits: state.digits.length < MOST_DIGITS ? state.digits + event.digit : state.digits }, effects];
    }
    case 'held':
    case 'resumed':
      return [{ ...state, caller: { ...caller, isHolding: event.type === 'held' } }, []];
    case 'changed':
      return [state, [{ do: 'attach' }]];
    default:
      return stay(state);
  }
}

/** It is complete, by `#` or a pause. Nothing dialled is nothing to ask routing for. */
function entered(state: Asking, effects: CallEffect[], settings: CallSettings): CallStep {
  if (state.digits === '') return refused(state, effects, settings);
  effects.push(sound(state.caller.leg, null), { do: 'resolve', pin: state.digits });
  return [{ ...state, digits: '' }, effects];
}

function refused(state: Asking, before: readonly CallEffect[], settings: CallSettings): CallStep {
  const { caller, losers } = state;
  const wrong = state.wrong + 1;
  if (wrong === MOST_TRIES) return after(before, release([caller.leg, ...losers], notTaken, notTaken.cause, 'some', settings, ['setup']));
  return [
    { ...state, is: 'refusing', digits: '', wrong },
    [...before, { do: 'tell', type: 'asked', text: 'the PIN was not taken: asked again', leg: caller.leg }, sound(caller.leg, 'refused'), { do: 'start', timer: 'pin', ms: REFUSING_MS }],
  ];
}

function sound(leg: LegId, which: Sound | null): CallEffect {
  return { do: 'send', leg, command: { type: 'sound', sound: which } };
}

const tooLong: Outcome = { cause: 'recoveryOnTimerExpiry', evidence: { kind: 'timer', text: 'no PIN was dialled before the limit for setting up a call' } };
const notTaken: Outcome = { cause: 'notAllowed', evidence: { kind: 'pin', text: 'three times no PIN that is taken' } };

const PAUSE_MS = 8_000;
const REFUSING_MS = 1_000;
const MOST_TRIES = 3;
/** More than a PIN can have: what is longer is none. */
const MOST_DIGITS = 40;

import type { Call, CallEffect, CallInput, CallSettings, CallStep, CallTimer, Setup } from './call-machine.ts';
import { release } from './call-ending.ts';
import { holding, loser, released, restored, silence, silenceBegins, stay, without } from './call-step.ts';
import type { Cause } from './cause.ts';
import { givenToCaller, narrowed } from './codec-choice.ts';
import type { LegEvent, LegId } from './leg.ts';
import { combined, isRerouteable, type Outcome } from './outcome.ts';
import type { Attempt } from './route.ts';

/* The states of call-machine.ts in which somebody rings. */

/** Starts an attempt. */
export function dial(caller: Setup['caller'], attempt: Attempt, left: readonly Attempt[], losers: readonly LegId[], before: CallEffect[]): CallStep {
  before.push({ do: 'start', timer: 'ringing', ms: attempt.timeoutMs }, { do: 'ring', attempt, media: caller.media, role: 'called' });
  return [{ at: 'setup', caller, attempt, left, rung: [], losers, failures: [], silent: [], progress: { is: 'silent' } }, before];
}

export function first(state: Extract<Call, { at: 'first' }>, input: CallInput, settings: CallSettings): CallStep {
  switch (input.type) {
    case 'rung':
      return [{ ...state, rung: input.legs }, []];
    case 'hangUp':
      return release(state.rung, input.outcome, input.outcome.cause, 'some', settings, ['setup', 'ringing']);
    case 'timeout':
      if (input.timer === 'releasing') return stay(state);
      return release(state.rung, expired(input.timer, 'rang'), 'noAnswer', 'some', settings, [input.timer === 'setup' ? 'ringing' : 'setup']);
    case 'mediaLost':
      return [state, restored(state.rung)];
    case 'leg':
      switch (input.event.type) {
        case 'changed':
          return [state, [{ do: 'attach' }]];
        case 'answered': {
          const losers = without(state.rung, input.leg);
          const [attempt, ...left] = state.route;
          if (attempt === undefined) throw new Error('a route without attempts');
          return dial({ leg: input.leg, media: input.event.media, answered: true, isHolding: false }, attempt, left, losers, [
            { do: 'stop', timer: 'ringing' },
            ...released(losers, 'answeredElsewhere'),
          ]);
        }
        case 'released': {
          const rung = without(state.rung, input.leg);
          const failures = [...state.failures, input.event];
          if (rung.length > 0) return [{ ...state, rung, failures }, [{ do: 'drop', leg: input.leg }]];
          const outcome = combined(failures);
          return release([], outcome, outcome.cause, 'some', settings, ['setup', 'ringing']);
        }
        default:
          return stay(state);
      }
    default:
      return stay(state);
  }
}

export function setup(state: Setup, input: CallInput, settings: CallSettings): CallStep {
  const open = [state.caller.leg, ...state.rung, ...state.losers];
  switch (input.type) {
    case 'rung':
      return [{ ...state, rung: input.legs }, []];
    case 'hangUp':
      return release(open, input.outcome, input.outcome.cause, 'some', settings, ['setup', 'ringing']);
    case 'timeout': {
      if (input.timer === 'releasing') return stay(state);
      const outcome = expired(input.timer, state.progress.is === 'silent' ? 'silent' : 'rang');
      if (input.timer === 'ringing' && mayReroute(state, outcome.cause)) {
        const [next, ...left] = state.left;
        // The legs told to release may take their time; they are losers of the next attempt.
        if (next !== undefined) return dial(state.caller, next, left, [...state.losers, ...state.rung], released(state.rung, outcome.cause));
      }
      return release(open, outcome, outcome.cause, 'some', settings, [input.timer === 'setup' ? 'ringing' : 'setup']);
    }
    case 'mediaLost': {
      const effects = restored(open);
      if (state.progress.is === 'early') effects.push({ do: 'join', a: state.caller.leg, b: state.progress.leg });
      return [state, effects];
    }
    case 'leg':
      if (input.event.type === 'silent') return [{ ...state, silent: [...without(state.silent, input.leg), input.leg] }, []];
      if (input.event.type === 'heard') return [{ ...state, silent: without(state.silent, input.leg) }, []];
      if (input.event.type === 'mediaReturned') return [state, state.progress.is === 'early' && (input.leg === state.caller.leg || input.leg === state.progress.leg) ? [{ do: 'join', a: state.caller.leg, b: state.progress.leg }] : []];
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
      return release(without(open, state.caller.leg), event, event.cause, 'some', settings, ['setup', 'ringing']);
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

function setupCalled(state: Setup, leg: LegId, event: LegEvent, settings: CallSettings): CallStep {
  const caller = state.caller.leg;
  switch (event.type) {
    case 'ringing':
      if (state.progress.is !== 'silent') return stay(state);
      return [{ ...state, progress: { is: 'ringing' } }, [{ do: 'send', leg: caller, command: { type: 'alert' } }, { do: 'publish', type: 'call.ringing' }]];
    case 'progress': {
      if (state.progress.is === 'early') return stay(state);
      const effects: CallEffect[] = [
        { do: 'send', leg: caller, command: { type: 'progress', media: givenToCaller(event.media, state.caller.media, settings.transcoded) } },
        { do: 'join', a: caller, b: leg },
      ];
      if (state.progress.is === 'silent') effects.push({ do: 'publish', type: 'call.ringing' });
      return [{ ...state, progress: { is: 'early', leg } }, effects];
    }
    case 'answered': {
      const others = without(state.rung, leg);
      const given = givenToCaller(event.media, state.caller.media, settings.transcoded);
      const kept = narrowed(event.media, given);
      const effects: CallEffect[] = [
        { do: 'stop', timer: 'ringing' },
        { do: 'stop', timer: 'setup' },
        { do: 'send', leg: caller, command: { type: 'answer', media: given } },
      ];
      if (kept !== undefined) effects.push({ do: 'send', leg, command: { type: 'answer', media: kept } });
      if (state.progress.is !== 'early' || state.progress.leg !== leg) effects.push({ do: 'join', a: caller, b: leg });
      effects.push(...released(others, 'answeredElsewhere'), { do: 'publish', type: 'call.answered' });
      const silent = [caller, leg].filter((one) => state.silent.includes(one));
      for (const one of silent) effects.push(silence(one === caller ? leg : caller, 0));
      const held = state.caller.isHolding ? [caller] : [];
      if (held.length > 0) effects.push(holding('held', leg));
      else if (silent.length === 2) effects.push(...silenceBegins(settings, 0));
      // Otherwise the caller's leg says `changed` when its answer has left.
      if (state.caller.answered) effects.push({ do: 'attach' });
      return [{ at: 'talking', caller, called: leg, losers: [...state.losers, ...others], held, silent }, effects];
    }
    case 'released':
      return failed(state, leg, event, settings);
    case 'changed':
      return [state, [{ do: 'attach' }]];
    default:
      return stay(state);
  }
}

/** One of the legs that ring together is gone. */
function failed(state: Setup, leg: LegId, outcome: Outcome, settings: CallSettings): CallStep {
  const rung = without(state.rung, leg);
  const failures = [...state.failures, { cause: outcome.cause, evidence: outcome.evidence }];
  const progress = state.progress.is === 'early' && state.progress.leg === leg ? ({ is: 'committed' } as const) : state.progress;
  if (rung.length > 0) return [{ ...state, rung, failures, progress }, [{ do: 'drop', leg }]];
  const all = combined(failures);
  const [next, ...left] = state.left;
  if (next !== undefined && mayReroute(state, all.cause)) {
    return dial(state.caller, next, left, state.losers, [{ do: 'drop', leg }, { do: 'stop', timer: 'ringing' }]);
  }
  return release([state.caller.leg, ...state.losers], all, all.cause, 'some', settings, ['setup', 'ringing']);
}

function mayReroute(state: Setup, cause: Cause): boolean {
  return isRerouteable(cause) && state.progress.is !== 'early' && state.progress.is !== 'committed';
}

function expired(timer: CallTimer, so: 'rang' | 'silent'): Outcome {
  if (timer === 'setup') return { cause: 'recoveryOnTimerExpiry', evidence: { kind: 'timer', text: 'nobody answered before the limit for setting up a call' } };
  return so === 'rang'
    ? { cause: 'noAnswer', evidence: { kind: 'timer', text: 'rang, and nobody answered in time' } }
    : { cause: 'noUserResponding', evidence: { kind: 'timer', text: 'nothing rang in time' } };
}

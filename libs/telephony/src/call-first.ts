import { ask } from './call-asking.ts';
import { begin } from './call-attempt.ts';
import { release } from './call-ending.ts';
import type { CallEffect, CallInput, CallSettings, CallStep } from './call-inputs.ts';
import type { Call, Caller } from './call-machine.ts';
import { letWait } from './call-parties.ts';
import { expired } from './call-setup.ts';
import { released, restored, stay, without } from './call-step.ts';
import { combined, type Outcome } from './outcome.ts';

/* The state of call-machine.ts in which whoever is dialled for rings first. */

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
          if (state.goesOver) {
            const before: CallEffect[] = [{ do: 'stop', timer: 'ringing' }, { do: 'stop', timer: 'setup' }, ...released(losers, 'answeredElsewhere'), { do: 'moveOn', leg: input.leg, outcome: cannotGoOver }];
            return letWait({ leg: input.leg, isHolding: false, why: { is: 'move' }, then: null, losers }, null, before);
          }
          const caller: Caller = { leg: input.leg, media: input.event.media, kept: null, answered: true, isHolding: false, told: 'media' };
          const before: CallEffect[] = [{ do: 'stop', timer: 'ringing' }, ...released(losers, 'answeredElsewhere')];
          return state.route === null ? ask(caller, losers, before, settings) : begin(caller, state.route, losers, before);
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

const cannotGoOver: Outcome = { cause: 'normalClearing', evidence: { kind: 'moved', text: 'the call it was to come into is over' } };

import { callBack } from './call-attempt.ts';
import { release } from './call-ending.ts';
import type { CallEffect, CallInput, CallSettings, CallStep, CallTimer } from './call-inputs.ts';
import type { Arrival, Talking, Waiting } from './call-machine.ts';
import { answering, became, welcome } from './call-parties.ts';
import { holding, loser, restored, stay } from './call-step.ts';
import type { LegEvent } from './leg.ts';
import type { Outcome } from './outcome.ts';

/* The state of call-machine.ts in which one party is left and waits: in a parking slot, for who consults somebody else, to go over into another call. */

export function waiting(state: Waiting, input: CallInput, settings: CallSettings): CallStep {
  const open = [state.leg, ...state.losers];
  // Stopping one that does not run is no error.
  const running: readonly CallTimer[] = state.why.is === 'slot' ? ['waiting'] : [];
  switch (input.type) {
    case 'hangUp':
      return release(open, input.outcome, input.outcome.cause, 'some', settings, running);
    case 'forgotten':
    case 'timeout': {
      if (input.type === 'timeout' && input.timer !== 'waiting') return stay(state);
      const before: CallEffect[] = input.type === 'timeout' ? [] : running.map((timer) => ({ do: 'stop', timer }));
      if (state.then !== null) return callBack(state, state.then, before);
      const [end, further] = release(open, leftAlone, leftAlone.cause, 'some', settings, []);
      return [end, [...before, ...further]];
    }
    case 'arrived':
      return found(state, input.arrival, settings, running.map((timer) => ({ do: 'stop', timer })));
    case 'departed':
      return release(state.losers, input.outcome, 'normalClearing', 'some', settings, running);
    case 'mediaLost':
      return [state, [...restored([state.leg]), { do: 'reconnect' }, { do: 'attach' }]];
    case 'leg':
      return input.leg === state.leg ? waitingDoes(state, input.event, settings, running) : loser(state, input.leg, input.event);
    default:
      return stay(state);
  }
}

function waitingDoes(state: Waiting, event: LegEvent, settings: CallSettings, running: readonly CallTimer[]): CallStep {
  switch (event.type) {
    case 'released':
      return release(state.losers, event, event.cause, 'some', settings, running);
    case 'held':
    case 'resumed':
      return [{ ...state, isHolding: event.type === 'held' }, [{ do: 'attach' }]];
    case 'mediaReturned':
      return [state, [{ do: 'reconnect' }]];
    case 'changed':
      return [state, [{ do: 'attach' }]];
    default:
      return stay(state);
  }
}

/** Somebody comes for it. */
function found(state: Waiting, { who, returns }: Arrival, settings: CallSettings, before: CallEffect[]): CallStep {
  const alone: Talking = {
    at: 'talking', parties: [state.leg, who.leg], isEmergency: false, losers: state.losers, held: state.isHolding ? [state.leg] : [], heldHere: [], muted: [], observers: [], mirrors: [], silent: [],
    returns: returns === true ? who.leg : null,
  };
  const talking = who.isHolding ? { ...alone, held: [...alone.held, who.leg] } : alone;
  return became(alone, talking, settings, 0, [...before, holding('resumed', state.leg), ...answering(who), ...welcome(who), { do: 'introduce' }, { do: 'publish', type: 'call.partiesChanged' }, { do: 'attach' }]);
}

const leftAlone: Outcome = { cause: 'noAnswer', evidence: { kind: 'timer', text: 'it waited, and nobody came' } };

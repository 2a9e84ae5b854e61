import type { Dialling, Fxo, FxoEffect, FxoInput, FxoStep, LineRefusal } from './fxo-machine.ts';
import { isDialTone, outpulse, partsOf, seize } from './fxo-outgoing.ts';
import type { FxoSettings } from './fxo-settings.ts';
import { known, onHook, released, stay } from './fxo-step.ts';

/* How a line of fxo-machine.ts is taken for an emergency call, whatever goes on there. */

/** Refused where the telephone company would not hear us: `refusal`, of what it is at; or where another such call waits for it already. Commissioned or not does not matter. */
export function dialForHelp(state: Fxo, number: string, settings: FxoSettings, refusal: LineRefusal): FxoStep {
  const parts = partsOf(number, settings);
  if ('cause' in parts) return [state, [{ do: 'refuse', ...parts }]];
  const dialling: Dialling = { parts, glare: 'clears' };
  switch (state.at) {
    case 'idle':
      return seize(dialling);
    case 'absent':
    case 'disabled':
    case 'noBattery':
    // Off-hook in parallel we would talk into another's call, and the exchange takes no digits.
    case 'inUseElsewhere':
    case 'clearing':
      return [state, [{ do: 'refuse', ...refusal }]];
    // Ringing may go on for a minute. Answered and hung up it ends; and where it was no ringing there is dial tone.
    case 'announced':
    case 'validating':
    case 'collecting':
    case 'ignored':
      return answer(dialling, []);
    case 'offered':
      return answer(dialling, [preempted]);
    case 'reading':
      return onHook([], 'guard', dialling);
    // Nothing is dialled yet: the dial tone that comes is as good for this call.
    case 'seizing':
      return [{ ...state, ...dialling }, [preempted]];
    case 'awaitingDialTone':
      return state.which === 'first' ? [{ ...state, ...dialling }, [preempted]] : onHook([preempted], 'guard', dialling);
    case 'caught':
    case 'answering':
    case 'outpulsing':
    case 'awaitingAnswer':
    case 'up':
    case 'flashing':
    case 'recalled':
      return onHook([preempted], 'guard', dialling);
    case 'releasing':
      if (state.then === 'disabled' || state.next !== null) return [state, [{ do: 'refuse', ...refusal }]];
      return [{ ...state, next: dialling }, []];
    case 'guard':
      return state.next === null ? [{ at: 'guard', next: dialling }, []] : [state, [{ do: 'refuse', ...refusal }]];
  }
}

export function clearing(state: Extract<Fxo, { at: 'clearing' }>, input: FxoInput, settings: FxoSettings): FxoStep {
  switch (input.type) {
    case 'tone': return isDialTone(input.tone) ? outpulse(state.parts, settings, []) : stay(state);
    case 'timeout': return onHook([], 'guard', { parts: state.parts, glare: 'givesWay' });
    default: return stay(state);
  }
}

function answer({ parts }: Dialling, effects: readonly FxoEffect[]): FxoStep {
  return [{ at: 'clearing', parts, glare: 'givesWay' }, [{ do: 'silence' }, ...effects, { do: 'hook', to: 'offHook' }, { do: 'listen' }]];
}

const preempted = released('preempted', known('preempted', 'the line was taken for an emergency call'));

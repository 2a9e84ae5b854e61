import { announced, answering, arriving, caught, collecting, ignored, offered, reading, validating } from './fxo-incoming.ts';
import { flashing, guard, recalled, releasing, up } from './fxo-call.ts';
import { clearing, dialForHelp } from './fxo-emergency.ts';
import type { Fxo, FxoEffect, FxoInput, FxoStep, LineRefusal } from './fxo-machine.ts';
import { awaitingAnswer, awaitingDialTone, dial, notCommissioned, outpulsing, seizing } from './fxo-outgoing.ts';
import type { FxoSettings } from './fxo-settings.ts';
import { hangUp, known, onHook, outOfService, released, stay, toIdle } from './fxo-step.ts';

/** The FXO machine; its states are drawn in fxo-machine.ts. Timers follow from the states: `fxoLine` runs both. */
export function fxo(state: Fxo, input: FxoInput, settings: FxoSettings): FxoStep {
  if (input.type === 'dial' && input.priority === 'emergency') return dialForHelp(state, input.number, settings, refusalOf(state));
  if (input.type === 'dial' && state.at !== 'idle') return [state, [{ do: 'refuse', ...refusalOf(state) }]];
  if (input.type === 'absent') return absent(state);
  if (input.type === 'disable' && state.at !== 'releasing') return disabled(state);
  return offHook(state, input) ?? within(state, input, settings);
}

/** Why a call that is no emergency would be refused now, whatever its number; null: the line would be seized. The kind of the evidence is the line's state, or `notCommissioned`. */
export function whyNotDialled(state: Fxo, settings: FxoSettings): LineRefusal | null {
  if (state.at !== 'idle') return refusalOf(state);
  return settings.calls === 'incoming' ? notCommissioned : null;
}

function within(state: Fxo, input: FxoInput, settings: FxoSettings): FxoStep {
  switch (state.at) {
    case 'absent': return pulled(state, input);
    case 'disabled': return input.type === 'enable' ? [restsSoon, []] : stay(state);
    case 'idle': return idle(state, input, settings);
    case 'noBattery': return noBattery(state, input, settings);
    case 'inUseElsewhere': return inUseElsewhere(state, input);
    case 'announced': return announced(state, input, settings);
    case 'reading': return reading(state, input);
    case 'validating': return validating(state, input, settings);
    case 'collecting': return collecting(state, input, settings);
    case 'offered': return offered(state, input, settings);
    case 'ignored': return ignored(state, input, settings);
    case 'caught': return caught(state, input);
    case 'answering': return answering(state, input);
    case 'clearing': return clearing(state, input, settings);
    case 'seizing': return seizing(state, input, settings);
    case 'awaitingDialTone': return awaitingDialTone(state, input, settings);
    case 'outpulsing': return outpulsing(state, input);
    case 'awaitingAnswer': return awaitingAnswer(state, input, settings);
    case 'up': return up(state, input, settings);
    case 'flashing': return flashing(state, input, settings);
    case 'recalled': return recalled(state, input, settings);
    case 'releasing': return releasing(state, input);
    case 'guard': return guard(state, input, settings);
  }
}

function idle(state: Fxo, input: FxoInput, settings: FxoSettings): FxoStep {
  switch (input.type) {
    case 'dial': return dial(state, input.number, settings);
    case 'batteryLost': return [{ at: 'noBattery', alarm: 'awaited' }, []];
    case 'inUse': return [{ at: 'inUseElsewhere' }, []];
    // Other things may be listened for.
    case 'settingsChanged': return toIdle([{ do: 'silence' }], settings);
    default: return arriving(input, settings) ?? stay(state);
  }
}

function noBattery(state: Extract<Fxo, { at: 'noBattery' }>, input: FxoInput, settings: FxoSettings): FxoStep {
  switch (input.type) {
    case 'batteryReturned':
      return toIdle(state.alarm === 'given' ? [batteryBack] : [], settings);
    case 'timeout':
      return [{ ...state, alarm: 'given' }, [{ do: 'incident', incident: 'noBattery', text: `no battery for ${settings.noBatteryMs / 1_000} s: the line is dead or not plugged in` }]];
    case 'inUse':
      return [{ at: 'inUseElsewhere' }, state.alarm === 'given' ? [batteryBack] : []];
    default:
      return stay(state);
  }
}

function inUseElsewhere(state: Fxo, input: FxoInput): FxoStep {
  switch (input.type) {
    // A telephone that is hung up makes the line tinkle too.
    case 'inUseEnded': return [restsSoon, []];
    case 'batteryLost': return [{ at: 'noBattery', alarm: 'awaited' }, []];
    default: return stay(state);
  }
}

function pulled(state: Extract<Fxo, { at: 'absent' }>, input: FxoInput): FxoStep {
  switch (input.type) {
    // Whatever its port was left in.
    case 'present': return [state.then === 'disabled' ? { at: 'disabled' } : restsSoon, [{ do: 'hook', to: 'onHook' }]];
    case 'enable': return [{ at: 'absent', then: 'idle' }, []];
    default: return stay(state);
  }
}

function absent(state: Fxo): FxoStep {
  if (state.at === 'absent') return stay(state);
  const then = state.at === 'disabled' || (state.at === 'releasing' && state.then === 'disabled') ? 'disabled' : 'idle';
  const effects: FxoEffect[] = [{ do: 'silence' }, { do: 'incident', incident: 'cardPulled', text: 'the card was pulled' }];
  if (hasLeg(state)) effects.push(released('outOfOrder', known('cardPulled', 'the card was pulled')));
  return [{ at: 'absent', then }, effects];
}

function disabled(state: Fxo): FxoStep {
  if (state.at === 'disabled') return stay(state);
  if (state.at === 'absent') return [{ at: 'absent', then: 'disabled' }, []];
  if (state.at === 'reading') return onHook([], 'disabled', null);
  if (isOffHook(state)) return hangUp('outOfOrder', outOfService, 'disabled');
  if (hasLeg(state)) return [{ at: 'disabled' }, [{ do: 'silence' }, released('outOfOrder', outOfService)]];
  return [{ at: 'disabled' }, [{ do: 'silence' }]];
}

/** Whether the port is told to be. */
export function isOffHook(state: Fxo): boolean {
  return offHookStates.has(state.at);
}

/** What is the same in every state that is off-hook with a leg; null: it is not such a state, or not such an input. */
function offHook(state: Fxo, input: FxoInput): FxoStep | null {
  if (!isOffHook(state) || state.at === 'reading') return null;
  switch (input.type) {
    case 'release': return hangUp(input.cause, known('release', 'released by the other side of the call'));
    case 'watchdogBites': return hangUp('temporaryFailure', known('watchdog', 'off-hook, and no call was there any more'));
    case 'hook':
      // A flash is short on-hooks. What is told while the loop settles may have been asked for before the order to go off-hook.
      if (input.is === 'offHook' || state.at === 'flashing' || state.at === 'seizing' || state.at === 'clearing' || state.at === 'answering') return null;
      return hangUp('temporaryFailure', known('hook', 'the port went on-hook by itself'));
    default: return null;
  }
}

function hasLeg(state: Fxo): boolean {
  if (state.at === 'releasing' || state.at === 'guard') return state.next !== null;
  return state.at === 'offered' || (isOffHook(state) && state.at !== 'reading');
}

/** Of a line that does not rest. */
function refusalOf(state: Fxo): LineRefusal {
  const at = hasLeg(state) && !isOffHook(state) && state.at !== 'offered' ? 'clearing' : state.at;
  const [cause, text] = refusals[at] ?? (['noCircuit', 'the line is in use'] as const);
  return { cause, evidence: known(at, text) };
}

const offHookStates: ReadonlySet<Fxo['at']> = new Set(['reading', 'caught', 'answering', 'clearing', 'seizing', 'awaitingDialTone', 'outpulsing', 'awaitingAnswer', 'up', 'flashing', 'recalled']);

const restsSoon: Fxo = { at: 'guard', next: null };

const batteryBack: FxoEffect = { do: 'incident', incident: 'batteryReturned', text: 'the line has battery again' };

const ringing = ['noCircuit', 'the line is being called'] as const;
const refusals: { readonly [at in Fxo['at']]?: readonly ['noCircuit' | 'outOfOrder', string] } = {
  absent: ['outOfOrder', 'the card is not there'],
  disabled: ['outOfOrder', 'the line is out of service'],
  noBattery: ['outOfOrder', 'the line has no battery'],
  inUseElsewhere: ['noCircuit', 'a parallel telephone is off-hook'],
  clearing: ['noCircuit', 'the line is taken for an emergency call'],
  announced: ringing,
  reading: ringing,
  validating: ringing,
  collecting: ringing,
  offered: ringing,
  ignored: ringing,
  releasing: ['noCircuit', 'the line is being hung up'],
  guard: ['noCircuit', 'the line was hung up a moment ago'],
};

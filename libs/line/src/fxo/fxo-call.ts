import { connected, disconnect } from '../disconnect/disconnect.ts';
import type { LineCause } from '../line-cause.ts';
import type { Verdict } from '../disconnect/disconnect.ts';
import type { Fxo, FxoEffect, FxoInput, FxoStep, Up } from './fxo-machine.ts';
import type { FxoSettings } from './fxo-settings.ts';
import { seize } from './fxo-outgoing.ts';
import { disconnectInput, hangUp, known, leg, outOfService, released, stay, toIdle } from './fxo-step.ts';

/* The states of fxo-machine.ts from the answer on. */

export function up(state: Up, input: FxoInput, settings: FxoSettings): FxoStep {
  switch (input.type) {
    case 'digit':
      return [state, [leg({ type: 'digit', digit: input.digit, durationMs: input.durationMs })]];
    case 'sendDigit':
      return [state, [{ do: 'sendDigits', digits: input.digit, digitMs: settings.dialing.digitMs, pauseMs: settings.dialing.pauseMs }]];
    case 'flash':
      return [{ at: 'flashing', line: state, digits: '' }, [{ do: 'flash', ms: settings.flashMs }]];
    case 'timeout':
      if (input.timer === 'longest') return hangUp('recoveryOnTimerExpiry', known('timer', `up for ${(settings.longestMs ?? 0) / 1_000} s, and no call of this line may be longer`));
  }
  return arbitrated(state, input, settings);
}

/** What the port does to the loop is not the far end's doing; afterwards it may be another far end. */
export function flashing(state: Extract<Fxo, { at: 'flashing' }>, input: FxoInput, settings: FxoSettings): FxoStep {
  const { line, digits } = state;
  const done: Fxo = { at: 'recalled', line: after(line), is: 'settling', digits };
  switch (input.type) {
    case 'flashed':
      return [done, []];
    case 'timeout':
      if (input.timer === 'flash') return [done, [leg({ type: 'note', evidence: known('flash', 'the port did not tell the end of the flash') })]];
      break;
    case 'sendDigit':
      return [{ ...state, digits: waiting(digits, input.digit) }, []];
    case 'flash':
    case 'batteryLost':
    case 'batteryReturned':
    case 'polarityReversed':
    case 'tone':
      return stay(state);
  }
  const [next, effects] = up(line, input, settings);
  return [next.at === 'up' ? { ...state, line: next } : next, effects];
}

/** The far exchange has the call on hold perhaps, and waits for a number: what it is asked for is between it and whoever asked. */
export function recalled(state: Extract<Fxo, { at: 'recalled' }>, input: FxoInput, settings: FxoSettings): FxoStep {
  const { line, is, digits } = state;
  switch (input.type) {
    case 'tone':
      return stay(state);
    case 'sendDigit':
      return is === 'settling' ? [{ ...state, digits: waiting(digits, input.digit) }, []] : up(line, input, settings);
    case 'timeout':
      if (input.timer !== 'recall') break;
      if (is === 'listening') return [line, []];
      if (digits === '') return [{ ...state, is: 'listening' }, []];
      return [line, [{ do: 'sendDigits', digits, digitMs: settings.dialing.digitMs, pauseMs: settings.dialing.pauseMs }]];
  }
  const [next, effects] = up(line, input, settings);
  return [next.at === 'up' ? { ...state, line: next } : next, effects];
}

export function releasing(state: Extract<Fxo, { at: 'releasing' }>, input: FxoInput): FxoStep {
  const { next } = state;
  const done: Fxo = state.then === 'disabled' ? { at: 'disabled' } : { at: 'guard', next };
  switch (input.type) {
    case 'hook':
      return input.is === 'onHook' ? [done, []] : stay(state);
    case 'disable':
      return [{ ...state, then: 'disabled', next: null }, next === null ? [] : [released('outOfOrder', outOfService)]];
    case 'release':
    case 'legGone':
      return [{ ...state, next: null }, next === null ? [] : [notWaitedFor(input)]];
    case 'enable':
      return [{ ...state, then: 'guard' }, []];
    case 'timeout':
      // An order to go on-hook can be lost; what remains off-hook after this is the watchdog's.
      if (state.tries < mostTries) return [{ ...state, tries: state.tries + 1 }, [{ do: 'hook', to: 'onHook' }]];
      return [done, [{ do: 'incident', incident: 'stuckOffHook', text: `the port did not go on-hook though told ${mostTries} times` }]];
    default:
      return stay(state);
  }
}

/** Its own hang-up makes the line tinkle, and an exchange wants to see it on-hook for a while. */
export function guard(state: Extract<Fxo, { at: 'guard' }>, input: FxoInput, settings: FxoSettings): FxoStep {
  const { next } = state;
  switch (input.type) {
    case 'timeout': return next === null ? toIdle([], settings) : seize(next);
    case 'release':
    case 'legGone': return [{ at: 'guard', next: null }, next === null ? [] : [notWaitedFor(input)]];
    default: return stay(state);
  }
}

function notWaitedFor(input: Extract<FxoInput, { type: 'release' | 'legGone' }>): FxoEffect {
  return released(input.type === 'release' ? input.cause : 'temporaryFailure', known('release', 'released before the line was free'));
}

function arbitrated(state: Up, input: FxoInput, settings: FxoSettings): FxoStep {
  const told = disconnectInput(input);
  if (told === null) return stay(state);
  const [next, verdict] = disconnect(state.disconnect, told, settings.disconnect);
  return verdict === null ? [{ at: 'up', disconnect: next }, []] : hangUp(causeOf(verdict), verdict.evidence);
}

function causeOf({ evidence: { kind } }: Verdict): LineCause {
  return kind === 'silence' || kind === 'farLegDead' ? 'recoveryOnTimerExpiry' : 'normalClearing';
}

function after({ disconnect: { silent, silentMs, held } }: Up): Up {
  return { at: 'up', disconnect: { ...connected, silent, silentMs, held } };
}

/** No number is longer than what is kept. */
function waiting(digits: string, digit: string): string {
  return (digits + digit).slice(0, 64);
}

const mostTries = 3;

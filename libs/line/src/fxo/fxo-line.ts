import { counts, watchdog, watchdogAsleep, type Watchdog, type WatchdogInput } from '../disconnect/watchdog.ts';
import { fxo, isOffHook } from './fxo.ts';
import type { Fxo, FxoEffect, FxoInput, TimerEffect } from './fxo-machine.ts';
import type { FxoSettings } from './fxo-settings.ts';
import { timerEffects, wantedTimers, type RunningTimer } from './fxo-timers.ts';

/** A line: the FXO machine, the watchdog over it, and the timers that run for both. */
export interface FxoLine {
  readonly line: Fxo;
  readonly watchdog: Watchdog;
  readonly running: readonly RunningTimer[];
}

export type FxoLineStep = readonly [FxoLine, readonly (FxoEffect | TimerEffect)[]];

/** Before its card is known to be there. */
export const absentLine: FxoLine = { line: { at: 'absent', then: 'idle' }, watchdog: watchdogAsleep, running: [] };

/** What the runner of a line calls: one input, the line afterwards, and what is to be done, in this order. */
export function fxoLine(state: FxoLine, input: FxoInput, settings: FxoSettings): FxoLineStep {
  if (input.type !== 'timeout') return ranOn(state, input, settings, state.running);
  // A timeout that was under way when its timer was stopped is nobody's.
  if (!state.running.some(({ timer }) => timer === input.timer)) return [state, []];
  const running = state.running.filter(({ timer }) => timer !== input.timer);
  return input.timer === 'watchdog' ? bite(state, input.at, settings, running) : ranOn(state, input, settings, running);
}

function ranOn(state: FxoLine, input: FxoInput, settings: FxoSettings, running: readonly RunningTimer[]): FxoLineStep {
  const [line, effects] = fxo(state.line, input, settings);
  let dog = told(state.watchdog, input);
  for (const effect of effects) dog = saw(dog, effect);
  // After what it let go of for this call.
  if (input.type === 'dial' && !effects.some((effect) => effect.do === 'refuse')) dog = heard(dog, { type: 'leg', is: 'live' });
  dog = heard(dog, { type: 'machine', is: isOffHook(line) ? 'offHook' : 'onHook' });
  return settled({ line, watchdog: dog, running }, effects, settings);
}

function bite(state: FxoLine, at: number, settings: FxoSettings, running: readonly RunningTimer[]): FxoLineStep {
  const [dog, bites] = watchdog(state.watchdog, { type: 'timeout' });
  const before: FxoLine = { ...state, watchdog: dog };
  if (bites === null) return settled({ ...before, running }, [], settings);
  const [after, effects] = ranOn(before, { type: 'watchdogBites', at }, settings, running);
  const text = `off-hook for ${settings.watchdogMs / 1_000} s and no call was there: put on-hook`;
  return [after, [{ do: 'incident', incident: 'watchdog', text }, { do: 'hook', to: 'onHook' }, ...effects]];
}

function settled(state: FxoLine, effects: readonly FxoEffect[], settings: FxoSettings): FxoLineStep {
  const wanted = [...wantedTimers(state.line, settings)];
  if (counts(state.watchdog)) wanted.push({ timer: 'watchdog', ms: settings.watchdogMs, since: state.watchdog.bites });
  return [{ ...state, running: wanted.map(({ timer, since }) => ({ timer, since })) }, [...timerEffects(state.running, wanted), ...effects]];
}

/** The port's own word on its hook; a card that is gone holds no line. */
function told(dog: Watchdog, input: FxoInput): Watchdog {
  switch (input.type) {
    case 'hook': return heard(dog, { type: 'port', is: input.is });
    case 'absent': return heard(dog, { type: 'port', is: 'onHook' });
    case 'legGone': return heard(dog, { type: 'leg', is: 'none' });
    default: return dog;
  }
}

/** Off-hook counts from the order on, on-hook only from the port's word. */
function saw(dog: Watchdog, effect: FxoEffect): Watchdog {
  if (effect.do === 'hook' && effect.to === 'offHook') return heard(dog, { type: 'port', is: 'offHook' });
  if (effect.do === 'offer') return heard(dog, { type: 'leg', is: 'live' });
  if (effect.do === 'leg' && effect.event.type === 'released') return heard(dog, { type: 'leg', is: 'none' });
  return dog;
}

function heard(dog: Watchdog, input: WatchdogInput): Watchdog {
  return watchdog(dog, input)[0];
}

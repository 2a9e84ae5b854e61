import { dialing, dialingOn, putBack, toned, toneFor } from './fxs-entry.ts';
import type { FxsEffect, FxsInput, FxsLine, FxsStep, Held, Standing, Talking } from './fxs-machine.ts';
import type { FxsSettings } from './fxs-settings.ts';
import { type Entry, flashed, hungUp, inUse, isCutOff, isHeard, move, refused, released, stay, unannounced } from './fxs-step.ts';

/* What a hook flash does in the states of fxs-machine.ts that have a call, and what becomes of two calls. */

/** In a call. */
export function flash(line: Talking & Standing, settings: FxsSettings): FxsStep {
  const { recall, hotline } = settings;
  if (line.waiting.is !== 'none') return waitingTaken(line);
  if (line.held === 'none') return recall.consults && hotline?.delayMs !== 0 ? move(line, recalling(settings), [{ do: 'hold' }]) : stay(line);
  if (recall.withTwo === 'choice') return move(line, [{ at: 'choosing', held: line.held }, [{ do: 'playTone', tone: 'stutterDial' }, { do: 'start', timer: 'choice', ms: recall.choiceMs }]]);
  if (recall.withTwo === 'threeWay' && line.held === 'toConsult') return [line, [{ do: 'merge' }]];
  return move(line, talkingOn(line.held), [{ do: 'swap' }]);
}

/** ETSI ETS 300 738 has these digits behind a register recall. */
export function choosing(line: Extract<FxsLine, { at: 'choosing' }>, input: FxsInput, settings: FxsSettings): FxsStep {
  switch (input.type) {
    case 'onHook': return move(line, putBack(null, settings), handedOver(line.held, settings));
    case 'hookFlash': return move(line, talkingOn(line.held), [{ do: 'swap' }]);
    case 'timeout': return input.timer === 'choice' ? move(line, talkingOn(line.held), [{ do: 'swap' }], 'choice') : stay(line);
    case 'digit': return isHeard(input.by, settings) ? chosen(line, input.digit, settings) : stay(line);
    case 'released': return move(line, retaken());
    case 'heldGone': return move(line, talkingOn('none'));
    case 'ring': return [line, [refused('userBusy', inUse)]];
    default: return stay(line);
  }
}

/** Silent until something is done. */
export function holding(line: Extract<FxsLine, { at: 'holding' }>, input: FxsInput, settings: FxsSettings): FxsStep {
  switch (input.type) {
    case 'onHook': return move(line, putBack(null, settings), ringsBack('toConsult'));
    case 'hookFlash': return move(line, retaken());
    case 'digit': return isHeard(input.by, settings) ? move(line, dialingOn(input.digit, 'toConsult', settings)) : stay(line);
    case 'heldGone': return move(line, toned(toneFor('normalClearing', settings), null, settings));
    case 'ring': return [line, [refused('userBusy', inUse)]];
    default: return stay(line);
  }
}

/** The call that was held is the only one, and the one that is up. */
export function retaken(): Entry {
  const [state, effects] = talkingOn('none');
  return [state, [{ do: 'takeBack' }, ...effects]];
}

/** What hanging up does to the call that is up, or made, and to the one that is held. Two that both called here know nothing of each other. */
export function handedOver(held: Held, { recall }: FxsSettings): readonly FxsEffect[] {
  if (held === 'none') return [released('normalClearing', hungUp)];
  return recall.transfers && held === 'toConsult' ? [{ do: 'transfer' }] : [released('normalClearing', hungUp), ...ringsBack(held)];
}

/** What hanging up does to a call that is held while there is no other. */
export function ringsBack(held: Held): readonly FxsEffect[] {
  return held === 'none' ? [] : [{ do: 'ringBack' }];
}

function chosen(line: Extract<FxsLine, { at: 'choosing' }>, digit: string, settings: FxsSettings): FxsStep {
  const { held } = line;
  switch (digit) {
    case '0': return move(line, talkingOn('none'), [{ do: 'releaseHeld', cause: 'normalClearing', evidence: ended }]);
    case '1': return move(line, retaken(), [released('normalClearing', flashed)]);
    case '2': return move(line, talkingOn(held), [{ do: 'swap' }]);
    case '3': return merged(line);
    case '4': return move(line, dialing(settings), [{ do: 'transfer' }]);
    default: return move(line, talkingOn(held));
  }
}

/** Whom the telephone had hears it again before he hears the third. */
function merged(line: Extract<FxsLine, { at: 'choosing' }>): FxsStep {
  const [state, effects] = talkingOn(line.held);
  return move(line, [state, [...effects, { do: 'merge' }]]);
}

/** A call that waited is the one that is up, and the other is held. */
function waitingTaken(line: Talking & Standing): FxsStep {
  const cutOff: readonly FxsEffect[] = isCutOff(line.waiting) ? [] : [{ do: 'disconnectAudio' }];
  return [{ ...line, waiting: { is: 'none' }, held: 'forWaiting' }, [...unannounced(line.waiting), ...cutOff, { do: 'hold' }, { do: 'connectAudio' }, { do: 'reportAnswered' }]];
}

/** Dial tone of a telephone that holds a call. ITU-T E.182 has special dial tone where the ordinary one would be mistaken. */
function recalling({ dialing: { firstDigitMs } }: FxsSettings): Entry {
  return [{ at: 'dialing', digits: '', timer: 'firstDigit', held: 'toConsult' }, [{ do: 'playTone', tone: 'stutterDial' }, { do: 'start', timer: 'firstDigit', ms: firstDigitMs }]];
}

function talkingOn(held: Held): Entry {
  return [{ at: 'talking', polarity: 'normal', waiting: { is: 'none' }, held }, [{ do: 'connectAudio' }]];
}

const ended = { kind: 'hookFlash', text: 'the telephone ended the call that it held' };

import { dialled } from './digit-map.ts';
import { dialing as dialingAnew, dialingOn, offered, putBack, toned } from './fxs-entry.ts';
import type { DialingState, FxsInput, FxsStep, FxsTimer, Standing } from './fxs-machine.ts';
import type { FxsSettings } from './fxs-settings.ts';
import { inUse, move, refused, stay } from './fxs-step.ts';

/** The state of fxs-machine.ts from dial tone to a number. */
export function dialing(line: DialingState & Standing, input: FxsInput, settings: FxsSettings): FxsStep {
  switch (input.type) {
    case 'onHook': return move(line, putBack(null, settings));
    case 'digit':
      if (!isHeard(input.by, settings)) return stay(line);
      return isTerminator(line.digits, input.digit, settings) ? move(line, ended(line.digits, settings)) : move(line, dialingOn(line.digits + input.digit, settings));
    // Whoever misdialled begins again.
    case 'hookFlash': return move(line, dialingAnew(settings));
    case 'ring': return [line, [refused('userBusy', inUse)]];
    case 'timeout': return input.timer === line.timer ? expired(line, input.timer, settings) : stay(line);
    default: return stay(line);
  }
}

/** DTMF and pulses can each be switched off. */
export function isHeard(by: 'dtmf' | 'pulse', { dialing }: FxsSettings): boolean {
  return by === 'dtmf' ? dialing.byDtmf : dialing.byPulse;
}

function expired(line: DialingState & Standing, timer: FxsTimer, settings: FxsSettings): FxsStep {
  // GR-506: nothing dialled in time is a permanent signal, too little a partial dial; both get reorder tone.
  const reorder = toned('congestion', null, settings);
  if (timer === 'interDigit') return move(line, ended(line.digits, settings), [], timer);
  if (timer === 'hotline' && settings.hotline !== null) return move(line, offered(settings.hotline.number), [], timer);
  return move(line, reorder, [], timer);
}

/** No more digits: is it a number? */
function ended(digits: string, settings: FxsSettings): ReturnType<typeof toned> {
  const { map, matching } = settings.dialing;
  const is = map === null ? 'complete' : dialled(map, digits, matching);
  return is === 'complete' || is === 'pausing' ? offered(digits) : toned('congestion', null, settings);
}

function isTerminator(digits: string, digit: string, { dialing: { terminator, map, matching } }: FxsSettings): boolean {
  if (digit !== terminator || digits === '') return false;
  return map === null || dialled(map, digits + digit, matching) === 'impossible';
}

import { dialled } from './digit-map.ts';
import { dialing as dialingAnew, dialingOn, offered, putBack, tonedWith } from './fxs-entry.ts';
import type { DialingState, FxsInput, FxsStep, FxsTimer, Held, Standing } from './fxs-machine.ts';
import { retaken, ringsBack } from './fxs-recall.ts';
import type { FxsSettings } from './fxs-settings.ts';
import { type Entry, inUse, isHeard, move, refused, stay } from './fxs-step.ts';

/** The state of fxs-machine.ts from dial tone to a number. */
export function dialing(line: DialingState & Standing, input: FxsInput, settings: FxsSettings): FxsStep {
  switch (input.type) {
    case 'onHook': return move(line, putBack(null, settings), ringsBack(line.held));
    case 'digit':
      if (!isHeard(input.by, settings)) return stay(line);
      return isTerminator(line.digits, input.digit, settings) ? move(line, ended(line.digits, line.held, settings)) : move(line, dialingOn(line.digits + input.digit, line.held, settings));
    // Whoever misdialled begins again; who was asked for another number has the first call back.
    case 'hookFlash': return move(line, line.held === 'none' ? dialingAnew(settings) : retaken());
    case 'heldGone': return [{ ...line, held: 'none' }, []];
    case 'ring': return [line, [refused('userBusy', inUse)]];
    case 'timeout': return input.timer === line.timer ? expired(line, input.timer, settings) : stay(line);
    default: return stay(line);
  }
}

function expired(line: DialingState & Standing, timer: FxsTimer, settings: FxsSettings): FxsStep {
  // GR-506: nothing dialled in time is a permanent signal, too little a partial dial; both get reorder tone.
  if (timer === 'interDigit') return move(line, ended(line.digits, line.held, settings), [], timer);
  if (timer === 'hotline' && settings.hotline !== null) return move(line, offered(settings.hotline.number, line.held), [], timer);
  // Holding is all that was wanted.
  return move(line, line.held === 'none' ? tonedWith('none', 'congestion', settings) : [{ at: 'holding' }, []], [], timer);
}

/** No more digits: is it a number? */
function ended(digits: string, held: Held, settings: FxsSettings): Entry {
  const { map, matching } = settings.dialing;
  const is = map === null ? 'complete' : dialled(map, digits, matching);
  return is === 'complete' || is === 'pausing' ? offered(digits, held) : tonedWith(held, 'congestion', settings);
}

function isTerminator(digits: string, digit: string, { dialing: { terminator, map, matching } }: FxsSettings): boolean {
  if (digit !== terminator || digits === '') return false;
  return map === null || dialled(map, digits + digit, matching) === 'impossible';
}

import { answered, dialing, putBack, toned as tonedAnew, toneFor } from './fxs-entry.ts';
import type { FxsEffect, FxsInput, FxsLine, FxsStep } from './fxs-machine.ts';
import type { FxsSettings } from './fxs-settings.ts';
import { retaken, ringsBack } from './fxs-recall.ts';
import { inUse, move, refused, stay } from './fxs-step.ts';

/* The states of fxs-machine.ts in which there is no call (any more), and the handset is still lifted. */

/** Of the hook the port tells nothing, and afterwards how it is: an `onHook` may follow. */
export function openLoop(line: Extract<FxsLine, { at: 'openLoop' }>, input: FxsInput, settings: FxsSettings): FxsStep {
  const after = tonedAnew(toneFor(line.cause, settings), line.waiting, settings);
  switch (input.type) {
    case 'openLoopEnded': return move(line, after);
    case 'timeout': return input.timer === 'openLoop' ? move(line, after, [], 'openLoop') : stay(line);
    case 'onHook': return move(line, putBack(line.waiting, settings));
    case 'ring': return [line, [refused('userBusy', inUse)]];
    case 'cancelled': return [{ ...line, waiting: null }, []];
    default: return stay(line);
  }
}

export function toned(line: Extract<FxsLine, { at: 'toned' }>, input: FxsInput, settings: FxsSettings): FxsStep {
  switch (input.type) {
    case 'onHook': return move(line, putBack(line.waiting, settings), ringsBack(line.held));
    // As good as hanging up and lifting again: the call that waits or is held, or dial tone.
    case 'hookFlash':
      if (line.held !== 'none') return move(line, retaken());
      return line.waiting === null ? move(line, dialing(settings)) : move(line, answered(), [{ do: 'takeWaiting' }]);
    case 'heldGone': return [{ ...line, held: 'none' }, []];
    case 'timeout': return input.timer === 'tone' ? left(line, settings) : stay(line);
    case 'ring': return [line, [refused('userBusy', inUse)]];
    case 'cancelled': return [{ ...line, waiting: null }, []];
    default: return stay(line);
  }
}

/** ITU-T E.182's howler, GR-506's receiver off-hook tone: loud. */
export function howling(line: FxsLine, input: FxsInput, settings: FxsSettings): FxsStep {
  if (input.type === 'timeout' && input.timer === 'howler') return move(line, [{ at: 'parked' }, []], [], 'howler');
  return parked(line, input, settings);
}

/** Locked out: silent, and nothing but hanging up helps. */
export function parked(line: FxsLine, input: FxsInput, settings: FxsSettings): FxsStep {
  switch (input.type) {
    case 'onHook': return move(line, putBack(null, settings), settings.isLoudspeaker ? [] : [{ do: 'alarm', is: 'backOnHook' }]);
    case 'ring': return [line, [refused('userBusy', { kind: 'offHook', text: 'the receiver was left off the hook' })]];
    default: return stay(line);
  }
}

/** Nobody listens to the tone any more. A call that waits need not. */
function left(line: Extract<FxsLine, { at: 'toned' }>, { supervision }: FxsSettings): FxsStep {
  if (line.held !== 'none') return move(line, [{ at: 'holding' }, []], [], 'tone');
  const says: FxsEffect[] = line.waiting === null ? [] : [refused('userBusy', { kind: 'offHook', text: 'the receiver was left off the hook' })];
  says.push({ do: 'alarm', is: 'leftOffHook' });
  const howler: readonly FxsEffect[] = [{ do: 'playTone', tone: 'offHook' }, { do: 'start', timer: 'howler', ms: supervision.howlerMs }];
  return move(line, supervision.howlerMs > 0 ? [{ at: 'howling' }, howler] : [{ at: 'parked' }, []], says, 'tone');
}

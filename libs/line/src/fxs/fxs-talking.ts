import { announcedOn, callWaits, isAcknowledgement, noneWaits } from './fxs-call-waiting.ts';
import { putBack, toned, toneFor } from './fxs-entry.ts';
import { flash, handedOver, retaken } from './fxs-recall.ts';
import type { FxsInput, FxsStep, Standing, Talking } from './fxs-machine.ts';
import type { FxsSettings } from './fxs-settings.ts';
import { incomingOf, isHeard, move, stay } from './fxs-step.ts';

/** The state of fxs-machine.ts in which two talk. */
export function talking(line: Talking & Standing, input: FxsInput, settings: FxsSettings): FxsStep {
  const waiting = incomingOf(line);
  switch (input.type) {
    case 'onHook': return move(line, putBack(waiting, settings), handedOver(line.held, settings));
    case 'hookFlash': return flash(line, settings);
    case 'heldGone': return [{ ...line, held: 'none' }, []];
    case 'digit':
      if (line.waiting.is === 'alerted' && isAcknowledgement(input)) return announcedOn(line, input, settings);
      return isHeard(input.by, settings) ? [line, [{ do: 'reportDigit', digit: input.digit, durationMs: input.durationMs }]] : stay(line);
    case 'released': {
      if (line.held !== 'none') return move(line, retaken());
      const { openLoopMs } = settings.supervision;
      if (openLoopMs === 0) return move(line, toned(toneFor(input.cause, settings), waiting, settings));
      return move(line, [{ at: 'openLoop', waiting, cause: input.cause }, [{ do: 'openLoop', ms: openLoopMs }, { do: 'start', timer: 'openLoop', ms: openLoopMs + lateMs }]]);
    }
    case 'ring': return callWaits(line, input.call, settings);
    case 'cancelled': return noneWaits(line);
    default: return announcedOn(line, input, settings);
  }
}

/** A port that does not tell the end of an open loop has forgotten it. */
const lateMs = 1_000;

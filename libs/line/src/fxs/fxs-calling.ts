import { putBack, toneFor, tonedWith } from './fxs-entry.ts';
import type { FxsEffect, FxsInput, FxsLine, FxsStep, Held, Standing } from './fxs-machine.ts';
import { handedOver, retaken } from './fxs-recall.ts';
import type { FxsSettings } from './fxs-settings.ts';
import { flashed, inUse, isHeard, move, refused, released, stay, type Entry } from './fxs-step.ts';

/* The states of fxs-machine.ts in which the exchange has the number, and nobody has answered. */

type Calling = Extract<FxsLine, { at: 'offered' | 'ringback' | 'early' }> & Standing;

export function offered(line: Calling, input: FxsInput, settings: FxsSettings): FxsStep {
  switch (input.type) {
    case 'alerting': return move(line, [{ at: 'ringback', held: line.held }, [{ do: 'playTone', tone: 'ringing' }]]);
    case 'progress': return move(line, [{ at: 'early', held: line.held }, [{ do: 'connectAudio' }]]);
    default: return unanswered(line, input, settings);
  }
}

export function ringback(line: Calling, input: FxsInput, settings: FxsSettings): FxsStep {
  if (input.type === 'progress') return move(line, [{ at: 'early', held: line.held }, [{ do: 'connectAudio' }]]);
  return unanswered(line, input, settings);
}

/** The far end is heard already: ringing tone of its own, an announcement, perhaps one that asks for digits. */
export function early(line: Calling, input: FxsInput, settings: FxsSettings): FxsStep {
  switch (input.type) {
    // What was heard was the office itself, that asked for something: the called party only rings now.
    case 'alerting': return move(line, [{ at: 'ringback', held: line.held }, [{ do: 'playTone', tone: 'ringing' }]]);
    case 'digit': return isHeard(input.by, settings) ? [line, [{ do: 'reportDigit', digit: input.digit, durationMs: input.durationMs }]] : stay(line);
    case 'answered': {
      // It is heard all the time: nothing to undo.
      const [state, effects] = answeredByFarEnd(line.held, settings);
      return [{ ...state, shown: line.shown }, effects.filter((effect) => effect.do !== 'connectAudio')];
    }
    default: return unanswered(line, input, settings);
  }
}

function unanswered(line: Calling, input: FxsInput, settings: FxsSettings): FxsStep {
  switch (input.type) {
    case 'onHook': return move(line, putBack(null, settings), handedOver(line.held, settings));
    // Back to the call that is held; the only one nobody gives up so.
    case 'hookFlash': return line.held === 'none' ? stay(line) : move(line, retaken(), [released('normalClearing', flashed)]);
    case 'heldGone': return [{ ...line, held: 'none' }, []];
    case 'answered': return move(line, answeredByFarEnd(line.held, settings));
    case 'released': return move(line, tonedWith(line.held, toneFor(input.cause, settings), settings));
    case 'ring': return [line, [refused('userBusy', inUse)]];
    default: return stay(line);
  }
}

/** ETSI ES 201 970: the poles change places when the called party answers, where the station wants that. */
function answeredByFarEnd(held: Held, { supervision }: FxsSettings): Entry {
  const polarity = supervision.reversalOnAnswer ? 'reversed' : 'normal';
  const reversed: FxsEffect[] = supervision.reversalOnAnswer ? [{ do: 'polarity', polarity }] : [];
  return [{ at: 'talking', polarity, waiting: { is: 'none' }, held }, [...reversed, { do: 'connectAudio' }]];
}

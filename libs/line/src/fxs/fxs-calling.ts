import { isHeard } from './fxs-dialing.ts';
import { putBack, toned, toneFor } from './fxs-entry.ts';
import type { FxsEffect, FxsInput, FxsLine, FxsStep } from './fxs-machine.ts';
import type { FxsSettings } from './fxs-settings.ts';
import { hungUp, inUse, move, refused, released, stay, type Entry } from './fxs-step.ts';

/* The states of fxs-machine.ts in which the exchange has the number, and nobody has answered. */

export function offered(line: FxsLine, input: FxsInput, settings: FxsSettings): FxsStep {
  switch (input.type) {
    case 'alerting': return move(line, [{ at: 'ringback' }, [{ do: 'playTone', tone: 'ringing' }]]);
    case 'progress': return move(line, [{ at: 'early' }, [{ do: 'connectAudio' }]]);
    default: return unanswered(line, input, settings);
  }
}

export function ringback(line: FxsLine, input: FxsInput, settings: FxsSettings): FxsStep {
  if (input.type === 'progress') return move(line, [{ at: 'early' }, [{ do: 'connectAudio' }]]);
  return unanswered(line, input, settings);
}

/** The far end is heard already: ringing tone of its own, an announcement, perhaps one that asks for digits. */
export function early(line: FxsLine, input: FxsInput, settings: FxsSettings): FxsStep {
  switch (input.type) {
    // What was heard was the office itself, that asked for something: the called party only rings now.
    case 'alerting': return move(line, [{ at: 'ringback' }, [{ do: 'playTone', tone: 'ringing' }]]);
    case 'digit': return isHeard(input.by, settings) ? [line, [{ do: 'reportDigit', digit: input.digit, durationMs: input.durationMs }]] : stay(line);
    case 'answered': {
      // It is heard all the time: nothing to undo.
      const [state, effects] = answeredByFarEnd(settings);
      return [{ ...state, shown: line.shown }, effects.filter((effect) => effect.do !== 'connectAudio')];
    }
    default: return unanswered(line, input, settings);
  }
}

function unanswered(line: FxsLine, input: FxsInput, settings: FxsSettings): FxsStep {
  switch (input.type) {
    case 'onHook': return move(line, putBack(null, settings), [released('normalClearing', hungUp)]);
    case 'hookFlash': return [line, [{ do: 'reportHookFlash' }]];
    case 'answered': return move(line, answeredByFarEnd(settings));
    case 'released': return move(line, toned(toneFor(input.cause, settings), null, settings));
    case 'ring': return [line, [refused('userBusy', inUse)]];
    default: return stay(line);
  }
}

/** ETSI ES 201 970: the poles change places when the called party answers, where the station wants that. */
function answeredByFarEnd({ supervision }: FxsSettings): Entry {
  const polarity = supervision.reversalOnAnswer ? 'reversed' : 'normal';
  const reversed: FxsEffect[] = supervision.reversalOnAnswer ? [{ do: 'polarity', polarity }] : [];
  return [{ at: 'talking', polarity, waiting: { is: 'none' } }, [...reversed, { do: 'connectAudio' }]];
}

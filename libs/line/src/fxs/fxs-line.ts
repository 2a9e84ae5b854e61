import { absent, disabled, guard, idle } from './fxs-at-rest.ts';
import { early, offered, ringback } from './fxs-calling.ts';
import { dialing } from './fxs-dialing.ts';
import { howling, openLoop, parked, toned } from './fxs-ending.ts';
import { choosing, holding } from './fxs-recall.ts';
import type { FxsEffect, FxsInput, FxsLine, FxsStep } from './fxs-machine.ts';
import { announcing, ringing } from './fxs-ringing.ts';
import type { FxsSettings } from './fxs-settings.ts';
import { heldIn, incomingOf, move, refused, released } from './fxs-step.ts';
import { talking } from './fxs-talking.ts';

/** Where a station begins: `portPresent` is the first input. */
export const newFxsLine: FxsLine = { at: 'absent', shown: null };

/** The machine of an analog telephone on our port; its states are drawn in fxs-machine.ts. */
export function fxsLine(line: FxsLine, input: FxsInput, settings: FxsSettings): FxsStep {
  if (input.type === 'portAbsent') return gone(line);
  switch (line.at) {
    case 'absent': return absent(line, input, settings);
    case 'disabled': return disabled(line, input, settings);
    case 'idle': return idle(line, input, settings);
    case 'announcing': return announcing(line, input, settings);
    case 'ringing': return ringing(line, input, settings);
    case 'dialing': return dialing(line, input, settings);
    case 'offered': return offered(line, input, settings);
    case 'ringback': return ringback(line, input, settings);
    case 'early': return early(line, input, settings);
    case 'talking': return talking(line, input, settings);
    case 'choosing': return choosing(line, input, settings);
    case 'holding': return holding(line, input, settings);
    case 'openLoop': return openLoop(line, input, settings);
    case 'toned': return toned(line, input, settings);
    case 'howling': return howling(line, input, settings);
    case 'parked': return parked(line, input, settings);
    case 'guard': return guard(line, input, settings);
  }
}

/** The card was pulled, whatever went on. */
function gone(line: FxsLine): FxsStep {
  const says: FxsEffect[] = [];
  const [evidence, cause] = [{ kind: 'portAbsent', text: 'the card of the port was pulled' }, 'outOfOrder'] as const;
  const waits = line.at === 'talking' || line.at === 'openLoop' || line.at === 'toned';
  if (waits && incomingOf(line) !== null) says.push(refused(cause, evidence));
  if ((!waits && incomingOf(line) !== null) || hasCall(line)) says.push(released(cause, evidence));
  if (heldIn(line)) says.push({ do: 'releaseHeld', cause, evidence });
  const [next, effects] = move(line, [{ at: 'absent' }, []], says);
  return [{ ...next, shown: null }, effects];
}

function hasCall({ at }: FxsLine): boolean {
  return at === 'offered' || at === 'ringback' || at === 'early' || at === 'talking' || at === 'choosing';
}

import { answered, dialing, incoming, rest } from './fxs-entry.ts';
import type { FxsInput, FxsLine, FxsStep } from './fxs-machine.ts';
import type { FxsSettings } from './fxs-settings.ts';
import { move, refused, stay } from './fxs-step.ts';

/* The states of fxs-machine.ts in which nothing goes on. */

export function absent(line: FxsLine, input: FxsInput, settings: FxsSettings): FxsStep {
  switch (input.type) {
    case 'portPresent': return rest(line, settings);
    case 'ring': return [line, [refused('outOfOrder', { kind: 'portAbsent', text: 'the card of the port is not there' })]];
    default: return stay(line);
  }
}

/** What the hook does is kept in mind: who has lifted the handset when the port is taken into service gets dial tone. */
export function disabled(line: Extract<FxsLine, { at: 'disabled' }>, input: FxsInput, settings: FxsSettings): FxsStep {
  switch (input.type) {
    case 'offHook': return [{ ...line, hook: 'off' }, []];
    case 'onHook': return [{ ...line, hook: 'on' }, []];
    case 'ring': return [line, [refused('outOfOrder', { kind: 'disabled', text: 'the port is out of service' })]];
    case 'settingsChanged':
      if (!settings.isEnabled) return stay(line);
      return line.hook === 'off' ? move(line, dialing(settings)) : rest(line, settings);
    default: return stay(line);
  }
}

export function idle(line: FxsLine, input: FxsInput, settings: FxsSettings): FxsStep {
  switch (input.type) {
    case 'offHook': return move(line, dialing(settings));
    case 'ring': return move(line, incoming(input.call, settings));
    case 'settingsChanged': return rest(line, settings);
    default: return stay(line);
  }
}

/** Just hung up: the bell may not ring yet. */
export function guard(line: Extract<FxsLine, { at: 'guard' }>, input: FxsInput, settings: FxsSettings): FxsStep {
  switch (input.type) {
    case 'offHook': return move(line, line.next === null ? dialing(settings) : answered());
    case 'ring':
      if (line.next !== null) return [line, [refused('userBusy', { kind: 'ringing', text: 'another call is about to ring' })]];
      return [{ ...line, next: input.call }, []];
    case 'cancelled': return [{ ...line, next: null }, []];
    case 'timeout':
      if (input.timer !== 'guard') return stay(line);
      return line.next === null ? rest(line, settings, [], 'guard') : move(line, incoming(line.next, settings), [], 'guard');
    default: return stay(line);
  }
}

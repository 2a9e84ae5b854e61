import { measuring, release, releasing } from './call-ending.ts';
import type { Call, CallEffect, CallInput, CallSettings, CallStep, CallTimer, Talking } from './call-machine.ts';
import { dial, first, setup } from './call-setup.ts';
import { holding, loser, released, restored, silence, silenceBegins, stay, without } from './call-step.ts';
import type { LegId } from './leg.ts';
import type { Outcome } from './outcome.ts';

/** The call machine; its states are drawn in call-machine.ts. */
export function call(state: Call, input: CallInput, settings: CallSettings): CallStep {
  switch (state.at) {
    case 'new': return fresh(state, input, settings);
    case 'first': return first(state, input, settings);
    case 'setup': return setup(state, input, settings);
    case 'talking': return talking(state, input, settings);
    case 'releasing': return releasing(state, input, settings);
    case 'measuring': return measuring(state, input);
    case 'ended': return stay(state);
  }
}

/** Where a call goes after a bug of ours, whatever state it was in: everything is released. */
export function aborted(open: readonly LegId[], outcome: Outcome, settings: CallSettings): CallStep {
  return release(open, outcome, outcome.cause, 'some', settings, []);
}

function fresh(state: Call, input: CallInput, settings: CallSettings): CallStep {
  switch (input.type) {
    case 'offered': {
      const [attempt, ...left] = input.route;
      if (attempt === undefined) throw new Error('a route without attempts');
      return dial({ leg: input.leg, media: input.media, answered: false, isHolding: false }, attempt, left, [], [
        { do: 'start', timer: 'setup', ms: settings.setupMs },
      ]);
    }
    case 'originated':
      return [
        { at: 'first', rung: [], failures: [], route: input.route },
        [
          { do: 'start', timer: 'setup', ms: settings.setupMs },
          { do: 'start', timer: 'ringing', ms: input.first.timeoutMs },
          { do: 'ring', attempt: input.first, media: input.media, role: 'caller' },
        ],
      ];
    case 'adopted':
      return [
        { at: 'talking', caller: input.caller, called: input.called, losers: input.losers, held: input.held, silent: [] },
        [...released(input.losers, 'answeredElsewhere'), ...input.held.map((leg) => holding('held', leg === input.caller ? input.called : input.caller))],
      ];
    case 'interrupted':
      return release(input.legs, input.outcome, input.outcome.cause, 'some', settings, []);
    case 'refused':
      return release(input.leg === null ? [] : [input.leg], input.outcome, input.outcome.cause, 'none', settings, []);
    default:
      return stay(state);
  }
}

function talking(state: Talking, input: CallInput, settings: CallSettings): CallStep {
  const parties = [state.caller, state.called];
  const running: readonly CallTimer[] = isSilent(state) ? ['silence'] : [];
  switch (input.type) {
    case 'hangUp':
      return release([...parties, ...state.losers], input.outcome, input.outcome.cause, 'some', settings, running);
    case 'timeout': {
      if (input.timer !== 'silence') return stay(state);
      const outcome: Outcome = { cause: 'recoveryOnTimerExpiry', evidence: { kind: 'silence', text: `no audio from either side for ${Math.round(settings.silenceMs / 1000)} s` } };
      return release([...parties, ...state.losers], outcome, outcome.cause, 'some', settings, []);
    }
    case 'mediaLost':
      // Its ends are made anew, and so is their silence.
      return listened(state, { ...state, silent: [] }, settings, 0, [...restored(parties), { do: 'join', a: state.caller, b: state.called }, { do: 'attach' }]);
    case 'leg': {
      if (!parties.includes(input.leg)) return loser(state, input.leg, input.event);
      const other = input.leg === state.caller ? state.called : state.caller;
      switch (input.event.type) {
        case 'released':
          return release([other, ...state.losers], input.event, input.event.cause, 'some', settings, running);
        case 'digit':
          return [state, [{ do: 'send', leg: other, command: { type: 'sendDigit', digit: input.event.digit, durationMs: input.event.durationMs } }]];
        case 'held':
          if (state.held.includes(input.leg)) return stay(state);
          return listened(state, { ...state, held: [...state.held, input.leg] }, settings, 0, [holding('held', other), { do: 'publish', type: 'call.held', leg: input.leg }, { do: 'attach' }]);
        case 'resumed':
          if (!state.held.includes(input.leg)) return stay(state);
          return listened(state, { ...state, held: without(state.held, input.leg) }, settings, 0, [holding('resumed', other), { do: 'publish', type: 'call.resumed', leg: input.leg }, { do: 'attach' }]);
        case 'mediaReturned':
          return [state, [{ do: 'join', a: state.caller, b: state.called }]];
        case 'silent':
          return listened(state, { ...state, silent: [...without(state.silent, input.leg), input.leg] }, settings, input.event.silentMs, [silence(other, input.event.silentMs)]);
        case 'heard':
          return listened(state, { ...state, silent: without(state.silent, input.leg) }, settings, 0, [{ do: 'send', leg: other, command: { type: 'heard' } }]);
        case 'changed':
          return [state, [{ do: 'attach' }]];
        default:
          return stay(state);
      }
    }
    default:
      return stay(state);
  }
}

/** From one to the other, with what that does to timer `silence`. `silentMs`: how long the one who fell silent last has been. */
function listened(before: Talking, after: Talking, settings: CallSettings, silentMs: number, effects: CallEffect[]): CallStep {
  if (isSilent(before) && !isSilent(after)) effects.push({ do: 'stop', timer: 'silence' });
  if (!isSilent(before) && isSilent(after)) effects.push(...silenceBegins(settings, silentMs));
  return [after, effects];
}

/** Nothing comes from either, and nobody wanted that. */
function isSilent({ silent, held }: Talking): boolean {
  return silent.length === 2 && held.length === 0;
}

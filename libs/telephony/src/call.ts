import { ask, asking } from './call-asking.ts';
import { first } from './call-first.ts';
import { measuring, preempt, preempted, release, releasing } from './call-ending.ts';
import type { Call, Caller, CallEffect, CallInput, CallSettings, CallStep, CallTimer, Talking } from './call-machine.ts';
import { begin, setup } from './call-setup.ts';
import { holding, loser, released, restored, silence, silenceBegins, silenceLimit, stay, without } from './call-step.ts';
import type { LegId } from './leg.ts';
import type { MediaProfile } from './media.ts';
import type { Outcome } from './outcome.ts';
import type { Route } from './route.ts';

/** The call machine; its states are drawn in call-machine.ts. */
export function call(state: Call, input: CallInput, settings: CallSettings): CallStep {
  switch (state.at) {
    case 'new': return fresh(state, input, settings);
    case 'first': return first(state, input, settings);
    case 'asking': return asking(state, input, settings);
    case 'setup': return setup(state, input, settings);
    case 'talking': return talking(state, input, settings);
    case 'preempted': return preempted(state, input, settings);
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
    case 'offered':
      return begin(newCaller(input.leg, input.media), input.route, [], limited(input.route, settings));
    case 'asks':
      return ask(newCaller(input.leg, input.media), [], limited(null, settings), settings);
    case 'originated':
      return [
        { at: 'first', rung: [], failures: [], route: input.route },
        [
          ...limited(input.route, settings),
          { do: 'start', timer: 'ringing', ms: input.first.timeoutMs },
          { do: 'ring', attempt: input.first, media: input.media, role: 'caller' },
        ],
      ];
    case 'adopted':
      return [
        { at: 'talking', caller: input.caller, called: input.called, isEmergency: input.isEmergency, losers: input.losers, held: input.held, silent: [] },
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

function newCaller(leg: LegId, media: MediaProfile): Caller {
  return { leg, media, kept: null, answered: false, isHolding: false, told: 'nothing' };
}

/** No call for help ends because it takes long. */
function limited(route: Route | null, { setupMs }: CallSettings): CallEffect[] {
  return route?.emergency === undefined ? [{ do: 'start', timer: 'setup', ms: setupMs }] : [];
}

function talking(state: Talking, input: CallInput, settings: CallSettings): CallStep {
  const parties = [state.caller, state.called];
  const running: readonly CallTimer[] = isSilent(state) ? ['silence'] : [];
  switch (input.type) {
    case 'hangUp':
      return release([...parties, ...state.losers], input.outcome, input.outcome.cause, 'some', settings, running);
    case 'timeout': {
      if (input.timer !== 'silence') return stay(state);
      const outcome: Outcome = { cause: 'recoveryOnTimerExpiry', evidence: { kind: 'silence', text: `no audio from either side for ${Math.round(silenceLimit(settings, state.isEmergency) / 1000)} s` } };
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
          if (input.event.cause === 'preempted') return preempt(other, [other, ...state.losers], input.event, input.leg, running.map((timer) => ({ do: 'stop', timer })));
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
  if (!isSilent(before) && isSilent(after)) effects.push(...silenceBegins(settings, after.isEmergency, silentMs));
  return [after, effects];
}

/** Nothing comes from either, and nobody wanted that. */
function isSilent({ silent, held }: Talking): boolean {
  return silent.length === 2 && held.length === 0;
}

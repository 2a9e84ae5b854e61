import { ask, asking } from './call-asking.ts';
import { first } from './call-first.ts';
import { measuring, preempted, release, releasing } from './call-ending.ts';
import { begin } from './call-attempt.ts';
import type { CallEffect, CallInput, CallSettings, CallStep } from './call-inputs.ts';
import type { Call, Caller, Talking, Waiting } from './call-machine.ts';
import { isLeftAlone, letWait } from './call-parties.ts';
import { setup } from './call-setup.ts';
import { holding, released, stay } from './call-step.ts';
import { talking } from './call-talking.ts';
import { waiting } from './call-waiting.ts';
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
    case 'waiting': return waiting(state, input, settings);
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
    case 'offeredOver':
      return letWait({ leg: input.leg, isHolding: false, why: { is: 'move' }, then: null, losers: [] }, null, [{ do: 'moveOn', leg: input.leg, outcome: nowhereToGo }]);
    case 'originated':
      return [
        { at: 'first', rung: [], failures: [], route: input.route, goesOver: input.goesOver },
        [
          ...limited(input.route, settings),
          { do: 'start', timer: 'ringing', ms: input.first.timeoutMs },
          { do: 'ring', attempt: input.first, media: input.media, role: 'caller' },
        ],
      ];
    case 'consults': {
      const { who, returns } = input.arrival;
      return begin(who, input.route, [], [holding('resumed', who.leg), ...limited(input.route, settings)], { returns: returns === true });
    }
    case 'adopted':
      return adopted(input.state, input.waitingMs);
    case 'resumed': {
      const { caller, losers, sentOn, returns } = input.state;
      return begin(caller, { direction: 'internal', attempts: input.attempts }, losers, released(losers, 'answeredElsewhere'), { sentOn, returns });
    }
    case 'interrupted':
      return release(input.legs, input.outcome, input.outcome.cause, 'some', settings, []);
    case 'hangUp':
      // Nobody has come into it yet.
      return release([], input.outcome, input.outcome.cause, 'none', settings, []);
    case 'refused':
      return release(input.leg === null ? [] : [input.leg], input.outcome, input.outcome.cause, 'none', settings, []);
    default:
      return stay(state);
  }
}

function adopted(state: Talking | Waiting, waitingMs: number | null): CallStep {
  const before: CallEffect[] = released(state.losers, 'answeredElsewhere');
  if (state.at === 'waiting') {
    if (waitingMs !== null) before.push({ do: 'start', timer: 'waiting', ms: waitingMs });
    return [state, [...before, holding('held', state.leg)]];
  }
  return [state, [...before, ...state.parties.filter((leg) => isLeftAlone(state, leg)).map((leg) => holding('held', leg))]];
}

function newCaller(leg: LegId, media: MediaProfile): Caller {
  return { leg, media, kept: null, answered: false, isHolding: false, told: 'nothing' };
}

/** No call for help ends because it takes long. */
function limited(route: Route | null, { setupMs }: CallSettings): CallEffect[] {
  return route?.emergency === undefined ? [{ do: 'start', timer: 'setup', ms: setupMs }] : [];
}

const nowhereToGo: Outcome = { cause: 'temporaryFailure', evidence: { kind: 'moved', text: 'what it was to replace is over' } };

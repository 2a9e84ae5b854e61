import type { Caller, CallEffect, CallInput, CallSettings, CallStep, CallTimer, Setup } from './call-machine.ts';
import { preempt, release } from './call-ending.ts';
import { after, holding, loser, released, restored, silence, silenceBegins, stay, without } from './call-step.ts';
import type { Cause } from './cause.ts';
import { givenToCaller, keptTo, narrowed } from './codec-choice.ts';
import type { LegEvent, LegId } from './leg.ts';
import { combined, isRerouteable, type Outcome, toldInEmergency } from './outcome.ts';
import type { Attempt, Route } from './route.ts';

/* The state of call-machine.ts in which somebody is called. */

/** Rings the first attempt of a route. */
export function begin(caller: Caller, { attempts, emergency }: Route, losers: readonly LegId[], before: CallEffect[]): CallStep {
  return dial({ caller, isEmergency: emergency !== undefined, losers, former: [], silent: [], rang: false }, attempts, before);
}

function dial(so: Pick<Setup, 'caller' | 'isEmergency' | 'losers' | 'former' | 'silent' | 'rang'>, [attempt, ...left]: readonly Attempt[], before: CallEffect[]): CallStep {
  if (attempt === undefined) throw new Error('a route without attempts');
  const { isEmergency, losers, former, silent, rang } = so;
  const caller = so.caller.kept === null ? so.caller : { ...so.caller, media: so.caller.kept };
  before.push({ do: 'start', timer: 'ringing', ms: attempt.timeoutMs }, { do: 'ring', attempt, media: caller.media, role: 'called' });
  return [{ at: 'setup', caller, isEmergency, attempt, left, rung: [], losers, failures: [], former, silent, rang, progress: { is: 'silent' } }, before];
}

export function setup(state: Setup, input: CallInput, settings: CallSettings): CallStep {
  const open = [state.caller.leg, ...state.rung, ...state.losers];
  switch (input.type) {
    case 'rung':
      return [{ ...state, rung: input.legs }, []];
    case 'hangUp':
      return release(open, input.outcome, input.outcome.cause, 'some', settings, ['setup', 'ringing']);
    case 'timeout': {
      if (input.timer === 'releasing') return stay(state);
      const outcome = expired(input.timer, state.progress.is === 'silent' ? 'silent' : 'rang');
      if (input.timer === 'setup') return after([{ do: 'failed', outcome, next: null }], release(open, outcome, outcome.cause, 'some', settings, ['ringing']));
      // Who can help rings: that is not given up for another way.
      if (state.isEmergency && state.progress.is !== 'silent') return stay(state);
      return over(state, outcome, [], settings);
    }
    case 'mediaLost': {
      const effects = restored(open);
      if (state.progress.is === 'early') effects.push({ do: 'join', a: state.caller.leg, b: state.progress.leg });
      return [state, effects];
    }
    case 'leg':
      if (input.event.type === 'silent') return [{ ...state, silent: [...without(state.silent, input.leg), input.leg] }, []];
      if (input.event.type === 'heard') return [{ ...state, silent: without(state.silent, input.leg) }, []];
      if (input.event.type === 'mediaReturned') return [state, state.progress.is === 'early' && (input.leg === state.caller.leg || input.leg === state.progress.leg) ? [{ do: 'join', a: state.caller.leg, b: state.progress.leg }] : []];
      if (input.leg === state.caller.leg) return setupCaller(state, input.event, settings, open);
      if (state.rung.includes(input.leg)) return setupCalled(state, input.leg, input.event, settings);
      return loser(state, input.leg, input.event);
    default:
      return stay(state);
  }
}

function setupCaller(state: Setup, event: LegEvent, settings: CallSettings, open: readonly LegId[]): CallStep {
  switch (event.type) {
    case 'released':
      return release(without(open, state.caller.leg), event, event.cause, 'some', settings, ['setup', 'ringing']);
    case 'digit':
      // Early media may be an announcement that asks for digits.
      if (state.progress.is !== 'early') return stay(state);
      return [state, [{ do: 'send', leg: state.progress.leg, command: { type: 'sendDigit', digit: event.digit, durationMs: event.durationMs } }]];
    case 'held':
    case 'resumed':
      return [{ ...state, caller: { ...state.caller, isHolding: event.type === 'held' } }, []];
    case 'changed':
      return [state, [{ do: 'attach' }]];
    default:
      return stay(state);
  }
}

function setupCalled(state: Setup, leg: LegId, event: LegEvent, settings: CallSettings): CallStep {
  const caller = state.caller.leg;
  switch (event.type) {
    case 'ringing': {
      if (state.progress.is !== 'silent') return stay(state);
      const { told } = state.caller;
      const effects: CallEffect[] = [];
      // Once by signalling; who has media hears each attempt ring.
      if (told !== 'ringing') effects.push({ do: 'send', leg: caller, command: { type: 'alert' } });
      if (!state.rang) effects.push({ do: 'publish', type: 'call.ringing' });
      return [{ ...state, caller: told === 'nothing' ? { ...state.caller, told: 'ringing' } : state.caller, rang: true, progress: { is: 'ringing' } }, effects];
    }
    case 'progress': {
      if (state.progress.is === 'early') return stay(state);
      const given = givenToCaller(event.media, state.caller.media, settings.transcoded);
      const effects: CallEffect[] = [{ do: 'send', leg: caller, command: { type: 'progress', media: given } }, { do: 'join', a: caller, b: leg }];
      if (!state.rang) effects.push({ do: 'publish', type: 'call.ringing' });
      const told: Caller = { ...state.caller, told: 'media', kept: keptTo(given, state.caller.media, settings.transcoded) };
      return [{ ...state, caller: told, rang: true, progress: { is: 'early', leg } }, effects];
    }
    case 'answered': {
      const others = without(state.rung, leg);
      const given = givenToCaller(event.media, state.caller.media, settings.transcoded);
      const kept = narrowed(event.media, given);
      const effects: CallEffect[] = [
        { do: 'stop', timer: 'ringing' },
        { do: 'stop', timer: 'setup' },
        { do: 'send', leg: caller, command: { type: 'answer', media: given } },
      ];
      if (kept !== undefined) effects.push({ do: 'send', leg, command: { type: 'answer', media: kept } });
      if (state.progress.is !== 'early' || state.progress.leg !== leg) effects.push({ do: 'join', a: caller, b: leg });
      effects.push(...released(others, 'answeredElsewhere'), { do: 'publish', type: 'call.answered' });
      const silent = [caller, leg].filter((one) => state.silent.includes(one));
      for (const one of silent) effects.push(silence(one === caller ? leg : caller, 0));
      const held = state.caller.isHolding ? [caller] : [];
      if (held.length > 0) effects.push(holding('held', leg));
      else if (silent.length === 2) effects.push(...silenceBegins(settings, state.isEmergency, 0));
      // Otherwise the caller's leg says `changed` when its answer has left.
      if (state.caller.answered) effects.push({ do: 'attach' });
      return [{ at: 'talking', caller, called: leg, isEmergency: state.isEmergency, losers: [...state.losers, ...others], held, silent }, effects];
    }
    case 'released':
      return failed(state, leg, event, settings);
    case 'changed':
      return [state, [{ do: 'attach' }]];
    default:
      return stay(state);
  }
}

/** One of the legs that ring together is gone. */
function failed(state: Setup, leg: LegId, outcome: Outcome, settings: CallSettings): CallStep {
  const rung = without(state.rung, leg);
  const failures = [...state.failures, { cause: outcome.cause, evidence: outcome.evidence }];
  const wasHeard = state.progress.is === 'early' && state.progress.leg === leg;
  const progress: Setup['progress'] = wasHeard ? { is: outcome.cause === 'networkOutOfOrder' ? 'lost' : 'committed' } : state.progress;
  const effects: CallEffect[] = wasHeard ? [{ do: 'part' }, { do: 'drop', leg }] : [{ do: 'drop', leg }];
  if (rung.length === 0) return over({ ...state, rung, failures, progress }, combined(failures), effects, settings);
  // The others still ring, unheard so far.
  if (wasHeard) effects.push({ do: 'send', leg: state.caller.leg, command: { type: 'alert' } });
  return [{ ...state, rung, failures, progress }, effects];
}

/** The attempt has failed: the next, or the end. Legs that still ring are told to release. */
function over(state: Setup, outcome: Outcome, effects: CallEffect[], settings: CallSettings): CallStep {
  const { caller, left, rung, isEmergency } = state;
  const [next] = left;
  const former = [...state.former, outcome];
  if (next !== undefined && mayReroute(state, outcome.cause)) {
    effects.push({ do: 'stop', timer: 'ringing' }, ...released(rung, outcome.cause), { do: 'failed', outcome, next });
    // Those may take their time.
    return dial({ ...state, former, losers: [...state.losers, ...rung], silent: state.silent.filter((leg) => leg === caller.leg) }, left, effects);
  }
  effects.push({ do: 'failed', outcome, next: null });
  const all = combined(former);
  if (all.cause === 'preempted' && caller.told === 'media') {
    effects.push({ do: 'stop', timer: 'setup' }, { do: 'stop', timer: 'ringing' });
    return preempt(caller.leg, [caller.leg, ...rung, ...state.losers], all, null, effects);
  }
  return after(effects, release([caller.leg, ...rung, ...state.losers], all, isEmergency ? toldInEmergency(all.cause) : all.cause, 'some', settings, ['setup', 'ringing']));
}

function mayReroute({ isEmergency, progress }: Setup, cause: Cause): boolean {
  return isEmergency || (isRerouteable(cause) && progress.is !== 'early' && progress.is !== 'committed');
}

export function expired(timer: CallTimer, so: 'rang' | 'silent'): Outcome {
  if (timer === 'setup') return { cause: 'recoveryOnTimerExpiry', evidence: { kind: 'timer', text: 'nobody answered before the limit for setting up a call' } };
  return so === 'rang'
    ? { cause: 'noAnswer', evidence: { kind: 'timer', text: 'rang, and nobody answered in time' } }
    : { cause: 'noUserResponding', evidence: { kind: 'timer', text: 'nothing rang in time' } };
}

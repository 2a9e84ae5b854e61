import type { Cause } from './cause.ts';
import type { LegCommand, LegEvent, LegId } from './leg.ts';
import type { MediaProfile } from './media.ts';
import { combined, isRerouteable, type Outcome } from './outcome.ts';
import type { Attempt } from './route.ts';

/*
 * One call. All legs of an attempt ring together; the first to answer wins.
 *
 *             originated (click to dial)
 *   new ─────────────────────────► first ──answered──┐
 *    │ offered                       │               ▼            (adopted: new ──► talking, or releasing)
 *    ├───────────────────────────────┼──────────► setup ◄─┐ all legs of the attempt failed, rerouteable,
 *    │ refused                       │               │ │   │ not committed: next attempt
 *    │                               │ failed        │ └───┘
 *    │                               │ gave up       ├──answered──► talking
 *    │                               ▼               ▼                 │ either side released, hang-up
 *    └───────────────────────────► releasing ◄───────┴─────────────────┘
 *                                    │ last leg released, or `releasing`
 *                                    ▼
 *                                measuring ──measured, or `releasing`──► ended
 *
 * Early media: the first leg with progress is joined to the caller, and the call is committed (no other attempt). Others
 * with progress are heard by nobody until that leg fails; then the next one to report progress takes its place.
 * A leg that was told to release is not heard again but for its `released`.
 */
export type Call =
  | { readonly at: 'new' }
  | { readonly at: 'first'; readonly rung: readonly LegId[]; readonly failures: readonly Outcome[]; readonly route: readonly Attempt[] }
  | Setup
  | Talking
  | { readonly at: 'releasing'; readonly open: readonly LegId[]; readonly outcome: Outcome; readonly media: 'none' | 'some' }
  | { readonly at: 'measuring'; readonly outcome: Outcome }
  | { readonly at: 'ended' };

export interface Setup {
  readonly at: 'setup';
  readonly caller: { readonly leg: LegId; readonly media: MediaProfile; readonly answered: boolean };
  /** The attempt being made, and those that are left. */
  readonly attempt: Attempt;
  readonly left: readonly Attempt[];
  /** Legs of this attempt that may still answer. */
  readonly rung: readonly LegId[];
  /** Legs of a former state that lost and are not yet released (the other devices of the first party). */
  readonly losers: readonly LegId[];
  readonly failures: readonly Outcome[];
  /** `silent`: nobody rings yet. `early`: this leg's media is joined to the caller. */
  readonly progress: { readonly is: 'silent' | 'ringing' | 'committed' } | { readonly is: 'early'; readonly leg: LegId };
}

export interface Talking {
  readonly at: 'talking';
  readonly caller: LegId;
  readonly called: LegId;
  /** Legs that lost, and are not yet released. */
  readonly losers: readonly LegId[];
  readonly held: readonly LegId[];
}

/** `setup`: from start to answer. `ringing`: one attempt. `releasing`: legs and statistics that do not come. */
export type CallTimer = 'setup' | 'ringing' | 'releasing';

export type CallInput =
  | { readonly type: 'offered'; readonly leg: LegId; readonly media: MediaProfile; readonly route: readonly Attempt[] }
  | { readonly type: 'refused'; readonly leg: LegId | null; readonly outcome: Outcome }
  | { readonly type: 'originated'; readonly first: Attempt; readonly media: MediaProfile; readonly route: readonly Attempt[] }
  /** It was up before this process was. `losers` had not been seen to go. */
  | { readonly type: 'adopted'; readonly caller: LegId; readonly called: LegId; readonly held: readonly LegId[]; readonly losers: readonly LegId[] }
  /** It was being set up when the former process ended: these legs were open. */
  | { readonly type: 'interrupted'; readonly legs: readonly LegId[]; readonly outcome: Outcome }
  /** The legs that `ring` came to, at least one. It is the very next input after that effect. */
  | { readonly type: 'rung'; readonly legs: readonly LegId[] }
  | { readonly type: 'leg'; readonly leg: LegId; readonly event: LegEvent }
  | { readonly type: 'hangUp'; readonly outcome: Outcome }
  /** The gateway forgot the context. */
  | { readonly type: 'mediaLost' }
  | { readonly type: 'measured' }
  | { readonly type: 'timeout'; readonly timer: CallTimer };

export type CallEffect =
  | { readonly do: 'ring'; readonly attempt: Attempt; readonly media: MediaProfile; readonly role: 'caller' | 'called' }
  | { readonly do: 'send'; readonly leg: LegId; readonly command: LegCommand }
  | { readonly do: 'join'; readonly a: LegId; readonly b: LegId }
  | { readonly do: 'drop'; readonly leg: LegId }
  | { readonly do: 'attach' }
  | { readonly do: 'measure' }
  | { readonly do: 'publish'; readonly type: 'call.ringing' | 'call.answered' }
  | { readonly do: 'publish'; readonly type: 'call.held' | 'call.resumed'; readonly leg: LegId }
  | { readonly do: 'start'; readonly timer: CallTimer; readonly ms: number }
  | { readonly do: 'stop'; readonly timer: CallTimer }
  /** A line of the story that is not a leg's event. */
  | { readonly do: 'tell'; readonly type: string; readonly text: string; readonly leg?: LegId }
  /** The leg never said `released`: it is taken for gone. */
  | { readonly do: 'abandon'; readonly leg: LegId }
  | { readonly do: 'close'; readonly outcome: Outcome };

export interface CallSettings {
  readonly setupMs: number;
  readonly releasingMs: number;
}

export type CallStep = readonly [Call, readonly CallEffect[]];

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
      return dial({ leg: input.leg, media: input.media, answered: false }, attempt, left, [], [
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
      return [{ at: 'talking', caller: input.caller, called: input.called, losers: input.losers, held: input.held }, released(input.losers, 'answeredElsewhere')];
    case 'interrupted':
      return release(input.legs, input.outcome, input.outcome.cause, 'some', settings, []);
    case 'refused':
      return release(input.leg === null ? [] : [input.leg], input.outcome, input.outcome.cause, 'none', settings, []);
    default:
      return stay(state);
  }
}

/** Starts an attempt. */
function dial(caller: Setup['caller'], attempt: Attempt, left: readonly Attempt[], losers: readonly LegId[], before: CallEffect[]): CallStep {
  before.push({ do: 'start', timer: 'ringing', ms: attempt.timeoutMs }, { do: 'ring', attempt, media: caller.media, role: 'called' });
  return [{ at: 'setup', caller, attempt, left, rung: [], losers, failures: [], progress: { is: 'silent' } }, before];
}

function first(state: Extract<Call, { at: 'first' }>, input: CallInput, settings: CallSettings): CallStep {
  switch (input.type) {
    case 'rung':
      return [{ ...state, rung: input.legs }, []];
    case 'hangUp':
      return release(state.rung, input.outcome, input.outcome.cause, 'some', settings, ['setup', 'ringing']);
    case 'timeout':
      if (input.timer === 'releasing') return stay(state);
      return release(state.rung, expired(input.timer, true), 'noAnswer', 'some', settings, [input.timer === 'setup' ? 'ringing' : 'setup']);
    case 'mediaLost':
      return [state, restored(state.rung)];
    case 'leg':
      switch (input.event.type) {
        case 'changed':
          return [state, [{ do: 'attach' }]];
        case 'answered': {
          const losers = without(state.rung, input.leg);
          const [attempt, ...left] = state.route;
          if (attempt === undefined) throw new Error('a route without attempts');
          return dial({ leg: input.leg, media: input.event.media, answered: true }, attempt, left, losers, [
            { do: 'stop', timer: 'ringing' },
            ...released(losers, 'answeredElsewhere'),
          ]);
        }
        case 'released': {
          const rung = without(state.rung, input.leg);
          const failures = [...state.failures, input.event];
          if (rung.length > 0) return [{ ...state, rung, failures }, [{ do: 'drop', leg: input.leg }]];
          const outcome = combined(failures);
          return release([], outcome, outcome.cause, 'some', settings, ['setup', 'ringing']);
        }
        default:
          return stay(state);
      }
    default:
      return stay(state);
  }
}

function setup(state: Setup, input: CallInput, settings: CallSettings): CallStep {
  const open = [state.caller.leg, ...state.rung, ...state.losers];
  switch (input.type) {
    case 'rung':
      return [{ ...state, rung: input.legs }, []];
    case 'hangUp':
      return release(open, input.outcome, input.outcome.cause, 'some', settings, ['setup', 'ringing']);
    case 'timeout': {
      if (input.timer === 'releasing') return stay(state);
      const outcome = expired(input.timer, state.progress.is !== 'silent');
      if (input.timer === 'ringing' && mayReroute(state, outcome.cause)) {
        const [next, ...left] = state.left;
        // The legs told to release may take their time; they are losers of the next attempt.
        if (next !== undefined) return dial(state.caller, next, left, [...state.losers, ...state.rung], released(state.rung, outcome.cause));
      }
      return release(open, outcome, outcome.cause, 'some', settings, [input.timer === 'setup' ? 'ringing' : 'setup']);
    }
    case 'mediaLost': {
      const effects = restored(open);
      if (state.progress.is === 'early') effects.push({ do: 'join', a: state.caller.leg, b: state.progress.leg });
      return [state, effects];
    }
    case 'leg':
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
    case 'changed':
      return [state, [{ do: 'attach' }]];
    default:
      return stay(state);
  }
}

function setupCalled(state: Setup, leg: LegId, event: LegEvent, settings: CallSettings): CallStep {
  const caller = state.caller.leg;
  switch (event.type) {
    case 'ringing':
      if (state.progress.is !== 'silent') return stay(state);
      return [{ ...state, progress: { is: 'ringing' } }, [{ do: 'send', leg: caller, command: { type: 'alert' } }, { do: 'publish', type: 'call.ringing' }]];
    case 'progress': {
      if (state.progress.is === 'early') return stay(state);
      const effects: CallEffect[] = [
        { do: 'send', leg: caller, command: { type: 'progress', media: event.media } },
        { do: 'join', a: caller, b: leg },
      ];
      if (state.progress.is === 'silent') effects.push({ do: 'publish', type: 'call.ringing' });
      return [{ ...state, progress: { is: 'early', leg } }, effects];
    }
    case 'answered': {
      const others = without(state.rung, leg);
      const effects: CallEffect[] = [
        { do: 'stop', timer: 'ringing' },
        { do: 'stop', timer: 'setup' },
        { do: 'send', leg: caller, command: { type: 'answer', media: event.media } },
      ];
      if (state.progress.is !== 'early' || state.progress.leg !== leg) effects.push({ do: 'join', a: caller, b: leg });
      effects.push(...released(others, 'answeredElsewhere'), { do: 'publish', type: 'call.answered' });
      // Otherwise the caller's leg says `changed` when its answer has left.
      if (state.caller.answered) effects.push({ do: 'attach' });
      return [{ at: 'talking', caller, called: leg, losers: [...state.losers, ...others], held: [] }, effects];
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
  const progress = state.progress.is === 'early' && state.progress.leg === leg ? ({ is: 'committed' } as const) : state.progress;
  if (rung.length > 0) return [{ ...state, rung, failures, progress }, [{ do: 'drop', leg }]];
  const all = combined(failures);
  const [next, ...left] = state.left;
  if (next !== undefined && mayReroute(state, all.cause)) {
    return dial(state.caller, next, left, state.losers, [{ do: 'drop', leg }, { do: 'stop', timer: 'ringing' }]);
  }
  return release([state.caller.leg, ...state.losers], all, all.cause, 'some', settings, ['setup', 'ringing']);
}

function mayReroute(state: Setup, cause: Cause): boolean {
  return isRerouteable(cause) && state.progress.is !== 'early' && state.progress.is !== 'committed';
}

function talking(state: Talking, input: CallInput, settings: CallSettings): CallStep {
  const parties = [state.caller, state.called];
  switch (input.type) {
    case 'hangUp':
      return release([...parties, ...state.losers], input.outcome, input.outcome.cause, 'some', settings, []);
    case 'mediaLost':
      return [state, [...restored(parties), { do: 'join', a: state.caller, b: state.called }, { do: 'attach' }]];
    case 'leg': {
      if (!parties.includes(input.leg)) return loser(state, input.leg, input.event);
      const other = input.leg === state.caller ? state.called : state.caller;
      switch (input.event.type) {
        case 'released':
          return release([other, ...state.losers], input.event, input.event.cause, 'some', settings, []);
        case 'digit':
          return [state, [{ do: 'send', leg: other, command: { type: 'sendDigit', digit: input.event.digit, durationMs: input.event.durationMs } }]];
        case 'held':
          if (state.held.includes(input.leg)) return stay(state);
          return [{ ...state, held: [...state.held, input.leg] }, [{ do: 'publish', type: 'call.held', leg: input.leg }, { do: 'attach' }]];
        case 'resumed':
          if (!state.held.includes(input.leg)) return stay(state);
          return [{ ...state, held: without(state.held, input.leg) }, [{ do: 'publish', type: 'call.resumed', leg: input.leg }, { do: 'attach' }]];
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

/** A leg that was told to release has only `released` left to say. */
function loser(state: Setup | Talking, leg: LegId, event: LegEvent): CallStep {
  if (event.type !== 'released' || !state.losers.includes(leg)) return stay(state);
  return [{ ...state, losers: without(state.losers, leg) }, [{ do: 'drop', leg }]];
}

function release(open: readonly LegId[], outcome: Outcome, cause: Cause, media: 'none' | 'some', settings: CallSettings, running: readonly CallTimer[]): CallStep {
  const effects: CallEffect[] = [];
  for (const timer of running) effects.push({ do: 'stop', timer });
  effects.push({ do: 'start', timer: 'releasing', ms: settings.releasingMs }, ...released(open, cause));
  return finish({ at: 'releasing', open, outcome: { cause: outcome.cause, evidence: outcome.evidence }, media }, effects);
}

function releasing(state: Extract<Call, { at: 'releasing' }>, input: CallInput, settings: CallSettings): CallStep {
  switch (input.type) {
    case 'leg':
      if (input.event.type !== 'released') return stay(state);
      return finish({ ...state, open: without(state.open, input.leg) }, []);
    case 'timeout': {
      if (input.timer !== 'releasing') return stay(state);
      const effects: CallEffect[] = state.open.map((leg) => ({ do: 'abandon', leg }));
      effects.push({ do: 'start', timer: 'releasing', ms: settings.releasingMs });
      return finish({ ...state, open: [] }, effects);
    }
    default:
      return stay(state);
  }
}

/** Out of `releasing` when no leg is left. */
function finish(state: Extract<Call, { at: 'releasing' }>, effects: CallEffect[]): CallStep {
  if (state.open.length > 0) return [state, effects];
  if (state.media === 'some') {
    effects.push({ do: 'measure' });
    return [{ at: 'measuring', outcome: state.outcome }, effects];
  }
  effects.push({ do: 'stop', timer: 'releasing' }, { do: 'close', outcome: state.outcome });
  return [{ at: 'ended' }, effects];
}

function measuring(state: Extract<Call, { at: 'measuring' }>, input: CallInput): CallStep {
  switch (input.type) {
    case 'measured':
      return [{ at: 'ended' }, [{ do: 'stop', timer: 'releasing' }, { do: 'close', outcome: state.outcome }]];
    case 'timeout':
      if (input.timer !== 'releasing') return stay(state);
      return [{ at: 'ended' }, [{ do: 'tell', type: 'timeout', text: 'the media gateway gave no statistics' }, { do: 'close', outcome: state.outcome }]];
    default:
      return stay(state);
  }
}

function expired(timer: CallTimer, rang: boolean): Outcome {
  if (timer === 'setup') return { cause: 'recoveryOnTimerExpiry', evidence: { kind: 'timer', text: 'nobody answered before the limit for setting up a call' } };
  return rang
    ? { cause: 'noAnswer', evidence: { kind: 'timer', text: 'rang, and nobody answered in time' } }
    : { cause: 'noUserResponding', evidence: { kind: 'timer', text: 'nothing rang in time' } };
}

function released(legs: readonly LegId[], cause: Cause): CallEffect[] {
  return legs.map((leg) => ({ do: 'send', leg, command: { type: 'release', cause } }));
}

function restored(legs: readonly LegId[]): CallEffect[] {
  return legs.map((leg) => ({ do: 'send', leg, command: { type: 'restoreMedia' } }));
}

function without(legs: readonly LegId[], leg: LegId): readonly LegId[] {
  return legs.filter((one) => one !== leg);
}

function stay(state: Call): CallStep {
  return [state, nothing];
}

const nothing: readonly CallEffect[] = [];


import { preempt, release } from './call-ending.ts';
import type { CallEffect, CallInput, CallSettings, CallStep, CallTimer } from './call-inputs.ts';
import type { Caller, Delayed, SentOn, Setup, Talking, Waiting } from './call-machine.ts';
import { became, callerOf, letWait, stopped } from './call-parties.ts';
import { after, holding, released, without } from './call-step.ts';
import type { Cause } from './cause.ts';
import type { LegId } from './leg.ts';
import { combined, isRerouteable, type Outcome, toldInEmergency } from './outcome.ts';
import type { Attempt, Route } from './route.ts';

/* Attempts of the state `setup` of call-machine.ts: how one is begun, what follows one that failed. */

type Begun = Pick<Setup, 'caller' | 'isEmergency' | 'losers' | 'former' | 'silent' | 'rang' | 'sentOn' | 'returns'>;

/** Rings the first attempt of a route. */
export function begin(caller: Caller, { attempts, emergency }: Route, losers: readonly LegId[], before: CallEffect[], further: Partial<Pick<Setup, 'sentOn' | 'returns'>> = {}): CallStep {
  return dial({ caller, isEmergency: emergency !== undefined, losers, former: [], silent: [], rang: false, sentOn: null, returns: false, ...further }, attempts, before);
}

/** Of two who talk one is called elsewhere for the other. Who transfers hears nobody until it is let go. */
export function sendOn(state: Talking, input: Extract<CallInput, { type: 'sentOn' }>): CallStep {
  const { stays, media, by, route, recall } = input;
  const others = without(state.parties, stays);
  const observers = state.observers.map(({ leg }) => leg);
  const gone = by === null ? [...others, ...observers] : observers;
  const caller = callerOf(stays, state.held.includes(stays), media);
  const before: CallEffect[] = [...stopped(state), ...released(gone, 'normalClearing'), holding('resumed', stays), { do: 'attach' }];
  if (by !== null) before.push({ do: 'send', leg: by, command: { type: 'transfer', is: 'trying' } });
  // Who came to consult somebody does so with whoever answers.
  const returns = state.returns === stays;
  const talking: Talking = { ...state, observers: [], losers: [], silent: [], returns: returns ? stays : null };
  const sentOn: SentOn = { is: by === null ? 'redirect' : 'transfer', back: by === null ? null : { by, talking }, recall };
  return begin(caller, route, [...state.losers, ...gone], before, { sentOn, returns });
}

/** Nobody came for who waits: others are called for it. */
export function callBack({ leg, isHolding, losers }: Waiting, { attempts, media }: NonNullable<Waiting['then']>, before: CallEffect[]): CallStep {
  before.push(holding('resumed', leg), { do: 'publish', type: 'call.partiesChanged' }, { do: 'attach' });
  return begin(callerOf(leg, isHolding, media), { direction: 'internal', attempts }, losers, before, { sentOn: { is: 'return', back: null, recall: null } });
}

/** Somebody rings for whom it transferred: who did may go. */
export function letGo(state: Setup, effects: CallEffect[]): Setup {
  const { sentOn } = state;
  if (sentOn === null || sentOn.back === null) return state;
  const { by } = sentOn.back;
  effects.push({ do: 'send', leg: by, command: { type: 'transfer', is: 'done' } }, ...released([by], 'normalClearing'), { do: 'attach' });
  return { ...state, sentOn: { ...sentOn, back: null }, losers: [...state.losers, by] };
}

/** All is as it was before somebody was called for who is sent on. Where who transfers was let go there is no way back, and nothing changes. */
export function back(state: Setup, cause: Cause | null, settings: CallSettings, effects: CallEffect[]): CallStep {
  const way = state.sentOn?.back ?? null;
  if (way === null) return [state, effects];
  const { by, talking } = way;
  const { leg, isHolding } = state.caller;
  for (const timer of timersOfSetup) effects.push({ do: 'stop', timer });
  effects.push(...released(state.rung, cause ?? 'normalClearing'), { do: 'transferred', is: cause === null ? 'cancelled' : 'failed', cause });
  // Who asked for it may ask again.
  effects.push({ do: 'send', leg: by, command: { type: 'transfer', is: 'failed', cause: cause ?? 'normalClearing' } });
  effects.push({ do: 'publish', type: 'call.partiesChanged' }, { do: 'attach' });
  const held = isHolding ? [...without(talking.held, leg), leg] : without(talking.held, leg);
  const nobody: Talking = { ...talking, parties: [], silent: [] };
  return became(nobody, { ...talking, held, losers: [...state.losers, ...state.rung] }, settings, 0, effects);
}

function dial(so: Begun, [attempt, ...left]: readonly Attempt[], before: CallEffect[]): CallStep {
  if (attempt === undefined) throw new Error('a route without attempts');
  const caller = so.caller.kept === null ? so.caller : { ...so.caller, media: so.caller.kept };
  const { now, delayed } = inTime(attempt);
  before.push({ do: 'start', timer: 'ringing', ms: attempt.timeoutMs });
  const [next] = delayed;
  if (next !== undefined) before.push({ do: 'start', timer: 'delayed', ms: next.afterMs });
  before.push({ do: 'ring', attempt: now, media: caller.media, role: 'called' });
  return [{ at: 'setup', ...so, caller, attempt, left, rung: [], delayed, failures: [], progress: { is: 'silent' } }, before];
}

/** The next of its endpoints, with all that are due at the same time. */
export function ringDelayed(state: Setup, before: CallEffect[]): CallStep {
  const [first, ...others] = state.delayed;
  if (first === undefined) return [state, before];
  const later = others.findIndex(({ afterMs }) => afterMs > 0);
  const delayed = later === -1 ? [] : others.slice(later);
  const due = [first, ...(later === -1 ? others : others.slice(0, later))];
  const [next] = delayed;
  if (next !== undefined) before.push({ do: 'start', timer: 'delayed', ms: next.afterMs });
  before.push({ do: 'ring', attempt: { ...state.attempt, endpoints: due.map(({ endpoint }) => endpoint) }, media: state.caller.media, role: 'called', isFurther: true });
  return [{ ...state, delayed }, before];
}

/** Who is rung at once, and who later; somebody always is at once. */
function inTime(attempt: Attempt): { readonly now: Attempt; readonly delayed: readonly Delayed[] } {
  const { endpoints, delays } = attempt;
  if (delays === undefined) return { now: attempt, delayed: [] };
  const at = (endpoint: string) => delays[endpoint] ?? 0;
  const soonest = Math.min(...endpoints.map(at));
  const late = endpoints.filter((endpoint) => at(endpoint) > soonest).sort((a, b) => at(a) - at(b));
  let before = soonest;
  const delayed = late.map((endpoint) => {
    const afterMs = at(endpoint) - before;
    before = at(endpoint);
    return { endpoint, afterMs };
  });
  return { now: { ...attempt, endpoints: endpoints.filter((endpoint) => at(endpoint) === soonest) }, delayed };
}

/** The attempt has failed: the next, the way back, or the end. Legs that still ring are told to release. */
export function over(state: Setup, outcome: Outcome, effects: CallEffect[], settings: CallSettings): CallStep {
  const { caller, rung, isEmergency, sentOn } = state;
  const left = leftAfter(state, outcome.cause);
  const former = [...state.former, outcome];
  const losers = [...state.losers, ...rung];
  const again = { ...state, former, losers, silent: state.silent.filter((leg) => leg === caller.leg) };
  const stops: readonly CallEffect[] = [{ do: 'stop', timer: 'ringing' }, { do: 'stop', timer: 'delayed' }, ...released(rung, outcome.cause)];
  const [next] = left;
  if (next !== undefined) {
    effects.push(...stops, { do: 'failed', outcome, next });
    // Those may take their time.
    return dial(again, left, effects);
  }
  const all = combined(former);
  if (sentOn !== null && sentOn.back !== null) return back(state, all.cause, settings, [...effects, { do: 'failed', outcome, next: null }]);
  if (sentOn !== null && sentOn.recall !== null) {
    effects.push(...stops, { do: 'failed', outcome, next: sentOn.recall }, { do: 'transferred', is: 'recalled', cause: all.cause }, { do: 'attach' });
    return dial({ ...again, sentOn: { ...sentOn, is: 'return', recall: null } }, [sentOn.recall], effects);
  }
  effects.push({ do: 'failed', outcome, next: null });
  if (sentOn !== null) effects.push({ do: 'transferred', is: 'failed', cause: all.cause });
  if (state.returns) {
    effects.push({ do: 'stop', timer: 'setup' }, ...stops, { do: 'send', leg: caller.leg, command: { type: 'sound', sound: null } }, { do: 'moveOn', leg: caller.leg, outcome: all });
    return letWait({ leg: caller.leg, isHolding: caller.isHolding, why: { is: 'move' }, then: null, losers }, null, effects);
  }
  if (all.cause === 'preempted' && caller.told === 'media') {
    effects.push({ do: 'stop', timer: 'setup' }, { do: 'stop', timer: 'ringing' }, { do: 'stop', timer: 'delayed' });
    return preempt(caller.leg, [caller.leg, ...rung, ...state.losers], all, null, effects);
  }
  return after(effects, release([caller.leg, ...rung, ...state.losers], all, isEmergency ? toldInEmergency(all.cause) : all.cause, 'some', settings, timersOfSetup));
}

/** The attempts from the one that is made next: one that says after which and what it is made, or one that another way may help. */
function leftAfter({ attempt, left, isEmergency, progress }: Setup, cause: Cause): readonly Attempt[] {
  const isCurable = isEmergency || (isRerouteable(cause) && progress.is !== 'early' && progress.is !== 'committed');
  const next = left.findIndex(({ after: former, on }) => (former === undefined || former === attempt.label) && (on === undefined ? isCurable : on.includes(cause)));
  return next === -1 ? [] : left.slice(next);
}

/** Stopping one that does not run is no error. */
export const timersOfSetup: readonly CallTimer[] = ['setup', 'ringing', 'delayed'];

import { call, type Call, type CallEffect, type CallInput, type CallTimer } from '@tipring/telephony/machine';
import { StateGraph } from './state-graph.ts';

type LegEvent = Extract<CallInput, { type: 'leg' }>['event'];

/** A call and what its runner knows of it, so that only inputs are tried that can come. */
interface Node {
  readonly state: Call;
  /** Legs that have not said `released`. */
  readonly legs: readonly string[];
  readonly timers: readonly CallTimer[];
  /** Statistics were asked for and are not there yet. */
  readonly measuring: boolean;
}

export interface CallExploration {
  readonly graph: StateGraph;
  /** How many different calls were gone through, data included. */
  readonly calls: number;
}

/**
 * Goes through everything that can happen to a call whose first attempt rings two devices and whose second rings one, to a
 * call begun for somebody with two devices, and to calls taken back after a restart.
 */
export function exploreCall(): CallExploration {
  const graph = new StateGraph('new');
  const start: Node = { state: { at: 'new' }, legs: [], timers: [], measuring: false };
  const seen = new Set([JSON.stringify(start)]);
  const open = [start];
  for (let node = open.shift(); node !== undefined; node = open.shift()) {
    for (const { label, input, gone, comes } of inputsOf(node)) {
      const { next, does } = step(node, input, gone, comes);
      graph.add({ from: nameOf(node.state), input: label, to: nameOf(next.state), does });
      const key = JSON.stringify(next);
      if (seen.has(key)) continue;
      seen.add(key);
      open.push(next);
    }
  }
  return { graph, calls: seen.size };
}

function nameOf(state: Call): string {
  if (state.at === 'setup') return `${state.sentOn === null ? 'setup' : 'sent on'}, ${state.progress.is}`;
  if (state.at === 'talking' && state.held.length > 0) return 'talking, held';
  return state.at === 'waiting' ? `waiting, ${state.why.is}` : state.at;
}

interface Possible {
  readonly label: string;
  readonly input: CallInput;
  /** The leg that is gone with it, and one that comes. */
  readonly gone?: string;
  readonly comes?: string;
}

function inputsOf(node: Node): readonly Possible[] {
  const { state, legs, timers, measuring } = node;
  if (state.at === 'new') return beginnings;
  if (state.at === 'ended') return [];
  const events = Object.entries(eventsIn(state));
  const possible: Possible[] = legs.flatMap((leg) =>
    events.map(([what, event]) => ({ label: `${roleOf(state, leg)} ${what}`, input: { type: 'leg' as const, leg, event }, ...(event.type === 'released' ? { gone: leg } : {}) })),
  );
  possible.push(...operationsOn(state, legs));
  possible.push({ label: 'hang-up from outside', input: { type: 'hangUp', outcome: hungUp } }, { label: 'gateway lost the context', input: { type: 'mediaLost' } });
  for (const timer of timers) possible.push({ label: `timer ${timer}`, input: { type: 'timeout', timer } });
  if (measuring) possible.push({ label: 'statistics', input: { type: 'measured' } });
  return possible;
}

/** What is done with a call otherwise than by its legs, once it is up: with two who talk, so that the exploration ends. */
function operationsOn(state: Call, legs: readonly string[]): readonly Possible[] {
  if (state.at === 'waiting') {
    const possible: Possible[] = [{ label: 'left the call', input: { type: 'departed', legs: [state.leg], outcome: movedOn }, gone: state.leg }];
    if (state.why.is === 'consultation') possible.push({ label: 'nobody comes back', input: { type: 'forgotten' } });
    if (state.why.is !== 'move' && !legs.includes('comer')) possible.push({ label: 'somebody comes for it', input: arrivalOf({ is: 'party' }), comes: 'comer' });
    return possible;
  }
  if (state.at === 'setup' && state.sentOn?.back?.by !== undefined) return [{ label: 'called off', input: { type: 'calledOff' } }];
  if (state.at === 'setup' && state.sentOn === null && state.rung.length === 2 && !legs.includes('comer')) return [{ label: 'picked up', input: arrivalOf({ is: 'answer' }), comes: 'comer' }];
  if (state.at !== 'talking' || state.silent.length > 0 || state.losers.length > 0) return [];
  const [a, b, more] = state.parties;
  if (a === undefined || b === undefined || more !== undefined || state.held.length > 0) return [];
  const possible: Possible[] = [
    { label: 'parked', input: { type: 'left', leg: a, why: { is: 'slot', lot: 'lot', slot: '701', by: 'a', music: null }, ms: 60_000, then: { media, attempts: [{ endpoints: ['b'], number: '102', timeoutMs: 30_000 }] } } },
    { label: 'goes to consult', input: { type: 'left', leg: a, why: { is: 'consultation' }, ms: null, then: { media, attempts: [{ endpoints: ['b'], number: '102', timeoutMs: 30_000 }] } }, gone: b },
    { label: 'left the call', input: { type: 'departed', legs: [b], outcome: movedOn }, gone: b },
  ];
  if (legs.includes('comer')) return possible;
  possible.push(
    { label: 'transferred', input: { type: 'sentOn', stays: a, media, by: b, route: { direction: 'internal', attempts: [{ endpoints: ['c'], number: '104', timeoutMs: 30_000 }] }, recall: { endpoints: ['b'], number: '102', timeoutMs: 30_000 } } },
    { label: 'redirected', input: { type: 'sentOn', stays: a, media, by: null, route: { direction: 'internal', attempts: [{ endpoints: ['c'], number: '104', timeoutMs: 30_000 }] }, recall: null } },
    { label: 'held from outside', input: { type: 'hold', leg: b, isHeld: true } },
    { label: 'taken back from outside', input: { type: 'hold', leg: b, isHeld: false } },
    { label: 'replaced', input: arrivalOf({ is: 'inPlaceOf', leg: b }), comes: 'comer' },
    { label: 'a third one comes', input: arrivalOf({ is: 'party' }), comes: 'comer' },
  );
  return possible;
}

function arrivalOf(as: Extract<CallInput, { type: 'arrived' }>['arrival']['as']): CallInput {
  return { type: 'arrived', arrival: { who: { leg: 'comer', media, kept: null, answered: true, isHolding: false, told: 'media' }, as } };
}

function eventsIn(state: Call): Readonly<Record<string, LegEvent>> {
  switch (state.at) {
    case 'talking':
      return state.parties.length > 2 ? { ...ends, ...holds } : state.heldHere.length > 0 ? ends : { ...legEvents, ...listened };
    case 'waiting':
      return { ...ends, ...holds };
    case 'setup':
      return { ...legEvents, ...dying };
    // Three digits stand for any number of them.
    case 'asking':
      return state.digits.length < 3 ? { ...legEvents, ...dialled } : { ...dialled, 'released, busy': { type: 'released', ...busy } };
    default:
      return legEvents;
  }
}

function roleOf(state: Call, leg: string): string {
  switch (state.at) {
    case 'first':
      return 'first party';
    case 'setup':
      return leg === state.caller.leg ? 'caller' : state.rung.includes(leg) ? 'called' : leg === state.sentOn?.back?.by ? 'transferor' : 'loser';
    case 'asking':
      return leg === state.caller.leg ? 'caller' : 'loser';
    case 'preempted':
      return leg === state.hears ? 'who hears' : 'leg';
    case 'talking':
      return state.parties.includes(leg) ? 'party' : 'loser';
    case 'waiting':
      return leg === state.leg ? 'who waits' : 'loser';
    default:
      return 'leg';
  }
}

/** What RunningCall does with effects, as far as it decides what can come next. */
function step(node: Node, input: CallInput, gone: string | undefined, comes: string | undefined): { readonly next: Node; readonly does: readonly string[] } {
  let { legs, timers, measuring } = node;
  if (gone !== undefined) legs = legs.filter((leg) => leg !== gone);
  if (comes !== undefined) legs = [...legs, comes];
  if (input.type === 'timeout') timers = timers.filter((timer) => timer !== input.timer);
  if (input.type === 'measured') measuring = false;
  legs = [...legs, ...(legsWith[labelOf(input)] ?? [])];
  const does: string[] = [];
  const before = node.state;
  let [state, waiting] = call(before, input, settings);
  while (waiting.length > 0) {
    let rung: readonly string[] = [];
    let pin: string | undefined;
    for (const effect of waiting) {
      does.push(wordsFor(effect, before, state));
      if (effect.do === 'start') timers = [...timers, effect.timer].sort();
      else if (effect.do === 'stop') timers = timers.filter((timer) => timer !== effect.timer);
      else if (effect.do === 'measure') measuring = true;
      else if (effect.do === 'abandon') legs = legs.filter((leg) => leg !== effect.leg);
      else if (effect.do === 'resolve') ({ pin } = effect);
      else if (effect.do === 'ring') rung = effect.attempt.endpoints.flatMap((endpoint) => contacts[endpoint] ?? []);
    }
    // What these two come to is the very next input.
    const answer: CallInput | undefined = rung.length > 0 ? { type: 'rung', legs: rung } : pin === undefined ? undefined : routing(pin);
    if (answer === undefined) break;
    legs = [...legs, ...rung];
    [state, waiting] = call(state, answer, settings);
  }
  return { next: { state, legs, timers, measuring }, does };
}

/** One digit is a wrong PIN, two are the right one, three that of somebody who may not call there. */
function routing(pin: string): CallInput {
  if (pin.length === 1) return { type: 'asks', leg: 'caller', media };
  return pin.length === 2 ? { type: 'routed', route } : { type: 'refused', leg: 'caller', outcome: failed };
}

function wordsFor(effect: CallEffect, before: Call, after: Call): string {
  switch (effect.do) {
    case 'send':
      return `${effect.command.type} → ${roleOf(before.at === 'new' || before.at === 'first' ? after : before, effect.leg)}`;
    case 'ring':
      return `ring the ${effect.role === 'caller' ? 'first party' : 'attempt'}`;
    case 'start':
    case 'stop':
      return `${effect.do} ${effect.timer}`;
    case 'publish':
      return effect.type;
    default:
      return effect.do;
  }
}

function labelOf(input: CallInput): string {
  return beginnings.find((one) => one.input === input)?.label ?? '';
}

const settings = { transcoded: [], setupMs: 180_000, silenceMs: 60_000, releasingMs: 5_000 };
const media = { codecs: [{ name: 'PCMA', clockRate: 8000 }], digits: 'rtpEvent' } as const;
const hungUp = { cause: 'normalClearing', evidence: { kind: 'api', text: '' } } as const;
const movedOn = { cause: 'normalClearing', evidence: { kind: 'moved', text: '' } } as const;
const failed = { cause: 'temporaryFailure', evidence: { kind: 'sipResponse', text: '' } } as const;
const busy = { cause: 'userBusy', evidence: { kind: 'sipResponse', text: '' } } as const;

const contacts: Readonly<Record<string, readonly string[]>> = { first: ['first1', 'first2'], a: ['a1', 'a2'], b: ['b1'], c: ['c1'] };
const route = { direction: 'outbound', attempts: [{ endpoints: ['a'], number: '102', timeoutMs: 30_000 }, { endpoints: ['b'], number: '102', timeoutMs: 30_000 }] } as const;

const talk = { at: 'talking', parties: ['caller', 'a1'], isEmergency: false, losers: [], held: [], heldHere: [], muted: [], observers: [], mirrors: [], silent: [], returns: null } as const;

const beginnings: readonly Possible[] = [
  { label: 'offered', input: { type: 'offered', leg: 'caller', media, route } },
  { label: 'originated', input: { type: 'originated', first: { endpoints: ['first'], number: '101', timeoutMs: 30_000 }, media, route, goesOver: false } },
  { label: 'offered, and a PIN asked for', input: { type: 'asks', leg: 'caller', media } },
  { label: 'originated, with a PIN', input: { type: 'originated', first: { endpoints: ['first'], number: '101', timeoutMs: 30_000 }, media, route: null, goesOver: false } },
  { label: 'offered, and refused', input: { type: 'refused', leg: 'caller', outcome: failed } },
  { label: 'originated, and refused', input: { type: 'refused', leg: null, outcome: failed } },
  { label: 'originated, for another call', input: { type: 'originated', first: { endpoints: ['first'], number: '101', timeoutMs: 30_000 }, media, route: null, goesOver: true } },
  { label: 'offered, to replace a leg', input: { type: 'offeredOver', leg: 'caller' } },
  { label: 'adopted', input: { type: 'adopted', state: { ...talk, losers: ['a2'] }, waitingMs: null } },
  { label: 'adopted while held', input: { type: 'adopted', state: { ...talk, held: ['a1'] }, waitingMs: null } },
  { label: 'interrupted', input: { type: 'interrupted', legs: ['caller', 'a1'], outcome: failed } },
];

/** The legs that are there when it begins so. */
const legsWith: Readonly<Record<string, readonly string[]>> = {
  offered: ['caller'],
  'offered, and a PIN asked for': ['caller'],
  'offered, and refused': ['caller'],
  'offered, to replace a leg': ['caller'],
  adopted: ['caller', 'a1', 'a2'],
  'adopted while held': ['caller', 'a1'],
  interrupted: ['caller', 'a1'],
};

const legEvents: Readonly<Record<string, LegEvent>> = {
  ringing: { type: 'ringing' },
  'early media': { type: 'progress', media },
  answered: { type: 'answered', supervision: 'signalled', media },
  digit: { type: 'digit', digit: '1', durationMs: 100 },
  held: { type: 'held' },
  resumed: { type: 'resumed' },
  changed: { type: 'changed' },
  'released, busy': { type: 'released', ...busy },
  'released, failed': { type: 'released', ...failed },
};

const holds: Readonly<Record<string, LegEvent>> = { held: { type: 'held' }, resumed: { type: 'resumed' } };
const ends: Readonly<Record<string, LegEvent>> = { 'released, busy': { type: 'released', ...busy } };

const dying: Readonly<Record<string, LegEvent>> = {
  'released, way died': { type: 'released', cause: 'networkOutOfOrder', evidence: { kind: 'timer', text: '' } },
};

const dialled: Readonly<Record<string, LegEvent>> = { '#': { type: 'digit', digit: '#', durationMs: 100 } };

/** Tried where they have effects: while both talk. Before that they are only kept in mind, in every combination of legs. */
const listened: Readonly<Record<string, LegEvent>> = {
  silent: { type: 'silent', silentMs: 30_000 },
  'heard again': { type: 'heard', silentMs: 45_000 },
  'released, preempted': { type: 'released', cause: 'preempted', evidence: { kind: 'line', text: '' } },
};

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
    for (const { label, input, gone } of inputsOf(node)) {
      const { next, does } = step(node, input, gone);
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
  if (state.at === 'setup') return `setup, ${state.progress.is}`;
  if (state.at === 'talking' && state.held.length > 0) return 'talking, held';
  return state.at;
}

interface Possible {
  readonly label: string;
  readonly input: CallInput;
  /** The leg that is gone with it. */
  readonly gone?: string;
}

function inputsOf(node: Node): readonly Possible[] {
  const { state, legs, timers, measuring } = node;
  if (state.at === 'new') return beginnings;
  if (state.at === 'ended') return [];
  const events = Object.entries(eventsIn(state));
  const possible: Possible[] = legs.flatMap((leg) =>
    events.map(([what, event]) => ({ label: `${roleOf(state, leg)} ${what}`, input: { type: 'leg' as const, leg, event }, ...(event.type === 'released' ? { gone: leg } : {}) })),
  );
  possible.push({ label: 'hang-up from outside', input: { type: 'hangUp', outcome: hungUp } }, { label: 'gateway lost the context', input: { type: 'mediaLost' } });
  for (const timer of timers) possible.push({ label: `timer ${timer}`, input: { type: 'timeout', timer } });
  if (measuring) possible.push({ label: 'statistics', input: { type: 'measured' } });
  return possible;
}

function eventsIn(state: Call): Readonly<Record<string, LegEvent>> {
  switch (state.at) {
    case 'talking':
      return { ...legEvents, ...listened };
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
      return leg === state.caller.leg ? 'caller' : state.rung.includes(leg) ? 'called' : 'loser';
    case 'asking':
      return leg === state.caller.leg ? 'caller' : 'loser';
    case 'preempted':
      return leg === state.hears ? 'who hears' : 'leg';
    case 'talking':
      return leg === state.caller || leg === state.called ? 'party' : 'loser';
    default:
      return 'leg';
  }
}

/** What RunningCall does with effects, as far as it decides what can come next. */
function step(node: Node, input: CallInput, gone: string | undefined): { readonly next: Node; readonly does: readonly string[] } {
  let { legs, timers, measuring } = node;
  if (gone !== undefined) legs = legs.filter((leg) => leg !== gone);
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
const failed = { cause: 'temporaryFailure', evidence: { kind: 'sipResponse', text: '' } } as const;
const busy = { cause: 'userBusy', evidence: { kind: 'sipResponse', text: '' } } as const;

const contacts: Readonly<Record<string, readonly string[]>> = { first: ['first1', 'first2'], a: ['a1', 'a2'], b: ['b1'] };
const route = { direction: 'outbound', attempts: [{ endpoints: ['a'], number: '102', timeoutMs: 30_000 }, { endpoints: ['b'], number: '102', timeoutMs: 30_000 }] } as const;

const beginnings: readonly Possible[] = [
  { label: 'offered', input: { type: 'offered', leg: 'caller', media, route } },
  { label: 'originated', input: { type: 'originated', first: { endpoints: ['first'], number: '101', timeoutMs: 30_000 }, media, route } },
  { label: 'offered, and a PIN asked for', input: { type: 'asks', leg: 'caller', media } },
  { label: 'originated, with a PIN', input: { type: 'originated', first: { endpoints: ['first'], number: '101', timeoutMs: 30_000 }, media, route: null } },
  { label: 'offered, and refused', input: { type: 'refused', leg: 'caller', outcome: failed } },
  { label: 'originated, and refused', input: { type: 'refused', leg: null, outcome: failed } },
  { label: 'adopted', input: { type: 'adopted', caller: 'caller', called: 'a1', isEmergency: false, held: [], losers: ['a2'] } },
  { label: 'adopted while held', input: { type: 'adopted', caller: 'caller', called: 'a1', isEmergency: false, held: ['a1'], losers: [] } },
  { label: 'interrupted', input: { type: 'interrupted', legs: ['caller', 'a1'], outcome: failed } },
];

/** The legs that are there when it begins so. */
const legsWith: Readonly<Record<string, readonly string[]>> = {
  offered: ['caller'],
  'offered, and a PIN asked for': ['caller'],
  'offered, and refused': ['caller'],
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

import { digitMap, fxsLine, newFxsLine, type CallerIdDelivery, type FxsEffect, type FxsInput, type FxsLine, type FxsSettings, type FxsTimer, type Hotline } from '@tipring/line';
import { StateGraph } from './state-graph.ts';

/** A station and what its adapter knows of it, so that only timeouts are tried that can come. */
interface Node {
  readonly line: FxsLine;
  readonly timers: readonly FxsTimer[];
  readonly service: 'in' | 'out';
  readonly messages: 'wait' | 'none';
}

export interface StationExploration {
  readonly graph: StateGraph;
  /** How many different states of stations were gone through, data included. */
  readonly stations: number;
}

/** Everything that can happen to a station, with caller ID in each of its places, and with a hotline of either kind. */
export function exploreStation(): StationExploration {
  const graph = new StateGraph('absent');
  const places: readonly CallerIdDelivery['place'][] = ['none', 'betweenRings', 'afterReversalAndDualTone', 'afterRingPulse', 'afterReversalAndBursts'];
  const ordinary = places.reduce((sum, place) => sum + explore(graph, place, null), 0);
  const hotlines = [0, 5_000].reduce((sum, delayMs) => sum + explore(graph, 'none', { number: '100', delayMs }), 0);
  return { graph, stations: ordinary + hotlines };
}

function explore(graph: StateGraph, place: CallerIdDelivery['place'], hotline: Hotline | null): number {
  const start: Node = { line: newFxsLine, timers: [], service: 'in', messages: 'none' };
  const seen = new Set([JSON.stringify(start)]);
  const open = [start];
  for (let node = open.shift(); node !== undefined; node = open.shift()) {
    for (const { label, input, to } of inputsOf(node)) {
      const { service, messages } = { ...node, ...to };
      const [line, effects] = fxsLine(node.line, input, settingsOf(place, hotline, service, messages));
      const next: Node = { line, timers: timersAfter(node.timers, input, effects), service, messages };
      // From everywhere to the same place: it would hide the rest.
      if (input.type !== 'portAbsent') graph.add({ from: nameOf(node.line), input: label, to: nameOf(line), does: effects.map(wordsFor) });
      const key = JSON.stringify(next);
      if (seen.has(key)) continue;
      seen.add(key);
      open.push(next);
    }
  }
  return seen.size;
}

function nameOf(line: FxsLine): string {
  switch (line.at) {
    case 'announcing': return `announcing, ${line.step}`;
    case 'talking': return line.held !== 'none' ? 'talking, one held' : line.waiting.is === 'none' ? 'talking' : `talking, another waits, ${line.waiting.is}`;
    case 'dialing':
    case 'offered':
    case 'ringback':
    case 'early':
    case 'toned': return line.held === 'none' ? line.at : `${line.at}, one held`;
    default: return line.at;
  }
}

interface Possible {
  readonly label: string;
  readonly input: FxsInput;
  readonly to?: Partial<Pick<Node, 'service' | 'messages'>>;
}

function inputsOf({ line, timers, service, messages }: Node): readonly Possible[] {
  const changed: FxsInput = { type: 'settingsChanged' };
  return [
    ...always.filter(({ input }) => line.at !== 'absent' || input.type === 'portPresent' || input.type === 'ring'),
    { label: service === 'in' ? 'out of service' : 'into service', input: changed, to: { service: service === 'in' ? 'out' : 'in' } },
    { label: 'messages', input: changed, to: { messages: messages === 'none' ? 'wait' : 'none' } },
    ...timers.map((timer): Possible => ({ label: `timer ${timer}`, input: { type: 'timeout', timer } })),
  ];
}

function timersAfter(timers: readonly FxsTimer[], input: FxsInput, effects: readonly FxsEffect[]): readonly FxsTimer[] {
  let running = input.type === 'timeout' ? timers.filter((timer) => timer !== input.timer) : timers;
  for (const effect of effects) {
    if (effect.do === 'start') running = [...running, effect.timer].sort();
    else if (effect.do === 'stop') running = running.filter((timer) => timer !== effect.timer);
  }
  return running;
}

function wordsFor(effect: FxsEffect): string {
  switch (effect.do) {
    case 'start':
    case 'stop': return `${effect.do} ${effect.timer}`;
    case 'playTone': return `play ${effect.tone} tone`;
    case 'polarity': return `polarity ${effect.polarity}`;
    case 'alarm': return `alarm ${effect.is}`;
    default: return effect.do;
  }
}

function settingsOf(place: CallerIdDelivery['place'], hotline: Hotline | null, service: Node['service'], messages: Node['messages']): FxsSettings {
  return {
    isEnabled: service === 'in',
    dialing: { map, matching: 'longest', terminator: '#', byDtmf: true, byPulse: true, firstDigitMs: 16_000, interDigitLongMs: 16_000, interDigitShortMs: 4_000 },
    hotline,
    ringing: { cadence: [2_000, 4_000], patterns: {} },
    callerId: { place, ringPulseMs: 250, afterAlertMs: 600, afterRingMs: 500, beforeRingMs: 300, sendingMs: 2_000 },
    messageWaiting: { isWaiting: messages === 'wait', stutterTone: true, lamp: true, data: true },
    callWaiting: { isEnabled: true, callerId: true, burstMs: 300, pauseMs: 9_700, bursts: 2, acknowledgeMs: 300 },
    recall: { consults: true, withTwo: 'choice', choiceMs: 2_000, transfers: true, toneMs: 5_000 },
    isLoudspeaker: false,
    supervision: { reversalOnAnswer: true, openLoopMs: 600, toneAtEnd: 'congestion', toneMs: 20_000, howlerMs: 50_000 },
    guardMs: 800,
  };
}

const parsed = digitMap('1x|2xT');
if (!parsed.ok) throw new Error(parsed.fault.problem);
const { map } = parsed;

const call = { caller: { number: { shown: '101' } }, pattern: null } as const;
const digit = (symbol: string): FxsInput => ({ type: 'digit', digit: symbol, by: 'dtmf', durationMs: 80 });

const always: readonly Possible[] = [
  { label: 'card pulled', input: { type: 'portAbsent' } },
  { label: 'port present', input: { type: 'portPresent' } },
  { label: 'off-hook', input: { type: 'offHook' } },
  { label: 'on-hook', input: { type: 'onHook' } },
  { label: 'hook flash', input: { type: 'hookFlash' } },
  ...['0', '1', '2', '3', '4', '9', '#', 'D'].map((symbol) => ({ label: `digit ${symbol}`, input: digit(symbol) })),
  { label: 'a call to ring', input: { type: 'ring', call } },
  { label: 'that call is cancelled', input: { type: 'cancelled' } },
  { label: 'the held call is gone', input: { type: 'heldGone' } },
  { label: 'a ring ended', input: { type: 'ringBurstEnded', burst: 1 } },
  { label: 'data sent', input: { type: 'dataSent' } },
  { label: 'open loop ended', input: { type: 'openLoopEnded' } },
  { label: 'far end rings', input: { type: 'alerting' } },
  { label: 'early media', input: { type: 'progress' } },
  { label: 'far end answered', input: { type: 'answered' } },
  { label: 'far end released, normal', input: { type: 'released', cause: 'normalClearing' } },
  { label: 'far end released, busy', input: { type: 'released', cause: 'userBusy' } },
];

import {
  callOutcomes, type CallOutcomes, type CallOutcomesInput, noCallsYet, reachability, type Reachability, registration, type Registration, type RegistrationEffect, type RegistrationInput, unprobed,
} from '@tipring/sip-endpoint/machines';
import { StateGraph } from './state-graph.ts';

/** Goes through everything that can happen to a registration with two servers. */
export function exploreRegistration(): StateGraph {
  const graph = new StateGraph('idle');
  const start: Registration = { at: 'idle' };
  const seen = new Set([JSON.stringify(start)]);
  const open: Registration[] = [start];
  for (let state = open.shift(); state !== undefined; state = open.shift()) {
    for (const [label, input] of registrationInputs(state)) {
      const [next, effects] = registration(state, input, { expiresS: 600, random: () => 0.5 });
      graph.add({ from: state.at, input: label, to: next.at, does: effects.map(wordsFor) });
      // How often it has failed, and when it runs out, only make waits longer and shorter.
      const known = 'failures' in next ? { ...next, failures: Math.min(next.failures, 1) } : next;
      const key = JSON.stringify(known);
      if (seen.has(key)) continue;
      seen.add(key);
      open.push(known);
    }
  }
  return graph;
}

/** With two failures to be lost, and two signs of life to be back. */
export function exploreReachability(): StateGraph {
  const graph = new StateGraph('answering');
  const seen = new Set<string>();
  const open: Reachability[] = [unprobed];
  for (let state = open.shift(); state !== undefined; state = open.shift()) {
    for (const type of ['answered', 'unanswered'] as const) {
      const next = reachability(state, { type, at: 0 }, { failuresToDown: 2, successesToUp: 2 });
      graph.add({ from: state.at, input: `${type}${next.at === state.at ? '' : ', often enough'}`, to: next.at, does: [] });
      const known = { ...next, losses: { count: 0, lastAt: 0 } };
      const key = JSON.stringify(known);
      if (seen.has(key)) continue;
      seen.add(key);
      open.push(known);
    }
  }
  return graph;
}

/** With two failures to be barred. */
export function exploreCallOutcomes(): StateGraph {
  const graph = new StateGraph('carrying');
  const seen = new Set<string>();
  const open: CallOutcomes[] = [noCallsYet];
  const inputs: readonly (readonly [string, CallOutcomesInput])[] = [['carried', { type: 'carried' }], ['failed', { type: 'failed' }], ['timer trial', { type: 'timeout', timer: 'trial' }]];
  for (let state = open.shift(); state !== undefined; state = open.shift()) {
    for (const [label, input] of inputs) {
      if (input.type === 'timeout' && state.at !== 'barred') continue;
      const [next, effects] = callOutcomes(state, input, 2);
      graph.add({ from: state.at, input: label, to: next.at, does: effects.map((effect) => `${effect.do} ${effect.timer}`) });
      const known = 'times' in next ? { ...next, times: 1 } : next;
      const key = JSON.stringify(known);
      if (seen.has(key)) continue;
      seen.add(key);
      open.push(known);
    }
  }
  return graph;
}

function registrationInputs(state: Registration): readonly (readonly [string, RegistrationInput])[] {
  const inputs: (readonly [string, RegistrationInput])[] = [['stop', { type: 'stop' }], ['the flow is lost', { type: 'flowLost' }], ['it was away', { type: 'reachable' }]];
  const expires = 'validUntil' in state && state.validUntil !== null;
  if (expires) inputs.push(['timer expiry', { type: 'timeout', timer: 'expiry' }]);
  switch (state.at) {
    case 'idle':
      return [['start', { type: 'start' }], ['stop', { type: 'stop' }]];
    case 'registering':
      return [
        ...inputs,
        ['granted', { type: 'granted', expiresS: 600, at: 0 }], ['423', { type: 'tooBrief', minimumS: 900 }], ['refused', { type: 'refused', retryAfterS: undefined }],
        ['unanswered', { type: 'unanswered', servers: 2, retryAfterS: undefined }],
      ];
    case 'registered':
      return [...inputs, ['timer refresh', { type: 'timeout', timer: 'refresh' }]];
    case 'waiting':
      return [...inputs, ['timer retry', { type: 'timeout', timer: 'retry' }]];
    case 'unregistering':
      return [['answered', { type: 'unregistered' }], ['timer patience', { type: 'timeout', timer: 'patience' }]];
    case 'over':
      return [];
  }
}

function wordsFor(effect: RegistrationEffect): string {
  switch (effect.do) {
    case 'register':
      return effect.expiresS === 0 ? 'REGISTER for 0 s' : 'REGISTER';
    case 'tell':
      return `tell ${effect.state}`;
    default:
      return `${effect.do} ${effect.timer}`;
  }
}

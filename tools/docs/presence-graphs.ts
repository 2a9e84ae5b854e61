import { dialogMachine } from '@tipring/presence/machine';
import { newSubscription, subscription, type Subscription, type SubscriptionEffect, type SubscriptionInput } from '@tipring/sip/machines';
import { StateGraph } from './state-graph.ts';

/** What watchers are told of one entity's part in one call. */
export function exploreWatchedDialog(): StateGraph {
  const graph = new StateGraph('trying');
  for (const from of ['trying', 'early', 'confirmed', 'held', 'terminated'] as const) {
    for (const furthest of ['trying', 'early', 'confirmed', 'held', null] as const) {
      const [to, effects] = dialogMachine(from, { type: 'legs', furthest });
      graph.add({ from, input: furthest === null ? 'no leg left' : `furthest leg ${furthest}`, to, does: effects.map((effect) => (effect.do === 'succeed' ? `begin another, ${effect.state}` : 'publish')) });
    }
  }
  return graph;
}

/** A notifier's subscription; one that ends is drawn with the words of one that expired. */
export function exploreSubscription(): StateGraph {
  const graph = new StateGraph('quiet');
  const seen = new Set([JSON.stringify(newSubscription)]);
  const open: Subscription[] = [newSubscription];
  for (let state = open.shift(); state !== undefined; state = open.shift()) {
    for (const [label, input] of inputs(state)) {
      const [next, effects] = subscription(state, input);
      graph.add({ from: nameOf(state), input: label, to: nameOf(next), does: effects.map(wordsFor) });
      const key = JSON.stringify(next);
      if (seen.has(key)) continue;
      seen.add(key);
      open.push(next);
    }
  }
  return graph;
}

function nameOf(state: Subscription): string {
  const details = [state.at, 'isStale' in state && state.isStale ? 'stale' : '', 'ending' in state && state.ending !== null ? 'ending' : ''];
  return details.filter((detail) => detail !== '').join(', ');
}

function inputs(state: Subscription): readonly (readonly [string, SubscriptionInput])[] {
  const always: readonly (readonly [string, SubscriptionInput])[] = [
    ['changed', { type: 'changed' }],
    ['SUBSCRIBE', { type: 'subscribed', expiresS: 600 }],
    ['SUBSCRIBE for 0 s', { type: 'subscribed', expiresS: 0 }],
    ['timer expiry', { type: 'timeout', timer: 'expiry' }],
    ['ended by us', { type: 'end', ending: { reason: 'noresource' } }],
  ];
  switch (state.at) {
    case 'quiet':
      return always;
    case 'due':
      return [...always, ['turn', { type: 'turn' }]];
    case 'notifying':
    case 'leaving':
      return [
        ...always,
        ['answered 2xx', { type: 'answered', status: 200, retryAfterS: undefined }],
        ['answered 503 with Retry-After', { type: 'answered', status: 503, retryAfterS: 30 }],
        ['refused', { type: 'answered', status: 481, retryAfterS: undefined }],
        ['unanswered', { type: 'unanswered' }],
      ];
    case 'resting':
      return [...always, ['timer retry', { type: 'timeout', timer: 'retry' }]];
    case 'over':
      return [];
  }
}

function wordsFor(effect: SubscriptionEffect): string {
  switch (effect.do) {
    case 'askTurn':
      return 'ask for a turn';
    case 'notify':
      return effect.ending === null ? 'NOTIFY' : 'NOTIFY terminated';
    case 'close':
      return 'close';
    case 'start':
    case 'stop':
      return `${effect.do} ${effect.timer}`;
  }
}

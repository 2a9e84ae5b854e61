import { beginDeposit, deposit, type Deposit, type Effect, type Input, ivr, type Ivr, type Mailbox, type Started, type Step, type VoicemailAnswer } from '@tipring/app-endpoint/machine';
import { StateGraph } from './state-graph.ts';

/** A message for a box with an operator. */
export function exploreDeposit(): StateGraph {
  const inputs = (state: Deposit): readonly Labelled<VoicemailAnswer>[] => [
    ...everywhere,
    ...(state.at === 'opening' ? ([['there is room', { type: 'answer', answer: { to: 'hasRoom', hasRoom: true } }], ['full', { type: 'answer', answer: { to: 'hasRoom', hasRoom: false } }]] as const) : []),
    ...(state.at === 'recording' ? ([['recorded', recorded(5_000)], ['recorded, too short', recorded(100)], ['recording failed', { ...recorded(null), how: 'failed' }]] as const) : []),
    ...'01234*#'.split('').map((digit) => [`digit ${digit}`, { type: 'digit', digit }] as const),
  ];
  return explore<Deposit, VoicemailAnswer>('opening', beginDeposit(started, box), (state, input) => deposit(state, input, box), inputs, (state) => ('call' in state && state.call.takes > 3 ? '' : JSON.stringify(state)));
}

export function exploreMenu(): StateGraph {
  const { begin, step } = ivr({
    said: [{ prompt: 'menu' }], invalid: [{ phrase: 'common.invalid' }], choices: new Map([['1', somewhere], ['12', somewhere]]), numbers: [], firstDigitMs: 1, interDigitMs: 1, tries: 2, onSilence: somewhere, onInvalid: null,
  });
  const digits = '129#'.split('').map((digit) => [`digit ${digit}`, { type: 'digit', digit }] as const);
  return explore<Ivr, never>('saying', begin(started), step, () => [...everywhere, ...digits], (state) => JSON.stringify(state));
}

type Labelled<Answer> = readonly [label: string, input: Input<Answer>];

/** `keyOf` '': further than needs to be looked at. */
function explore<State extends { readonly at: string }, Answer>(initial: string, [first]: Step<State, unknown>, step: (state: State, input: Input<Answer>) => Step<State, unknown>, inputs: (state: State) => readonly Labelled<Answer>[], keyOf: (state: State) => string): StateGraph {
  const graph = new StateGraph(initial);
  const seen = new Set([keyOf(first)]);
  const open: State[] = [first];
  for (let state = open.shift(); state !== undefined; state = open.shift()) {
    for (const [label, input] of inputs(state)) {
      const [next, effects] = step(state, input);
      graph.add({ from: state.at, input: label, to: next.at, does: effects.map(wordsFor) });
      const key = keyOf(next);
      if (key === '' || seen.has(key)) continue;
      seen.add(key);
      open.push(next);
    }
  }
  return graph;
}

function wordsFor(effect: Effect<unknown>): string {
  switch (effect.do) {
    case 'start':
    case 'stop':
      return `${effect.do} ${effect.timer}`;
    case 'recording':
      return `recording ${effect.is}`;
    case 'ask':
      return `ask ${nameOf(effect.ask)}`;
    case 'tell':
      return `tell ${nameOf(effect.tell)}`;
    default:
      return effect.do;
  }
}

function nameOf(ask: unknown): string {
  return (ask as { readonly ask: string }).ask;
}

function recorded(ms: number | null): Extract<Input<never>, { readonly type: 'recorded' }> {
  return { type: 'recorded', file: 'a.wav', ms, how: 'stopped' };
}

const everywhere: readonly Labelled<never>[] = [
  ['announced', { type: 'announced', how: 'ended' }],
  ['timeout', { type: 'timeout', timer: 'choice', at: 0 }],
  ['transfer failed', { type: 'transfer', is: 'failed', cause: 'userBusy' }],
  ['transfer done', { type: 'transfer', is: 'done' }],
];

const started: Started = { leg: 'call-1.2', call: 'call-1', from: { number: '101' }, number: '500', reason: null, language: 'en', at: 0 };
const somewhere = { type: 'number', number: '100' } as const;
const box: Mailbox = {
  id: 'box', number: '101', greetings: { unavailable: null, busy: null, name: null }, prompt: null, hasPin: true, longestMs: 60_000, shortestMs: 1_000, silenceMs: 5_000, saysWhen: true, operator: somewhere, language: null,
};

import type { Said } from '@tipring/prompts';
import type { Party } from '@tipring/telephony';
import type { Effect, Input, Started, Step } from '../application.ts';
import { patience } from '../patience.ts';
import { beep, pause } from '../tones.ts';
import type { Mailbox } from './mailbox.ts';
import type { VoicemailAnswer, VoicemailAsk } from './mailboxes.ts';

/**
 * A message for a mailbox.
 *
 *   opening ──there is room──► greeting ──over, `#`──► beep ──► recording ──`#`, silence, maximum──► review ──1, silence──► ending ──► over
 *      │ full                   ▲ │ │                   ▲ ▲        │  │ too short                   │ │ │                   ▲
 *      └────────────────────────┼─┼─┼───────────────────┼─┼────────┼──┴─► short ─────► beep         │ │ └─* discarded───────┤
 *                               │ │ └─ * ► (the owner)  │ └────────┴── * ──────── 3 ────────────────┘ └─ 2: listened to     │
 *                               │ └─ 0 ─► connecting ───┘ failed                                                            │
 *                               └──────────────────────────────────────────────────────── hang-up: what was spoken is sent ─┘
 *
 * Each take is a file of its own, begun before it is recorded, and finished or discarded before the call is over.
 */
export type Deposit =
  | { readonly at: 'opening'; readonly call: DepositCall }
  | { readonly at: 'greeting' | 'beep' | 'connecting'; readonly call: DepositCall }
  | { readonly at: 'recording'; readonly call: DepositCall; /** What `recorded` leads to. */ readonly then: 'review' | 'again' | 'operator' }
  | { readonly at: 'short'; readonly call: DepositCall }
  | { readonly at: 'review'; readonly call: DepositCall; readonly ms: number | null; readonly isUrgent: boolean; readonly asked: number }
  /** The last words are said. */
  | { readonly at: 'ending' }
  | { readonly at: 'over' };

export interface DepositCall {
  readonly leg: string;
  readonly from: Party;
  readonly at: number;
  readonly reason: Started['reason'];
  /** Takes so far. */
  readonly takes: number;
}

type DepositStep = Step<Deposit, VoicemailAsk>;

export function beginDeposit({ leg, from, at, reason }: Started, { id }: Mailbox): DepositStep {
  return [{ at: 'opening', call: { leg, from, at, reason, takes: 0 } }, [{ do: 'ask', ask: { ask: 'hasRoom', box: id } }]];
}

export function deposit(state: Deposit, input: Input<VoicemailAnswer>, box: Mailbox): DepositStep {
  if (input.type === 'released') return [{ at: 'over' }, state.at === 'review' ? [finish(state, box)] : []];
  switch (state.at) {
    case 'opening':
      if (input.type !== 'answer' || input.answer.to !== 'hasRoom') return [state, []];
      if (!input.answer.hasRoom) return lastWords([pause, { phrase: 'voicemail.full' }]);
      return [{ ...state, at: 'greeting' }, [{ do: 'say', said: [pause, ...greetingOf(state.call, box), beep] }]];
    case 'greeting':
      if (input.type === 'announced') return records(state.call, box);
      if (input.type !== 'digit') return [state, []];
      if (input.digit === '0' && box.operator !== null) return [{ at: 'connecting', call: state.call }, [{ do: 'hush' }, { do: 'transfer', to: box.operator }]];
      return input.digit === '#' ? beeps(state.call) : [state, []];
    case 'beep':
      return input.type === 'announced' ? records(state.call, box) : [state, []];
    case 'recording':
      return recording(state, input, box);
    case 'short':
      return input.type === 'announced' ? records(state.call, box) : [state, []];
    case 'review':
      return review(state, input, box);
    case 'connecting':
      if (input.type !== 'transfer' || input.is !== 'failed') return [state, []];
      return [{ at: 'greeting', call: state.call }, [{ do: 'say', said: [{ phrase: 'common.notReached' }, { phrase: 'voicemail.leaveMessage' }, beep] }]];
    case 'ending':
      return input.type === 'announced' ? [{ at: 'over' }, [{ do: 'release', cause: 'normalClearing', text: 'all was said' }]] : [state, []];
    case 'over':
      return [state, []];
  }
}

function greetingOf({ reason }: DepositCall, box: Mailbox): readonly Said[] {
  const { unavailable, busy, name } = box.greetings;
  const own = reason === 'userBusy' ? (busy ?? unavailable) : unavailable;
  if (own !== null) return [{ file: own }];
  if (box.prompt !== null) return [{ prompt: box.prompt }];
  const who: readonly Said[] = name !== null ? [{ file: name }] : box.number === null ? [] : [{ phrase: 'voicemail.reached' }, { digits: box.number }];
  return [
    ...who,
    { phrase: reason === 'userBusy' ? 'voicemail.isBusy' : 'voicemail.isUnavailable' },
    { phrase: 'voicemail.leaveMessage' },
    { phrase: 'voicemail.whenDone' },
    ...(box.operator === null ? [] : [{ phrase: 'voicemail.operator' } as const]),
  ];
}

function beeps(call: DepositCall): DepositStep {
  return [{ at: 'beep', call }, [{ do: 'say', said: [beep] }]];
}

function records(former: DepositCall, { id, longestMs, silenceMs }: Mailbox): DepositStep {
  const call = { ...former, takes: former.takes + 1 };
  const file = `voicemail/${id}/${messageOf(call)}.wav`;
  const message = { id: messageOf(call), box: id, file, from: call.from, at: call.at };
  return [{ at: 'recording', call, then: 'review' }, [{ do: 'tell', tell: { ask: 'begin', message } }, { do: 'record', file, maxMs: longestMs, silenceMs }]];
}

function recording(state: Extract<Deposit, { at: 'recording' }>, input: Input<VoicemailAnswer>, box: Mailbox): DepositStep {
  const { call, then } = state;
  if (input.type === 'digit') {
    const [pressed] = { '#': ['review' as const], '*': ['again' as const], '0': box.operator === null ? [] : ['operator' as const] }[input.digit] ?? [];
    return pressed === undefined ? [state, []] : [{ ...state, then: pressed }, [{ do: 'recording', is: 'stopped' }]];
  }
  if (input.type !== 'recorded') return [state, []];
  const discard: Effect<VoicemailAsk> = { do: 'tell', tell: { ask: 'discard', id: messageOf(call) } };
  if (input.how === 'failed') return also(discard, lastWords([{ phrase: 'common.failed' }]));
  if (then === 'again') return also(discard, beeps(call));
  const isShort = input.ms !== null && input.ms < box.shortestMs;
  if (then === 'operator' && box.operator !== null) {
    const end = isShort ? discard : finish({ call, ms: input.ms, isUrgent: false }, box);
    return [{ at: 'connecting', call }, [end, { do: 'transfer', to: box.operator }]];
  }
  if (!isShort) return asksReview({ call, ms: input.ms, isUrgent: false, asked: 0 }, []);
  if (call.takes >= mostTakes) return also(discard, lastWords([{ phrase: 'voicemail.tooShort' }, { phrase: 'common.goodbye' }]));
  return [{ at: 'short', call }, [discard, { do: 'say', said: [{ phrase: 'voicemail.tooShort' }, { phrase: 'voicemail.leaveMessage' }, beep] }]];
}

function review(state: Extract<Deposit, { at: 'review' }>, input: Input<VoicemailAnswer>, box: Mailbox): DepositStep {
  const sends: DepositStep = also(finish(state, box), lastWords([{ phrase: 'voicemail.sent' }, { phrase: 'common.goodbye' }]));
  if (input.type === 'announced') return [state, [{ do: 'start', timer: 'choice', ms: patience.choiceMs }]];
  if (input.type === 'timeout') return state.asked >= mostAsked ? sends : asksReview({ ...state, asked: state.asked + 1 }, []);
  if (input.type !== 'digit') return [state, []];
  const chosen: Effect = { do: 'stop', timer: 'choice' };
  const discard: Effect<VoicemailAsk> = { do: 'tell', tell: { ask: 'discard', id: messageOf(state.call) } };
  switch (input.digit) {
    case '1':
    case '#':
      return also(chosen, sends);
    case '2':
      return also(chosen, asksReview(state, [{ file: `voicemail/${box.id}/${messageOf(state.call)}.wav` }]));
    case '3':
      return also(chosen, also(discard, beeps(state.call)));
    case '4':
      return also(chosen, asksReview({ ...state, isUrgent: true }, [{ phrase: 'voicemail.markedUrgent' }]));
    case '*':
      return also(chosen, also(discard, lastWords([{ phrase: 'voicemail.discarded' }, { phrase: 'common.goodbye' }])));
    default:
      return also(chosen, asksReview(state, [{ phrase: 'common.invalid' }]));
  }
}

function asksReview({ call, ms, isUrgent, asked }: Omit<Extract<Deposit, { at: 'review' }>, 'at'>, before: readonly Said[]): DepositStep {
  return [{ at: 'review', call, ms, isUrgent, asked }, [{ do: 'say', said: [...before, { phrase: 'voicemail.review' }] }]];
}

function lastWords(said: readonly Said[]): DepositStep {
  return [{ at: 'ending' }, [{ do: 'say', said }]];
}

function finish({ call, ms, isUrgent }: { readonly call: DepositCall; readonly ms: number | null; readonly isUrgent: boolean }, { shortestMs }: Mailbox): Effect<VoicemailAsk> {
  return { do: 'tell', tell: { ask: 'finish', id: messageOf(call), ms, shortestMs, isUrgent } };
}

function also<State>(effect: Effect<VoicemailAsk>, [state, effects]: Step<State, VoicemailAsk>): Step<State, VoicemailAsk> {
  return [state, [effect, ...effects]];
}

function messageOf({ leg, takes }: DepositCall): string {
  return `${leg}-${takes}`;
}

/** Too short ones, and those that were spoken again. */
const mostTakes = 3;
const mostAsked = 1;

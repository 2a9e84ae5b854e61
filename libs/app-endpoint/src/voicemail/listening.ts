import type { CalendarDay, Said } from '@tipring/prompts';
import type { Effect, Input, Step } from '../application.ts';
import { dialled } from '../dialled.ts';
import { patience } from '../patience.ts';
import type { Mailbox, Owner } from './mailbox.ts';
import type { DatedMessage, VoicemailAnswer, VoicemailAsk } from './mailboxes.ts';

/**
 * The messages of a mailbox, one after the other: new ones first, urgent ones before the others.
 *
 *   fetching ──► playing ──over──► choosing ──7, 9, `#`──► playing (the next) … ──► over
 *                   ▲ └───any choice───┘ │ ├─2─► calling ──failed──► choosing
 *                   └──1─────────────────┘ └─3─► forwarding ──► forwarded ──► choosing
 */
export type Listening =
  | { readonly part: 'listening'; readonly at: 'fetching' }
  | (Among & { readonly part: 'listening'; readonly at: 'playing' })
  | (Among & { readonly part: 'listening'; readonly at: 'calling' | 'forwarded' })
  | (Among & { readonly part: 'listening'; readonly at: 'choosing'; readonly asked: number })
  | (Among & { readonly part: 'listening'; readonly at: 'forwarding'; readonly digits: string })
  | { readonly part: 'listening'; readonly at: 'over'; readonly lastWords: readonly Said[] };

interface Among {
  readonly messages: readonly DatedMessage[];
  readonly index: number;
  readonly today: CalendarDay;
  readonly saysWhen: boolean;
}

type ListeningStep = Step<Listening, VoicemailAsk>;

export function opensMessages({ id }: Mailbox): ListeningStep {
  return [{ part: 'listening', at: 'fetching' }, [{ do: 'hush' }, { do: 'ask', ask: { ask: 'list', box: id } }]];
}

export function listening(state: Listening, input: Input<VoicemailAnswer>, { who, box }: { readonly who: Owner; readonly box: Mailbox }): ListeningStep {
  switch (state.at) {
    case 'fetching':
      return input.type === 'answer' && input.answer.to === 'list' ? fetched(input.answer.messages, { today: input.answer.today, saysWhen: box.saysWhen }) : [state, []];
    case 'playing':
      if (input.type === 'announced') return asksChoice(state, [], [heard(state)]);
      return input.type === 'digit' ? chosen(state, input.digit) : [state, []];
    case 'choosing':
      if (input.type === 'announced') return [state, [{ do: 'start', timer: 'choice', ms: patience.choiceMs }]];
      if (input.type === 'timeout') return state.asked + 1 >= patience.tries ? over([]) : asksChoice(state, [], [], state.asked + 1);
      return input.type === 'digit' ? chosen(state, input.digit) : [state, []];
    case 'calling':
      return input.type === 'transfer' && input.is === 'failed' ? asksChoice(state, [{ phrase: 'common.notReached' }], []) : [state, []];
    case 'forwarding': {
      const [digits, effects, is] = dialled(state.digits, input);
      if (is === 'dialling') return [{ ...state, digits }, effects];
      if (digits === '') return asksChoice(state, [], effects);
      const id = messageOf(state)?.id ?? '';
      return [{ ...amongOf(state), part: 'listening', at: 'forwarded' }, [...effects, { do: 'ask', ask: { ask: 'forward', id, to: digits, by: who.from } }]];
    }
    case 'forwarded':
      if (input.type !== 'answer' || input.answer.to !== 'forward') return [state, []];
      return asksChoice(state, [{ phrase: input.answer.isDone ? 'voicemail.forwarded' : 'common.noSuchNumber' }], []);
    case 'over':
      return [state, []];
  }
}

function fetched(all: readonly DatedMessage[] | null, rest: Pick<Among, 'today' | 'saysWhen'>): ListeningStep {
  if (all === null) return over([{ phrase: 'common.unavailable' }]);
  const messages = all.toSorted((a, b) => rank(a) - rank(b)).slice(0, mostMessages);
  if (messages.length === 0) return over([{ phrase: 'voicemail.noMessages' }]);
  const [fresh, kept] = [messages.filter(({ isHeard }) => !isHeard).length, messages.filter(({ isHeard }) => isHeard).length];
  const savedToo: readonly Said[] = fresh === 0 ? [] : [{ phrase: 'common.and' }];
  const count: readonly Said[] = [...(fresh > 0 ? [{ number: fresh, of: 'newMessages' } as const] : []), ...(kept > 0 ? [...savedToo, { number: kept, of: 'savedMessages' } as const] : [])];
  return plays({ ...rest, messages, index: 0 }, [{ phrase: 'voicemail.youHave' }, ...count], []);
}

/** The next one, unless it was the last. */
function plays(among: Among, before: readonly Said[], effects: readonly Effect<VoicemailAsk>[]): ListeningStep {
  const message = messageOf(among);
  if (message === undefined) return [{ part: 'listening', at: 'over', lastWords: [...before, { phrase: 'voicemail.noMore' }] }, effects];
  return [{ ...among, part: 'listening', at: 'playing' }, [...effects, { do: 'say', said: [...before, ...introduced(message, among), { silenceMs: 300 }, { file: message.file }, { silenceMs: 300 }] }]];
}

function introduced({ local, from, isUrgent }: DatedMessage, { index, today, saysWhen }: Among): readonly Said[] {
  const urgent: readonly Said[] = isUrgent ? [{ phrase: 'voicemail.urgent' }] : [];
  if (!saysWhen) return urgent;
  return [
    { phrase: 'voicemail.message' },
    { number: index + 1 },
    ...(from.anonymous === true || from.number === '' ? [{ phrase: 'voicemail.fromUnknown' } as const] : [{ phrase: 'voicemail.from' } as const, { digits: from.number }]),
    { date: local, today },
    { time: { hour: local.hour, minute: local.minute } },
    ...urgent,
  ];
}

function chosen(state: Among & { readonly at: 'playing' | 'choosing' }, digit: string): ListeningStep {
  const message = messageOf(state);
  if (message === undefined) return over([]);
  const before: readonly Effect<VoicemailAsk>[] = state.at === 'playing' ? [heard(state)] : [{ do: 'stop', timer: 'choice' }];
  const next = { ...amongOf(state), index: state.index + 1 };
  switch (digit) {
    case '1':
      return plays(amongOf(state), [], before);
    case '2':
      if (message.from.anonymous === true || !isCalledBack(message.from.number)) return asksChoice(state, [{ phrase: 'voicemail.noCallback' }], before);
      return [{ ...amongOf(state), part: 'listening', at: 'calling' }, [...before, { do: 'say', said: [{ phrase: 'common.connecting' }] }, { do: 'transfer', to: { type: 'number', number: message.from.number } }]];
    case '3':
      return [{ ...amongOf(state), part: 'listening', at: 'forwarding', digits: '' }, [...before, { do: 'say', said: [{ phrase: 'voicemail.forwardTo' }] }]];
    case '7':
      return plays(next, [{ phrase: 'voicemail.deleted' }], [...before, { do: 'tell', tell: { ask: 'remove', id: message.id } }]);
    case '9':
      return plays(next, [{ phrase: 'voicemail.kept' }], before);
    case '#':
      return plays(next, [], before);
    case '*':
      return [{ part: 'listening', at: 'over', lastWords: [] }, before];
    default:
      return asksChoice(state, [{ phrase: 'common.invalid' }], before);
  }
}

/** A caller says himself what his number is: a code in its place would be done as if the owner had dialled it. */
function isCalledBack(number: string): boolean {
  return /^\+?[0-9]+$/.test(number);
}

function asksChoice(among: Among, before: readonly Said[], effects: readonly Effect<VoicemailAsk>[], asked = 0): ListeningStep {
  return [{ ...amongOf(among), part: 'listening', at: 'choosing', asked }, [...effects, { do: 'say', said: [...before, { phrase: 'voicemail.messageMenu' }] }]];
}

function heard(among: Among): Effect<VoicemailAsk> {
  return { do: 'tell', tell: { ask: 'mark', id: messageOf(among)?.id ?? '', is: 'heard' } };
}

function over(lastWords: readonly Said[]): ListeningStep {
  return [{ part: 'listening', at: 'over', lastWords }, []];
}

function amongOf({ messages, index, today, saysWhen }: Among): Among {
  return { messages, index, today, saysWhen };
}

function messageOf({ messages, index }: Among): DatedMessage | undefined {
  return messages[index];
}

function rank({ isHeard, isUrgent }: DatedMessage): number {
  return (isHeard ? 2 : 0) + (isUrgent ? 0 : 1);
}

/** One sitting; the rest when it is asked for again. */
const mostMessages = 100;

import type { Said } from '@tipring/prompts';
import type { Effect, Input, Step } from '../application.ts';
import { dialled } from '../dialled.ts';
import { patience } from '../patience.ts';
import { pause } from '../tones.ts';
import { type Greetings, greetings, opensGreetings } from './greetings.ts';
import { type Listening, listening, opensMessages } from './listening.ts';
import type { Mailbox, Owner } from './mailbox.ts';
import { concealedPinChange, opensPinChange, type PinChange, pinChange } from './pin-change.ts';
import type { VoicemailAnswer, VoicemailAsk } from './mailboxes.ts';

/**
 * The owner of a mailbox at the telephone.
 *
 *   whose ──number, `#`──► finding ──► pin ──`#`──► checking ──right──► menu ──1──► listening ─┐
 *     ▲ nobody’s              │         ▲              │ wrong           ▲ ├──2──► greetings ──┤
 *     └───────────────────────┘         └──────────────┘                 │ ├──3──► pinChange ──┤
 *                                    three times: ending                 │ └──*──► ending      │
 *                                                                        └───── its end, `*` ──┘
 */
export type Retrieval =
  | { readonly at: 'whose'; readonly who: Owner; readonly digits: string; readonly wrong: number }
  | { readonly at: 'finding'; readonly who: Owner; readonly by: 'telephone' | 'number'; readonly wrong: number }
  | { readonly at: 'pin' | 'checking'; readonly who: Owner; readonly box: Mailbox; readonly digits: string; readonly wrong: number }
  | { readonly at: 'menu'; readonly who: Owner; readonly box: Mailbox; readonly asked: number }
  | { readonly at: 'listening'; readonly who: Owner; readonly box: Mailbox; readonly is: Listening }
  | { readonly at: 'greetings'; readonly who: Owner; readonly box: Mailbox; readonly is: Greetings }
  | { readonly at: 'pinChange'; readonly who: Owner; readonly box: Mailbox; readonly is: PinChange }
  | { readonly at: 'ending' }
  | { readonly at: 'over' };

type RetrievalStep = Step<Retrieval, VoicemailAsk>;

/** The mailbox of the telephone that is called from. */
export function beginOwnRetrieval(who: Owner): RetrievalStep {
  return [{ at: 'finding', who, by: 'telephone', wrong: 0 }, [{ do: 'ask', ask: { ask: 'find', number: who.from.number } }]];
}

/** `number`: of the mailbox; '': it is asked for. */
export function beginRetrieval(who: Owner, number: string): RetrievalStep {
  if (number === '') return asksWhose(who, 0, [pause]);
  return [{ at: 'finding', who, by: 'number', wrong: 0 }, [{ do: 'ask', ask: { ask: 'find', number } }]];
}

/** Of a mailbox whose greeting was being heard. */
export function beginRetrievalOf(who: Owner, box: Mailbox): RetrievalStep {
  return found(who, box, 'number');
}

export function retrieval(state: Retrieval, input: Input<VoicemailAnswer>): RetrievalStep {
  if (input.type === 'released') return [{ at: 'over' }, state.at === 'greetings' ? greetings(state.is, input, state)[1] : []];
  switch (state.at) {
    case 'whose':
      return whose(state, input);
    case 'finding':
      if (input.type !== 'answer' || input.answer.to !== 'find') return [state, []];
      return input.answer.box === null ? notFound(state) : found(state.who, input.answer.box, state.by);
    case 'pin':
      return pin(state, input);
    case 'checking':
      if (input.type !== 'answer' || input.answer.to !== 'checkPin') return [state, []];
      if (input.answer.isRight) return opensMenu(state, []);
      if (state.wrong + 1 >= patience.tries) return lastWords([{ phrase: 'voicemail.wrongPin' }, { phrase: 'common.goodbye' }]);
      return asksPin({ ...state, wrong: state.wrong + 1 }, [{ phrase: 'voicemail.wrongPin' }]);
    case 'menu':
      return menu(state, input);
    case 'listening':
      return within(state, listening(state.is, input, state));
    case 'greetings':
      return within(state, greetings(state.is, input, state));
    case 'pinChange':
      return within(state, pinChange(state.is, input, state));
    case 'ending':
      return input.type === 'announced' ? [{ at: 'over' }, [{ do: 'release', cause: 'normalClearing', text: 'all was said' }]] : [state, []];
    case 'over':
      return [state, []];
  }
}

/** Without the PIN that is being dialled; null: none is. */
export function concealedRetrieval(state: Retrieval): Retrieval | null {
  if (state.at === 'pin' || state.at === 'checking') return { ...state, at: 'pin', digits: '' };
  return state.at === 'pinChange' ? { ...state, is: concealedPinChange() } : null;
}

function asksWhose(who: Owner, wrong: number, before: readonly Said[]): RetrievalStep {
  return [{ at: 'whose', who, digits: '', wrong }, [{ do: 'say', said: [...before, { phrase: 'voicemail.enterMailbox' }] }]];
}

function whose(state: Extract<Retrieval, { at: 'whose' }>, input: Input<VoicemailAnswer>): RetrievalStep {
  const [digits, effects, is] = dialled(state.digits, input);
  if (is === 'dialling') return [{ ...state, digits }, effects];
  if (digits === '') return state.wrong + 1 >= patience.tries ? lastWords([{ phrase: 'common.goodbye' }]) : asksWhose(state.who, state.wrong + 1, []);
  return [{ at: 'finding', who: state.who, by: 'number', wrong: state.wrong }, [...effects, { do: 'ask', ask: { ask: 'find', number: digits } }]];
}

function notFound({ who, by, wrong }: Extract<Retrieval, { at: 'finding' }>): RetrievalStep {
  if (by === 'telephone') return asksWhose(who, 0, [pause]);
  if (wrong + 1 >= patience.tries) return lastWords([{ phrase: 'common.noSuchNumber' }, { phrase: 'common.goodbye' }]);
  return asksWhose(who, wrong + 1, [{ phrase: 'common.noSuchNumber' }]);
}

/** Without a PIN there is but one proof of who it is: the telephone. */
function found(who: Owner, box: Mailbox, by: 'telephone' | 'number'): RetrievalStep {
  if (box.hasPin) return asksPin({ who, box, wrong: 0 }, [pause]);
  return by === 'telephone' ? opensMenu({ who, box }, [pause]) : lastWords([pause, { phrase: 'voicemail.noPin' }]);
}

function asksPin({ who, box, wrong }: { readonly who: Owner; readonly box: Mailbox; readonly wrong: number }, before: readonly Said[]): RetrievalStep {
  return [{ at: 'pin', who, box, digits: '', wrong }, [{ do: 'say', said: [...before, { phrase: 'voicemail.enterPin' }] }]];
}

function pin(state: Extract<Retrieval, { at: 'pin' | 'checking' }>, input: Input<VoicemailAnswer>): RetrievalStep {
  const [digits, effects, is] = dialled(state.digits, input);
  if (is === 'dialling') return [{ ...state, digits }, effects];
  return [{ ...state, at: 'checking', digits: '' }, [...effects, { do: 'ask', ask: { ask: 'checkPin', box: state.box.id, pin: digits } }]];
}

function opensMenu({ who, box }: { readonly who: Owner; readonly box: Mailbox }, before: readonly Said[], asked = 0): RetrievalStep {
  return [{ at: 'menu', who, box, asked }, [{ do: 'say', said: [...before, { phrase: 'voicemail.menu' }] }]];
}

function menu(state: Extract<Retrieval, { at: 'menu' }>, input: Input<VoicemailAnswer>): RetrievalStep {
  if (input.type === 'announced') return [state, [{ do: 'start', timer: 'choice', ms: patience.choiceMs }]];
  if (input.type === 'timeout') return state.asked + 1 >= patience.tries ? lastWords([{ phrase: 'common.goodbye' }]) : opensMenu(state, [], state.asked + 1);
  if (input.type !== 'digit') return [state, []];
  const chosen: Effect = { do: 'stop', timer: 'choice' };
  const [next, effects]: RetrievalStep =
    input.digit === '1' ? within(state, opensMessages(state.box))
    : input.digit === '2' ? within(state, opensGreetings())
    : input.digit === '3' ? within(state, opensPinChange())
    : input.digit === '*' ? lastWords([{ phrase: 'common.goodbye' }])
    : opensMenu(state, [{ phrase: 'common.invalid' }], state.asked);
  return [next, [chosen, ...effects]];
}

/** A part of the menu goes on, or it is over and the menu is heard again. */
function within({ who, box }: { readonly who: Owner; readonly box: Mailbox }, [is, effects]: Step<Listening | Greetings | PinChange, VoicemailAsk>): RetrievalStep {
  switch (is.part) {
    case 'listening':
      return is.at === 'over' ? also(effects, opensMenu({ who, box }, is.lastWords)) : [{ at: 'listening', who, box, is }, effects];
    case 'greetings':
      return is.at === 'over' ? also(effects, opensMenu({ who, box }, is.lastWords)) : [{ at: 'greetings', who, box, is }, effects];
    case 'pinChange':
      return is.at === 'over' ? also(effects, opensMenu({ who, box: { ...box, hasPin: box.hasPin || is.isChanged } }, is.lastWords)) : [{ at: 'pinChange', who, box, is }, effects];
  }
}

function also(before: readonly Effect<VoicemailAsk>[], [state, effects]: RetrievalStep): RetrievalStep {
  return [state, [...before, ...effects]];
}

function lastWords(said: readonly Said[]): RetrievalStep {
  return [{ at: 'ending' }, [{ do: 'say', said }]];
}

import type { Application, Input, Step } from '../application.ts';
import { beginDeposit, type Deposit, deposit } from './deposit.ts';
import type { Mailbox } from './mailbox.ts';
import type { Mailboxes, VoicemailAnswer, VoicemailAsk } from './mailboxes.ts';
import { beginOwnRetrieval, beginRetrieval, beginRetrievalOf, concealedRetrieval, type Retrieval, retrieval } from './retrieval.ts';

/** `box`: as it was when the call came. */
export type VoicemailState = { readonly is: 'deposit'; readonly box: Mailbox; readonly deposit: Deposit } | { readonly is: 'retrieval'; readonly retrieval: Retrieval };

export type VoicemailApplication = Application<VoicemailState, VoicemailAsk, VoicemailAnswer>;

/** Takes a message for this mailbox. Its owner presses star during the greeting, and has his PIN asked for. */
export function takesMessages(box: Mailbox, mailboxes: Mailboxes): VoicemailApplication {
  return { ...running(mailboxes), name: 'voicemail', begin: (started) => depositing(box, beginDeposit(started, box)) };
}

/** The mailbox of whoever calls; of somebody without one: he is asked which. */
export function ownMailbox(mailboxes: Mailboxes): VoicemailApplication {
  return { ...running(mailboxes), name: 'ownVoicemail', begin: (started) => retrieving(beginOwnRetrieval({ leg: started.leg, from: started.from })) };
}

/** Any mailbox; `number` '': it is asked for. */
export function anyMailbox(number: string, mailboxes: Mailboxes): VoicemailApplication {
  return { ...running(mailboxes), name: 'anyVoicemail', begin: (started) => retrieving(beginRetrieval({ leg: started.leg, from: started.from }, number)) };
}

function running(mailboxes: Mailboxes): Pick<VoicemailApplication, 'step' | 'ask' | 'concealed'> {
  return { step, ask: (ask, answer) => mailboxes.ask(ask, answer), concealed };
}

function step(state: VoicemailState, input: Input<VoicemailAnswer>): Step<VoicemailState, VoicemailAsk> {
  if (state.is === 'retrieval') return retrieving(retrieval(state.retrieval, input));
  const { box, deposit: is } = state;
  if (input.type === 'digit' && input.digit === '*' && is.at === 'greeting') return retrieving(beginRetrievalOf({ leg: is.call.leg, from: is.call.from }, box));
  return depositing(box, deposit(is, input, box));
}

function concealed(state: VoicemailState): VoicemailState | null {
  const retrieval = state.is === 'retrieval' ? concealedRetrieval(state.retrieval) : null;
  return retrieval === null ? null : { is: 'retrieval', retrieval };
}

function depositing(box: Mailbox, [state, effects]: Step<Deposit, VoicemailAsk>): Step<VoicemailState, VoicemailAsk> {
  return [{ is: 'deposit', box, deposit: state }, effects];
}

function retrieving([state, effects]: Step<Retrieval, VoicemailAsk>): Step<VoicemailState, VoicemailAsk> {
  return [{ is: 'retrieval', retrieval: state }, effects];
}

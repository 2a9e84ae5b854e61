import type { Said } from '@tipring/prompts';
import type { Input, Step } from '../application.ts';
import { dialled } from '../dialled.ts';
import type { Mailbox } from './mailbox.ts';
import type { VoicemailAnswer, VoicemailAsk } from './mailboxes.ts';

/**
 *   first ──`#`──► again ──`#`, the same──► changing ──► over
 *     ▲              │ another
 *     └──────────────┘ (once, then over)
 */
export type PinChange =
  | { readonly part: 'pinChange'; readonly at: 'first'; readonly digits: string; readonly tries: number }
  | { readonly part: 'pinChange'; readonly at: 'again'; readonly pin: string; readonly digits: string; readonly tries: number }
  | { readonly part: 'pinChange'; readonly at: 'changing' }
  | { readonly part: 'pinChange'; readonly at: 'over'; readonly isChanged: boolean; readonly lastWords: readonly Said[] };

type PinChangeStep = Step<PinChange, VoicemailAsk>;

export function opensPinChange(): PinChangeStep {
  return asksFirst(0, []);
}

/** As if nothing had been dialled. */
export function concealedPinChange(): PinChange {
  return { part: 'pinChange', at: 'first', digits: '', tries: 0 };
}

export function pinChange(state: PinChange, input: Input<VoicemailAnswer>, { box }: { readonly box: Mailbox }): PinChangeStep {
  switch (state.at) {
    case 'first': {
      const [digits, effects, is] = dialled(state.digits, input);
      if (is === 'dialling') return [{ ...state, digits }, effects];
      if (digits === '') return [{ part: 'pinChange', at: 'over', isChanged: false, lastWords: [] }, effects];
      return [{ part: 'pinChange', at: 'again', pin: digits, digits: '', tries: state.tries }, [...effects, { do: 'say', said: [{ phrase: 'voicemail.repeatPin' }] }]];
    }
    case 'again': {
      const [digits, effects, is] = dialled(state.digits, input);
      if (is === 'dialling') return [{ ...state, digits }, effects];
      if (digits === state.pin) return [{ part: 'pinChange', at: 'changing' }, [...effects, { do: 'ask', ask: { ask: 'changePin', box: box.id, pin: digits } }]];
      if (state.tries > 0) return [{ part: 'pinChange', at: 'over', isChanged: false, lastWords: [{ phrase: 'voicemail.pinsDiffer' }] }, effects];
      return asksFirst(1, [{ phrase: 'voicemail.pinsDiffer' }]);
    }
    case 'changing':
      if (input.type !== 'answer' || input.answer.to !== 'changePin') return [state, []];
      return [{ part: 'pinChange', at: 'over', isChanged: input.answer.is === 'changed', lastWords: [{ phrase: words[input.answer.is] }] }, []];
    case 'over':
      return [state, []];
  }
}

function asksFirst(tries: number, before: readonly Said[]): PinChangeStep {
  return [{ part: 'pinChange', at: 'first', digits: '', tries }, [{ do: 'say', said: [...before, { phrase: 'voicemail.newPin' }] }]];
}

const words = { changed: 'voicemail.pinChanged', refused: 'voicemail.pinRefused', failed: 'common.failed' } as const;

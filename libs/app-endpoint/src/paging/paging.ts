import type { Said } from '@tipring/prompts';
import type { Party } from '@tipring/telephony';
import type { Application, Input, Step } from '../application.ts';

/**
 * Who pages. The telephones of the zone are called and come into this call, where they only listen; then all hear tone and prompt, and then him.
 *
 *   gathering ──telephones are there──► opening ──said──► speaking ──`longestMs`, `#`──► over
 *       └──nobody is there──► ending ──said──► over
 */
export type Paging = { readonly at: 'gathering' | 'opening' | 'speaking' | 'ending' | 'over'; readonly leg: string };

export type PagingAsk =
  | { readonly ask: 'page'; readonly leg: string; readonly call: string; readonly from: Party }
  /** He speaks no more. */
  | { readonly ask: 'over'; readonly leg: string };

export interface PagingAnswer {
  readonly is: 'there' | 'nobody';
}

export interface PagingCall {
  /** Heard by all before he is: tone and prompt. */
  readonly opening: readonly Said[];
  readonly longestMs: number;
}

export type PagingApplication = Application<Paging, PagingAsk, PagingAnswer>;

export function paging(call: PagingCall, ask: PagingApplication['ask']): PagingApplication {
  return {
    name: 'paging',
    begin: ({ leg, call: id, from }) => [{ at: 'gathering', leg }, [{ do: 'ask', ask: { ask: 'page', leg, call: id, from } }]],
    step: (state, input) => step(state, input, call),
    ask,
  };
}

function step(state: Paging, input: Input<PagingAnswer>, { opening, longestMs }: PagingCall): Step<Paging, PagingAsk> {
  const { leg } = state;
  if (input.type === 'released') return [{ at: 'over', leg }, [{ do: 'tell', tell: { ask: 'over', leg } }]];
  switch (state.at) {
    case 'gathering':
      if (input.type !== 'answer') return [state, []];
      if (input.answer.is === 'nobody') return [{ at: 'ending', leg }, [{ do: 'say', said: [{ phrase: 'common.notReached' }] }]];
      if (opening.length === 0) return speaks(leg, longestMs);
      return [{ at: 'opening', leg }, [{ do: 'say', said: opening }]];
    case 'opening':
      return input.type === 'announced' ? speaks(leg, longestMs) : [state, []];
    case 'speaking': {
      const isOver = (input.type === 'timeout' && input.timer === 'longest') || (input.type === 'digit' && input.digit === '#');
      return isOver ? [{ at: 'over', leg }, [{ do: 'release', cause: 'normalClearing', text: input.type === 'digit' ? 'he was done' : 'he spoke as long as one may' }]] : [state, []];
    }
    case 'ending':
      return input.type === 'announced' ? [{ at: 'over', leg }, [{ do: 'release', cause: 'subscriberAbsent', text: 'nobody of the zone is there' }]] : [state, []];
    case 'over':
      return [state, []];
  }
}

function speaks(leg: string, longestMs: number): Step<Paging, PagingAsk> {
  return [{ at: 'speaking', leg }, [{ do: 'start', timer: 'longest', ms: longestMs }]];
}

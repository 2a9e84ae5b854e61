import type { Feature } from '@tipring/config';
import type { Said } from '@tipring/prompts';
import type { Party } from '@tipring/telephony';
import type { Application, Input, Started, Step } from '../application.ts';
import { dialled } from '../dialled.ts';
import { patience } from '../patience.ts';
import { pause } from '../tones.ts';

/** What is to be done, for whom. */
export interface FeatureAsk {
  readonly feature: Feature;
  /** What was dialled behind the code, or when it was asked for; '': nothing. */
  readonly argument: string;
  readonly call: string;
  readonly from: Party;
}

/** `said`: what the caller is told. `gone`: he is elsewhere as soon as that is done. `again`: what he dialled makes no sense, and he is asked. */
export interface FeatureAnswer {
  readonly said: readonly Said[];
  readonly then: 'over' | 'gone' | 'again';
}

/** What does it; not pure. */
export interface FeatureDesk {
  /** What has to be asked for when nothing was dialled behind the code; null: nothing. */
  asksFor(feature: Feature, from: Party): 'number' | 'time' | null;
  perform(ask: FeatureAsk, answer: (answer: FeatureAnswer) => void): void;
}

/**
 * Something that is done by dialling it, and confirmed aloud.
 *
 *   asking ──digits, `#`──► performing ──over──► telling ──► over
 *     ▲                       │  │ └──gone──► leaving ──taken elsewhere──► over
 *     └─────────again─────────┘  │                └──in vain: `leaving`──► over
 */
export type FeatureState =
  | { readonly at: 'asking'; readonly who: Who; readonly digits: string; readonly tries: number }
  | { readonly at: 'performing'; readonly who: Who; readonly tries: number }
  | { readonly at: 'telling' | 'leaving' | 'over' };

interface Who {
  readonly call: string;
  readonly from: Party;
}

type FeatureStep = Step<FeatureState, FeatureAsk>;

export type FeatureApplication = Application<FeatureState, FeatureAsk, FeatureAnswer>;

export function feature(what: Feature, argument: string, desk: FeatureDesk): FeatureApplication {
  const performs = (who: Who, given: string, tries: number): FeatureStep => [{ at: 'performing', who, tries }, [{ do: 'ask', ask: { feature: what, argument: given, ...who } }]];
  const asks = (who: Who, tries: number, before: readonly Said[]): FeatureStep => {
    const question = desk.asksFor(what, who.from) === 'time' ? 'feature.enterTime' : 'common.enterNumber';
    return [{ at: 'asking', who, digits: '', tries }, [{ do: 'say', said: [...before, { phrase: question }] }]];
  };
  return {
    name: 'feature',
    begin: ({ call, from }: Started) => (argument === '' && desk.asksFor(what, from) !== null ? asks({ call, from }, 0, [pause]) : performs({ call, from }, argument, 0)),
    step: (state, input) => step(state, input, performs, asks),
    ask: (ask, answer) => desk.perform(ask, answer),
  };
}

function step(state: FeatureState, input: Input<FeatureAnswer>, performs: (who: Who, given: string, tries: number) => FeatureStep, asks: (who: Who, tries: number, before: readonly Said[]) => FeatureStep): FeatureStep {
  if (input.type === 'released') return [{ at: 'over' }, []];
  switch (state.at) {
    case 'asking': {
      const [digits, effects, is] = dialled(state.digits, input);
      if (is === 'dialling') return [{ ...state, digits }, effects];
      const [next, more] = digits === '' ? tells([{ phrase: 'common.goodbye' }]) : performs(state.who, digits, state.tries);
      return [next, [...effects, ...more]];
    }
    case 'performing': {
      if (input.type !== 'answer') return [state, []];
      const { said, then } = input.answer;
      if (then === 'gone') return [{ at: 'leaving' }, [{ do: 'start', timer: 'leaving', ms: leavingMs }]];
      return then === 'again' && state.tries + 1 < patience.tries ? asks(state.who, state.tries + 1, said) : tells(said);
    }
    case 'leaving':
      return input.type === 'timeout' ? tells([{ phrase: 'common.failed' }]) : [state, []];
    case 'telling':
      return input.type === 'announced' ? [{ at: 'over' }, [{ do: 'release', cause: 'normalClearing', text: 'all was said' }]] : [state, []];
    case 'over':
      return [state, []];
  }
}

function tells(said: readonly Said[]): FeatureStep {
  return [{ at: 'telling' }, [{ do: 'say', said: [pause, ...said] }]];
}

/** What takes a caller elsewhere takes no time. */
const leavingMs = 5_000;

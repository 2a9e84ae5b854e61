import type { Said } from '@tipring/prompts';
import type { Effect, Input, Step } from '../application.ts';
import { patience } from '../patience.ts';
import { beep } from '../tones.ts';
import type { GreetingKind, Mailbox, Owner } from './mailbox.ts';
import type { VoicemailAnswer, VoicemailAsk } from './mailboxes.ts';

/**
 * What callers hear, recorded by the owner.
 *
 *   choosing ──1, 2, 3──► instructed ──► recording ──`#`, silence──► review ──1: kept, 7: removed, *──► choosing … ──*──► over
 *                             ▲                                        │ └─2: listened to
 *                             └───────────────3: again─────────────────┘
 */
export type Greetings =
  | { readonly part: 'greetings'; readonly at: 'choosing'; readonly takes: number; readonly asked: number }
  | { readonly part: 'greetings'; readonly at: 'instructed' | 'recording'; readonly takes: number; readonly kind: GreetingKind }
  | { readonly part: 'greetings'; readonly at: 'review'; readonly takes: number; readonly kind: GreetingKind; readonly asked: number }
  | { readonly part: 'greetings'; readonly at: 'over'; readonly lastWords: readonly Said[] };

type GreetingsStep = Step<Greetings, VoicemailAsk>;

interface World {
  readonly who: Owner;
  readonly box: Mailbox;
}

export function opensGreetings(): GreetingsStep {
  return asksWhich(0, []);
}

export function greetings(state: Greetings, input: Input<VoicemailAnswer>, world: World): GreetingsStep {
  // What was recorded and not kept is nobody's.
  if (input.type === 'released') return [{ part: 'greetings', at: 'over', lastWords: [] }, state.at === 'review' ? [discard(state, world)] : []];
  switch (state.at) {
    case 'choosing':
      return choosing(state, input);
    case 'instructed':
      if (input.type !== 'announced') return [state, []];
      return [{ ...state, at: 'recording', takes: state.takes + 1 }, [{ do: 'record', file: fileOf({ ...state, takes: state.takes + 1 }, world), maxMs: longestMs, silenceMs: 4_000 }]];
    case 'recording':
      if (input.type === 'digit' && input.digit === '#') return [state, [{ do: 'recording', is: 'stopped' }]];
      if (input.type !== 'recorded') return [state, []];
      if (input.how === 'failed' || (input.ms !== null && input.ms < shortestMs)) return asksWhich(state.takes, [{ phrase: 'common.failed' }], [discard(state, world)]);
      return asksReview({ ...state, asked: 0 }, [{ file: fileOf(state, world) }]);
    case 'review':
      return review(state, input, world);
    case 'over':
      return [state, []];
  }
}

function choosing(state: Extract<Greetings, { at: 'choosing' }>, input: Input<VoicemailAnswer>): GreetingsStep {
  if (input.type === 'announced') return [state, [{ do: 'start', timer: 'choice', ms: patience.choiceMs }]];
  if (input.type === 'timeout') return state.asked + 1 >= patience.tries ? over() : asksWhich(state.takes, [], [], state.asked + 1);
  if (input.type !== 'digit') return [state, []];
  const chosen: Effect = { do: 'stop', timer: 'choice' };
  const kind = kinds[input.digit];
  if (kind !== undefined) return instructs(state.takes, kind, [chosen]);
  if (input.digit === '*') return [over()[0], [chosen]];
  return asksWhich(state.takes, [{ phrase: 'common.invalid' }], [chosen]);
}

function review(state: Extract<Greetings, { at: 'review' }>, input: Input<VoicemailAnswer>, world: World): GreetingsStep {
  const { takes, kind } = state;
  if (input.type === 'announced') return [state, [{ do: 'start', timer: 'choice', ms: patience.choiceMs }]];
  if (input.type === 'timeout') return state.asked + 1 >= patience.tries ? [over()[0], [discard(state, world)]] : asksReview({ ...state, asked: state.asked + 1 }, []);
  if (input.type !== 'digit') return [state, []];
  const chosen: Effect = { do: 'stop', timer: 'choice' };
  const keep = (file: string | null): Effect<VoicemailAsk> => ({ do: 'tell', tell: { ask: 'keepGreeting', box: world.box.id, kind, file } });
  switch (input.digit) {
    case '1':
      return asksWhich(takes, [{ phrase: 'voicemail.greetingKept' }], [chosen, keep(fileOf(state, world))]);
    case '2':
      return asksReview(state, [{ file: fileOf(state, world) }], [chosen]);
    case '3':
      return instructs(takes, kind, [chosen, discard(state, world)]);
    case '7':
      return asksWhich(takes, [{ phrase: 'voicemail.greetingRemoved' }], [chosen, discard(state, world), keep(null)]);
    case '*':
      return asksWhich(takes, [], [chosen, discard(state, world)]);
    default:
      return asksReview(state, [{ phrase: 'common.invalid' }], [chosen]);
  }
}

function asksWhich(takes: number, before: readonly Said[], effects: readonly Effect<VoicemailAsk>[] = [], asked = 0): GreetingsStep {
  return [{ part: 'greetings', at: 'choosing', takes, asked }, [...effects, { do: 'say', said: [...before, { phrase: 'voicemail.greetingMenu' }] }]];
}

function instructs(takes: number, kind: GreetingKind, effects: readonly Effect<VoicemailAsk>[]): GreetingsStep {
  return [{ part: 'greetings', at: 'instructed', takes, kind }, [...effects, { do: 'say', said: [{ phrase: 'voicemail.recordAfterTone' }, beep] }]];
}

function asksReview({ takes, kind, asked }: { readonly takes: number; readonly kind: GreetingKind; readonly asked: number }, before: readonly Said[], effects: readonly Effect<VoicemailAsk>[] = []): GreetingsStep {
  return [{ part: 'greetings', at: 'review', takes, kind, asked }, [...effects, { do: 'say', said: [...before, { phrase: 'voicemail.greetingReview' }] }]];
}

function over(): readonly [Greetings, readonly never[]] {
  return [{ part: 'greetings', at: 'over', lastWords: [] }, []];
}

function discard(state: { readonly takes: number; readonly kind: GreetingKind }, world: World): Effect<VoicemailAsk> {
  return { do: 'tell', tell: { ask: 'discardFile', file: fileOf(state, world) } };
}

function fileOf({ takes, kind }: { readonly takes: number; readonly kind: GreetingKind }, { who, box }: World): string {
  return `voicemail/${box.id}/greetings/${kind}-${who.leg}-${takes}.wav`;
}

const kinds: Readonly<Record<string, GreetingKind>> = { 1: 'unavailable', 2: 'busy', 3: 'name' };
const longestMs = 120_000;
const shortestMs = 500;

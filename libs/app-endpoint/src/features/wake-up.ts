import type { Application, Input, Step } from '../application.ts';
import { patience } from '../patience.ts';
import { pause } from '../tones.ts';
import type { LocalTime } from '../wall-clock.ts';

/**
 *   waking ──over──► waiting ──in vain, `mostSaid` times──► over
 *     ▲  └──1──┬────────┘ └──again──► waking
 *              └► telling ──► over
 */
export type WakeUpCall = { readonly at: 'waking' | 'waiting'; readonly said: number; readonly number: string } | { readonly at: 'telling' | 'over' };

/** To be called again in ten minutes. `number`: of the extension. */
export interface Snooze {
  readonly number: string;
}

export interface WakeUpCallSettings {
  readonly local: (at: number) => LocalTime;
  /** `at`: when he is called again. */
  readonly snooze: (ask: Snooze, answer: (again: { readonly at: number }) => void) => void;
}

/** What is heard by who is woken. */
export function wakeUpCall({ local, snooze }: WakeUpCallSettings): Application<WakeUpCall, Snooze, { readonly at: number }> {
  return {
    name: 'wakeUp',
    begin: ({ from }) => wakes(from.number, 0),
    step: (state, input) => step(state, input, local),
    ask: snooze,
  };
}

function wakes(number: string, said: number): Step<WakeUpCall, Snooze> {
  return [{ at: 'waking', said: said + 1, number }, [{ do: 'say', said: [pause, { phrase: 'feature.wakeUp' }, { silenceMs: 500 }, { phrase: 'feature.snooze' }] }]];
}

function step(state: WakeUpCall, input: Input<{ readonly at: number }>, local: WakeUpCallSettings['local']): Step<WakeUpCall, Snooze> {
  if (input.type === 'released') return [{ at: 'over' }, []];
  const over: Step<WakeUpCall, Snooze> = [{ at: 'over' }, [{ do: 'release', cause: 'normalClearing', text: 'all was said' }]];
  switch (state.at) {
    case 'waking':
    case 'waiting':
      if (input.type === 'digit' && input.digit === '1') return [{ at: 'telling' }, [{ do: 'hush' }, { do: 'stop', timer: 'choice' }, { do: 'ask', ask: { number: state.number } }]];
      if (input.type === 'announced') return [{ ...state, at: 'waiting' }, [{ do: 'start', timer: 'choice', ms: patience.choiceMs }]];
      if (input.type !== 'timeout') return [state, []];
      return state.said < mostSaid ? wakes(state.number, state.said) : over;
    case 'telling': {
      if (input.type === 'announced') return over;
      if (input.type !== 'answer') return [state, []];
      const { hour, minute } = local(input.answer.at);
      return [state, [{ do: 'say', said: [{ phrase: 'feature.wakeUpAt' }, { time: { hour, minute } }] }]];
    }
    case 'over':
      return [state, []];
  }
}

const mostSaid = 5;

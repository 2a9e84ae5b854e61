import type { Application, Input, Step } from './application.ts';
import { beep, pause } from './tones.ts';

/**
 *   explaining ──over, or a digit──► echoing ──`#`, `most`──► over
 */
export type EchoTest = { readonly at: 'explaining' } | { readonly at: 'echoing' } | { readonly at: 'over' };

/** The caller hears himself: whether both ways work, and how long they take. */
export function echoTest({ mostMs }: { readonly mostMs: number }): Application<EchoTest> {
  return {
    name: 'echoTest',
    begin: () => [{ at: 'explaining' }, [{ do: 'say', said: [pause, { phrase: 'echo.instructions' }, beep] }]],
    step: (state, input) => echoed(state, input, mostMs),
    ask: () => {},
  };
}

function echoed(state: EchoTest, input: Input, mostMs: number): Step<EchoTest> {
  if (input.type === 'released') return [{ at: 'over' }, []];
  switch (state.at) {
    case 'explaining':
      if (input.type !== 'announced' && input.type !== 'digit') return [state, []];
      return [{ at: 'echoing' }, [{ do: 'hush' }, { do: 'mirror', is: 'on' }, { do: 'start', timer: 'most', ms: mostMs }]];
    case 'echoing':
      if (input.type !== 'timeout' && !(input.type === 'digit' && input.digit === '#')) return [state, []];
      return [{ at: 'over' }, [{ do: 'mirror', is: 'off' }, { do: 'release', cause: 'normalClearing', text: 'echoed long enough' }]];
    case 'over':
      return [state, []];
  }
}

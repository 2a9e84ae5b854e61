import type { Application, Effect, Input } from './application.ts';
import { milliwattTone } from './tones.ts';

export type Milliwatt = 'sounding' | 'over';

/** 1004 Hz at 0 dBm0, for measuring the loss from here to a telephone, until the caller hangs up or `mostMs` are over. */
export function milliwatt({ mostMs }: { readonly mostMs: number }): Application<Milliwatt> {
  const minutes = Math.max(1, Math.ceil(mostMs / 60_000));
  return {
    name: 'milliwatt',
    begin: () => ['sounding', [{ do: 'say', said: [milliwattTone], times: minutes }, { do: 'start', timer: 'most', ms: mostMs }]],
    step: (state, input) => ends(state, input),
    ask: () => {},
  };
}

function ends(state: Milliwatt, input: Input): readonly [Milliwatt, readonly Effect[]] {
  const isEnd = input.type === 'announced' || input.type === 'timeout';
  return state === 'sounding' && isEnd ? ['over', [{ do: 'release', cause: 'normalClearing', text: 'sounded long enough' }]] : [input.type === 'released' ? 'over' : state, []];
}

import { endpointConformance } from '@tipring/telephony';
import { expect, test } from 'vitest';
import type { Application } from './application.ts';
import { anyMedia, ApplicationBed } from './application-bed.ts';
import { ApplicationEndpoint } from './application-endpoint.ts';

endpointConformance(test, () => {
  const bed = new ApplicationBed();
  const ends: ((cause: 'normalClearing' | 'rejected') => void)[] = [];
  /** It asks how it is to end. */
  const application: Application<{ readonly at: number }, 'end', 'normalClearing' | 'rejected'> = {
    name: 'asking',
    begin: ({ at }) => [{ at }, [{ do: 'record', file: 'a.wav', maxMs: 60_000 }, { do: 'ask', ask: 'end' }]],
    step: (state, input) => [state, input.type === 'answer' ? [{ do: 'release', cause: input.answer }] : []],
    ask: (_ask, answer) => void ends.push(answer),
  };
  return {
    endpoint: new ApplicationEndpoint('app', application, () => 'en', bed.surroundings),
    request: { context: 'context', from: { number: '103' }, number: '500', media: anyMedia },
    answersAtOnce: true,
    settle: () => bed.pass(3_000),
    farEnd: { ring: () => {}, answer: () => {}, reject: () => ends.at(-1)?.('rejected'), hangUp: () => ends.at(-1)?.('normalClearing') },
    end: () => {
      bed.players.release('context');
      bed.pass(10_000);
      expect([bed.bugs, bed.players.size, bed.players.listeners, bed.timers.size]).toEqual([[], 0, 0, 0]);
    },
  };
});

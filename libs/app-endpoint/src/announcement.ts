import type { Said } from '@tipring/prompts';
import type { Application, ApplicationTarget, Input, Step } from './application.ts';
import { pause } from './tones.ts';

export interface AnnouncementSettings {
  readonly said: readonly Said[];
  /** 0: until the caller hangs up. */
  readonly times: number;
  /** Where the caller goes when he has heard it, or pressed `#`; null: nowhere. */
  readonly then: ApplicationTarget | null;
}

/**
 *   saying ──over, or `#`──► connecting ──failed──► over
 *      └────over, nowhere to go──────────────────────►┘
 */
export type Announcement = { readonly at: 'saying' } | { readonly at: 'connecting' } | { readonly at: 'over' };

export function announcement(settings: AnnouncementSettings): Application<Announcement> {
  const { said, times } = settings;
  return {
    name: 'announcement',
    begin: () => [{ at: 'saying' }, [{ do: 'say', said: [pause, ...said], times }]],
    step: (state, input) => announced(state, input, settings),
    ask: () => {},
  };
}

function announced(state: Announcement, input: Input, { then }: AnnouncementSettings): Step<Announcement> {
  if (input.type === 'released') return [{ at: 'over' }, []];
  switch (state.at) {
    case 'saying':
      if (input.type !== 'announced' && !(input.type === 'digit' && input.digit === '#')) return [state, []];
      if (then === null) return [{ at: 'over' }, [{ do: 'release', cause: 'normalClearing', text: 'it was said' }]];
      return [{ at: 'connecting' }, [{ do: 'hush' }, { do: 'transfer', to: then }]];
    case 'connecting':
      if (input.type !== 'transfer' || input.is !== 'failed') return [state, []];
      return [{ at: 'over' }, [{ do: 'release', cause: input.cause ?? 'temporaryFailure', text: 'nobody could be reached' }]];
    case 'over':
      return [state, []];
  }
}

import type { Said } from '@tipring/prompts';
import type { Application, Effect, Input, Step } from './application.ts';
import type { LocalTime } from './wall-clock.ts';
import { pause } from './tones.ts';

export interface SpeakingClockSettings {
  readonly local: (at: number) => LocalTime;
  /** How many times are told. */
  readonly times: number;
}

/** `strokeAt`: ms since the epoch, of the stroke that has been announced. */
export type SpeakingClock = { readonly at: 'announcing'; readonly strokeAt: number; readonly left: number } | { readonly at: 'over' };

/** Every ten seconds are a stroke; before it is said what time it will be. */
export function speakingClock(settings: SpeakingClockSettings): Application<SpeakingClock> {
  return {
    name: 'speakingClock',
    begin: ({ at }) => tells(at, settings.times, [pause], settings),
    step: (state, input) => clock(state, input, settings),
    ask: () => {},
  };
}

function clock(state: SpeakingClock, input: Input, settings: SpeakingClockSettings): Step<SpeakingClock> {
  if (input.type === 'released') return [{ at: 'over' }, []];
  if (state.at === 'over' || input.type !== 'timeout') return [state, []];
  if (input.timer === 'stroke') {
    const strikes: Effect = { do: 'say', said: [stroke] };
    return [state, [strikes, { do: 'start', timer: 'rest', ms: restMs }]];
  }
  if (state.left <= 0) return [{ at: 'over' }, [{ do: 'release', cause: 'normalClearing', text: 'told often enough' }]];
  return tells(input.at, state.left, [], settings);
}

/** What is said takes up to seven seconds; the stroke after that. */
function tells(now: number, left: number, before: readonly Said[], { local }: SpeakingClockSettings): Step<SpeakingClock> {
  const strokeAt = Math.ceil((now + speechMs) / everyMs) * everyMs;
  const { hour, minute, second } = local(strokeAt);
  const exactly: readonly Said[] = second === 0 ? [{ phrase: 'clock.precisely' }] : [];
  const said: readonly Said[] = [...before, { phrase: 'clock.atTheTone' }, { time: { hour, minute, ...(second === 0 ? {} : { second }) } }, ...exactly];
  return [{ at: 'announcing', strokeAt, left: left - 1 }, [{ do: 'say', said }, { do: 'start', timer: 'stroke', ms: strokeAt - now }]];
}

const stroke: Said = { tone: { segments: [{ frequenciesHz: [1000], durationMs: null }] }, levelDbm0: -10, ms: 500 };
const everyMs = 10_000;
const speechMs = 7_000;
const restMs = 1_200;

import type { CallEffect, CallInput, CallSettings, CallStep, CallTimer } from './call-inputs.ts';
import type { Call } from './call-machine.ts';
import { released, restored, stay, without } from './call-step.ts';
import type { Cause } from './cause.ts';
import type { LegId } from './leg.ts';
import type { Outcome } from './outcome.ts';

/* The states of call-machine.ts in which it is over for the parties. */

/** The way to the end from every state; `running`: the timers that are. */
export function release(open: readonly LegId[], outcome: Outcome, cause: Cause, media: 'none' | 'some', settings: CallSettings, running: readonly CallTimer[]): CallStep {
  const effects: CallEffect[] = [];
  for (const timer of running) effects.push({ do: 'stop', timer });
  effects.push({ do: 'start', timer: 'releasing', ms: settings.releasingMs }, ...released(open, cause));
  return finish({ at: 'releasing', open, outcome: { cause: outcome.cause, evidence: outcome.evidence }, media }, effects);
}

/** One side was taken away for a more important call; the other, of whom the call is all that is left, hears so before it ends. */
export function preempt(hears: LegId, open: readonly LegId[], outcome: Outcome, gone: LegId | null, before: readonly CallEffect[]): CallStep {
  const dropped: readonly CallEffect[] = gone === null ? [] : [{ do: 'drop', leg: gone }];
  return [
    { at: 'preempted', hears, open, outcome: { cause: outcome.cause, evidence: outcome.evidence } },
    [...before, ...dropped, { do: 'send', leg: hears, command: { type: 'sound', sound: 'preempted' } }, { do: 'start', timer: 'preempted', ms: PREEMPTED_MS }],
  ];
}

export function preempted(state: Extract<Call, { at: 'preempted' }>, input: CallInput, settings: CallSettings): CallStep {
  const { hears, open, outcome } = state;
  switch (input.type) {
    case 'hangUp':
      return release(open, outcome, outcome.cause, 'some', settings, ['preempted']);
    case 'timeout':
      return input.timer === 'preempted' ? release(open, outcome, outcome.cause, 'some', settings, []) : stay(state);
    case 'mediaLost':
      return [state, restored([hears])];
    case 'leg': {
      if (input.event.type !== 'released') return stay(state);
      const left = without(open, input.leg);
      // He heard enough.
      if (input.leg === hears) return release(left, outcome, outcome.cause, 'some', settings, ['preempted']);
      return [{ ...state, open: left }, [{ do: 'drop', leg: input.leg }]];
    }
    default:
      return stay(state);
  }
}

export function releasing(state: Extract<Call, { at: 'releasing' }>, input: CallInput, settings: CallSettings): CallStep {
  switch (input.type) {
    case 'leg':
      if (input.event.type !== 'released') return stay(state);
      return finish({ ...state, open: without(state.open, input.leg) }, []);
    case 'timeout': {
      if (input.timer !== 'releasing') return stay(state);
      const effects: CallEffect[] = state.open.map((leg) => ({ do: 'abandon', leg }));
      effects.push({ do: 'start', timer: 'releasing', ms: settings.releasingMs });
      return finish({ ...state, open: [] }, effects);
    }
    default:
      return stay(state);
  }
}

/** Out of `releasing` when no leg is left. */
function finish(state: Extract<Call, { at: 'releasing' }>, effects: CallEffect[]): CallStep {
  if (state.open.length > 0) return [state, effects];
  if (state.media === 'some') {
    effects.push({ do: 'measure' });
    return [{ at: 'measuring', outcome: state.outcome }, effects];
  }
  effects.push({ do: 'stop', timer: 'releasing' }, { do: 'close', outcome: state.outcome });
  return [{ at: 'ended' }, effects];
}

export function measuring(state: Extract<Call, { at: 'measuring' }>, input: CallInput): CallStep {
  switch (input.type) {
    case 'measured':
      return [{ at: 'ended' }, [{ do: 'stop', timer: 'releasing' }, { do: 'close', outcome: state.outcome }]];
    case 'timeout':
      if (input.timer !== 'releasing') return stay(state);
      return [{ at: 'ended' }, [{ do: 'tell', type: 'timeout', text: 'the media gateway gave no statistics' }, { do: 'close', outcome: state.outcome }]];
    default:
      return stay(state);
  }
}

const PREEMPTED_MS = 1_500;

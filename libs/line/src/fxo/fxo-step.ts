import type { DisconnectSettings } from '../disconnect/disconnect-settings.ts';
import type { RingInput } from '../ring/ring.ts';
import type { DisconnectInput } from '../disconnect/disconnect.ts';
import type { LineCause, LineEvidence } from '../line-cause.ts';
import type { Dialling, Fxo, FxoEffect, FxoInput, FxoLegEvent, FxoStep } from './fxo-machine.ts';
import type { FxoSettings } from './fxo-settings.ts';

/* What the states of fxo-machine.ts have in common. */

export function stay(state: Fxo): FxoStep {
  return [state, nothing];
}

/** On-hook, and what the port did not tell while it was busy is asked for. Caller ID may be heard before anything else is. */
export function toIdle(effects: readonly FxoEffect[], { callerId: { modems, announcedBy } }: FxoSettings): FxoStep {
  const heardFirst = modems.length > 0 && (announcedBy.includes('nothing') || announcedBy.includes('alertTone'));
  return [{ at: 'idle' }, [...effects, { do: 'inspect' }, ...(heardFirst ? [{ do: 'listenForCallerId', modems } as const] : nothing)]];
}

/** The way out of every state that is off-hook with a leg. */
export function hangUp(cause: LineCause, evidence: LineEvidence, then: 'guard' | 'disabled' = 'guard'): FxoStep {
  return onHook([released(cause, evidence)], then, null);
}

export function onHook(effects: readonly FxoEffect[], then: 'guard' | 'disabled', next: Dialling | null): FxoStep {
  return [{ at: 'releasing', tries: 1, then, next }, [{ do: 'silence' }, { do: 'hook', to: 'onHook' }, ...effects]];
}

export function released(cause: LineCause, evidence: LineEvidence): FxoEffect {
  return leg({ type: 'released', cause, evidence });
}

export function leg(event: FxoLegEvent): FxoEffect {
  return { do: 'leg', event };
}

export function known(kind: string, text: string): LineEvidence {
  return { kind, text };
}

/** Before an answer only these tell that the far end is gone: tones have another meaning, silence none. */
export function beforeAnswer(settings: DisconnectSettings): DisconnectSettings {
  return { ...settings, polarity: null, tone: null, dialTone: null, silence: null };
}

/** Null: it is none of the ring's business. */
export function ringInput(input: FxoInput): RingInput | null {
  switch (input.type) {
    case 'ringBegins':
    case 'ringMeasured':
    case 'ringEnds': return input;
    case 'timeout':
      switch (input.timer) {
        case 'ring.burst': return { type: 'timeout', timer: 'burst' };
        case 'ring.cadence': return { type: 'timeout', timer: 'cadence' };
        case 'ring.ringLoss': return { type: 'timeout', timer: 'ringLoss' };
        default: return null;
      }
    default: return null;
  }
}

/** Null: it is none of the arbiter's business. */
export function disconnectInput(input: FxoInput): DisconnectInput | null {
  switch (input.type) {
    case 'batteryLost':
    case 'batteryReturned':
    case 'polarityReversed':
    case 'tone':
    case 'toneEnded':
    case 'voice':
    case 'silent':
    case 'heard':
    case 'held':
    case 'resumed':
    case 'farLegDead': return input;
    case 'timeout':
      switch (input.timer) {
        case 'disconnect.denial': return { type: 'timeout', timer: 'denial', at: input.at };
        case 'disconnect.polarityGuard': return { type: 'timeout', timer: 'polarityGuard', at: input.at };
        case 'disconnect.goesOn': return { type: 'timeout', timer: 'goesOn', at: input.at };
        case 'disconnect.silence': return { type: 'timeout', timer: 'silence', at: input.at };
        default: return null;
      }
    default: return null;
  }
}

export const outOfService = known('disabled', 'the line was taken out of service');
const nothing: readonly FxoEffect[] = [];

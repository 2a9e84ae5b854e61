import { connected } from '../disconnect/disconnect.ts';
import type { LineEvidence } from '../line-cause.ts';
import { quiet, ring, type Ring } from '../ring/ring.ts';
import type { Fxo, FxoEffect, FxoInput, FxoStep, LineCaller } from './fxo-machine.ts';
import type { FxoSettings } from './fxo-settings.ts';
import { hangUp, known, leg, onHook, released, ringInput, stay, toIdle } from './fxo-step.ts';

/* The states of fxo-machine.ts in which the far end calls. */

/** Whether something that comes in while the line rests is the beginning of a call; null: it is not. */
export function arriving(input: FxoInput, settings: FxoSettings): FxoStep | null {
  switch (input.type) {
    case 'ringBegins':
      return ringBegins({ caller: null, reading: 'unannounced' }, input, settings);
    case 'polarityReversed':
    case 'alertTone':
      return announces(input, settings) ? [{ at: 'announced', caller: null, reading: 'to do' }, [listening(settings)]] : null;
    case 'callerId':
      // DTMF comes without an announcement in some networks.
      return [{ at: 'announced', caller: input.caller, reading: 'done' }, []];
    default:
      return null;
  }
}

export function announced(state: Extract<Fxo, { at: 'announced' }>, input: FxoInput, settings: FxoSettings): FxoStep {
  switch (input.type) {
    case 'ringBegins':
      return ringBegins(state, input, settings);
    case 'callerId':
      return [{ ...state, caller: input.caller }, []];
    case 'timeout':
      // A reversal may be the exchange's own affair.
      return toIdle([{ do: 'silence' }], settings);
    case 'inUse':
      return [{ at: 'inUseElsewhere' }, [{ do: 'silence' }]];
    default:
      return stay(state);
  }
}

export function reading(state: Fxo, input: FxoInput): FxoStep {
  switch (input.type) {
    case 'callerId': return [{ at: 'announced', caller: input.caller, reading: 'done' }, [{ do: 'hook', to: 'onHook' }]];
    case 'noCallerId':
    case 'timeout': return [{ at: 'announced', caller: null, reading: 'done' }, [{ do: 'hook', to: 'onHook' }]];
    case 'watchdogBites': return onHook([], 'guard', null);
    default: return stay(state);
  }
}

export function validating(state: Extract<Fxo, { at: 'validating' }>, input: FxoInput, settings: FxoSettings): FxoStep {
  if (input.type === 'callerId') return [{ ...state, caller: input.caller }, []];
  if (input.type === 'inUse') return [{ at: 'inUseElsewhere' }, [{ do: 'silence' }]];
  // A reversal makes the ringing detector tinkle, and that may be told before it.
  if (state.reading === 'unannounced' && announces(input, settings)) return [{ ...state, reading: 'to do' }, [listening(settings)]];
  const rings = ringInput(input);
  if (rings === null) return stay(state);
  const [next, news] = ring(state.ring, rings, settings.ring);
  switch (news?.type) {
    case 'ring': {
      const { modems, betweenRings, offeredAtRing } = settings.callerId;
      if (state.caller !== null) return offer(next, state.caller, known('callerId', 'caller ID came before the first ring'));
      if (modems.length === 0 || betweenRings === 'never' || offeredAtRing <= 1) return offer(next, {}, known('ring', 'caller ID is not expected after the first ring'));
      return [{ at: 'collecting', ring: next }, [listening(settings)]];
    }
    case 'pulse':
      // The network waits for us to take it.
      if (settings.callerId.read === 'offHook' && state.reading !== 'done') return [{ at: 'reading' }, [{ do: 'hook', to: 'offHook' }, listening(settings)]];
      if (settings.callerId.announcedBy.includes('ringPulse')) return [{ at: 'announced', caller: state.caller, reading: state.reading === 'done' ? 'done' : 'to do' }, [listening(settings)]];
      return noRing(state, `${Math.round(news.ms)} ms are no ring`, settings);
    case 'ghost':
      return noRing(state, news.text, settings);
    case 'over':
    case 'pause':
    case undefined:
      return [{ ...state, ring: next }, []];
  }
}

export function collecting(state: Extract<Fxo, { at: 'collecting' }>, input: FxoInput, settings: FxoSettings): FxoStep {
  switch (input.type) {
    case 'callerId': return offer(state.ring, input.caller, known('callerId', 'caller ID came between rings'));
    case 'noCallerId': return offer(state.ring, {}, known('noCallerId', input.text));
    case 'inUse': return [{ at: 'inUseElsewhere' }, [{ do: 'silence' }]];
    default: {
      const rings = ringInput(input);
      if (rings === null) return stay(state);
      const [next, news] = ring(state.ring, rings, settings.ring);
      if (news?.type === 'over') return toIdle([{ do: 'silence' }], settings);
      if (news?.type === 'ring' && news.count >= settings.callerId.offeredAtRing) return offer(next, {}, known('ring', `no caller ID until ring ${news.count}`));
      return [{ ...state, ring: next }, []];
    }
  }
}

export function offered(state: Extract<Fxo, { at: 'offered' }>, input: FxoInput, settings: FxoSettings): FxoStep {
  switch (input.type) {
    case 'answer':
      return [{ at: 'answering' }, [{ do: 'silence' }, { do: 'hook', to: 'offHook' }, { do: 'listen' }]];
    case 'release':
      return [{ at: 'ignored', ring: state.ring }, [{ do: 'silence' }, released(input.cause, known('release', 'released before it was answered'))]];
    case 'callerId':
      return [state, [leg({ type: 'note', evidence: known('callerId', 'caller ID came after the call was offered') })]];
    case 'inUse':
      return [{ at: 'inUseElsewhere' }, [{ do: 'silence' }, released('answeredElsewhere', known('inUse', 'a parallel telephone answered'))]];
    default: {
      const rings = ringInput(input);
      if (rings === null) return stay(state);
      const [next, news] = ring(state.ring, rings, settings.ring);
      if (news?.type === 'over') return toIdle([{ do: 'silence' }, released('normalClearing', known('ringLoss', news.text))], settings);
      return [{ ...state, ring: next }, []];
    }
  }
}

/** Nothing on a line refuses a call: it rings until the caller gives up, and is not offered again for that. */
export function ignored(state: Extract<Fxo, { at: 'ignored' }>, input: FxoInput, settings: FxoSettings): FxoStep {
  if (input.type === 'inUse') return [{ at: 'inUseElsewhere' }, []];
  const rings = ringInput(input);
  if (rings === null) return stay(state);
  const [next, news] = ring(state.ring, rings, settings.ring);
  return news?.type === 'over' ? toIdle([], settings) : [{ ...state, ring: next }, []];
}

export function answering(state: Fxo, input: FxoInput): FxoStep {
  if (input.type === 'timeout') return [{ at: 'up', disconnect: connected }, [{ do: 'connect' }, leg({ type: 'changed' }), { do: 'inspect' }]];
  return stay(state);
}

/** A call that came at seizure; there is nobody to hear a busy line, so it is offered as it is. */
export function caught(state: Fxo, input: FxoInput): FxoStep {
  switch (input.type) {
    case 'answer': return [{ at: 'up', disconnect: connected }, [{ do: 'connect' }, leg({ type: 'changed' }), { do: 'inspect' }]];
    case 'timeout': return hangUp('noAnswer', known('timer', 'came in while the line was seized, and nobody took it'));
    default: return stay(state);
  }
}

interface Announcement {
  readonly caller: LineCaller | null;
  readonly reading: 'unannounced' | 'to do' | 'done';
}

function ringBegins({ caller, reading }: Announcement, input: Extract<FxoInput, { type: 'ringBegins' }>, settings: FxoSettings): FxoStep {
  const [next, news] = ring(quiet, input, settings.ring);
  return news?.type === 'ghost' ? noRing({ caller, reading }, news.text, settings) : [{ at: 'validating', ring: next, caller, reading }, []];
}

/** Back to where it began. */
function noRing({ caller, reading }: Announcement, text: string, settings: FxoSettings): FxoStep {
  const ghost: FxoEffect = { do: 'incident', incident: 'ghostRing', text };
  if (caller === null && reading === 'unannounced') return toIdle([{ do: 'silence' }, ghost], settings);
  return [{ at: 'announced', caller, reading: reading === 'done' ? 'done' : 'to do' }, [ghost]];
}

function announces(input: FxoInput, { callerId: { modems, announcedBy } }: FxoSettings): boolean {
  if (modems.length === 0) return false;
  return (input.type === 'polarityReversed' && announcedBy.includes('polarityReversal')) || (input.type === 'alertTone' && announcedBy.includes('alertTone'));
}

function offer(ringing: Ring, caller: LineCaller, evidence: LineEvidence): FxoStep {
  return [{ at: 'offered', ring: ringing }, [{ do: 'offer', caller, evidence }]];
}

function listening({ callerId: { modems } }: FxoSettings): FxoEffect {
  return { do: 'listenForCallerId', modems };
}

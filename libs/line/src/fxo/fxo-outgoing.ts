import { connected, disconnect } from '../disconnect/disconnect.ts';
import { toneWords, type HeardTone } from '../disconnect/tone-words.ts';
import type { LineCause } from '../line-cause.ts';
import { whyNotRinging } from '../ring/ring.ts';
import type { AwaitingAnswer, Dialling, Fxo, FxoEffect, FxoInput, FxoStep, LineRefusal } from './fxo-machine.ts';
import type { FxoSettings } from './fxo-settings.ts';
import { beforeAnswer, disconnectInput, hangUp, known, leg, onHook, released, stay } from './fxo-step.ts';

/* The states of fxo-machine.ts in which we call. */

/** Of a line that rests. */
export function dial(state: Fxo, number: string, settings: FxoSettings): FxoStep {
  // Another line of the route may do it.
  if (settings.calls === 'incoming' && !settings.emergency.includes(number)) return [state, [{ do: 'refuse', ...notCommissioned }]];
  const parts = partsOf(number, settings);
  return 'cause' in parts ? [state, [{ do: 'refuse', ...parts }]] : seize({ parts, glare: 'givesWay' });
}

/** What is dialled after each dial tone, or why it cannot be. */
export function partsOf(number: string, { dialing: { by, secondDialTone } }: FxoSettings): readonly string[] | LineRefusal {
  if (!(by === 'pulse' ? /^[0-9]+$/ : /^[0-9A-D*#]+$/).test(number)) {
    return { cause: 'invalidNumberFormat', evidence: known('number', `${number === '' ? 'nothing' : number} cannot be dialled by ${by === 'pulse' ? 'pulses' : 'DTMF'}`) };
  }
  const prefix = secondDialTone?.after.find((start) => start !== '' && number.length > start.length && number.startsWith(start));
  return prefix === undefined ? [number] : [prefix, number.slice(prefix.length)];
}

/** Of a line that is on-hook. */
export function seize(dialling: Dialling): FxoStep {
  return [{ at: 'seizing', ...dialling, ringSince: null }, [{ do: 'hook', to: 'offHook' }, { do: 'listen' }]];
}

export function seizing(state: Extract<Fxo, { at: 'seizing' }>, input: FxoInput, settings: FxoSettings): FxoStep {
  switch (input.type) {
    case 'ringBegins':
    case 'ringMeasured':
      if (whyNotRinging(input, settings.ring) !== null) return [{ ...state, ringSince: null }, []];
      return input.frequencyHz === undefined ? [{ ...state, ringSince: input.at }, []] : glare(state, rang);
    case 'ringEnds':
      // Going off-hook makes a spike of its own.
      return state.ringSince !== null && input.at - state.ringSince >= shortestGlareMs ? glare(state, rang) : [{ ...state, ringSince: null }, []];
    case 'polarityReversed':
      if (settings.callerId.announcedBy.includes('polarityReversal')) return glare(state, 'an incoming call reversed polarity while the line was seized');
      return stay(state);
    case 'tone':
      // Whoever rings is not given dial tone.
      return toneInsteadOfDialTone(state, input.tone, settings);
    case 'timeout':
      if (state.ringSince !== null) return glare(state, rang);
      return [{ at: 'awaitingDialTone', which: 'first', parts: state.parts, glare: state.glare, voice: null }, []];
    default:
      return stay(state);
  }
}

export function awaitingDialTone(state: Extract<Fxo, { at: 'awaitingDialTone' }>, input: FxoInput, settings: FxoSettings): FxoStep {
  switch (input.type) {
    case 'tone':
      return toneInsteadOfDialTone(state, input.tone, settings);
    // Ringing that began while the exchange had not seen us yet is answered by us, and not seen: a line interface sees none while it is off-hook.
    case 'voice':
      return isCallerHeard(state, settings) ? [{ ...state, voice: { since: input.at } }, []] : stay(state);
    case 'voiceEnded':
      return state.voice === null ? stay(state) : [{ ...state, voice: { since: null } }, []];
    case 'timeout': {
      if (state.voice !== null) return callerHeard(state);
      const text = `no ${state.which === 'second' ? 'second ' : ''}dial tone in ${waitedMs(state.which, settings) / 1_000} s`;
      switch (settings.dialing.withoutDialTone) {
        case 'dialAnyway': return outpulse(state.parts, settings, [leg({ type: 'note', evidence: known('noDialTone', `${text}, dialled all the same`) })]);
        case 'nextLine': return hangUp('noCircuit', known('noDialTone', text));
        case 'fail': return hangUp('temporaryFailure', known('noDialTone', text));
      }
    }
    default:
      return stay(state);
  }
}

export function outpulsing(state: Extract<Fxo, { at: 'outpulsing' }>, input: FxoInput): FxoStep {
  switch (input.type) {
    case 'digitsSent':
      if (state.parts.length > 0) return [{ at: 'awaitingDialTone', which: 'second', parts: state.parts, glare: 'givesWay', voice: null }, []];
      return [{ at: 'awaitingAnswer', far: { is: 'dialled', since: input.at }, voiceSince: null, disconnect: connected }, [{ do: 'connect' }, leg({ type: 'progress' }), { do: 'inspect' }]];
    case 'timeout':
      return hangUp('temporaryFailure', known('timer', 'the digits were not sent in time'));
    default:
      return stay(state);
  }
}

export function awaitingAnswer(state: AwaitingAnswer, input: FxoInput, settings: FxoSettings): FxoStep {
  const { answer, dialing } = settings;
  switch (input.type) {
    case 'tone':
      return toneInsteadOfAnswer(state, input.tone, input.at);
    case 'toneEnded':
      return input.id === 'ringing' && state.far.is === 'ringing' ? [{ ...state, far: { is: 'rang', since: input.at } }, []] : stay(state);
    case 'voice':
      return [{ ...state, voiceSince: state.voiceSince ?? input.at }, []];
    case 'voiceEnded':
      return [{ ...state, voiceSince: null }, []];
    case 'polarityReversed':
      if (answer.polarity !== 'signals') return stay(state);
      return answered('signalled', 0.99, 'polarityReversal', 'polarity reversal');
    case 'digit':
      return [state, [leg({ type: 'digit', digit: input.digit, durationMs: input.durationMs })]];
    case 'sendDigit':
      return [state, [{ do: 'sendDigits', digits: input.digit, digitMs: dialing.digitMs, pauseMs: dialing.pauseMs }]];
    case 'timeout':
      switch (input.timer) {
        case 'noAnswer': return hangUp('noAnswer', known('timer', `nobody answered in ${answer.longestMs / 1_000} s`));
        case 'voice': return answered('assumed', 0.8, 'voice', `ringing tone ended, and a voice for ${answer.voiceMs} ms`);
        case 'answer': {
          const since = state.far.is === 'rang' ? 'since ringing tone ended' : 'since the digits were sent';
          return answered('assumed', 0.5, 'timer', `nothing that tells otherwise for ${(answer.assumedAfterMs ?? 0) / 1_000} s ${since}`);
        }
        default: break;
      }
  }
  const told = disconnectInput(input);
  if (told === null) return stay(state);
  const [next, verdict] = disconnect(state.disconnect, told, beforeAnswer(settings.disconnect));
  return verdict === null ? [{ ...state, disconnect: next }, []] : hangUp('normalClearing', verdict.evidence);
}

export const notCommissioned: LineRefusal = { cause: 'noCircuit', evidence: known('notCommissioned', 'the line takes calls and makes none') };

/** We are off-hook, and have answered somebody: that call goes on, the one being made is for another line; but help is called for on this one. */
function glare({ parts, glare: then }: Dialling, text: string): FxoStep {
  const evidence = known('glare', text);
  if (then === 'clears') return [{ at: 'clearing', parts, glare: 'givesWay' }, [leg({ type: 'note', evidence })]];
  return [{ at: 'caught' }, [released('noCircuit', evidence), { do: 'offer', caller: {}, evidence }]];
}

/** Of a line whose dial tone nobody knows a voice may be just that. */
function isCallerHeard({ which }: AwaitingDialTone, { dialing }: FxoSettings): boolean {
  return which === 'first' && dialing.withoutDialTone !== 'dialAnyway';
}

function callerHeard(state: AwaitingDialTone): FxoStep {
  const text = 'somebody speaks in place of dial tone: he called while the line was seized';
  if (state.glare === 'givesWay') return glare(state, text);
  return onHook([leg({ type: 'note', evidence: known('glare', text) })], 'guard', { parts: state.parts, glare: 'givesWay' });
}

type AwaitingDialTone = Extract<Fxo, { at: 'awaitingDialTone' }>;

function toneInsteadOfDialTone(state: Extract<Fxo, { at: 'seizing' | 'awaitingDialTone' }>, tone: HeardTone, settings: FxoSettings): FxoStep {
  if (isDialTone(tone)) return outpulse(state.parts, settings, []);
  const cause = failures[tone.id];
  if (cause === undefined || tone.confidence < leastConfidence) return stay(state);
  // Nothing was dialled: it is the exchange that is busy.
  return hangUp('congestion', known('tone', `${toneWords(tone)}, in place of dial tone`));
}

function toneInsteadOfAnswer(state: AwaitingAnswer, tone: HeardTone, at: number): FxoStep {
  if (tone.confidence < leastConfidence) return stay(state);
  if (tone.id === 'ringing') {
    const ringing: AwaitingAnswer = { ...state, far: { is: 'ringing', since: state.far.is === 'ringing' ? state.far.since : at } };
    return [ringing, state.far.is === 'dialled' ? [leg({ type: 'ringing' })] : []];
  }
  if (isDialTone(tone)) return hangUp('temporaryFailure', known('dialTone', `${toneWords(tone)}, after the digits`));
  const cause = failures[tone.id];
  return cause === undefined ? stay(state) : hangUp(cause, known('tone', toneWords(tone)));
}

export function outpulse([digits = '', ...parts]: readonly string[], { dialing }: FxoSettings, effects: readonly FxoEffect[]): FxoStep {
  const send: FxoEffect = dialing.by === 'pulse' ? { do: 'dialPulses', digits } : { do: 'sendDigits', digits, digitMs: dialing.digitMs, pauseMs: dialing.pauseMs };
  return [{ at: 'outpulsing', digits, parts }, [...effects, send]];
}

function answered(supervision: 'signalled' | 'assumed', confidence: number, kind: string, text: string): FxoStep {
  return [{ at: 'up', disconnect: connected }, [leg({ type: 'answered', supervision, confidence, evidence: known(kind, text) })]];
}

function waitedMs(which: 'first' | 'second', { dialing }: FxoSettings): number {
  return which === 'second' && dialing.secondDialTone !== null ? dialing.secondDialTone.ms : dialing.dialToneMs;
}

export function isDialTone({ id }: HeardTone): boolean {
  return id === 'dial' || id === 'stutterDial' || id === 'secondDial';
}

const rang = 'it rang while the line was seized';
/** The exchange takes the seizure for an answer, and ends its ringing within 200 ms. */
const shortestGlareMs = 100;

/** What a tone in place of an answer means. */
const failures: Readonly<Record<string, LineCause>> = {
  busy: 'userBusy',
  congestion: 'congestion',
  numberUnobtainable: 'unallocatedNumber',
  specialInformation: 'unallocatedNumber',
  offHook: 'temporaryFailure',
};
/** A detector that is less sure than that will tell again, with one more cycle. */
const leastConfidence = 0.5;

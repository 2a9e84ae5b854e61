import type { LineCause } from '../line-cause.ts';
import type { RingCadence } from '../regions/line-profile.ts';
import type { ToneName } from '../regions/tone-plan.ts';
import { dialled } from './digit-map.ts';
import type { Announcing, FxsEffect, FxsLine, FxsStep, FxsTimer, Held, IncomingCall } from './fxs-machine.ts';
import type { FxsSettings } from './fxs-settings.ts';
import { inUse, move, refused, type Entry } from './fxs-step.ts';

/* How the states of fxs-machine.ts begin. */

/** On hook and nothing to do, but perhaps to say that messages came or went. */
export function rest(line: FxsLine, settings: FxsSettings, says: readonly FxsEffect[] = [], expired?: FxsTimer): FxsStep {
  const [next, effects] = move(line, resting(line.shown, settings), says, expired);
  return [next.at === 'idle' ? { ...next, shown: settings.messageWaiting.isWaiting } : next, effects];
}

/** A call that is to ring. */
export function incoming(call: IncomingCall, settings: FxsSettings): Entry {
  const { place } = settings.callerId;
  return place === 'none' || place === 'betweenRings' ? beginRinging(call, settings) : announcing({ is: 'call' }, call, settings);
}

/** The bell, with caller ID in a pause where that is its place. */
export function beginRinging(call: IncomingCall, settings: FxsSettings): Entry {
  const cadence = (call.pattern === null ? undefined : settings.ringing.patterns[call.pattern]) ?? settings.ringing.cadence;
  const afterBurst = settings.callerId.place === 'betweenRings' ? pauseForCallerId(cadence, settings) : null;
  return [
    { at: 'ringing', call, callerId: afterBurst === null ? { is: 'none' } : { is: 'awaited', afterBurst } },
    [{ do: 'ring', cadence, callerIdAfterBurst: afterBurst }, { do: 'reportRinging' }],
  ];
}

/** Data goes out now, or next. */
export function sending({ about, next, polarity }: Pick<Announcing, 'about' | 'next' | 'polarity'>, settings: FxsSettings): Entry {
  const alertTone = settings.callerId.place === 'afterDualTone' || settings.callerId.place === 'afterReversalAndDualTone';
  const send: readonly FxsEffect[] =
    about.is === 'messages' ? [{ do: 'sendMessageWaiting', isWaiting: about.isWaiting, alertTone }]
    : next === null ? []
    : [{ do: 'sendCallerId', caller: next.caller, hook: 'onHook', alertTone }];
  return [{ at: 'announcing', about, next, polarity, step: 'sending' }, [...send, { do: 'start', timer: 'callerId', ms: settings.callerId.sendingMs }]];
}

export function dialing(settings: FxsSettings): Entry {
  const { hotline } = settings;
  if (hotline?.delayMs === 0) return offered(hotline.number, 'none');
  if (settings.isLoudspeaker) return [{ at: 'parked' }, []];
  const { isWaiting, stutterTone } = settings.messageWaiting;
  const [timer, ms] = hotline === null ? (['firstDigit', settings.dialing.firstDigitMs] as const) : (['hotline', hotline.delayMs] as const);
  const tone = isWaiting && stutterTone ? 'stutterDial' : 'dial';
  return [{ at: 'dialing', digits: '', timer, held: 'none' }, [{ do: 'playTone', tone }, { do: 'start', timer, ms }]];
}

/** More digits, or enough of them. */
export function dialingOn(digits: string, held: Held, settings: FxsSettings): Entry {
  const { map, matching, interDigitLongMs, interDigitShortMs } = settings.dialing;
  const is = map === null ? 'pausing' : dialled(map, digits, matching);
  if (is === 'complete') return offered(digits, held);
  if (is === 'impossible') return tonedWith(held, toneFor('unallocatedNumber', settings), settings);
  return [{ at: 'dialing', digits, timer: 'interDigit', held }, [{ do: 'start', timer: 'interDigit', ms: is === 'pausing' ? interDigitShortMs : interDigitLongMs }]];
}

export function offered(number: string, held: Held): Entry {
  return [{ at: 'offered', held }, [{ do: 'offer', number }]];
}

/** Somebody called, and the handset was lifted. */
export function answered(): Entry {
  return [{ at: 'talking', polarity: 'normal', waiting: { is: 'none' }, held: 'none' }, [{ do: 'connectAudio' }, { do: 'reportAnswered' }]];
}

/** Busy tone and its like; howler and lockout follow. */
export function toned(tone: ToneName, waiting: IncomingCall | null, settings: FxsSettings): Entry {
  if (settings.isLoudspeaker) return [{ at: 'parked' }, waiting === null ? [] : [refused('userBusy', inUse)]];
  return [{ at: 'toned', waiting, held: 'none' }, [{ do: 'playTone', tone }, { do: 'start', timer: 'tone', ms: settings.supervision.toneMs }]];
}

/** The same while a call is held, which is gone back to. */
export function tonedWith(held: Held, tone: ToneName, settings: FxsSettings): Entry {
  if (held === 'none') return toned(tone, null, settings);
  return [{ at: 'toned', waiting: null, held }, [{ do: 'playTone', tone }, { do: 'start', timer: 'tone', ms: settings.recall.toneMs }]];
}

/** The handset is back. A call that waited rings next. */
export function putBack(waiting: IncomingCall | null, settings: FxsSettings): Entry {
  const taken: FxsEffect[] = waiting === null ? [] : [{ do: 'takeWaiting' }];
  return [{ at: 'guard', next: waiting }, [...taken, { do: 'start', timer: 'guard', ms: settings.guardMs }]];
}

/** What is heard of a cause (ITU-T E.182). */
export function toneFor(cause: LineCause, { supervision }: FxsSettings): ToneName {
  switch (cause) {
    case 'userBusy':
    case 'rejected': return 'busy';
    case 'unallocatedNumber':
    case 'noRouteToDestination':
    case 'numberChanged':
    case 'invalidNumberFormat': return 'numberUnobtainable';
    case 'normalClearing':
    case 'answeredElsewhere': return supervision.toneAtEnd;
    default: return 'congestion';
  }
}

function announcing(about: Announcing['about'], next: IncomingCall | null, settings: FxsSettings): Entry {
  const { place, ringPulseMs, afterAlertMs } = settings.callerId;
  const reversed: FxsEffect = { do: 'polarity', polarity: 'reversed' };
  switch (place) {
    case 'none':
    case 'betweenRings':
    case 'beforeRinging':
    case 'afterDualTone': return sending({ about, next, polarity: 'normal' }, settings);
    case 'afterReversal':
    case 'afterReversalAndDualTone':
      return [{ at: 'announcing', about, next, step: 'waiting', polarity: 'reversed' }, [reversed, { do: 'start', timer: 'alert', ms: afterAlertMs }]];
    case 'afterRingPulse':
    case 'afterShortRing':
      return [
        { at: 'announcing', about, next, step: 'pulse', polarity: 'normal' },
        [{ do: 'ring', cadence: [ringPulseMs, noMoreRingMs], callerIdAfterBurst: 1 }, { do: 'start', timer: 'alert', ms: ringPulseMs }],
      ];
    case 'afterReversalAndBursts':
      return [
        { at: 'announcing', about, next, step: 'bursts', polarity: 'reversed' },
        [reversed, { do: 'ring', cadence: seizingCadence, callerIdAfterBurst: null }, { do: 'start', timer: 'alert', ms: seizingMs }],
      ];
  }
}

function resting(shown: boolean | null, settings: FxsSettings): Entry {
  if (!settings.isEnabled) return [{ at: 'disabled', hook: 'on' }, []];
  const { isWaiting, lamp, data } = settings.messageWaiting;
  if (shown === isWaiting) return [{ at: 'idle' }, []];
  const lit: FxsEffect[] = lamp ? [{ do: 'lamp', isLit: isWaiting }] : [];
  // NTT announces calls only.
  if (!data || settings.callerId.place === 'afterReversalAndBursts') return [{ at: 'idle' }, lit];
  const [state, effects] = announcing({ is: 'messages', isWaiting }, null, settings);
  return [state, [...lit, ...effects]];
}

/** The number of the burst before the first pause that caller ID fits in. */
function pauseForCallerId(cadence: RingCadence, { callerId }: FxsSettings): number | null {
  const neededMs = callerId.afterRingMs + callerId.sendingMs + beforeNextRingMs;
  const at = cadence.findIndex((ms, index) => index % 2 === 1 && ms >= neededMs);
  return at === -1 ? null : (at + 1) / 2;
}

/** GR-30, EN 300 659-1: 200 ms at least from the end of the data to the next ring. */
const beforeNextRingMs = 200;
/** A ring pulse is stopped long before another. */
const noMoreRingMs = 10_000;
/** NTT: what makes a telephone with a display seize the line by itself; one without does not. */
const seizingCadence: RingCadence = [500, 500];
const seizingMs = 6_000;

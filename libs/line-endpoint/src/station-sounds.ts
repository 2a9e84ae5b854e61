import { type CallerIdMessage, type CallerIdTime, encodeCallerId, encodeDtmfCallerId, type Presented, type Tone } from '@tipring/dsp';
import type { PortSound } from '@tipring/gateway';
import { type CallerShown, stationTone, type ToneName } from '@tipring/line';
import type { Party } from '@tipring/telephony';
import type { CallerIdSending, StationPlan } from './plan.ts';

/* What a station hears that is not its call. */

export function toneSound({ tones, toneDbm0, howlerDbm0 }: StationPlan, name: ToneName): PortSound {
  return { type: 'tone', tone: stationTone(tones, name), levelDbm0: name === 'offHook' ? howlerDbm0 : toneDbm0, over: name === 'callWaiting' };
}

/** In silence until it is acknowledged or the call comes back. */
export function alertSounds(sending: CallerIdSending | null): readonly PortSound[] {
  if (sending?.by !== 'fsk') return [];
  return [alertTone(offHookAlertMs, sending.alertToneDbm0), { type: 'pause', ms: 60_000 }];
}

/** Null: this caller cannot be told so. */
export function callerIdSounds(sending: CallerIdSending | null, caller: CallerShown, how: { readonly hook: 'on' | 'off'; readonly alertTone: boolean }, time: CallerIdTime): readonly PortSound[] | null {
  if (sending === null) return null;
  if (sending.by === 'dtmf') {
    const encoded = encodeDtmfCallerId({ number: inDigits(caller.number) }, sending.plan);
    if (!encoded.ok) return null;
    const { digitMs, pauseMs, levelDbm0 } = sending;
    return [{ type: 'digits', digits: encoded.value, digitMs, pauseMs, levelDbm0 }];
  }
  const { format } = sending;
  return fskSounds(sending, { type: 'call-setup', format, time, number: caller.number, ...(caller.name === undefined ? {} : { name: caller.name }) }, how);
}

/** Null: what is sent here knows no messages. */
export function messageWaitingSounds(sending: CallerIdSending | null, isWaiting: boolean, isAlerted: boolean): readonly PortSound[] | null {
  if (sending?.by !== 'fsk') return null;
  return fskSounds(sending, { type: 'message-waiting', format: sending.format, isWaiting }, { hook: 'on', alertTone: isAlerted });
}

/** Who calls, as a telephone can be shown: names that are no numbers are shown as names. */
export function callerShown({ number, name, anonymous }: Party): CallerShown {
  if (anonymous === true) return { number: { absent: 'private' }, name: { absent: 'private' } };
  const isNumber = /^[0-9*#+]{1,20}$/.test(number);
  const shown: Presented = isNumber ? { shown: number } : { absent: 'unavailable' };
  const called = name !== undefined && name.trim() !== '' ? name.trim() : isNumber ? '' : number;
  return called === '' ? { number: shown } : { number: shown, name: { shown: called } };
}

/** What is no number in digits alone cannot be shown by them; `+` goes without saying. */
function inDigits(number: Presented): Presented {
  if (!('shown' in number)) return number;
  const digits = number.shown.replace(/^\+/, '');
  return /^[0-9]+$/.test(digits) ? { shown: digits } : { absent: 'unavailable' };
}

function fskSounds(sending: Extract<CallerIdSending, { by: 'fsk' }>, message: CallerIdMessage, { hook, alertTone: isAlerted }: { readonly hook: 'on' | 'off'; readonly alertTone: boolean }): readonly PortSound[] | null {
  const encoded = encodeCallerId(message);
  if (!encoded.ok) return null;
  const data: PortSound = { type: 'fsk', message: [...encoded.value], modem: sending.modem, hook, levelDbm0: sending.levelDbm0 };
  return isAlerted ? [alertTone(onHookAlertMs, sending.alertToneDbm0), { type: 'pause', ms: afterAlertMs }, data] : [data];
}

function alertTone(durationMs: number, eachDbm0: number): PortSound {
  const tone: Tone = { segments: [{ frequenciesHz: [2130, 2750], durationMs }], repeatFrom: null };
  // A tone's level is that of all its frequencies together.
  return { type: 'tone', tone, levelDbm0: eachDbm0 + 3 };
}

/** DT-AS, EN 300 659-1: 100 ms, and 45 at least until the data. */
const onHookAlertMs = 100;
const afterAlertMs = 60;
/** CAS, GR-30: 80 to 85 ms; EN 300 659-2: 75 to 85. */
const offHookAlertMs = 80;

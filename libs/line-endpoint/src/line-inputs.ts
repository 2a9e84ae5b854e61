import type { PortHappening } from '@tipring/gateway';
import type { FxoInput, LineCaller } from '@tipring/line';
import type { WatchedTone } from '@tipring/dsp';
import type { Party } from '@tipring/telephony';

/** What the machine of a line makes of what happened at its port, by itself; null: nothing, or it depends on what was before. */
export function lineInput(is: PortHappening, at: number, tones: readonly WatchedTone[]): FxoInput | null {
  switch (is.type) {
    case 'battery': return { type: is.present ? 'batteryReturned' : 'batteryLost', at };
    case 'ringBegan': return { type: 'ringBegins', at };
    case 'ringMeasured': return { type: 'ringMeasured', frequencyHz: is.frequencyHz, volts: is.voltsRms, at };
    case 'ringEnded': return { type: 'ringEnds', at, ...(is.frequencyHz === null ? {} : { frequencyHz: is.frequencyHz }), ...(is.voltsRms === null ? {} : { volts: is.voltsRms }) };
    case 'lineInUse': return { type: is.elsewhere ? 'inUse' : 'inUseEnded', at };
    case 'portHook': return { type: 'hook', is: is.hook === 'off' ? 'offHook' : 'onHook', at };
    case 'flashEnded': return { type: 'flashed', at };
    case 'pulsesSent': return { type: 'digitsSent', at };
    case 'tone': {
      const { id, confidence, cycles } = is.tone;
      const tone = tones.find((one) => one.id === id)?.tone;
      return { type: 'tone', tone: { id, confidence, cycles: is.isContinuous ? null : cycles, levelDbm0: is.levelDbm0, ...(is.lastedMs === undefined ? {} : { lastedMs: is.lastedMs }), ...(tone === undefined ? {} : { tone }) }, at };
    }
    case 'toneEnded': return { type: 'toneEnded', id: is.id, at };
    case 'voice': return { type: 'voice', at };
    case 'voiceEnded': return { type: 'voiceEnded', at };
    case 'silent': return { type: 'silent', side: is.side, silentMs: is.silentMs, at };
    case 'heard': return { type: 'heard', side: is.side, at };
    case 'digit': return { type: 'digit', digit: is.digit, durationMs: is.durationMs, at };
    case 'alertTone': return { type: 'alertTone', at };
    case 'callerId': return { type: 'callerId', caller: { ...(is.number === undefined ? {} : { number: is.number }), ...(is.name === undefined ? {} : { name: is.name }) }, at };
    case 'noCallerId': return { type: 'noCallerId', text: is.text, at };
    default: return null;
  }
}

/** Who calls, as calls show it. */
export function partyOf({ number, name }: LineCaller): Party {
  const isWithheld = (number !== undefined && 'absent' in number && number.absent === 'private') || (number === undefined && name !== undefined && 'absent' in name && name.absent === 'private');
  return {
    number: number !== undefined && 'shown' in number ? number.shown : '',
    ...(name !== undefined && 'shown' in name && name.shown.trim() !== '' ? { name: name.shown.trim() } : {}),
    ...(isWithheld ? { anonymous: true } : {}),
  };
}

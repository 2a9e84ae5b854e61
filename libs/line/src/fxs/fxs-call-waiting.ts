import type { FxsEffect, FxsInput, FxsStep, IncomingCall, Standing, Talking, WaitingCall } from './fxs-machine.ts';
import type { FxsSettings } from './fxs-settings.ts';
import { inUse, isCutOff, refused, stay, unannounced } from './fxs-step.ts';

/* A call that waits while the telephone talks: tone, alert tone, acknowledgement, caller ID, then now and then the tone. */

/** A call comes. */
export function callWaits(line: Talking & Standing, call: IncomingCall, settings: FxsSettings): FxsStep {
  if (!settings.callWaiting.isEnabled || line.waiting.is !== 'none' || line.held !== 'none') return [line, [refused('userBusy', inUse)]];
  return [{ ...line, waiting: { is: 'toned', call, bursts: 1 } }, [...tone(settings), { do: 'reportRinging' }]];
}

/** It is no more. */
export function noneWaits(line: Talking & Standing): FxsStep {
  const effects = unannounced(line.waiting);
  if (isCutOff(line.waiting)) effects.push({ do: 'connectAudio' });
  return [{ ...line, waiting: { is: 'none' } }, effects];
}

/**
 * GR-30, TIA-777, EN 300 659-2: a telephone that can, silences its handset on the alert tone and acknowledges it with DTMF D or A; the
 * data follows. Whatever does not come in time is gone without.
 */
export function announcedOn(line: Talking & Standing, input: FxsInput, settings: FxsSettings): FxsStep {
  const { waiting } = line;
  switch (waiting.is) {
    case 'toned':
      if (!isExpired(input, 'callWaiting')) return stay(line);
      if (!settings.callWaiting.callerId || waiting.bursts > 1) return pausing(line, waiting, [{ do: 'stopTone' }], settings);
      return [
        { ...line, waiting: { ...waiting, is: 'alerted' } },
        [{ do: 'stopTone' }, { do: 'disconnectAudio' }, { do: 'playAlertTone' }, { do: 'start', timer: 'acknowledge', ms: settings.callWaiting.acknowledgeMs }],
      ];
    case 'alerted':
      if (isExpired(input, 'acknowledge')) return pausing(line, waiting, [{ do: 'connectAudio' }], settings);
      if (!isAcknowledgement(input)) return stay(line);
      return [
        { ...line, waiting: { ...waiting, is: 'sending' } },
        [
          { do: 'stop', timer: 'acknowledge' },
          { do: 'sendCallerId', caller: waiting.call.caller, hook: 'offHook', alertTone: false },
          { do: 'start', timer: 'callerId', ms: settings.callerId.sendingMs },
        ],
      ];
    case 'sending':
      if (isExpired(input, 'callerId')) return pausing(line, waiting, [{ do: 'stopSending' }, { do: 'connectAudio' }], settings);
      if (input.type !== 'dataSent') return stay(line);
      return pausing(line, waiting, [{ do: 'stop', timer: 'callerId' }, { do: 'connectAudio' }], settings);
    case 'pausing':
      if (!isExpired(input, 'callWaiting')) return stay(line);
      return [{ ...line, waiting: { ...waiting, is: 'toned', bursts: waiting.bursts + 1 } }, tone(settings)];
    case 'none':
    case 'told': return stay(line);
  }
}

/** Either is meant by it, and not as a digit of the call. */
export function isAcknowledgement(input: FxsInput): boolean {
  return input.type === 'digit' && input.by === 'dtmf' && (input.digit === 'D' || input.digit === 'A');
}

function pausing(line: Talking & Standing, { call, bursts }: Exclude<WaitingCall, { is: 'none' }>, effects: FxsEffect[], { callWaiting }: FxsSettings): FxsStep {
  if (bursts >= callWaiting.bursts) return [{ ...line, waiting: { is: 'told', call, bursts } }, effects];
  return [{ ...line, waiting: { is: 'pausing', call, bursts } }, [...effects, { do: 'start', timer: 'callWaiting', ms: callWaiting.pauseMs }]];
}

function tone({ callWaiting }: FxsSettings): FxsEffect[] {
  return [{ do: 'playTone', tone: 'callWaiting' }, { do: 'start', timer: 'callWaiting', ms: callWaiting.burstMs }];
}

function isExpired(input: FxsInput, timer: 'callWaiting' | 'acknowledge' | 'callerId'): boolean {
  return input.type === 'timeout' && input.timer === timer;
}

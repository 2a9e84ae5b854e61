import type { LineCause, LineEvidence } from '../line-cause.ts';
import type { Announcing, FxsEffect, FxsLine, FxsState, FxsStep, FxsTimer, IncomingCall, RingingState, WaitingCall } from './fxs-machine.ts';
import type { FxsSettings } from './fxs-settings.ts';

/* What the states of fxs-machine.ts have in common. */

/** A state, and what is done on coming into it. */
export type Entry = readonly [FxsState, readonly FxsEffect[]];

/** From one state into another: what the one holds is undone first, then `says`, then the other begins. `expired`: the timer that brought it about. */
export function move(line: FxsLine, [state, begins]: Entry, says: readonly FxsEffect[] = [], expired?: FxsTimer): FxsStep {
  return [{ ...state, shown: line.shown }, [...leaving(line, expired), ...says, ...begins]];
}

export function stay(line: FxsLine): FxsStep {
  return [line, nothing];
}

/** The one timer that runs in a state, if any. */
export function timerOf(line: FxsState): FxsTimer | null {
  switch (line.at) {
    case 'announcing': return line.step === 'sending' || line.step === 'seized' ? 'callerId' : 'alert';
    case 'ringing': return line.callerId.is === 'due' || line.callerId.is === 'sending' ? 'callerId' : null;
    case 'dialing': return line.timer;
    case 'talking': return waitingTimers[line.waiting.is];
    case 'choosing': return 'choice';
    case 'openLoop': return 'openLoop';
    case 'toned': return 'tone';
    case 'howling': return 'howler';
    case 'guard': return 'guard';
    case 'absent':
    case 'disabled':
    case 'idle':
    case 'offered':
    case 'ringback':
    case 'early':
    case 'holding':
    case 'parked': return null;
  }
}

/** The call that rings, will, or waits. */
export function incomingOf(line: FxsState): IncomingCall | null {
  switch (line.at) {
    case 'announcing':
    case 'guard': return line.next;
    case 'ringing': return line.call;
    case 'talking': return line.waiting.is === 'none' ? null : line.waiting.call;
    case 'openLoop':
    case 'toned': return line.waiting;
    default: return null;
  }
}

/** What is undone of a waiting call's announcement, whatever it has come to. */
export function unannounced({ is }: WaitingCall, expired?: FxsTimer): FxsEffect[] {
  const timer = waitingTimers[is];
  const effects: FxsEffect[] = timer === null || timer === expired ? [] : [{ do: 'stop', timer }];
  if (is === 'toned') effects.push({ do: 'stopTone' });
  if (is === 'sending') effects.push({ do: 'stopSending' });
  return effects;
}

/** While the alert tone and the data are heard, the call is not. */
export function isCutOff({ is }: WaitingCall): boolean {
  return is === 'alerted' || is === 'sending';
}

/** DTMF and pulses can each be switched off. */
export function isHeard(by: 'dtmf' | 'pulse', { dialing }: FxsSettings): boolean {
  return by === 'dtmf' ? dialing.byDtmf : dialing.byPulse;
}

export function released(cause: LineCause, evidence: LineEvidence): FxsEffect {
  return { do: 'reportReleased', cause, evidence };
}

export function refused(cause: LineCause, evidence: LineEvidence): FxsEffect {
  return { do: 'refuse', cause, evidence };
}

/** Whether another call is held while the telephone is in this state. */
export function heldIn(line: FxsState): boolean {
  return line.at === 'holding' || ('held' in line && line.held !== 'none');
}

export const hungUp: LineEvidence = { kind: 'onHook', text: 'the telephone was hung up' };
export const flashed: LineEvidence = { kind: 'hookFlash', text: 'the telephone went back to the call that it held' };
export const inUse: LineEvidence = { kind: 'offHook', text: 'the telephone is in use' };

function leaving(line: FxsLine, expired: FxsTimer | undefined): FxsEffect[] {
  if (line.at === 'talking') return leavingTalk(line.polarity, line.waiting, expired);
  const timer = timerOf(line);
  const effects: FxsEffect[] = timer === null || timer === expired ? [] : [{ do: 'stop', timer }];
  switch (line.at) {
    case 'announcing': return [...effects, ...leavingAnnouncement(line)];
    case 'ringing': return [...effects, ...leavingRing(line)];
    case 'dialing': return line.digits === '' ? [...effects, { do: 'stopTone' }] : effects;
    case 'ringback':
    case 'choosing':
    case 'toned':
    case 'howling': return [...effects, { do: 'stopTone' }];
    case 'early': return [{ do: 'disconnectAudio' }];
    case 'absent':
    case 'disabled':
    case 'idle':
    case 'offered':
    case 'holding':
    case 'openLoop':
    case 'parked':
    case 'guard': return effects;
  }
}

function leavingTalk(polarity: 'normal' | 'reversed', waiting: WaitingCall, expired: FxsTimer | undefined): FxsEffect[] {
  const effects = unannounced(waiting, expired);
  if (!isCutOff(waiting)) effects.push({ do: 'disconnectAudio' });
  if (polarity === 'reversed') effects.push({ do: 'polarity', polarity: 'normal' });
  return effects;
}

function leavingAnnouncement({ step, polarity }: Announcing): FxsEffect[] {
  const effects: FxsEffect[] = [];
  if (step === 'pulse' || step === 'bursts') effects.push({ do: 'stopRing' });
  if (step === 'sending' || step === 'seized') effects.push({ do: 'stopSending' });
  if (polarity === 'reversed') effects.push({ do: 'polarity', polarity: 'normal' });
  return effects;
}

function leavingRing({ callerId }: RingingState): FxsEffect[] {
  return callerId.is === 'sending' ? [{ do: 'stopSending' }, { do: 'stopRing' }] : [{ do: 'stopRing' }];
}

const nothing: readonly FxsEffect[] = [];

const waitingTimers: Readonly<Record<WaitingCall['is'], FxsTimer | null>> = {
  none: null,
  toned: 'callWaiting',
  alerted: 'acknowledge',
  sending: 'callerId',
  pausing: 'callWaiting',
  told: null,
};

import { disconnectTimers } from '../disconnect/disconnect.ts';
import { ringTimers } from '../ring/ring.ts';
import type { Fxo, FxoTimer, TimerEffect } from './fxo-machine.ts';
import { beforeAnswer } from './fxo-step.ts';
import type { FxoSettings } from './fxo-settings.ts';

/** `since` tells one run of a timer from the next. */
export interface RunningTimer {
  readonly timer: FxoTimer;
  readonly since: number;
}

interface WantedTimer extends RunningTimer {
  readonly ms: number;
}

/** Which timers run in a state: as long as it wants them, and no longer. */
export function wantedTimers(state: Fxo, settings: FxoSettings): readonly WantedTimer[] {
  const { callerId, dialing, answer } = settings;
  switch (state.at) {
    case 'absent':
    case 'disabled':
    case 'idle':
    case 'inUseElsewhere': return [];
    case 'noBattery': return state.alarm === 'awaited' ? [one('alarm', settings.noBatteryMs)] : [];
    case 'announced': return [one('announcement', callerId.announcementMs)];
    case 'reading': return [one('reading', longestReadingMs)];
    case 'validating':
    case 'collecting':
    case 'offered':
    case 'ignored': return ringTimers(state.ring, settings.ring).map(({ timer, ms, since }) => ({ timer: `ring.${timer}`, ms, since }));
    case 'caught': return [one('caught', longestCaughtMs)];
    case 'clearing': return [one('clear', answerMs)];
    case 'answering':
    case 'seizing': return [one('settle', settings.settleMs)];
    case 'awaitingDialTone': {
      const { which, voice } = state;
      const ms = which === 'second' ? (dialing.secondDialTone?.ms ?? dialing.dialToneMs) : dialing.dialToneMs;
      return [one('dialTone', ms), ...(voice === null || voice.since === null ? [] : [{ timer: 'voice' as const, ms: callerMs, since: voice.since }])];
    }
    case 'outpulsing': return [one('outpulse', 2_000 + state.digits.length * (dialing.by === 'pulse' ? longestPulseDigitMs : dialing.digitMs + dialing.pauseMs))];
    case 'awaitingAnswer': {
      const { far, voiceSince } = state;
      const timers = [one('noAnswer', answer.longestMs), ...ofDisconnect(state.disconnect, beforeAnswer(settings.disconnect))];
      if (answer.assumedAfterMs !== null && far.is !== 'ringing') timers.push({ timer: 'answer', ms: answer.assumedAfterMs, since: far.since });
      if (answer.voiceMs !== null && far.is === 'rang' && voiceSince !== null) timers.push({ timer: 'voice', ms: answer.voiceMs, since: Math.max(far.since, voiceSince) });
      return timers;
    }
    case 'up': return [...ofCall(settings), ...ofDisconnect(state.disconnect, settings.disconnect)];
    case 'flashing': return [...ofCall(settings), ...ofDisconnect(state.line.disconnect, settings.disconnect), one('flash', settings.flashMs + 1_000)];
    case 'recalled': return [...ofCall(settings), ...ofDisconnect(state.line.disconnect, settings.disconnect), { timer: 'recall', ms: state.is === 'settling' ? dialToneMs : recallMs, since: state.is === 'settling' ? 0 : 1 }];
    case 'releasing': return [{ timer: 'onHook', ms: onHookMs, since: state.tries }];
    case 'guard': return [one('guard', settings.guardMs)];
  }
}

/** From the timers that run to those that are wanted. */
export function timerEffects(running: readonly RunningTimer[], wanted: readonly WantedTimer[]): readonly TimerEffect[] {
  const stops = running.filter((timer) => !has(wanted, timer)).map(({ timer }): TimerEffect => ({ do: 'stop', timer }));
  const starts = wanted.filter((timer) => !has(running, timer)).map(({ timer, ms }): TimerEffect => ({ do: 'start', timer, ms }));
  return [...stops, ...starts];
}

function has(timers: readonly RunningTimer[], { timer, since }: RunningTimer): boolean {
  return timers.some((other) => other.timer === timer && other.since === since);
}

function ofCall({ longestMs }: FxoSettings): readonly WantedTimer[] {
  return longestMs === null ? [] : [one('longest', longestMs)];
}

function ofDisconnect(...args: Parameters<typeof disconnectTimers>): readonly WantedTimer[] {
  return disconnectTimers(...args).map(({ timer, ms, since }) => ({ timer: `disconnect.${timer}`, ms, since }));
}

function one(timer: FxoTimer, ms: number): WantedTimer {
  return { timer, ms, since: 0 };
}

/** NTT: seized for 6 s at most, or the exchange gives up; also less than the watchdog's 10 s. */
const longestReadingMs = 6_000;
/** Somebody waits at the other end and hears nothing. */
const longestCaughtMs = 30_000;
/** Ten pulses at 8 a second, and 700 ms between digits. */
const longestPulseDigitMs = 2_000;
/** Dial tone comes within a second of a flash, and whoever flashed dials within ten. */
const dialToneMs = 1_000;
const recallMs = 10_000;
const onHookMs = 1_000;
/** A voice in place of dial tone: no click of the exchange's lasts so long. */
const callerMs = 300;
/** Ringing is tripped within 200 ms, and what lasts shorter than a flash may be taken for one. */
const answerMs = 1_000;

import { answered, beginRinging, dialing, incoming, rest, sending, toned } from './fxs-entry.ts';
import type { Announcing, FxsEffect, FxsInput, FxsStep, FxsTimer, RingingState, Standing } from './fxs-machine.ts';
import type { FxsSettings } from './fxs-settings.ts';
import { move, refused, stay } from './fxs-step.ts';

/* The states of fxs-machine.ts in which the telephone is told something on hook. */

export function announcing(line: Announcing & Standing, input: FxsInput, settings: FxsSettings): FxsStep {
  switch (input.type) {
    case 'offHook': {
      // The telephone itself, to be told.
      if (line.step === 'bursts') {
        const [, effects] = sending(line, settings);
        return [{ ...line, step: 'seized' }, [{ do: 'stop', timer: 'alert' }, { do: 'stopRing' }, ...effects]];
      }
      if (isSeized(line)) return stay(line);
      return move(line, line.next === null ? dialing(settings) : answered());
    }
    case 'onHook':
      return isSeized(line) && line.next !== null ? move(line, beginRinging(line.next, settings)) : stay(line);
    case 'ring':
      if (line.next !== null) return [line, [refused('userBusy', { kind: 'ringing', text: 'another call is ringing' })]];
      return [{ ...line, next: input.call }, []];
    case 'cancelled':
      if (line.about.is === 'messages') return [{ ...line, next: null }, []];
      return isSeized(line) ? move(line, toned(settings.supervision.toneAtEnd, null, settings)) : rest(line, settings);
    case 'dataSent':
      if (line.step === 'sending') return sent(line, [{ do: 'stop', timer: 'callerId' }], settings);
      if (line.step !== 'seized') return stay(line);
      return [{ ...line, step: 'told' }, [{ do: 'stop', timer: 'callerId' }, { do: 'start', timer: 'alert', ms: hangingUpMs }]];
    case 'timeout':
      return expired(line, input.timer, settings);
    default:
      return stay(line);
  }
}

export function ringing(line: RingingState & Standing, input: FxsInput, settings: FxsSettings): FxsStep {
  const { callerId } = line;
  const none = { ...line, callerId: { is: 'none' } } as const;
  switch (input.type) {
    case 'offHook': return move(line, answered());
    case 'cancelled': return rest(line, settings);
    case 'ring': return [line, [refused('userBusy', { kind: 'ringing', text: 'another call is ringing' })]];
    case 'ringBurstEnded':
      if (callerId.is !== 'awaited' || callerId.afterBurst !== input.burst) return stay(line);
      return [{ ...line, callerId: { is: 'due' } }, [{ do: 'start', timer: 'callerId', ms: settings.callerId.afterRingMs }]];
    case 'dataSent':
      return callerId.is === 'sending' ? [none, [{ do: 'stop', timer: 'callerId' }]] : stay(line);
    case 'timeout':
      if (input.timer !== 'callerId') return stay(line);
      if (callerId.is === 'sending') return [none, [{ do: 'stopSending' }]];
      if (callerId.is !== 'due') return stay(line);
      return [
        { ...line, callerId: { is: 'sending' } },
        [{ do: 'sendCallerId', caller: line.call.caller, hook: 'onHook', alertTone: false }, { do: 'start', timer: 'callerId', ms: settings.callerId.sendingMs }],
      ];
    default: return stay(line);
  }
}

function expired(line: Announcing & Standing, timer: FxsTimer, settings: FxsSettings): FxsStep {
  switch (line.step) {
    case 'pulse':
      if (timer !== 'alert') return stay(line);
      return [{ ...line, step: 'waiting' }, [{ do: 'stopRing' }, { do: 'start', timer: 'alert', ms: settings.callerId.afterAlertMs }]];
    case 'waiting':
      return timer === 'alert' ? [{ ...line, step: 'sending' }, sending(line, settings)[1]] : stay(line);
    case 'sending':
      return timer === 'callerId' ? sent(line, [{ do: 'stopSending' }], settings) : stay(line);
    case 'bursts':
      // Nobody seized the line: a telephone without a display.
      return timer === 'alert' && line.next !== null ? move(line, beginRinging(line.next, settings), [], 'alert') : stay(line);
    case 'seized':
      if (timer !== 'callerId') return stay(line);
      return [{ ...line, step: 'told' }, [{ do: 'stopSending' }, { do: 'start', timer: 'alert', ms: hangingUpMs }]];
    case 'told':
      // It was a person who lifted the handset.
      return timer === 'alert' ? move(line, answered(), [], 'alert') : stay(line);
    case 'settling':
      if (timer !== 'alert') return stay(line);
      if (line.next === null) return rest(line, settings, [], 'alert');
      return move(line, line.about.is === 'call' ? beginRinging(line.next, settings) : incoming(line.next, settings), [], 'alert');
  }
}

/** The data is out, or had its time. */
function sent(line: Announcing & Standing, says: readonly FxsEffect[], settings: FxsSettings): FxsStep {
  const told = line.about.is === 'messages' ? { ...line, shown: line.about.isWaiting } : line;
  return [{ ...told, step: 'settling' }, [...says, { do: 'start', timer: 'alert', ms: settings.callerId.beforeRingMs }]];
}

/** NTT: the handset is on its rest, and the loop is closed all the same. */
function isSeized({ step }: Announcing): boolean {
  return step === 'seized' || step === 'told';
}

/** NTT: a telephone that was told hangs up at once. */
const hangingUpMs = 1_500;

import type { CallAttempts } from './call-attempts.ts';
import type { CallView } from './call-control.ts';
import type { CallDialler } from './call-dialler.ts';
import type { CallEffect, CallInput } from './call-inputs.ts';
import type { CallKeeper } from './call-keeper.ts';
import type { CallLegs } from './call-legs.ts';
import type { CallLog } from './call-log.ts';
import type { Call } from './call-machine.ts';
import type { CallNews } from './call-news.ts';
import type { Transfer } from './call-operations.ts';
import type { CallSurroundings } from './call-surroundings.ts';
import type { CallTimers } from './call-timers.ts';
import type { Cause } from './cause.ts';
import type { LegCommand, LegId } from './leg.ts';
import type { MediaQuality, TerminationId } from './media.ts';
import type { Outcome } from './outcome.ts';
import type { CallId } from './record.ts';

/** A call, as its effects need it. */
export interface CallAtWork {
  readonly id: CallId;
  readonly state: Call;
  readonly log: CallLog;
  readonly legs: CallLegs;
  readonly dialler: CallDialler;
  readonly attempts: CallAttempts;
  readonly news: CallNews;
  readonly keeper: CallKeeper;
  readonly timers: CallTimers;
  readonly inbox: CallInput[];
  /** Ends that hear each other were made anew. */
  isAnew: boolean;
  /** What the gateway measured. */
  quality: Readonly<Record<TerminationId, MediaQuality>> | null;
  view(): CallView;
  send(leg: LegId, command: LegCommand): void;
  transferred(is: Transfer['state'], cause: Cause | null): void;
  work(take: () => void): void;
  close(outcome: Outcome): void;
}

/** Does what a call's machine wants done. `isFirst`: nobody had answered before. */
export function perform(effect: CallEffect, call: CallAtWork, { ports, between, settings }: CallSurroundings, isFirst: boolean): void {
  const { id, log, legs, dialler, news, timers, inbox } = call;
  const now = settings.wallClock();
  switch (effect.do) {
    case 'ring': {
      const rung: LegId[] = [];
      // The machine is to know the legs before it hears of them.
      inbox.unshift({ type: 'rung', legs: rung });
      return dialler.ring(effect.attempt, effect.media, effect.role, effect.isFurther === true, rung, call);
    }
    case 'failed':
      return call.attempts.failed(now, effect.outcome, effect.next);
    case 'resolve':
      if (call.state.at !== 'asking') throw new Error('nobody asked for a PIN');
      inbox.unshift(dialler.tryPin(effect.pin, call.state.caller));
      return;
    case 'send':
      return call.send(effect.leg, effect.command);
    case 'reconnect':
      call.isAnew = true;
      return;
    case 'drop': {
      const leg = log.leg(effect.leg);
      if (leg !== undefined) ports.media.drop(id, leg.media);
      return;
    }
    case 'introduce':
      return introduce(call);
    case 'transferred':
      return call.transferred(effect.is, effect.cause);
    case 'moveOn':
      return between.movesOn(id, effect.leg, effect.outcome);
    case 'attach':
      return call.keeper.due();
    case 'measure':
      call.keeper.stop();
      return ports.media.release(id, (quality) => call.work(() => {
        call.quality = quality;
        inbox.push({ type: 'measured' });
      }));
    case 'publish':
      // The record has the first answer.
      if (effect.type === 'call.answered') return news.publish({ type: isFirst ? 'call.answered' : 'call.partiesChanged' });
      return news.publish('leg' in effect ? { type: effect.type, leg: effect.leg } : { type: effect.type });
    case 'start':
      if (effect.timer === 'waiting') log.state.waitsUntil = now + effect.ms;
      return timers.start(effect.timer, effect.ms);
    case 'stop':
      return timers.stop(effect.timer);
    case 'tell':
      return log.tell(now, effect.type, effect.text, effect.leg);
    case 'abandon': {
      const leg = log.leg(effect.leg);
      legs.delete(effect.leg);
      if (leg !== undefined) log.event(now, leg, { type: 'released', cause: 'recoveryOnTimerExpiry', evidence: { kind: 'timer', text: 'told to release, and never confirmed it' } });
      return;
    }
    case 'close':
      return call.close(effect.outcome);
  }
}

/** Two talk who did not dial each other. */
function introduce(call: CallAtWork): void {
  const { state, log } = call;
  if (state.at !== 'talking' || state.parties.length !== 2) return;
  const [a, b] = state.parties.map((leg) => log.leg(leg));
  if (a === undefined || b === undefined) return;
  call.send(a.id, { type: 'party', party: b.party });
  call.send(b.id, { type: 'party', party: a.party });
}

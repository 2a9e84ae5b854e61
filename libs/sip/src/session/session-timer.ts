import type { Timer, Timers } from '@tipring/clock';
import type { SipMessage, SipRequest } from '../message/message.ts';
import { parseDeltaSeconds, parseSessionExpires, tokens } from '../message/values.ts';
import type { HeaderLines, SessionTimerSettings } from './session.ts';
import type { SessionTimerSnapshot } from './session-snapshot.ts';

/** What an INVITE or UPDATE settles (RFC 4028); `uac` is its sender. */
export interface SessionInterval {
  readonly intervalS: number;
  readonly refresher: 'uac' | 'uas';
}

/**
 * RFC 4028 9: our 2xx to a request that opens or refreshes a session. `tooSmall` is to be answered 422 with Min-SE;
 * `headers` go into the 2xx. Without an interval there is no session timer.
 */
export function intervalForAnswer(request: SipRequest, settings: SessionTimerSettings): { readonly tooSmall: boolean; readonly interval: SessionInterval | undefined; readonly headers: HeaderLines } {
  const wish = request.headers.get('Session-Expires');
  const asked = wish === undefined ? undefined : parseSessionExpires(wish);
  if (asked === undefined && settings.expiresS === 0) return none;
  const peerKnows = tokens(request.headers, 'Supported').includes('timer');
  // A peer that does not know the timer cannot use the 422: its interval came from a proxy.
  if (asked !== undefined && asked.seconds < settings.minimumS && peerKnows) return { tooSmall: true, interval: undefined, headers: [['Min-SE', String(settings.minimumS)]] };
  const minimumS = Math.max(settings.minimumS, minimumOf(request));
  const intervalS = Math.max(Math.min(asked?.seconds ?? Infinity, settings.expiresS === 0 ? Infinity : settings.expiresS), minimumS);
  const refresher = peerKnows ? (asked?.refresher ?? 'uac') : 'uas';
  const headers: [string, string][] = [['Session-Expires', `${intervalS};refresher=${refresher}`]];
  if (refresher === 'uac') headers.push(['Require', 'timer']);
  return { tooSmall: false, interval: { intervalS, refresher }, headers };
}

/** RFC 4028 7.2: what the peer's 2xx to our request says; undefined when it wants no timer. */
export function intervalOfAnswer(response: SipMessage): SessionInterval | undefined {
  const value = response.headers.get('Session-Expires');
  const parsed = value === undefined ? undefined : parseSessionExpires(value);
  return parsed === undefined ? undefined : { intervalS: parsed.seconds, refresher: parsed.refresher ?? 'uas' };
}

/** Min-SE in seconds, 90 when absent (RFC 4028 5). */
export function minimumOf(message: SipMessage): number {
  const value = message.headers.get('Min-SE');
  return Math.max(90, (value === undefined ? undefined : parseDeltaSeconds(value)) ?? 90);
}

export interface SessionTimerUser {
  /** We refresh now: half of the interval is over. */
  refreshSession(): void;
  /** Nobody refreshed: BYE. */
  sessionExpired(): void;
}

/** The running session timer of one dialog. */
export class SessionTimer {
  readonly #timers: Timers;
  readonly #user: SessionTimerUser;
  #running: { readonly intervalS: number; readonly refresher: 'local' | 'remote'; readonly since: number; timer: Timer } | undefined;

  constructor(timers: Timers, user: SessionTimerUser) {
    this.#timers = timers;
    this.#user = user;
  }

  get interval(): { readonly intervalS: number; readonly refresher: 'local' | 'remote' } | undefined {
    return this.#running;
  }

  /** Starts anew; `elapsedMs` of it is over already. */
  start(intervalS: number, refresher: 'local' | 'remote', elapsedMs = 0): void {
    this.stop();
    const since = this.#timers.now() - elapsedMs;
    // RFC 4028 10: BYE a third of the interval, at most 32 s, before its end.
    const expiryMs = 1000 * (intervalS - Math.min(32, intervalS / 3));
    const refreshMs = 500 * intervalS;
    const expire = () => this.#timers.start(Math.max(0, expiryMs - (this.#timers.now() - since)), () => this.#user.sessionExpired());
    if (refresher === 'remote' || elapsedMs >= expiryMs) {
      this.#running = { intervalS, refresher, since, timer: expire() };
      return;
    }
    const running = {
      intervalS,
      refresher,
      since,
      timer: this.#timers.start(Math.max(0, refreshMs - elapsedMs), () => {
        running.timer = expire();
        this.#user.refreshSession();
      }),
    };
    this.#running = running;
  }

  stop(): void {
    this.#running?.timer.stop();
    this.#running = undefined;
  }

  snapshot(minimumS: number): SessionTimerSnapshot | undefined {
    const running = this.#running;
    return running === undefined ? undefined : { intervalS: running.intervalS, refresher: running.refresher, minimumS, elapsedMs: Math.round(this.#timers.now() - running.since) };
  }
}

const none = { tooSmall: false, interval: undefined, headers: [] } as const;

import type { Snapshot } from '@tipring/config';
import { AuthenticationFailures, type Binding, Guard, type GuardSettings, type RegistrarSettings } from '@tipring/sip';
import type { EventLog } from '@tipring/store';
import type { Logger } from 'pino';

/** The guard's limits as they are configured. */
export function guardSettings({ guard }: Snapshot['settings']): Pick<GuardSettings, 'ratePerS' | 'burst' | 'banScore' | 'banMs'> {
  return { ratePerS: guard.messagesPerSecond, burst: guard.burst, banScore: guard.failuresToBan, banMs: guard.banS * 1000 };
}

export function registrarSettings({ sip }: Snapshot['settings']): RegistrarSettings {
  return { minExpires: sip.minExpiresS, defaultExpires: sip.defaultExpiresS, maxExpires: sip.maxExpiresS };
}

/** They signed in to the process before: a restart under load must not throttle them. A stream is a new flow, and signs in anew. */
export function trustKnownPhones(bindings: Iterable<Pick<Binding, 'flow'>>, guard: Guard): void {
  for (const { flow } of bindings) if (flow.transport === 'udp') guard.authenticated(flow);
}

/** A refused sign-in and a ban are written down where people look: the event log and the log. `now` monotonic, `epochShift` makes it the wall clock. */
export function watchSignIns(now: () => number, epochShift: () => number, events: Pick<EventLog, 'append'>, log: Pick<Logger, 'warn'>, settings: Partial<GuardSettings>): { guard: Guard; failures: AuthenticationFailures } {
  const guard = new Guard(now, settings);
  const failures = new AuthenticationFailures(now);
  const instant = (ms: number) => new Date(ms + epochShift()).toISOString();
  failures.onFailure = ({ source, port, transport, user, kind, method, count, first }, sinceLastTold) => {
    const about = { source, port, transport, user, kind, method, count: sinceLastTold, total: count, since: instant(first) };
    events.append('authentication.failed', about);
    log.warn(about, 'authenticationFailed');
  };
  let minuteSince = now();
  let inMinute = 0;
  guard.onBlock = ({ source, reason, until }) => {
    if (now() - minuteSince >= 60_000) {
      minuteSince = now();
      inMinute = 0;
    }
    inMinute += 1;
    // A datagram's source can be made up: the metrics count the rest, and GET /security/blocks has them.
    if (inMinute > MOST_BANS_A_MINUTE) return;
    const about = { source, reason, until: instant(until) };
    events.append('source.banned', about);
    log.warn(about, 'sourceBanned');
  };
  return { guard, failures };
}

const MOST_BANS_A_MINUTE = 60;

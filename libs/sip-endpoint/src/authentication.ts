import { parseAuthentication } from '@tipring/sip';
import type { DigestServer, DigestVerdict, Flow, HeaderLines, SipRequest } from '@tipring/sip';
import { claimedUsers } from './identity.ts';
import type { Account, Accounts, FailureLog, SipEndpointsPorts, SourceGuard } from './sip-endpoints-ports.ts';

export type Authentication =
  | { readonly ok: true; readonly account: Account }
  /** What to answer; the same for an unknown device and for a wrong password. */
  | { readonly ok: false; readonly status: number; readonly headers: HeaderLines };

/** Asks devices for their credentials (RFC 3261 22.2), and tells the guard and the failure log what came. */
export class Authenticator {
  readonly #accounts: Accounts;
  readonly #guard: SourceGuard;
  readonly #failures: FailureLog;
  readonly #digest: DigestServer;
  readonly #wallClock: () => number;

  /** `wallClock` in ms since the epoch. */
  constructor({ accounts, guard, failures }: Pick<SipEndpointsPorts, 'accounts' | 'guard' | 'failures'>, digest: DigestServer, wallClock: () => number) {
    this.#accounts = accounts;
    this.#guard = guard;
    this.#failures = failures;
    this.#digest = digest;
    this.#wallClock = wallClock;
  }

  /** 401 for calls too: we are their far end, no proxy on the way (RFC 3261 22.1). */
  authenticate(request: SipRequest, flow: Flow): Authentication {
    const account = this.#claimed(request);
    const now = this.#wallClock();
    const verdict = this.#digest.verify(request, 'user', account, now);
    if (verdict.ok && account !== undefined) {
      this.#guard.authenticated(flow);
      return { ok: true, account };
    }
    if (!verdict.ok) this.#note(verdict.why, request, flow);
    return { ok: false, status: 401, headers: [this.#digest.challenge('user', account, !verdict.ok && verdict.stale, now)] };
  }

  #note(why: Refusal['why'], request: SipRequest, flow: Flow): void {
    // The normal first request.
    if (why === 'absent') return;
    const user = usernameIn(request);
    const kind = why === 'wrongResponse' ? 'wrongPassword' : why === 'unknownUser' && this.#accounts.byUsername(user)?.enabled === false ? 'disabledDevice' : why;
    this.#failures.note(flow, user, kind, request.method);
    switch (why) {
      // A nonce that has grown old, a retransmission that lost its transaction, a restart of ours: no attack, the password was right.
      case 'staleNonce':
      case 'foreignNonce':
      case 'replayed':
        return;
      case 'malformed':
      case 'unknownUser':
        return this.#guard.failed(flow, why);
      case 'otherUser':
      case 'wrongAlgorithm':
      case 'wrongUri':
      case 'wrongResponse':
        return this.#guard.failed(flow, 'wrongCredentials');
    }
  }

  /** The device this request says it is from. Disabled is the same as unknown. */
  #claimed(request: SipRequest): Account | undefined {
    const users = claimedUsers(request);
    for (const user of users) {
      const account = this.#accounts.byUsername(user);
      if (account?.enabled === true) return account;
    }
    // Anonymous, or a phone whose user is its extension and whose authentication name is the device's.
    for (const line of request.headers.lines('Authorization')) {
      const username = parseAuthentication(line)?.parameter('username');
      const account = username === undefined ? undefined : this.#accounts.byUsername(username);
      if (account?.enabled === true && (users.length === 0 || users.includes(account.extension))) return account;
    }
    return undefined;
  }
}

/** Whose credentials they say they are; for people only. */
function usernameIn(request: SipRequest): string {
  for (const line of request.headers.lines('Authorization')) {
    const username = parseAuthentication(line)?.parameter('username');
    if (username !== undefined) return username;
  }
  return '';
}

type Refusal = Extract<DigestVerdict, { ok: false }>;

import type { Timer, Timers } from '@tipring/clock';
import type { Flow, Hop, SipRequest, TransactionLayer } from '@tipring/sip';

/** How an OPTIONS was answered; `silence` with why. */
export type SignOfLife = { readonly type: 'response'; readonly status: number; readonly reason: string; readonly roundTripMs: number; readonly flow: Flow } | { readonly type: 'silence'; readonly text: string };

/** Asks a server whether it is there (RFC 3261 11). */
export class SignsOfLife {
  readonly #transactions: Pick<TransactionLayer, 'request'>;
  readonly #timers: Timers;
  readonly #write: (hop: Hop) => SipRequest;
  readonly #asking = new Set<() => void>();

  /** `write` makes a new OPTIONS each time. */
  constructor(transactions: Pick<TransactionLayer, 'request'>, timers: Timers, write: (hop: Hop) => SipRequest) {
    this.#transactions = transactions;
    this.#timers = timers;
    this.#write = write;
  }

  /** `done` once, within `withinMs`. `repeatMs`: a second request goes out then, so that one datagram that got lost is not taken for a dead server. */
  ask(hop: Hop, withinMs: number, repeatMs: number | undefined, done: (sign: SignOfLife) => void): void {
    const since = this.#timers.now();
    const open: { abandon(): void }[] = [];
    const running: Timer[] = [];
    let failed = 0;
    const stop = (): void => {
      this.#asking.delete(stop);
      for (const timer of running) timer.stop();
      for (const transaction of open) transaction.abandon();
    };
    const send = (): void => {
      open.push(this.#transactions.request(this.#write(hop), hop, {
        onResponse: ({ status, reason }, flow) => {
          if (status < 200) return;
          stop();
          done({ type: 'response', status, reason, roundTripMs: Math.round(this.#timers.now() - since), flow });
        },
        onFailure: (_failure, detail) => {
          failed++;
          // A connection refused is refused again; what was lost on the way is not known to be.
          if (failed < open.length) return;
          stop();
          done({ type: 'silence', text: detail });
        },
      }));
    };
    this.#asking.add(stop);
    send();
    if (repeatMs !== undefined) running.push(this.#timers.start(repeatMs, send));
    running.push(this.#timers.start(withinMs, () => {
      stop();
      done({ type: 'silence', text: `OPTIONS unanswered for ${withinMs / 1000} s` });
    }));
  }

  close(): void {
    for (const stop of [...this.#asking]) stop();
  }
}

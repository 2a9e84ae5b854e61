import type { Timer, Timers } from '@tipring/clock';
import { reasonPhrase } from '../message/create.ts';
import type { SipResponse } from '../message/message.ts';
import { formatSipfrag } from '../message/refer.ts';
import type { Session } from './session.ts';

/** Plain JSON. */
export interface ReferSubscriptionSnapshot {
  /** `id` of its Event header; null: it has none. */
  readonly id: number | null;
  /** That was told last. */
  readonly status: number;
}

export interface ReferSubscriptionParts {
  /** By which its NOTIFYs go: the session in which the REFER came, or the dialog that it made. */
  readonly dialog: Pick<Session, 'request'>;
  readonly timers: Timers;
  /** Nothing more is told, once; absent: nobody must know. */
  readonly over?: () => void;
  /** RFC 3515 2.4.6: the CSeq of its REFER, which each but the first of a dialog must have; null: none. */
  readonly id: number | null;
}

/**
 * The subscription that a REFER makes by itself (RFC 3515 2.4.4): its sender is told by NOTIFY how far the call is that it asked for. One NOTIFY at a
 * time, so that none overtakes another; while one is under way the newest waits, and what came between is not told.
 *
 *      idle ──tell──► notifying ──2xx──► idle, or again when more was told meanwhile
 *                        │ end was told, or any other answer, or none ──► over
 *      idle, notifying ── nothing ended it in its time ──► 487 is told as its end
 */
export class ReferSubscription {
  readonly #dialog: ReferSubscriptionParts['dialog'];
  readonly #timers: Timers;
  readonly #event: string;
  readonly #id: number | null;
  readonly #over: () => void;
  readonly #expiry: Timer;
  readonly #expiresAt: number;
  #told: Told;
  #state: { readonly at: 'idle' } | { readonly at: 'notifying'; readonly next: Told | undefined } | { readonly at: 'over' } = { at: 'idle' };

  constructor(parts: ReferSubscriptionParts, status = 0) {
    const { dialog, timers, id, over = () => {} } = parts;
    this.#dialog = dialog;
    this.#timers = timers;
    this.#id = id;
    this.#over = over;
    this.#event = id === null ? 'refer' : `refer;id=${id}`;
    this.#told = { status, isLast: false };
    this.#expiresAt = timers.now() + LASTS_MS;
    this.#expiry = timers.start(LASTS_MS, () => this.#tell({ status: 487, isLast: true, why: 'timeout' }));
  }

  /** One of a former process. */
  static adopt(parts: Omit<ReferSubscriptionParts, 'id'>, { id, status }: ReferSubscriptionSnapshot): ReferSubscription {
    return new ReferSubscription({ ...parts, id }, status);
  }

  /** Whether an Event `id` means this one; undefined: the header has none. */
  is(id: string | undefined): boolean {
    return (id ?? null) === (this.#id === null ? null : String(this.#id));
  }

  get isOver(): boolean {
    return this.#state.at === 'over';
  }

  /** Seconds for which it lasts; at least 1. */
  get leftS(): number {
    return Math.max(1, Math.ceil((this.#expiresAt - this.#timers.now()) / 1000));
  }

  /** 100–199: it goes on; 200–699: so it ended, and nothing more is told. The same again is not told. */
  tell(status: number): void {
    if (status === (this.#state.at === 'notifying' ? (this.#state.next ?? this.#told).status : this.#told.status)) return;
    this.#tell({ status, isLast: status >= 200 });
  }

  /** Its subscriber refreshes, and is told how things are (RFC 6665 4.2.1.4); or, with 0, has heard enough. */
  refresh(expiresS: number): void {
    this.#tell(expiresS === 0 ? { ...this.#told, isLast: true, why: 'timeout' } : this.#told);
  }

  /** Nothing more is told: its dialog is over. */
  stop(): void {
    if (this.isOver) return;
    this.#expiry.stop();
    this.#state = { at: 'over' };
    this.#over();
  }

  /** Undefined once it is over. */
  snapshot(): ReferSubscriptionSnapshot | undefined {
    return this.isOver ? undefined : { id: this.#id, status: this.#told.status };
  }

  #tell(told: Told): void {
    const state = this.#state;
    if (state.at === 'over') return;
    if (state.at === 'notifying') {
      // The end stays the end.
      if (state.next?.isLast !== true && !this.#told.isLast) this.#state = { at: 'notifying', next: told };
      return;
    }
    this.#notify(told);
  }

  #notify(told: Told): void {
    this.#told = told;
    this.#state = { at: 'notifying', next: undefined };
    const { status, isLast, why = 'noresource' } = told;
    const headers = [
      ['Event', this.#event],
      ['Subscription-State', isLast ? `terminated;reason=${why}` : `active;expires=${this.leftS}`],
      ['Content-Type', 'message/sipfrag;version=2.0'],
    ] as const;
    this.#dialog.request('NOTIFY', { headers, body: formatSipfrag(status, reasonPhrase(status)) }, (response) => this.#notified(response));
  }

  #notified(response: SipResponse | undefined): void {
    const state = this.#state;
    if (state.at !== 'notifying') return;
    // RFC 6665 4.2.2: whoever refuses a NOTIFY, or does not answer it, is told nothing more.
    if (this.#told.isLast || response === undefined || response.status >= 300) return this.stop();
    this.#state = { at: 'idle' };
    if (state.next !== undefined) this.#notify(state.next);
  }
}

interface Told {
  readonly status: number;
  readonly isLast: boolean;
  /** RFC 6665 4.1.3; `noresource` of one that came to its end (RFC 3515 2.4.7). */
  readonly why?: 'timeout';
}

/** No call is set up, rung and answered for longer. */
const LASTS_MS = 300_000;

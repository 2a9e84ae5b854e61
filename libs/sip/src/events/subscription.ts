/*
 * A notifier's subscription (RFC 6665 4.2). It tells the newest state, and one thing at a time: what changes while a NOTIFY is
 * unanswered, or waits for its turn, is told by the next one.
 *
 *                 ┌──────────────── change, SUBSCRIBE ────────────────┐
 *                 ▼                                                   │
 *   SUBSCRIBE ──► due ───turn───► notifying ───2xx, nothing new───► quiet
 *                 ▲ ▲                │  │
 *                 │ └───2xx, stale───┘  └─refused with Retry-After─► resting
 *                 └────────────────timer retry, SUBSCRIBE───────────────┘
 *
 *   due, when it expired, was unsubscribed or is ended by us ──turn──► leaving ──answered, or not──► over
 *   notifying ──refused, or not answered (4.2.2)──► over
 *
 * `due` asks for a turn: how many NOTIFYs may be out is not its own to say.
 */

/** Why it ended, as the subscriber is told (RFC 6665 4.1.3). */
export type EndReason = 'deactivated' | 'probation' | 'rejected' | 'timeout' | 'giveup' | 'noresource';

export interface Ending {
  readonly reason: EndReason;
  /** Of `probation` and `giveup`: not sooner again than that. */
  readonly retryAfterS?: number;
}

export type Subscription =
  /** The subscriber knows what there is to know. */
  | { readonly at: 'quiet' }
  /** A NOTIFY is owed, and has not its turn yet. `ending`: it is the last. */
  | { readonly at: 'due'; readonly ending: Ending | null }
  /** A NOTIFY is unanswered. `isStale`: it does not tell what there is to tell by now. */
  | { readonly at: 'notifying'; readonly isStale: boolean; readonly ending: Ending | null }
  /** The subscriber asked to be left alone for a while. */
  | { readonly at: 'resting' }
  /** The last NOTIFY is out. */
  | { readonly at: 'leaving' }
  | { readonly at: 'over' };

export type SubscriptionTimer = 'expiry' | 'retry';

export type SubscriptionInput =
  /** A SUBSCRIBE was taken, for so many seconds; 0: it fetches once (4.4.3), or unsubscribes. */
  | { readonly type: 'subscribed'; readonly expiresS: number }
  | { readonly type: 'changed' }
  /** A NOTIFY may be sent now. */
  | { readonly type: 'turn' }
  | { readonly type: 'answered'; readonly status: number; readonly retryAfterS: number | undefined }
  /** No answer: timer F, or the transport. */
  | { readonly type: 'unanswered' }
  | { readonly type: 'timeout'; readonly timer: SubscriptionTimer }
  /** We end it, and say why. */
  | { readonly type: 'end'; readonly ending: Ending };

export type SubscriptionEffect =
  | { readonly do: 'askTurn' }
  /** A NOTIFY with what is newest now; `ending`: in state terminated. */
  | { readonly do: 'notify'; readonly ending: Ending | null }
  /** Anew, when it is running. */
  | { readonly do: 'start'; readonly timer: SubscriptionTimer; readonly ms: number }
  | { readonly do: 'stop'; readonly timer: SubscriptionTimer }
  /** It is over: nothing more is asked or told. `failure`: why, when a NOTIFY failed; null: it ended in order. */
  | { readonly do: 'close'; readonly failure: string | null };

export type SubscriptionStep = readonly [state: Subscription, effects: readonly SubscriptionEffect[]];

/** Before its first SUBSCRIBE was taken. */
export const newSubscription: Subscription = { at: 'quiet' };

/** Whether a SUBSCRIBE can still prolong it; else it gets 481. */
export function isProlongable(state: Subscription): boolean {
  switch (state.at) {
    case 'quiet':
    case 'resting':
      return true;
    case 'due':
    case 'notifying':
      // Expired, and not told yet: the refresh came in time after all.
      return state.ending === null || state.ending === expired;
    case 'leaving':
    case 'over':
      return false;
  }
}

export function subscription(state: Subscription, input: SubscriptionInput): SubscriptionStep {
  switch (state.at) {
    case 'quiet':
      return quiet(state, input);
    case 'due':
      return due(state, input);
    case 'notifying':
      return notifying(state, input);
    case 'resting':
      return resting(state, input);
    case 'leaving':
      return input.type === 'answered' || input.type === 'unanswered' ? over(null) : [state, stay];
    case 'over':
      return [state, stay];
  }
}

function quiet(state: Subscription, input: SubscriptionInput): SubscriptionStep {
  switch (input.type) {
    case 'subscribed':
      return input.expiresS === 0 ? [{ at: 'due', ending: unsubscribed }, [stopExpiry, askTurn]] : [{ at: 'due', ending: null }, [startExpiry(input.expiresS), askTurn]];
    case 'changed':
      return [{ at: 'due', ending: null }, [askTurn]];
    case 'end':
      return [{ at: 'due', ending: input.ending }, [stopExpiry, askTurn]];
    case 'timeout':
      return input.timer === 'expiry' ? [{ at: 'due', ending: expired }, [askTurn]] : [state, stay];
    case 'turn':
    case 'answered':
    case 'unanswered':
      return [state, stay];
  }
}

function due(state: Extract<Subscription, { at: 'due' }>, input: SubscriptionInput): SubscriptionStep {
  if (input.type !== 'turn') return owed(state, input);
  const { ending } = state;
  return [ending === null ? { at: 'notifying', isStale: false, ending } : { at: 'leaving' }, [{ do: 'notify', ending }]];
}

function notifying(state: Extract<Subscription, { at: 'notifying' }>, input: SubscriptionInput): SubscriptionStep {
  const { ending, isStale } = state;
  switch (input.type) {
    case 'changed':
      return [isStale ? state : { ...state, isStale: true }, stay];
    case 'subscribed': {
      // Each SUBSCRIBE is owed a NOTIFY that was sent after it (RFC 6665 4.2.1.2).
      const [next, effects] = owed(state, input);
      return [{ ...next, isStale: true }, effects];
    }
    case 'answered':
      if (input.status >= 200 && input.status < 300) return isStale || ending !== null ? [{ at: 'due', ending }, [askTurn]] : [{ at: 'quiet' }, stay];
      // 4.2.2: with Retry-After it has not failed yet. A subscription that ends anyway is not kept for it, nor one that its subscriber does not know.
      if (input.retryAfterS === undefined || ending !== null || input.status === 481) return over(`NOTIFY was answered ${input.status}`);
      return [{ at: 'resting' }, [{ do: 'start', timer: 'retry', ms: Math.min(Math.max(input.retryAfterS, 1), LONGEST_REST_S) * 1000 }]];
    case 'unanswered':
      return over('NOTIFY was not answered');
    case 'timeout':
    case 'end':
    case 'turn':
      return owed(state, input);
  }
}

function resting(state: Subscription, input: SubscriptionInput): SubscriptionStep {
  switch (input.type) {
    case 'subscribed':
    case 'end': {
      // A SUBSCRIBE is answered by a NOTIFY at once, whatever its sender wished before.
      const [next, effects] = quiet(state, input);
      return [next, [stopRetry, ...effects]];
    }
    case 'timeout':
      return [{ at: 'due', ending: input.timer === 'expiry' ? expired : null }, input.timer === 'expiry' ? [stopRetry, askTurn] : [askTurn]];
    case 'changed':
    case 'turn':
    case 'answered':
    case 'unanswered':
      return [state, stay];
  }
}

/** How long it goes on, where a NOTIFY is under way or owed already. */
function owed<State extends Extract<Subscription, { ending: Ending | null }>>(state: State, input: SubscriptionInput): readonly [State, readonly SubscriptionEffect[]] {
  switch (input.type) {
    case 'subscribed':
      if (!isProlongable(state)) return [state, stay];
      return input.expiresS === 0 ? [{ ...state, ending: unsubscribed }, [stopExpiry]] : [{ ...state, ending: null }, [startExpiry(input.expiresS)]];
    case 'timeout':
      return input.timer === 'expiry' && state.ending === null ? [{ ...state, ending: expired }, stay] : [state, stay];
    case 'end':
      return [{ ...state, ending: input.ending }, [stopExpiry]];
    case 'changed':
    case 'turn':
    case 'answered':
    case 'unanswered':
      return [state, stay];
  }
}

function over(failure: string | null): SubscriptionStep {
  return [{ at: 'over' }, [stopExpiry, stopRetry, { do: 'close', failure }]];
}

function startExpiry(seconds: number): SubscriptionEffect {
  return { do: 'start', timer: 'expiry', ms: seconds * 1000 };
}

const expired: Ending = { reason: 'timeout' };
/** 4.2.1.4: the same reason. */
const unsubscribed: Ending = { reason: 'timeout' };
const askTurn: SubscriptionEffect = { do: 'askTurn' };
const stopExpiry: SubscriptionEffect = { do: 'stop', timer: 'expiry' };
const stopRetry: SubscriptionEffect = { do: 'stop', timer: 'retry' };
const stay: readonly SubscriptionEffect[] = [];
const LONGEST_REST_S = 300;

import { expect, test } from 'vitest';
import { isProlongable, newSubscription, subscription, type Subscription, type SubscriptionEffect, type SubscriptionInput, type SubscriptionTimer } from './subscription.ts';

function after(...inputs: readonly SubscriptionInput[]): readonly [Subscription, readonly SubscriptionEffect[]] {
  let [state, effects]: readonly [Subscription, readonly SubscriptionEffect[]] = [newSubscription, []];
  for (const input of inputs) [state, effects] = subscription(state, input);
  return [state, effects];
}

const subscribed = (expiresS = 600): SubscriptionInput => ({ type: 'subscribed', expiresS });
const answered = (status = 200, retryAfterS?: number): SubscriptionInput => ({ type: 'answered', status, retryAfterS });
const [turn, changed, expiry, retry] = [{ type: 'turn' }, { type: 'changed' }, { type: 'timeout', timer: 'expiry' }, { type: 'timeout', timer: 'retry' }] as const satisfies readonly SubscriptionInput[];

test('a SUBSCRIBE is answered by a NOTIFY, whatever there is to tell (RFC 6665 4.2.1.2)', () => {
  expect(after(subscribed())).toEqual([{ at: 'due', ending: null }, [{ do: 'start', timer: 'expiry', ms: 600_000 }, { do: 'askTurn' }]]);
  expect(after(subscribed(), turn)[1]).toEqual([{ do: 'notify', ending: null }]);
  expect(after(subscribed(), turn, answered())[0]).toEqual({ at: 'quiet' });
});

test('changes while a NOTIFY is unanswered are told together by the next', () => {
  expect(after(subscribed(), turn, changed, changed, changed)).toEqual([{ at: 'notifying', isStale: true, ending: null }, []]);
  expect(after(subscribed(), turn, changed, changed, answered())).toEqual([{ at: 'due', ending: null }, [{ do: 'askTurn' }]]);
  expect(after(subscribed(), turn, changed, answered(), turn, answered())[0]).toEqual({ at: 'quiet' });
});

test('a refresh that crosses a NOTIFY gets one of its own', () => {
  expect(after(subscribed(), turn, subscribed(900))).toEqual([{ at: 'notifying', isStale: true, ending: null }, [{ do: 'start', timer: 'expiry', ms: 900_000 }]]);
});

test('a fetch gets one NOTIFY, in state terminated (RFC 6665 4.4.3)', () => {
  expect(after(subscribed(0))[1]).toContainEqual({ do: 'askTurn' });
  expect(after(subscribed(0), turn)).toEqual([{ at: 'leaving' }, [{ do: 'notify', ending: { reason: 'timeout' } }]]);
  expect(after(subscribed(0), turn, answered())[1]).toContainEqual({ do: 'close', failure: null });
});

test('expired: a last NOTIFY says so; a refresh that comes before it is still in time, one that comes after it is not', () => {
  expect(after(subscribed(), turn, answered(), expiry, turn)[1]).toEqual([{ do: 'notify', ending: { reason: 'timeout' } }]);
  const [due] = after(subscribed(), turn, answered(), expiry);
  expect(isProlongable(due)).toBe(true);
  expect(subscription(due, subscribed())[0]).toEqual({ at: 'due', ending: null });
  expect(isProlongable(after(subscribed(), turn, answered(), expiry, turn)[0])).toBe(false);
});

test('unsubscribed while a NOTIFY is out: the next is the last', () => {
  const [state, effects] = after(subscribed(), turn, subscribed(0), answered());
  expect([state, effects]).toEqual([{ at: 'due', ending: { reason: 'timeout' } }, [{ do: 'askTurn' }]]);
  expect(isProlongable(state)).toBe(false);
});

test('ended by us, with the reason; a refresh does not take that back', () => {
  const ending = { reason: 'noresource' } as const;
  const [state] = after(subscribed(), turn, answered(), { type: 'end', ending });
  expect([state, isProlongable(state)]).toEqual([{ at: 'due', ending }, false]);
  expect(subscription(state, turn)).toEqual([{ at: 'leaving' }, [{ do: 'notify', ending }]]);
});

test.each([481, 489, 500, 408, 302])('a NOTIFY that is answered %i ends it (RFC 6665 4.2.2)', (status) => {
  expect(after(subscribed(), turn, answered(status))).toMatchObject([{ at: 'over' }, [{ do: 'stop' }, { do: 'stop' }, { do: 'close', failure: `NOTIFY was answered ${status}` }]]);
});

test('no answer ends it; Retry-After is waited for, five minutes at most, and then the newest is told', () => {
  expect(after(subscribed(), turn, { type: 'unanswered' })[0]).toEqual({ at: 'over' });
  expect(after(subscribed(), turn, answered(503, 7))).toEqual([{ at: 'resting' }, [{ do: 'start', timer: 'retry', ms: 7_000 }]]);
  expect(after(subscribed(), turn, answered(503, 86_400))[1]).toEqual([{ do: 'start', timer: 'retry', ms: 300_000 }]);
  expect(after(subscribed(), turn, answered(503, 7), changed, retry)[0]).toEqual({ at: 'due', ending: null });
  expect(after(subscribed(), turn, answered(481, 7))[0]).toEqual({ at: 'over' });
});

test('random events: one NOTIFY at a time, a turn is asked for once, no timer is left, every change is told, and it ends', () => {
  for (let seed = 1; seed <= 2_000; seed++) {
    const random = mulberry32(seed);
    const running = new Set<SubscriptionTimer>();
    let state = newSubscription;
    let [isOut, isAsked, isClosed, untold] = [false, false, false, false];
    const feed = (input: SubscriptionInput): void => {
      const [next, effects] = subscription(state, input);
      state = next;
      for (const effect of effects) {
        if (isClosed) throw new Error(`${effect.do} after the end`);
        if (effect.do === 'askTurn' && isAsked) throw new Error('asked twice');
        if (effect.do === 'notify' && isOut) throw new Error('two at a time');
        if (effect.do === 'askTurn') isAsked = true;
        else if (effect.do === 'notify') [isOut, untold] = [true, false];
        else if (effect.do === 'start') running.add(effect.timer);
        else if (effect.do === 'stop') running.delete(effect.timer);
        else if (effect.do === 'close') isClosed = true;
      }
    };
    const happen = (what: number): void => {
      if (what < 0.25) {
        untold ||= state.at !== 'over' && state.at !== 'leaving';
        return feed({ type: 'changed' });
      }
      if (what < 0.45 && isAsked) {
        isAsked = false;
        return feed(turn);
      }
      if (what < 0.65 && isOut) {
        isOut = false;
        return feed(answered());
      }
      if (what < 0.67 && isOut) {
        isOut = false;
        return feed(random() < 0.5 ? answered(503, 3) : { type: 'unanswered' });
      }
      if (what < 0.75 && isProlongable(state)) return feed(subscribed(random() < 0.2 ? 0 : 600));
      for (const timer of ['expiry', 'retry'] as const) {
        if (what < 0.85 || !running.has(timer)) continue;
        running.delete(timer);
        return feed({ type: 'timeout', timer });
      }
      if (what > 0.98) feed({ type: 'end', ending: { reason: 'deactivated' } });
    };
    feed(subscribed());
    for (let step = 0; step < 60; step++) happen(random());
    // What is owed is told once turns and answers come.
    for (let step = 0; step < 6; step++) {
      if (isAsked) happen(0.4);
      if (isOut) happen(0.6);
    }
    expect([seed, untold && state.at === 'quiet']).toEqual([seed, false]);
    feed({ type: 'end', ending: { reason: 'deactivated' } });
    for (let step = 0; step < 6; step++) {
      if (isAsked) happen(0.4);
      if (isOut) happen(0.6);
    }
    expect([seed, state.at, isClosed, running.size]).toEqual([seed, 'over', true, 0]);
  }
});

function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

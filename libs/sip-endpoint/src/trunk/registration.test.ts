import { expect, test } from 'vitest';
import { registration, type Registration, type RegistrationEffect, type RegistrationInput, type RegistrationTimer } from './registration.ts';

const settings = { expiresS: 600, random: () => 0.5 };

function step(state: Registration, ...inputs: readonly RegistrationInput[]): readonly [Registration, readonly RegistrationEffect[]] {
  let effects: readonly RegistrationEffect[] = [];
  for (const input of inputs) [state, effects] = registration(state, input, settings);
  return [state, effects];
}

const granted = (expiresS = 600, at = 0): RegistrationInput => ({ type: 'granted', expiresS, at });
const unanswered = (servers = 1): RegistrationInput => ({ type: 'unanswered', servers, retryAfterS: undefined });

test('granted: refreshed at between 70 and 85 % of what was granted, and it runs out when that is over', () => {
  const [state, effects] = step({ at: 'idle' }, { type: 'start' }, granted(300, 1_000));
  expect(state).toEqual({ at: 'registered', validUntil: 301_000, expiresS: 600 });
  expect(effects).toEqual([{ do: 'start', timer: 'refresh', ms: 232_500 }, { do: 'start', timer: 'expiry', ms: 300_000 }, { do: 'tell', state: 'registered' }]);
});

test('423: again with what the carrier wants at least; one that is never content is refused (RFC 3261 10.2.8)', () => {
  expect(step({ at: 'idle' }, { type: 'start' }, { type: 'tooBrief', minimumS: 3600 })[1]).toEqual([{ do: 'register', server: 0, expiresS: 3600 }]);
  expect(step({ at: 'idle' }, { type: 'start' }, { type: 'tooBrief', minimumS: 60 })[0]).toMatchObject({ at: 'waiting', why: 'refused' });
});

test('no answer: the next server, then a wait that doubles to a minute; a refusal is asked again after half a minute and more', () => {
  let [state, effects] = step({ at: 'idle' }, { type: 'start' }, unanswered(2));
  expect(effects).toEqual([{ do: 'register', server: 1, expiresS: 600 }]);
  const waits: number[] = [];
  for (let turn = 0; turn < 8; turn++) {
    [state, effects] = registration(state, unanswered(1), settings);
    waits.push(...effects.flatMap((effect) => (effect.do === 'start' ? [effect.ms] : [])));
    [state] = registration(state, { type: 'timeout', timer: 'retry' }, settings);
  }
  expect(waits).toEqual([1_500, 3_000, 6_000, 12_000, 24_000, 45_000, 45_000, 45_000]);
  expect(step({ at: 'idle' }, { type: 'start' }, { type: 'refused', retryAfterS: undefined })[1][0]).toMatchObject({ timer: 'retry', ms: 22_500 });
  expect(step({ at: 'idle' }, { type: 'start' }, { type: 'refused', retryAfterS: 7 })[1][0]).toMatchObject({ timer: 'retry', ms: 7_000 });
});

test('while a refresh fails what was granted is still good, until it runs out', () => {
  const [waiting] = step({ at: 'idle' }, { type: 'start' }, granted(), { type: 'timeout', timer: 'refresh' }, unanswered());
  expect(waiting).toMatchObject({ at: 'waiting', validUntil: 600_000 });
  expect(step(waiting, { type: 'timeout', timer: 'expiry' })).toEqual([{ ...waiting, validUntil: null }, [{ do: 'tell', state: 'expired' }]]);
});

test('random events: nothing is thrown, no timer is started twice, and after stop and time it is over', () => {
  for (let seed = 1; seed <= 500; seed++) {
    const random = mulberry32(seed);
    const kept: { state: Registration } = { state: { at: 'idle' } };
    const running = new Set<RegistrationTimer>();
    let pending = 0;
    const feed = (input: RegistrationInput): void => {
      const [next, effects] = registration(kept.state, input, { expiresS: 600, random });
      kept.state = next;
      for (const effect of effects) {
        if (effect.do === 'start') {
          expect(running.has(effect.timer)).toBe(false);
          expect(effect.ms).toBeGreaterThan(0);
          running.add(effect.timer);
        } else if (effect.do === 'stop') running.delete(effect.timer);
        else if (effect.do === 'register') pending = 1;
      }
      if (next.at === 'registered') expect(running).toEqual(new Set(['refresh', 'expiry']));
      if (next.at === 'waiting') expect(running).toEqual(new Set(next.validUntil === null ? ['retry'] : ['retry', 'expiry']));
      if (next.at === 'over') expect(running.size).toBe(0);
    };
    const answers: readonly RegistrationInput[] = [granted(), unanswered(2), unanswered(1), { type: 'refused', retryAfterS: undefined }, { type: 'tooBrief', minimumS: 900 }];
    for (let turn = 0; turn < 40; turn++) {
      const possible: RegistrationInput[] = [{ type: 'reachable' }, { type: 'flowLost' }];
      if (kept.state.at === 'idle') possible.push({ type: 'start' });
      if (pending > 0 && kept.state.at === 'registering') possible.push(...answers);
      const timers = [...running];
      for (const timer of timers) possible.push({ type: 'timeout', timer });
      const input = possible[Math.floor(random() * possible.length)];
      if (input === undefined) continue;
      if (input.type === 'timeout') running.delete(input.timer);
      feed(input);
    }
    feed({ type: 'stop' });
    for (let turn = 0; turn < 5 && running.size > 0; turn++) {
      const [timer] = running;
      if (timer === undefined) break;
      running.delete(timer);
      feed({ type: 'timeout', timer });
    }
    expect(kept.state.at).toBe('over');
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

import { expect, test } from 'vitest';
import { ExchangeBed } from './exchange-bed.ts';
import type { LegEvent } from './leg.ts';

const silent: LegEvent = { type: 'silent', silentMs: 30_000 };
const heard: LegEvent = { type: 'heard', silentMs: 40_000 };

/** Two talk, and 5 s after the caller nothing comes from the called side either: both were told 30 s after that. */
function bothSilent() {
  const bed = new ExchangeBed();
  bed.talk();
  bed.caller.leg.say(silent);
  bed.timers.advance(5_000);
  bed.desk.leg.say(silent);
  return bed;
}

function told(bed: ExchangeBed): string[] {
  return [bed.caller, bed.desk].map((endpoint) => endpoint.leg.told().at(-1) ?? '');
}

test('a call from which nothing comes on either side for 60 s is released, and the record says why, once', () => {
  const bed = bothSilent();
  bed.timers.advance(29_999);
  expect(bed.exchange.size).toBe(1);
  bed.timers.advance(1);
  expect(told(bed)).toEqual(['release recoveryOnTimerExpiry', 'release recoveryOnTimerExpiry']);
  expect(bed.records).toHaveLength(1);
  expect(bed.record).toMatchObject({ cause: 'recoveryOnTimerExpiry', evidence: { kind: 'silence', text: 'no audio from either side for 60 s' } });
  expect([bed.exchange.size, bed.timers.size, bed.bugs]).toEqual([0, 0, []]);
});

test('one silent side is told in the story, and nothing else happens', () => {
  const bed = new ExchangeBed();
  bed.talk();
  bed.desk.leg.say(silent);
  bed.timers.advance(3_600_000);
  expect(bed.exchange.calls()).toMatchObject([{ state: 'talking' }]);
  bed.desk.leg.say(heard);
  bed.exchange.hangUp('call-1');
  expect(bed.record.story.filter((entry) => entry.type === 'note').map((entry) => entry.text)).toEqual(['no packet for 30 s', 'packets again, after 40 s without']);
});

test('a side that is heard again saves the call; silence begins anew', () => {
  const bed = bothSilent();
  bed.timers.advance(20_000);
  bed.caller.leg.say(heard);
  bed.timers.advance(100_000);
  expect(bed.exchange.size).toBe(1);
  bed.caller.leg.say(silent);
  bed.timers.advance(29_999);
  expect(bed.exchange.size).toBe(1);
  bed.timers.advance(1);
  expect(bed.exchange.size).toBe(0);
});

test('on hold silence is what is wanted; afterwards it is waited for the whole time', () => {
  const bed = bothSilent();
  bed.desk.leg.say({ type: 'held' });
  bed.timers.advance(3_600_000);
  expect(bed.exchange.calls()).toMatchObject([{ state: 'held' }]);
  bed.desk.leg.say({ type: 'resumed' });
  bed.timers.advance(59_999);
  expect(bed.exchange.size).toBe(1);
  bed.timers.advance(1);
  expect(bed.record.evidence.kind).toBe('silence');
});

test('a gateway that was restarted begins to listen anew', () => {
  const bed = bothSilent();
  bed.exchange.gatewayReturned([]);
  bed.timers.advance(3_600_000);
  expect(bed.exchange.size).toBe(1);
  bed.caller.leg.say(silent);
  bed.desk.leg.say(silent);
  bed.timers.advance(30_000);
  expect(bed.exchange.size).toBe(0);
});

test('a called side that was silent before it answered, and stays so, counts', () => {
  const bed = new ExchangeBed();
  bed.dial('103');
  bed.desk.leg.say({ type: 'progress', media: { codecs: [{ name: 'PCMU', clockRate: 8000 }], digits: 'rtpEvent' } });
  bed.desk.leg.say({ type: 'silent', silentMs: 10_000 });
  bed.desk.leg.say({ type: 'answered', supervision: 'signalled', media: { codecs: [{ name: 'PCMU', clockRate: 8000 }], digits: 'rtpEvent' } });
  bed.caller.leg.say(silent);
  bed.timers.advance(30_000);
  expect(bed.record.evidence.kind).toBe('silence');
});

test('a call that ends by itself stops waiting', () => {
  const bed = bothSilent();
  bed.exchange.hangUp('call-1');
  expect([bed.exchange.size, bed.timers.size, bed.bugs]).toEqual([0, 0, []]);
});

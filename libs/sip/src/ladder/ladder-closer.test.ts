import { FakeTimers } from '@tipring/clock';
import { beforeEach, expect, test } from 'vitest';
import type { Flow } from '../transport/flow.ts';
import { type ClosedLadder, LadderCloser } from './ladder-closer.ts';
import { Ladders } from './ladders.ts';

const flow: Flow = { id: 'f', transport: 'udp', local: { address: '192.0.2.1', port: 5060 }, remote: { address: '198.51.100.7', port: 5062 } };
const text = (start: string, callId: string): Uint8Array => new TextEncoder().encode(`${start}\r\nCall-ID: ${callId}\r\n\r\n`);
let timers: FakeTimers;
let ladders: Ladders;
let closed: ClosedLadder[];
let closer: LadderCloser;

beforeEach(() => {
  timers = new FakeTimers();
  ladders = new Ladders();
  closed = [];
  closer = new LadderCloser(ladders, timers, (ladder) => closed.push(ladder), { calls: 3 });
});

function called(callId: string): void {
  ladders.sent(text('INVITE sip:a SIP/2.0', callId), { flow }, timers.now());
  ladders.received(text('SIP/2.0 200 OK', callId), flow, timers.now());
}

test('a call’s ladder is handed out when its last answer has come, and is forgotten', () => {
  called('a');
  timers.advance(100);
  ladders.sent(text('BYE sip:a SIP/2.0', 'a'), { flow }, timers.now());
  closer.ended('call', 100, ['a'], false);
  expect(closer.of('call')?.messages).toHaveLength(3);
  timers.advance(50);
  ladders.received(text('SIP/2.0 200 OK\r\nCSeq: 2 BYE', 'a'), flow, timers.now());
  timers.advance(3_000);
  expect(closed.map(({ id, endedAt, ladder }) => [id, endedAt, ladder.messages.length])).toEqual([['call', 100, 4]]);
  expect([ladders.size, closer.size, timers.size]).toEqual([0, 0, 0]);
  expect(closer.of('call')).toBeUndefined();
});

test('a BYE that nobody answers is waited for as long as it is repeated (RFC 3261 17.1.2.2)', () => {
  called('a');
  timers.advance(1);
  ladders.sent(text('BYE sip:a SIP/2.0', 'a'), { flow }, timers.now());
  closer.ended('call', 1, ['a'], true);
  timers.advance(32_000);
  expect(closed).toEqual([]);
  ladders.sent(text('BYE sip:a SIP/2.0', 'a'), { flow }, timers.now());
  timers.advance(5_000);
  expect(closed[0]?.ladder.messages.at(-1)).toMatchObject({ times: 2 });
  expect(timers.size).toBe(0);
});

test('a call without SIP has no ladder; with too many of them the oldest is closed as it is; a flush closes all', () => {
  closer.ended('analog', 0, ['SIM-1/3'], false);
  for (const id of ['a', 'b', 'c']) {
    called(id);
    closer.ended(id, 0, [id], false);
  }
  expect(closer.size).toBe(3);
  closer.flush();
  expect(closed.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  expect(timers.size).toBe(0);
});

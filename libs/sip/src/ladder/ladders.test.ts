import { describe, expect, test } from 'vitest';
import type { Flow } from '../transport/flow.ts';
import { callIdOf } from './call-id.ts';
import { Ladders } from './ladders.ts';

const flow: Flow = { id: 'f', transport: 'udp', local: { address: '192.0.2.1', port: 5060 }, remote: { address: '198.51.100.7', port: 5062 } };
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text.replaceAll('\n', '\r\n'));
const request = (method: string, callId: string, extra = ''): Uint8Array => bytes(`${method} sip:102@pbx SIP/2.0\nVia: SIP/2.0/UDP 198.51.100.7;branch=z9hG4bK1\nCall-ID: ${callId}\nCSeq: 1 ${method}\n${extra}\n`);
const response = (status: number, callId: string, method = 'INVITE'): Uint8Array => bytes(`SIP/2.0 ${status} Whatever\nCall-ID: ${callId}\nCSeq: 1 ${method}\n\n`);
const firsts = (ladders: Ladders, ...callIds: string[]): string[] | undefined =>
  ladders.of(callIds)?.messages.map((message) => `${message.direction} ${new TextDecoder().decode(message.bytes).slice(0, 11).trim()} ×${message.times}`);

describe('the Call-ID in the bytes', () => {
  const cases: readonly (readonly [name: string, head: string, found: string])[] = [
    ['as everybody writes it', 'INVITE sip:a SIP/2.0\nVia: x\nCall-ID: abc@host\n\n', 'abc@host'],
    ['compact, with blanks before and after the colon (RFC 3261 7.3.1, 7.3.3)', 'INVITE sip:a SIP/2.0\ni \t:  abc\n\n', 'abc'],
    ['in any case', 'BYE sip:a SIP/2.0\ncALL-iD:abc \n\n', 'abc'],
    ['not a header that begins alike', 'BYE sip:a SIP/2.0\nCall-Info: <x>\nIdentity: y\nCall-ID: abc\n\n', 'abc'],
    ['not in the body', 'MESSAGE sip:a SIP/2.0\nTo: b\n\nCall-ID: abc\n', ''],
    ['not there', 'BYE sip:a SIP/2.0\n\n', ''],
  ];
  test.each(cases)('%s', (_name, head, found) => {
    expect(callIdOf(bytes(head))).toBe(found);
    expect(callIdOf(new TextEncoder().encode(head))).toBe(found);
  });

  test('cut anywhere, it ends and throws nothing', () => {
    const whole = bytes('INVITE sip:a SIP/2.0\nVia: x\nCall-ID: abc@host\nCSeq: 1 INVITE\n\nv=0\n');
    for (let end = 0; end <= whole.length; end += 1) expect('abc@host'.startsWith(callIdOf(whole.subarray(0, end)))).toBe(true);
  });
});

test('every message of an INVITE’s Call-ID is kept in its order, in both directions, and what belongs to no call is not', () => {
  const ladders = new Ladders();
  ladders.received(request('REGISTER', 'r'), flow, 1);
  ladders.sent(response(200, 'r', 'REGISTER'), { flow }, 2);
  ladders.received(request('INVITE', 'a'), flow, 3);
  ladders.sent(response(180, 'a'), { flow }, 4);
  ladders.sent(response(200, 'a'), { flow }, 5);
  ladders.received(request('ACK', 'a'), flow, 6);
  ladders.sent(request('BYE', 'a'), { flow }, 7);
  ladders.received(response(200, 'a', 'BYE'), flow, 8);
  expect(firsts(ladders, 'a')).toEqual(['received INVITE sip: ×1', 'sent SIP/2.0 180 ×1', 'sent SIP/2.0 200 ×1', 'received ACK sip:102 ×1', 'sent BYE sip:102 ×1', 'received SIP/2.0 200 ×1']);
  expect(ladders.of(['r'])).toBeUndefined();
  expect(ladders.size).toBe(1);
});

test('a repetition is counted, and told when it was last', () => {
  const ladders = new Ladders();
  ladders.sent(request('INVITE', 'a'), { transport: 'udp', address: '198.51.100.7', port: 5062 }, 0);
  for (const at of [500, 1_500, 3_500]) ladders.sent(request('INVITE', 'a'), { transport: 'udp', address: '198.51.100.7', port: 5062 }, at);
  expect(ladders.of(['a'])?.messages).toMatchObject([{ at: 0, times: 4, lastAt: 3_500, local: null, remote: { address: '198.51.100.7', port: 5062 } }]);
});

test('two legs of a call are one ladder', () => {
  const ladders = new Ladders();
  ladders.received(request('INVITE', 'a'), flow, 1);
  ladders.sent(request('INVITE', 'b'), { flow }, 2);
  ladders.received(response(200, 'b'), flow, 3);
  ladders.sent(response(200, 'a'), { flow }, 4);
  expect(ladders.of(['a', 'b', 'none'])?.messages.map(({ at }) => at)).toEqual([1, 2, 3, 4]);
});

test('of a call that never stops talking the beginning stays, and the end', () => {
  const ladders = new Ladders({ messages: 9 });
  ladders.received(request('INVITE', 'a'), flow, 0);
  for (let at = 1; at <= 100; at += 1) ladders.received(request('INFO', 'a', `X: ${at}\n`), flow, at);
  const { messages, omitted } = ladders.of(['a'])!;
  expect(messages.map(({ at }) => at)).toEqual([0, 1, 2, 95, 96, 97, 98, 99, 100]);
  expect(omitted).toBe(92);
});

test('the memory of all is bounded: who was only challenged goes first, then the call that began first', () => {
  const ladders = new Ladders({ bytes: 2_000 });
  ladders.sent(request('INVITE', 'ours'), { flow }, 1);
  for (let n = 0; n < 1_000; n += 1) {
    ladders.received(request('INVITE', `stranger-${n}`), flow, 2);
    ladders.sent(response(401, `stranger-${n}`), { flow }, 3);
  }
  expect(ladders.bytes).toBeLessThanOrEqual(2_000);
  expect(firsts(ladders, 'ours')).toHaveLength(1);
  for (let n = 0; n < 1_000; n += 1) ladders.sent(request('INVITE', `call-${n}`), { flow }, 4);
  expect(ladders.bytes).toBeLessThanOrEqual(2_000);
  expect(ladders.of(['ours'])).toBeUndefined();
  expect(ladders.of(['call-999'])).toBeDefined();
  expect(ladders.evicted).toBeGreaterThan(1_900);
});

test('one message that is larger than a call may be is kept all the same, and nothing else', () => {
  const ladders = new Ladders({ callBytes: 1_000, bytes: 1_500 });
  ladders.received(request('INVITE', 'a'), flow, 1);
  ladders.received(request('INFO', 'a', `X: ${'x'.repeat(5_000)}\n`), flow, 2);
  expect(ladders.of(['a'])!.messages).toHaveLength(1);
});

test('an INVITE that became no call is forgotten, and so is a call of which nothing was heard for long; forgetting gives the memory back', () => {
  const ladders = new Ladders({ unansweredMs: 64_000, quietMs: 3_600_000 });
  ladders.received(request('INVITE', 'stranger'), flow, 0);
  ladders.received(request('INVITE', 'call'), flow, 0);
  ladders.sent(response(183, 'call'), { flow }, 1);
  ladders.sweep(64_001);
  expect(ladders.of(['stranger'])).toBeUndefined();
  expect(ladders.of(['call'])).toBeDefined();
  ladders.sweep(3_600_002);
  expect(ladders.size).toBe(0);
  ladders.received(request('INVITE', 'again'), flow, 0);
  ladders.forget(['again', 'nobody']);
  expect([ladders.size, ladders.bytes]).toEqual([0, 0]);
});

test('of a call that goes on the messages are copied out of the buffers they came in, and stay what they were', () => {
  const ladders = new Ladders();
  const large = new Uint8Array(100_000);
  const invite = request('INVITE', 'a');
  large.set(invite, 50_000);
  ladders.received(large.subarray(50_000, 50_000 + invite.length), flow, 0);
  ladders.sent(response(200, 'a'), { flow }, 10);
  const before = firsts(ladders, 'a');
  ladders.sweep(5_000);
  expect(ladders.of(['a'])!.messages[0]!.bytes.buffer.byteLength).toBe(100_000);
  ladders.sweep(30_000);
  const [first, second] = ladders.of(['a'])!.messages;
  expect([first!.bytes, first!.bytes.buffer.byteLength]).toEqual([invite, invite.length + second!.bytes.length]);
  expect(firsts(ladders, 'a')).toEqual(before);
  ladders.received(request('BYE', 'a'), flow, 40_000);
  ladders.sweep(70_000);
  expect(ladders.of(['a'])!.messages.map(({ bytes }) => bytes.buffer)).toEqual(Array.from({ length: 3 }, () => ladders.of(['a'])!.messages[0]!.bytes.buffer));
});

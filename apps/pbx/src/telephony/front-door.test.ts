import { FakeTimers } from '@tipring/clock';
import { type Flow, Guard, type Transport } from '@tipring/sip';
import { expect, test } from 'vitest';
import { FrontDoor } from './front-door.ts';

test('what comes before the calls of an earlier process are taken back waits, and is let in: calls first', async () => {
  const { door, delivered, transport } = bed();
  door.receive(request('BYE', 'one'), flow);
  door.receive(request('INVITE', 'two'), flow);
  expect(delivered).toEqual([]);
  door.open(transport);
  door.receive(request('BYE', 'three'), flow);
  await turn();
  expect(delivered.map((text) => /Call-ID: (\w+)/.exec(text)?.[1])).toEqual(['one', 'three', 'two']);
});

test('a source that sends too much is not answered: an answer helps a scanner', () => {
  const { door, delivered, sent, transport } = bed({ burst: 3 });
  door.open(transport);
  for (let count = 0; count < 10; count += 1) door.receive(request('OPTIONS', 'x'), flow);
  expect([delivered.length, door.counters.limited, sent.length]).toEqual([3, 7, 0]);
});

test('new work has its turn after what belongs to a call, in its order, and a CANCEL after its INVITE', async () => {
  const { door, delivered, transport } = bed();
  door.open(transport);
  for (const [method, callId, to] of [['INVITE', 'one', ''], ['CANCEL', 'one', ''], ['REGISTER', 'two', ''], ['BYE', 'old', ';tag=b']] as const) door.receive(request(method, callId, to), flow);
  await turn();
  expect(delivered.map((text) => text.split(' ')[0])).toEqual(['BYE', 'INVITE', 'CANCEL', 'REGISTER']);
});

test('new work beyond what can be done gets 503 with Retry-After, statelessly (RFC 3261 21.5.4); what belongs to a call is let in', async () => {
  const { door, delivered, sent, transport } = bed({ waitMs: 500 });
  door.open(transport);
  for (let count = 0; count < 50; count += 1) door.receive(request('INVITE', `c${count}`), flow);
  await turn();
  const taken = delivered.length;
  expect(taken).toBe(0);
  expect(sent.length).toBe(50);
  expect(sent[0]).toMatch(/^SIP\/2\.0 503 Service Unavailable\r\n/);
  expect(sent[0]).toMatch(/\r\nRetry-After: \d+\r\n/);
  door.receive(request('BYE', 'known', ';tag=b'), flow);
  door.receive(request('INVITE', 'again', ';tag=b'), flow);
  expect(delivered.length).toBe(taken + 2);
});

function bed({ burst = 10_000, waitMs = 0 } = {}) {
  const timers = new FakeTimers();
  const now = () => timers.now();
  const delivered: string[] = [];
  const sent: string[] = [];
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');
  const transport = { send: (_hop: unknown, bytes: Uint8Array) => void sent.push(text(bytes)) } as unknown as Transport;
  const door = new FrontDoor(new Guard(now, { burst, ratePerS: 1 }), now, (bytes) => void delivered.push(text(bytes)));
  door.admission.observe(waitMs);
  return { door, delivered, sent, transport };
}

/** A turn of the event loop. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}

function request(method: string, callId: string, toParameters = ''): Uint8Array {
  return Buffer.from(
    `${method} sip:102@10.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.7:5060;branch=z9hG4bK${callId}\r\nFrom: <sip:101@10.0.0.1>;tag=a\r\nTo: <sip:102@10.0.0.1>${toParameters}\r\n` +
      `Call-ID: ${callId}\r\nCSeq: 1 ${method}\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n`,
  );
}

const flow: Flow = { id: 'udp:1', transport: 'udp', local: { address: '10.0.0.1', port: 5060 }, remote: { address: '10.0.0.7', port: 5060 } };

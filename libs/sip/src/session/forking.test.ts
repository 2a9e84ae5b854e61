import { expect, test } from 'vitest';
import { createResponse } from '../message/create.ts';
import type { SipRequest, SipResponse } from '../message/message.ts';
import { parseMessage } from '../message/parse.ts';
import { serialize } from '../message/serialize.ts';
import type { Flow } from '../transport/flow.ts';
import { Office } from './session-pair.test-support.ts';

/** A forking proxy as the caller sees it: one INVITE, responses with any To tag. */
function forked(offer: string | undefined = 'v=0 offer') {
  const office = new Office();
  const alice = office.party();
  const received: SipRequest[] = [];
  let flow: Flow | undefined;
  const station = office.wire.attach([{ transport: 'udp', address: '10.0.9.9', port: 5060 }], {
    onMessage(bytes, from) {
      flow = from;
      const outcome = parseMessage(bytes);
      if (!outcome.ok || outcome.message.kind !== 'request') return;
      received.push(outcome.message);
      if (outcome.message.method !== 'INVITE' && outcome.message.method !== 'ACK') send(createResponse(outcome.message, 200));
    },
    onFlowClosed() {},
    onError() {},
  });
  function send(response: SipResponse): void {
    station.send({ flow: flow! }, serialize(response), () => {});
    office.pass(3);
  }
  const caller = alice.call({ ...alice, address: '10.0.9.9' }, { offer: offer as string });
  office.pass(3);
  const answer = (status: number, toTag: string, details: { sdp?: string; headers?: [string, string][] } = {}) => {
    const headers: [string, string][] = [['Contact', `<sip:${toTag}@10.0.9.9>`], ...(details.headers ?? [])];
    if (details.sdp !== undefined) headers.push(['Content-Type', 'application/sdp']);
    send(createResponse(received[0]!, status, { toTag, headers, ...(details.sdp === undefined ? {} : { body: details.sdp }) }));
  };
  const methodsTo = (tag: string) => received.filter((request) => request.to.tag === tag).map((request) => request.method);
  return { office, alice, caller, received, answer, methodsTo };
}

test('several early dialogs, the first 2xx wins, each further one gets ACK and BYE (RFC 3261 13.2.2.4)', () => {
  const { office, alice, caller, answer, methodsTo } = forked();
  answer(180, 'one');
  answer(183, 'two', { sdp: 'v=0 early two' });
  expect(caller.events.map((event) => event.type === 'provisional' && event.dialog)).toEqual(['one', 'two']);
  answer(200, 'two', { sdp: 'v=0 two' });
  answer(200, 'one', { sdp: 'v=0 one' });
  expect(caller.event('accepted')).toMatchObject({ sdp: 'v=0 two', dialog: 'two' });
  expect(methodsTo('two')).toEqual(['ACK']);
  expect(methodsTo('one')).toEqual(['ACK', 'BYE']);
  answer(200, 'three', { sdp: 'v=0 three' });
  expect(methodsTo('three')).toEqual(['ACK', 'BYE']);
  expect(caller.story).toEqual(['provisional', 'provisional', 'accepted']);
  answer(200, 'two', { sdp: 'v=0 two' });
  expect(methodsTo('two')).toEqual(['ACK', 'ACK']);
  caller.session.end();
  office.pass(70_000);
  expect(alice.sessions.size).toBe(0);
});

test('a 2xx of another branch after the call is over gets ACK and BYE as well', () => {
  const { office, caller, answer, methodsTo } = forked();
  answer(200, 'one', { sdp: 'v=0 one' });
  caller.session.end();
  office.pass(5);
  answer(200, 'late', { sdp: 'v=0 late' });
  expect(methodsTo('late')).toEqual(['ACK', 'BYE']);
});

test('a 2xx that answers no INVITE of this process is dropped', () => {
  const { received, answer } = forked();
  answer(200, 'one', { sdp: 'v=0 one' });
  const count = received.length;
  received[0]!.headers.set('Via', 'SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKforged');
  answer(200, 'forged', { sdp: 'v=0 evil' });
  expect(received).toHaveLength(count);
});

test('each early dialog counts its own reliable responses (RFC 3262 4)', () => {
  const { caller, received, answer } = forked();
  const reliable = (rseq: number): [string, string][] => [['Require', '100rel'], ['RSeq', String(rseq)]];
  answer(183, 'one', { sdp: 'v=0 one', headers: reliable(7) });
  answer(183, 'two', { sdp: 'v=0 two', headers: reliable(99) });
  answer(180, 'one', { headers: reliable(9) });
  answer(180, 'one', { headers: reliable(8) });
  expect(received.filter((request) => request.method === 'PRACK').map((prack) => prack.headers.get('RAck'))).toEqual(['7 1 INVITE', '99 1 INVITE', '8 1 INVITE']);
  expect(caller.events.map((event) => event.type === 'provisional' && event.sdp)).toEqual(['v=0 one', 'v=0 two', undefined]);
});

test('a 2xx without the answer to our offer is acknowledged and hung up', () => {
  const { caller, answer, methodsTo } = forked();
  answer(200, 'one');
  expect(methodsTo('one')).toEqual(['ACK', 'BYE']);
  expect(caller.event('ended').by).toBe('local');
});

test('the routes of the 2xx replace those of the 1xx (RFC 3261 13.2.2.4)', () => {
  const { caller, answer } = forked();
  answer(180, 'one', { headers: [['Record-Route', '<sip:a;lr>']] });
  answer(200, 'one', { sdp: 'v=0', headers: [['Record-Route', '<sip:c;lr>, <sip:b;lr>']] });
  expect(caller.session.snapshot()!.dialog.routes).toEqual(['<sip:b;lr>', '<sip:c;lr>']);
});

import { expect, test } from 'vitest';
import { createResponse } from '../message/create.ts';
import { Bench } from './transaction.test-support.ts';

test('the same request by another way gets 482 (RFC 3261 8.2.2.2)', () => {
  const bench = new Bench();
  bench.incoming('INVITE');
  bench.incoming('INVITE', { branch: 'z9hG4bKother' });
  expect(bench.sent).toEqual(['0 482 INVITE']);
  expect(bench.told).toEqual(['INVITE']);
  expect(bench.layer.counters.mergedRequests).toBe(1);
  bench.incoming('INVITE', { branch: 'z9hG4bKauthenticated', cseq: 2 });
  expect(bench.told).toEqual(['INVITE', 'INVITE']);
});

test('two senders may use the same branch: sent-by tells them apart (17.2.3)', () => {
  const bench = new Bench();
  bench.incoming('OPTIONS', { via: 'SIP/2.0/UDP one:5060;branch=z9hG4bKsame' });
  bench.incoming('OPTIONS', { via: 'SIP/2.0/UDP two:5060;branch=z9hG4bKsame', cseq: 2 });
  expect(bench.told).toEqual(['OPTIONS', 'OPTIONS']);
});

test('a peer of RFC 2543 is matched without branch, its ACK too (17.2.3)', () => {
  const bench = new Bench();
  const via = 'SIP/2.0/UDP 192.0.2.2:5060';
  bench.incoming('INVITE', { via });
  bench.respond(486);
  bench.incoming('INVITE', { via });
  bench.incoming('ACK', { via, toTag: 'b' });
  bench.pass(5_000);
  expect(bench.told).toEqual(['INVITE']);
  expect(bench.isEmpty).toBe(true);
});

test('received and rport are stamped, and the response goes where they say (18.2, RFC 3581)', () => {
  const bench = new Bench();
  bench.incoming('OPTIONS', { via: 'SIP/2.0/UDP 10.0.0.9:7000;branch=z9hG4bK1;rport' });
  bench.respond(200);
  expect(bench.messages[0]!.headers.get('Via')).toBe('SIP/2.0/UDP 10.0.0.9:7000;branch=z9hG4bK1;received=192.0.2.2;rport=5060');
  expect(bench.hops[0]).toEqual({ flow: bench.flow });
  bench.incoming('OPTIONS', { via: 'SIP/2.0/UDP 10.0.0.9:7000;branch=z9hG4bK2', cseq: 2 });
  bench.respond(200);
  expect(bench.hops[1]).toEqual({ transport: 'udp', address: '192.0.2.2', port: 7000 });
});

test('over a connection the response goes back on it, whatever Via says (18.2.2)', () => {
  const bench = new Bench('tcp');
  bench.incoming('OPTIONS', { via: 'SIP/2.0/TCP 10.0.0.9:7000;branch=z9hG4bK1' });
  bench.respond(200);
  expect(bench.hops[0]).toEqual({ flow: bench.flow });
});

test('too many open requests: new ones get 503 with Retry-After, those in dialogs go on', () => {
  const bench = new Bench('udp', { maximumPending: 2, retryAfterS: 7 });
  for (let call = 0; call < 3; call++) bench.incoming('INVITE', { branch: `z9hG4bK${call}`, cseq: call + 1 });
  expect(bench.sent).toEqual(['0 503 INVITE']);
  expect(bench.messages[0]!.headers.get('Retry-After')).toBe('7');
  expect(bench.layer.counters.overloads).toBe(1);
  bench.incoming('BYE', { branch: 'z9hG4bKbye', toTag: 'b' });
  expect(bench.told).toEqual(['INVITE', 'INVITE', 'BYE']);
  bench.respond(200);
  bench.transactions[0]!.respond(createResponse(bench.transactions[0]!.request, 486));
  bench.incoming('INVITE', { branch: 'z9hG4bKlater', cseq: 9 });
  expect(bench.told.at(-1)).toBe('INVITE');
});

test('the maximum bounds what lingers', () => {
  const bench = new Bench('udp', { maximum: 10 });
  for (let call = 0; call < 20; call++) {
    bench.incoming('OPTIONS', { branch: `z9hG4bK${call}`, cseq: call + 1 });
    bench.respond(200);
  }
  expect(bench.layer.size.servers).toBe(10);
  bench.pass(32_000);
  expect(bench.isEmpty).toBe(true);
});

test('bytes that are no message are answered or dropped, and counted', () => {
  const bench = new Bench();
  const text = (bytes: string) => new TextEncoder().encode(bytes);
  bench.layer.receiveBytes(text('nonsense'), bench.flow);
  bench.layer.receiveBytes(text('OPTIONS sip:b SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a>;tag=a\r\nTo: <sip:b>\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\n\r\n'), bench.flow);
  expect(bench.sent).toEqual(['0 400 INVITE']);
  expect([...bench.layer.counters.refusedBytes.values()]).toEqual([1, 1]);
});

test('a large request takes another transport, and falls back with a new Via when the peer has none (18.1.1)', () => {
  const bench = new Bench();
  let hasTcp = true;
  const udp = { transport: 'udp', address: '192.0.2.2', port: 5060 } as const;
  const { transport } = bench.layer;
  Object.assign(transport, {
    hopFor: () => (hasTcp ? { ...udp, transport: 'tcp' } : udp),
    advertised: (hop: { transport: string }) => ({ transport: hop.transport, address: '192.0.2.1', port: 5060 }),
  });
  const request = bench.incoming('OPTIONS', { branch: 'z9hG4bKtemplate' });
  request.headers.remove('Via');
  const told: string[] = [];
  bench.layer.request(request, udp, { onResponse: (response) => told.push(String(response.status)), onFailure: (failure) => told.push(failure) });
  hasTcp = false;
  bench.fail();
  const vias = bench.messages.map((message) => message.headers.lines('Via'));
  expect(vias.map(([via]) => via!.slice(0, 11))).toEqual(['SIP/2.0/TCP', 'SIP/2.0/UDP']);
  expect(vias[1]).toHaveLength(1);
  const sent = bench.messages.at(-1)!;
  if (sent.kind === 'request') bench.layer.receive(createResponse(sent, 200), bench.flow);
  expect(told).toEqual(['200']);
});

test('random messages and times: nothing throws, nothing is left', () => {
  let seed = 5;
  const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  const pick = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)] as T;
  for (let round = 0; round < 200; round++) {
    const bench = new Bench(pick(['udp', 'tcp']));
    for (let step = 0; step < 60; step++) {
      const act = pick([
        () => bench.incoming(pick(['INVITE', 'ACK', 'CANCEL', 'BYE', 'OPTIONS']), { branch: `z9hG4bK${Math.floor(random() * 3)}`, cseq: 1 + Math.floor(random() * 3) }),
        () => bench.respond(pick([100, 180, 200, 302, 486, 500])),
        () => void bench.send(pick(['INVITE', 'BYE'])),
        () => (bench.messages[0]?.kind === 'request' ? bench.answer(pick([100, 180, 200, 404, 603])) : undefined),
        () => bench.fail(),
        () => bench.pass(random() * 4_000),
      ]);
      act();
    }
    for (const transaction of bench.transactions) transaction.respond(createResponse(transaction.request, 500));
    for (const message of bench.messages.filter((one) => one.kind === 'request')) bench.layer.receive(createResponse(message, 500), bench.flow);
    expect(bench.timers.runAll(200_000)).toBe(true);
    expect(bench.layer.size).toEqual({ clients: 0, servers: 0, pending: 0 });
  }
});

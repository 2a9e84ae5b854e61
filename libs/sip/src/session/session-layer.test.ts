import { expect, test } from 'vitest';
import { createRequest, createResponse } from '../message/create.ts';
import type { SipResponse } from '../message/message.ts';
import { established, Office } from './session-pair.test-support.ts';
import type { Call } from './session-pair.test-support.ts';
import type { Session } from './session.ts';

/** Sends one request outside a dialog and returns its final response. */
function ask(method: string, headers: [string, string][] = [], parts: { uri?: string; body?: string; toTag?: string; maxForwards?: string } = {}) {
  const office = new Office();
  const [alice, bob] = [office.party(), office.party()];
  const uri = parts.uri ?? `sip:bob@${bob.address}`;
  const request = createRequest({
    method,
    uri,
    headers: [
      ['Max-Forwards', parts.maxForwards ?? '70'],
      ['From', '<sip:alice@10.0.0.1>;tag=a'],
      ['To', `<sip:bob@10.0.0.2>${parts.toTag === undefined ? '' : `;tag=${parts.toTag}`}`],
      ['Call-ID', 'x'],
      ['CSeq', `1 ${method}`],
      ['Contact', '<sip:alice@10.0.0.1>'],
      ...headers,
    ],
    ...(parts.body === undefined ? {} : { body: parts.body }),
  });
  let response: SipResponse | undefined;
  alice.transactions.request(request, { transport: 'udp', address: bob.address, port: 5060 }, { onResponse: (got) => (response = got), onFailure() {} });
  office.pass(10);
  return { office, bob, response };
}

test('OPTIONS is answered with what we can (RFC 3261 11.2)', () => {
  const { response } = ask('OPTIONS', [], { maxForwards: '0' });
  expect(response!.status).toBe(200);
  expect(response!.headers.get('Allow')).toBe('INVITE, BYE, PRACK, UPDATE, INFO, ACK, CANCEL, OPTIONS, REGISTER, REFER, NOTIFY');
  expect(response!.headers.get('Accept')).toBe('application/sdp');
  expect(response!.headers.get('Supported')).toBe('100rel, timer');
});

test('a known method that is not taken gets 405, an unheard-of one 501, both with Allow (RFC 3261 8.2.1)', () => {
  expect(ask('PUBLISH').response).toMatchObject({ status: 405 });
  expect(ask('NEWMETHOD').response).toMatchObject({ status: 501 });
  expect(ask('PUBLISH').response!.headers.has('Allow')).toBe(true);
});

test('an unknown URI scheme gets 416 (RFC 3261 8.2.2.1)', () => {
  expect(ask('INVITE', [], { uri: 'nobodyKnowsThisScheme:totallyopaquecontent' }).response!.status).toBe(416);
});

test('an option we do not know in Require gets 420 with Unsupported (RFC 3261 8.2.2.3)', () => {
  const { response } = ask('INVITE', [['Require', '100rel, nothingSupportsThis'], ['Require', 'timer, norThis']]);
  expect(response!.status).toBe(420);
  expect(response!.headers.get('Unsupported')!.toLowerCase()).toBe('nothingsupportsthis, northis');
});

test('a call that has used up its hops gets 483; a request that ends here does not (RFC 3261 16.3)', () => {
  expect(ask('INVITE', [], { maxForwards: '0' }).response!.status).toBe(483);
  expect(ask('REGISTER', [], { maxForwards: '0' }).bob.requests).toHaveLength(1);
});

test('a body we cannot read gets 415 with Accept, unless it is optional (RFC 3261 8.2.3)', () => {
  const refused = ask('INVITE', [['Content-Type', 'application/unknown']], { body: 'x' }).response!;
  expect([refused.status, refused.headers.get('Accept')]).toEqual([415, 'application/sdp']);
  expect(ask('INVITE', [], { body: 'x' }).response!.status).toBe(415);
  expect(ask('INVITE', [['Content-Type', 'application/sdp'], ['Content-Encoding', 'gzip']], { body: 'x' }).response!.headers.get('Accept-Encoding')).toBe('identity');
  expect(ask('INVITE', [['Content-Type', 'image/png'], ['Content-Disposition', 'icon;handling=optional']], { body: 'x' }).bob.invites).toHaveLength(1);
});

test('a To tag without its dialog gets 481 (RFC 3261 12.2.2)', () => {
  for (const method of ['INVITE', 'BYE', 'UPDATE', 'INFO', 'PRACK', 'NOTIFY']) expect(ask(method, [], { toTag: 'gone' }).response!.status).toBe(481);
});

test('a request in a dialog of other tags or another Call-ID gets 481', () => {
  const office = new Office();
  const [alice, bob] = [office.party(), office.party()];
  const { caller, callee } = established(office, alice, bob);
  const snapshot = caller.session.snapshot()!;
  const statuses: (number | undefined)[] = [];
  for (const changed of [{ callId: 'other' }, { localTag: 'other', local: '<sip:alice@10.0.0.1>;tag=other' }]) {
    const forged = alice.sessions.adopt({ ...snapshot, dialog: { ...snapshot.dialog, ...changed } }, () => {});
    forged.request('BYE', {}, (response) => statuses.push(response?.status));
    office.pass(5);
  }
  expect(statuses).toEqual([481, 481]);
  expect(callee.session.phase).toBe('confirmed');
});

test('other requests outside a dialog go to the user, who answers', () => {
  const { office, bob } = ask('REGISTER');
  const [transaction] = bob.requests;
  transaction!.respond(createResponse(transaction!.request, 200));
  office.pass(5);
  expect(office.count('200 REGISTER')).toBe(1);
});

test('a call survives the restart of either side: hold, resume and hang up from a snapshot', () => {
  for (const side of ['caller', 'callee'] as const) {
    const office = new Office();
    const [alice, bob] = [office.party(), office.party()];
    const calls = established(office, alice, bob);
    calls.caller.session.reinvite('v=0 hold');
    office.pass(5);
    calls.callee.session.answerOffer('v=0 held');
    office.pass(5);
    const snapshot = JSON.parse(JSON.stringify(calls[side].session.snapshot())) as NonNullable<ReturnType<typeof calls.caller.session.snapshot>>;
    const [dead, other] = side === 'caller' ? [alice, calls.callee] : [bob, calls.caller];
    dead.leave();
    const reborn = office.party({}, undefined, 'udp', dead.address);
    const events: string[] = [];
    const session = reborn.sessions.adopt(snapshot, (event) => events.push(event.type));
    expect(session.phase).toBe('confirmed');
    session.reinvite('v=0 resume');
    office.pass(5);
    expect(other.event('offer').sdp).toBe('v=0 resume');
    other.session.answerOffer('v=0 resumed');
    office.pass(5);
    other.session.reinvite('v=0 hold by the other');
    office.pass(5);
    session.answerOffer('v=0 ok');
    office.pass(5);
    expect(other.event('answer').sdp).toBe('v=0 ok');
    expect(events.filter((type) => type !== 'changed')).toEqual(['answer', 'offer']);
    session.end();
    office.pass(5);
    expect(other.event('ended').by).toBe('remote');
    expect(reborn.sessions.size).toBe(0);
  }
});

test('a BYE to an adopted session ends it', () => {
  const office = new Office();
  const [alice, bob] = [office.party(), office.party()];
  const { caller, callee } = established(office, alice, bob);
  const snapshot = callee.session.snapshot()!;
  bob.leave();
  const reborn = office.party({}, undefined, 'udp', bob.address);
  const events: string[] = [];
  reborn.sessions.adopt(snapshot, (event) => events.push(event.type));
  caller.session.end();
  office.pass(5);
  expect(events).toEqual(['ended']);
});

test('with 10 % loss each way, at least 99 % of 200 calls complete (issue 2, 6)', () => {
  const office = new Office(0.1, [5, 30]);
  const [alice, bob] = [office.party(), office.party({}, (invite) => {
    const session = invite.take(() => {});
    session.provisional(180);
    office.timers.start(200, () => session.accept('v=0 answer'));
  })];
  let complete = 0;
  for (let call = 0; call < 200; call++) {
    const session = alice.sessions.invite(
      { hop: { transport: 'udp', address: bob.address, port: 5060 }, uri: `sip:bob@${bob.address}`, from: '<sip:alice@a>', to: '<sip:bob@b>', offer: 'v=0' },
      (event) => {
        if (event.type === 'accepted') office.timers.start(5_000, () => session.end());
        if (event.type === 'ended' && event.by === 'local') complete++;
      },
    );
    office.pass(20);
  }
  expect(office.timers.runAll(300_000)).toBe(true);
  expect(complete).toBeGreaterThanOrEqual(198);
  expect([alice.sessions.size, bob.sessions.size]).toEqual([0, 0]);
  expect([alice.transactions.size, bob.transactions.size]).toEqual(Array(2).fill({ clients: 0, servers: 0, pending: 0 }));
});

test('random commands on both sides with loss, doubling and reordering: nothing throws, every session ends once, nothing is left', () => {
  for (let seed = 1; seed <= 25; seed++) {
    const office = new Office(0.15, [1, 300], 0.1, seed);
    const { random } = office;
    const calls: Call[] = [];
    const alice = office.party({ sessionTimer: { expiresS: 90, minimumS: 90 } });
    const bob = office.party({ sessionTimer: { expiresS: 120, minimumS: 90 } });
    for (let step = 0; step < 120; step++) {
      if (random() < 0.15) calls.push(alice.call(bob, random() < 0.3 ? { offer: undefined as never } : {}));
      if (random() < 0.15) calls.push(bob.call(alice));
      for (const party of [alice, bob]) if (party.invites.length > 0 && random() < 0.5) calls.push(party.take());
      const call = calls[Math.floor(random() * calls.length)];
      if (call !== undefined) act(call.session, random);
      office.pass(random() * 700);
    }
    for (const party of [alice, bob]) while (party.invites.length > 0) calls.push(party.take());
    for (const { session } of calls) session.end();
    expect(office.timers.runAll(400_000)).toBe(true);
    for (const call of calls) {
      const finals = call.events.filter((event) => event.type === 'ended' || event.type === 'rejected');
      expect(finals).toHaveLength(1);
      expect(call.events.at(-1)).toBe(finals[0]);
    }
    expect([alice.sessions.size, bob.sessions.size]).toEqual([0, 0]);
    expect([alice.transactions.size, bob.transactions.size]).toEqual(Array(2).fill({ clients: 0, servers: 0, pending: 0 }));
  }
});

function act(session: Session, random: () => number): void {
  const commands = [
    () => session.provisional(180),
    () => session.provisional(183, { sdp: 'v=0 early', reliable: true }),
    () => session.accept('v=0 answer'),
    () => session.accept('v=0 answer'),
    () => session.reject(486),
    () => session.end(),
    () => session.reinvite('v=0 again'),
    () => session.update('v=0 update'),
    () => session.answerOffer('v=0 reply'),
    () => session.answerOffer('v=0 reply'),
    () => session.refuseOffer(),
    () => session.info('text/plain', 'x'),
    () => void session.snapshot(),
  ];
  commands[Math.floor(random() * commands.length)]!();
}

test('OPTIONS within a dialog shows whether it is still there: 200 or 481', () => {
  const office = new Office();
  const [alice, bob] = [office.party(), office.party()];
  const { caller } = established(office, alice, bob);
  const statuses: (number | undefined)[] = [];
  caller.session.request('OPTIONS', {}, (response) => statuses.push(response?.status));
  office.pass(5);
  expect(statuses).toEqual([200]);
  expect(ask('OPTIONS', [], { toTag: 'gone' }).response!.status).toBe(481);
});

import { expect, test } from 'vitest';
import { PhoneBed } from './phone-bed.ts';
import { PBX, REALM, sdp } from './scripted-phone.ts';

function two(how: ConstructorParameters<typeof PhoneBed>[0] = {}) {
  const bed = new PhoneBed(how);
  const [anna, ben] = [bed.phone('101', '101', 11), bed.phone('102', '102', 12)];
  return { bed, anna, ben };
}

/** 101 calls 102 and they talk. */
function talk(how: ConstructorParameters<typeof PhoneBed>[0] = {}) {
  const parties = two(how);
  parties.anna.call('102');
  parties.bed.pass();
  parties.ben.ring();
  parties.bed.pass();
  parties.ben.answer();
  parties.bed.pass();
  return parties;
}

test('two phones talk: challenged, ringing, answered, both descriptions point at the gateway, and one hangs up', () => {
  const { bed, anna, ben } = talk();
  expect(anna.types()).toEqual(['provisional', 'accepted']);
  expect(anna.session?.phase).toBe('confirmed');
  expect(ben.session?.phase).toBe('confirmed');
  expect(ben.incoming[0]?.offer).toContain(`c=IN IP4 ${PBX.address}`);
  expect(ben.incoming[0]?.offer).toContain('m=audio 20000 RTP/AVP 8 0 9 101');
  expect(anna.of('accepted')[0]?.sdp).toContain('m=audio 20002 RTP/AVP 8 0 101');
  expect(bed.pbx.exchange.calls()).toMatchObject([{ state: 'talking', from: { number: '101', name: 'Phone 101' }, to: '102' }]);
  anna.session?.end();
  bed.pass();
  expect(ben.types()).toEqual(['ended']);
  expect(bed.pbx.record).toMatchObject({ cause: 'normalClearing', answeredBy: 'd-102', recovered: false });
  expect(bed.pbx.record.legs.map((leg) => leg.reference)).toEqual([anna.session?.callId, ben.session?.callId]);
  expect(bed.pbx.bugs).toEqual([]);
});

test('what the gateway is asked for a whole call: an add for each leg, one modify, one topology, two blobs, one release', () => {
  const { bed, ben } = talk();
  ben.session?.end();
  bed.pass();
  expect(bed.commands()).toEqual(['add', 'attach', 'modify', 'add', 'topology', 'attach', 'release']);
});

test('a call that goes on has one hop less, so that a loop ends with 483 (RFC 3261 16.3, 16.6)', () => {
  const { bed, anna, ben } = two();
  anna.call('102', { maxForwards: 7 });
  bed.pass();
  expect(ben.incoming[0]?.request.headers.get('Max-Forwards')).toBe('6');
  anna.call('102', { maxForwards: 0 });
  bed.pass();
  expect(anna.of('rejected')).toMatchObject([{ status: 483 }]);
  expect(ben.incoming).toHaveLength(1);
});

test('everything is gone after a call: sessions, dialogs, terminations, timers', () => {
  const { bed, ben } = talk();
  ben.session?.end();
  bed.pass(40_000);
  expect([bed.pbx.exchange.size, bed.pbx.media.size, bed.pbx.transactions.size]).toEqual([0, 0, { clients: 0, servers: 0, pending: 0 }]);
});

test('caller ID: name and number of the account, not what the phone asserts; its number is not in the From it wrote', () => {
  const { bed, anna, ben } = two();
  anna.call('102', { from: `"The Boss" <sip:101@${REALM}>`, headers: [['P-Asserted-Identity', '<sip:100@pbx.example>'], ['P-Preferred-Identity', '<sip:100@pbx.example>']] });
  bed.pass();
  const [invite] = bed.requests('INVITE', ben.address);
  expect(invite).toContain(`From: "Phone 101" <sip:101@${REALM}>;tag=`);
  expect(invite).not.toContain('Asserted');
  expect(invite).not.toContain('Boss');
});

test('a withheld number reaches nobody (RFC 3323)', () => {
  const { bed, anna, ben } = two();
  anna.call('102', { headers: [['Privacy', 'id']] });
  bed.pass();
  const [invite] = bed.requests('INVITE', ben.address);
  expect(invite).toContain('From: "Anonymous" <sip:anonymous@anonymous.invalid>;tag=');
  expect(invite).toContain('Privacy: id');
  expect(invite).not.toContain('Phone 101');
  expect(invite).not.toContain('sip:101@');
});

test.each([
  [486, 'Busy Here', 'userBusy', 486],
  [603, 'Decline', 'rejected', 603],
  [480, 'Temporarily Unavailable', 'noUserResponding', 408],
  [404, 'Not Found', 'unallocatedNumber', 404],
  [500, 'Server Internal Error', 'temporaryFailure', 503],
  [488, 'Not Acceptable Here', 'incompatibleDestination', 488],
] as const)('a phone that answers %i %s: the caller hears so, and the record has the cause', (status, reason, cause, told) => {
  const { bed, anna, ben } = two();
  anna.call('102');
  bed.pass();
  ben.incoming[0]?.refuse(status);
  bed.pass();
  expect(anna.of('rejected')[0]).toMatchObject({ status: told });
  expect(bed.pbx.record).toMatchObject({ cause, evidence: { kind: 'sipResponse', text: `${status} ${reason}` } });
});

test('the cause in a Reason header counts more than the status (RFC 6432)', () => {
  const { bed, anna, ben } = two();
  anna.call('102');
  bed.pass();
  ben.incoming[0]?.refuse(480, { headers: [['Reason', 'Q.850;cause=17']] });
  bed.pass();
  expect(anna.of('rejected')[0]?.status).toBe(486);
});

test('a 302 is not followed: the caller is released', () => {
  const { bed, anna, ben } = two();
  anna.call('102');
  bed.pass();
  ben.incoming[0]?.refuse(302, { headers: [['Contact', '<sip:900@evil.example>']] });
  bed.pass();
  expect(anna.types()).toEqual(['rejected']);
  expect(bed.pbx.record.evidence.text).toBe('302 Moved Temporarily, to <sip:900@evil.example>: not followed');
});

test('an unknown number is 404, and recorded', () => {
  const { bed, anna } = two();
  anna.call('999');
  bed.pass();
  expect(anna.of('rejected')[0]?.status).toBe(404);
  expect(bed.pbx.record.cause).toBe('unallocatedNumber');
});

test('a phone that is not registered is 480', () => {
  const { bed, anna, ben } = two();
  ben.register({ expires: 0 });
  bed.pass();
  anna.call('102');
  bed.pass();
  expect(anna.of('rejected')[0]?.status).toBe(480);
  expect(bed.pbx.record.cause).toBe('subscriberAbsent');
});

test('nobody answers: both devices stop ringing, the caller gets 480', () => {
  const { bed, anna, ben } = two();
  anna.call('102');
  bed.pass();
  ben.ring();
  bed.pass(31_000);
  expect(ben.types()).toEqual(['ended']);
  expect(anna.of('rejected')[0]?.status).toBe(480);
  expect(bed.pbx.record.cause).toBe('noAnswer');
});

test('the caller gives up: CANCEL goes on to the phone that rings', () => {
  const { bed, anna, ben } = two();
  anna.call('102');
  bed.pass();
  ben.ring();
  bed.pass();
  anna.session?.end();
  bed.pass();
  expect(ben.of('ended')).toMatchObject([{ by: 'remote' }]);
  expect(bed.pbx.record).toMatchObject({ cause: 'normalClearing', answeredAt: null });
});

test('an extension with two devices: the first to answer talks, the other is told the call was completed elsewhere (RFC 3326)', () => {
  const bed = new PhoneBed();
  const [anna, desk, soft] = [bed.phone('101', '101', 11), bed.phone('102-desk', '102', 12), bed.phone('102-soft', '102', 13)];
  anna.call('102');
  bed.pass();
  desk.ring();
  soft.ring();
  bed.pass();
  desk.answer();
  bed.pass();
  expect(bed.requests('CANCEL', soft.address)[0]).toContain('Reason: SIP;cause=200;text="Call completed elsewhere"');
  expect(bed.commands()).toContain('subtract');
  anna.session?.end();
  bed.pass();
  expect(bed.pbx.record).toMatchObject({ answeredBy: 'd-102-desk', cause: 'normalClearing' });
  expect(bed.pbx.record.legs.map((leg) => leg.cause)).toEqual(['normalClearing', 'normalClearing', 'answeredElsewhere']);
});

test('all devices answer at once: one talks, the other gets its BYE', () => {
  const bed = new PhoneBed();
  const [anna, desk, soft] = [bed.phone('101', '101', 11), bed.phone('102-desk', '102', 12), bed.phone('102-soft', '102', 13)];
  anna.call('102');
  bed.pass();
  desk.answer();
  soft.answer();
  bed.pass(200);
  expect([desk.session?.phase, soft.session?.phase].sort()).toEqual(['confirmed', 'ended']);
  expect(bed.pbx.exchange.calls()[0]?.state).toBe('talking');
});

test('early media: a 183 with a description reaches the caller as one of ours, and the 200 says the same (RFC 3261 13.2.1)', () => {
  const { bed, anna, ben } = two();
  anna.call('102');
  bed.pass();
  ben.take().provisional(183, { sdp: sdp(ben.address) });
  bed.pass();
  const [early] = anna.of('provisional');
  expect(early).toMatchObject({ status: 183, sdp: expect.stringContaining('m=audio 20002') as string });
  expect(bed.commands()).toContain('topology');
  ben.answer();
  bed.pass();
  expect(anna.of('accepted')[0]?.sdp).toBe(early?.sdp);
  expect(bed.commands().filter((command) => command === 'modify')).toHaveLength(1);
});

test('early media of one device and the answer of another with another codec: the caller is asked to change', () => {
  const bed = new PhoneBed();
  const [anna, desk, soft] = [bed.phone('101', '101', 11), bed.phone('102-desk', '102', 12), bed.phone('102-soft', '102', 13)];
  anna.call('102');
  bed.pass();
  desk.take().provisional(183, { sdp: sdp(desk.address, { formats: '8 101' }) });
  bed.pass();
  soft.answer(sdp(soft.address, { formats: '0 101' }));
  bed.pass();
  expect(anna.of('accepted')[0]?.sdp).toContain('RTP/AVP 8 101');
  expect(anna.of('offer')).toMatchObject([{ method: 'INVITE', sdp: expect.stringContaining('RTP/AVP 0 101') as string }]);
});

test('the caller is answered with no more than the called side took', () => {
  const { bed, anna, ben } = two();
  anna.call('102', { offer: sdp(anna.address, { formats: '9 8 0 101' }) });
  bed.pass();
  expect(ben.incoming[0]?.offer).toContain('RTP/AVP 9 8 0 101');
  ben.answer(sdp(ben.address, { formats: '0 101' }));
  bed.pass();
  expect(anna.of('accepted')[0]?.sdp).toContain('RTP/AVP 0 101');
});

test('an offer without any codec that may pass is 488, and recorded', () => {
  const { bed, anna, ben } = two();
  anna.call('102', { offer: sdp(anna.address, { formats: '18' }) });
  bed.pass();
  expect(anna.of('rejected')[0]?.status).toBe(488);
  expect(bed.pbx.record.cause).toBe('incompatibleDestination');
  expect(ben.incoming).toEqual([]);
});

test('an offer that insists on SRTP is 488, never answered in the clear', () => {
  const { bed, anna, ben } = two();
  anna.call('102', { offer: sdp(anna.address).replace('RTP/AVP', 'RTP/SAVP') });
  bed.pass();
  expect(anna.of('rejected')[0]?.status).toBe(488);
  expect(ben.incoming).toEqual([]);
});

test('an INVITE without offer: ours comes in the 200, the answer in the ACK', () => {
  const { bed, anna, ben } = two();
  anna.call('102', { offer: 'none' });
  bed.pass();
  ben.ring();
  bed.pass();
  ben.answer();
  bed.pass();
  expect(anna.of('offer')).toMatchObject([{ method: 'ACK', sdp: expect.stringContaining('m=audio 20002 RTP/AVP 8 0 9 101') as string }]);
  anna.session?.answerOffer(sdp(anna.address));
  bed.pass();
  const modified = bed.gateway.sent.filter((command) => command.do === 'modify');
  expect(modified).toMatchObject([{ remote: { rtp: { address: ben.address } } }, { remote: { rtp: { address: anna.address } } }]);
  expect(anna.session?.phase).toBe('confirmed');
});

test('video is refused in its place, audio goes on (RFC 3264 6)', () => {
  const { bed, anna, ben } = two();
  anna.call('102', { offer: `${sdp(anna.address)}m=video 5000 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n` });
  bed.pass();
  expect(ben.incoming[0]?.offer).not.toContain('m=video');
  ben.answer();
  bed.pass();
  expect(anna.of('accepted')[0]?.sdp).toContain('m=video 0 RTP/AVP 96');
});

test('hold and resume are answered here, the gateway changes the mode, the story tells', () => {
  const { bed, anna, ben } = talk();
  const id = bed.pbx.exchange.calls()[0]?.id ?? '';
  anna.session?.reinvite(sdp(anna.address, { direction: 'sendonly', version: 2 }));
  bed.pass();
  const held = anna.of('answer')[0]?.sdp ?? '';
  expect(held).toContain('a=recvonly');
  expect(held).toMatch(/o=- \d+ 2 IN/);
  expect(bed.pbx.exchange.calls()[0]?.state).toBe('held');
  expect(bed.gateway.sent.findLast((command) => command.do === 'modify')).toMatchObject({ termination: `${id}.1`, mode: 'sendonly' });
  anna.session?.reinvite(sdp(anna.address, { version: 3 }));
  bed.pass();
  expect(bed.pbx.exchange.calls()[0]?.state).toBe('talking');
  expect(bed.requests('INVITE', ben.address)).toHaveLength(1);
  anna.session?.end();
  bed.pass();
  expect(bed.pbx.record.story.map((entry) => entry.type)).toEqual(expect.arrayContaining(['held', 'resumed']));
});

test('hold by an unspecified address, as RFC 2543 had it: held, and the gateway keeps the address', () => {
  const { bed, anna } = talk();
  anna.session?.reinvite(sdp(anna.address, { version: 2 }).replace(`c=IN IP4 ${anna.address}`, 'c=IN IP4 0.0.0.0'));
  bed.pass();
  expect(bed.pbx.exchange.calls()[0]?.state).toBe('held');
  expect(bed.gateway.sent.findLast((command) => command.do === 'modify')).toEqual({ do: 'modify', context: expect.any(String) as string, termination: expect.any(String) as string, mode: 'sendonly' });
});

test('the called side may hold too, also by UPDATE (RFC 3311)', () => {
  const { bed, ben } = talk();
  ben.session?.update(sdp(ben.address, { direction: 'inactive', version: 2 }));
  bed.pass();
  expect(ben.of('answer')[0]?.sdp).toContain('a=inactive');
  expect(bed.pbx.exchange.calls()[0]?.legs[1]?.state).toBe('held');
});

test('a re-INVITE that changes nothing is answered with the same description, and nobody is bothered', () => {
  const { bed, anna } = talk();
  const before = bed.gateway.sent.length;
  anna.session?.reinvite(sdp(anna.address));
  bed.pass();
  expect(anna.of('answer')[0]?.sdp).toBe(anna.of('accepted')[0]?.sdp);
  expect(bed.gateway.sent.slice(before).map((command) => command.do).filter((command) => command !== 'attach')).toEqual([]);
});

test('a re-INVITE to another address moves the media; to a codec that nobody here has, it is 488 and the call goes on', () => {
  const { bed, anna, ben } = talk();
  ben.session?.reinvite(sdp(ben.address, { formats: '8 101', port: 4444, version: 2 }));
  bed.pass();
  expect(bed.gateway.sent.findLast((command) => command.do === 'modify')).toMatchObject({ remote: { rtp: { port: 4444 }, codecs: [{ name: 'PCMA' }, { name: 'telephone-event' }] } });
  ben.session?.reinvite(sdp(ben.address, { formats: '18', version: 3 }));
  bed.pass();
  expect(ben.of('offerRefused')).toMatchObject([{ status: 488 }]);
  expect(anna.session?.phase).toBe('confirmed');
});

test('a re-INVITE without offer is given one, with all that the call could use (RFC 3261 14.2)', () => {
  const { bed, anna } = talk();
  anna.session?.request('INVITE', {}, () => {});
  bed.pass();
  const response = bed.seen.findLast((one) => one.to === anna.address && one.text.startsWith('SIP/2.0 200'));
  expect(response?.text).toContain('m=audio 20002 RTP/AVP 8 0 101');
  expect(bed.pbx.exchange.calls()[0]?.state).toBe('talking');
});

test('a digit that the gateway relayed is told, not sent again; one it could not relay goes on once', () => {
  const { bed, anna } = talk();
  const id = bed.pbx.exchange.calls()[0]?.id ?? '';
  const before = bed.gateway.sent.length;
  bed.gateway.emit({ event: 'digit', context: id, termination: `${id}.1`, digit: '5', durationMs: 120, relayed: true });
  bed.pass();
  expect(bed.gateway.sent).toHaveLength(before);
  bed.gateway.emit({ event: 'digit', context: id, termination: `${id}.1`, digit: '6', durationMs: 120, relayed: false });
  bed.pass();
  expect(bed.gateway.sent.slice(before)).toEqual([{ do: 'signal', context: id, termination: `${id}.2`, signal: { type: 'digit', digit: '6', durationMs: 120 } }]);
  anna.session?.end();
  bed.pass();
  expect(bed.pbx.record.story.filter((entry) => entry.text.startsWith('digit')).map((entry) => entry.text)).toEqual(['digit 5, relayed in RTP', 'digit 6']);
});

test.each([
  ['application/dtmf-relay', 'Signal=7\r\nDuration=200\r\n', 200],
  ['application/dtmf', '7', 160],
])('INFO %s becomes an RFC 4733 event, once', (type, body, durationMs) => {
  const { bed, anna } = talk();
  const before = bed.gateway.sent.length;
  anna.session?.info(type, body);
  bed.pass();
  expect(bed.gateway.sent.slice(before).filter((command) => command.do === 'signal')).toMatchObject([{ signal: { digit: '7', durationMs } }]);
});

test('a phone without telephone-event gets digits in INFO', () => {
  const { bed, anna, ben } = two();
  anna.call('102', { offer: sdp(anna.address, { formats: '8' }).replace('a=rtpmap:101 telephone-event/8000\r\n', '') });
  bed.pass();
  ben.answer();
  bed.pass();
  const id = bed.pbx.exchange.calls()[0]?.id ?? '';
  bed.gateway.emit({ event: 'digit', context: id, termination: `${id}.2`, digit: '*', durationMs: 120, relayed: false });
  bed.pass();
  expect(anna.of('info')).toMatchObject([{ contentType: 'application/dtmf-relay', body: 'Signal=*\r\nDuration=120\r\n' }]);
});

test('a far end without packets is noted, or released where that is wished', () => {
  const noted = talk();
  const id = noted.bed.pbx.exchange.calls()[0]?.id ?? '';
  noted.bed.gateway.emit({ event: 'mediaTimeout', context: id, termination: `${id}.2`, silentMs: 60_000 });
  noted.bed.pass();
  expect(noted.bed.pbx.exchange.size).toBe(1);
  const { bed, anna, ben } = talk({ mediaTimeout: 'release' });
  const other = bed.pbx.exchange.calls()[0]?.id ?? '';
  bed.gateway.emit({ event: 'mediaTimeout', context: other, termination: `${other}.2`, silentMs: 60_000 });
  bed.pass();
  expect([anna.session?.phase, ben.session?.phase]).toEqual(['ended', 'ended']);
  expect(bed.pbx.record).toMatchObject({ cause: 'recoveryOnTimerExpiry', evidence: { kind: 'mediaTimeout' } });
});

test('the API hangs up: both get BYE', () => {
  const { bed, anna, ben } = talk();
  bed.pbx.exchange.hangUp(bed.pbx.exchange.calls()[0]?.id ?? '');
  bed.pass();
  expect([anna.session?.phase, ben.session?.phase]).toEqual(['ended', 'ended']);
  expect(bed.requests('BYE', ben.address)[0]).toContain('Reason: Q.850;cause=16');
});

test('click to dial: the first phone is rung and sees whom it will talk to, then the second, and they talk', () => {
  const { bed, anna, ben } = two();
  bed.pbx.exchange.originate({ from: 'd-101', party: { number: '101', name: 'Anna' }, to: '102' });
  bed.pass();
  expect(bed.requests('INVITE', anna.address)[0]).toContain('From: <sip:102@');
  anna.answer();
  bed.pass();
  ben.answer();
  bed.pass();
  expect(bed.pbx.exchange.calls()).toMatchObject([{ state: 'talking' }]);
  expect(bed.requests('INVITE', ben.address)[0]).toContain('From: "Anna" <sip:101@');
  ben.session?.end();
  bed.pass();
  expect(anna.session?.phase).toBe('ended');
});

test('click to dial: a second phone with another codec makes the first change to it', () => {
  const { bed, anna, ben } = two();
  bed.pbx.exchange.originate({ from: 'd-101', party: { number: '101' }, to: '102' });
  bed.pass();
  anna.answer(sdp(anna.address, { formats: '8 0 101' }));
  bed.pass();
  ben.answer(sdp(ben.address, { formats: '0 101' }));
  bed.pass();
  expect(anna.of('offer')[0]?.sdp).toContain('RTP/AVP 0 101');
});

test('no port in the gateway: the caller gets 503, the record says why', () => {
  const { bed, anna } = two();
  bed.gateway.refuseNext('add', 'noPort');
  anna.call('102');
  bed.pass();
  expect(anna.of('rejected')[0]?.status).toBe(503);
  expect(bed.pbx.record).toMatchObject({ cause: 'noCircuit', evidence: { kind: 'gateway' } });
});

test('no port for the caller: the called phone, which had answered, is hung up', () => {
  const { bed, anna, ben } = two();
  anna.call('102');
  bed.pass();
  ben.ring();
  bed.pass();
  bed.gateway.refuseNext('add', 'noPort');
  ben.answer();
  bed.pass();
  expect(anna.of('rejected')[0]?.status).toBe(503);
  expect(ben.session?.phase).toBe('ended');
});

test('over TCP, and from UDP to TCP', () => {
  const bed = new PhoneBed();
  const [anna, ben] = [bed.phone('101', '101', 11), bed.phone('102', '102', 12, { transport: 'tcp' })];
  anna.call('102');
  bed.pass();
  ben.answer();
  bed.pass();
  expect(bed.pbx.exchange.calls()[0]?.state).toBe('talking');
  expect(bed.requests('INVITE', ben.address)[0]).toContain('Via: SIP/2.0/TCP');
  ben.session?.end();
  bed.pass();
  expect(anna.session?.phase).toBe('ended');
});

test('100 calls with 10 % of all datagrams lost: 99 are set up and ended by the timers', () => {
  let good = 0;
  const { bed, anna, ben } = two();
  ben.register({ expires: 7200 });
  bed.pass();
  bed.wire.setLoss(0.1);
  for (let call = 0; call < 100; call++) {
    anna.session = ben.session = undefined;
    const before = ben.incoming.length;
    const session = anna.call('102');
    bed.pass(8_000);
    if (ben.incoming.length > before) ben.ring();
    bed.pass(1_000);
    if (ben.incoming.length > before) ben.answer();
    bed.pass(12_000);
    if (session.phase === 'confirmed' && bed.pbx.exchange.calls()[0]?.state === 'talking') good++;
    session.end();
    bed.pass(40_000);
  }
  expect(good).toBeGreaterThanOrEqual(99);
  expect(bed.pbx.records).toHaveLength(100);
  expect(bed.pbx.bugs).toEqual([]);
});

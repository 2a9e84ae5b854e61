import { expect, test } from 'vitest';
import { sdp } from '../scripted-phone.ts';
import { registering, trunk, TrunkBed } from './trunk-bed.ts';

test('a call over a trunk: INVITE with the number, ringing, answered, media of both, BYE', async () => {
  const bed = new TrunkBed();
  const carrier = bed.carrier();
  await bed.configure(trunk());
  const asked = bed.ask();
  bed.pass();
  expect(carrier.invite.uri).toBe('sip:+4989222@10.1.0.1;user=phone');
  expect(carrier.incoming[0]?.offer).toContain('RTP/AVP 8 0 101');
  carrier.take().provisional(180);
  bed.pass();
  carrier.answer();
  bed.pass();
  expect(bed.told(asked)).toEqual(['ringing', 'answered']);
  expect(bed.pbx.trunks.live('trk-1')).toMatchObject({ state: 'up', calls: { inbound: 0, outbound: 1 }, outcomes: { attempts: 1, answered: 1, failed: 0 } });
  asked.leg.send({ type: 'release', cause: 'normalClearing' });
  bed.pass();
  expect(carrier.of('ended')).toMatchObject([{ detail: 'BYE' }]);
  expect(bed.pbx.trunks.live('trk-1')).toMatchObject({ calls: { outbound: 0 } });
});

test('the whole way: a phone dials, the carrier answers, both talk; the record has the trunk', async () => {
  const bed = new TrunkBed();
  const carrier = bed.carrier();
  await bed.configure(trunk());
  const anna = bed.phone('101', '101', 11);
  bed.way('089222', { endpoints: ['trk-1'], number: '+4989222', timeoutMs: 60_000 });
  anna.call('089222');
  bed.pass();
  carrier.answer();
  bed.pass();
  expect(anna.session?.phase).toBe('confirmed');
  carrier.session?.end();
  bed.pass();
  expect(bed.pbx.record).toMatchObject({ cause: 'normalClearing', answeredBy: 'trk-1' });
  bed.pass(40_000);
  expect([bed.pbx.exchange.size, bed.pbx.media.size]).toEqual([0, 0]);
  expect(bed.pbx.bugs).toEqual([]);
});

test('late offer: INVITE without a description, the answer goes in the ACK (RFC 3261 13.2.1)', async () => {
  const bed = new TrunkBed();
  const carrier = bed.carrier();
  await bed.configure(trunk({ offer: 'late' }));
  const asked = bed.ask();
  bed.pass();
  expect(carrier.incoming[0]?.offer).toBeUndefined();
  carrier.answer(sdp(carrier.address, { formats: '0 8 101' }));
  bed.pass();
  expect(bed.told(asked)).toEqual(['answered']);
  expect(carrier.of('answer')[0]?.sdp).toContain('m=audio 20000 RTP/AVP');
  asked.leg.send({ type: 'release', cause: 'normalClearing' });
  bed.pass();
  expect(carrier.session?.phase).toBe('ended');
});

test('late offer in a reliable 183: answered in the PRACK, heard before the 200, which says nothing new (RFC 3262 5)', async () => {
  const bed = new TrunkBed();
  const carrier = bed.carrier();
  await bed.configure(trunk({ offer: 'late' }));
  const asked = bed.ask();
  bed.pass();
  carrier.take().provisional(183, { sdp: sdp(carrier.address), reliable: true });
  bed.pass();
  expect(bed.told(asked)).toEqual(['progress']);
  expect(bed.requests('PRACK', carrier.address)[0]).toContain('m=audio 20000 RTP/AVP');
  carrier.session?.accept();
  bed.pass();
  expect(bed.told(asked)).toEqual(['progress', 'answered']);
  expect(carrier.session?.phase).toBe('confirmed');
});

test('late offer without a codec in common: the answered call is ended, with that cause', async () => {
  const bed = new TrunkBed();
  const carrier = bed.carrier();
  await bed.configure(trunk({ offer: 'late' }));
  const asked = bed.ask();
  bed.pass();
  carrier.answer(sdp(carrier.address, { formats: '18' }));
  bed.pass();
  expect(asked.released).toMatchObject({ cause: 'incompatibleDestination' });
  expect(carrier.session?.phase).toBe('ended');
});

test.each(['user', 'proxy'] as const)('its INVITE is challenged (%s): the same call again with credentials, the ACK has them too', async (challenges) => {
  const bed = new TrunkBed();
  const carrier = bed.carrier({ challenges, algorithm: challenges === 'user' ? 'MD5' : 'SHA-256', account: { username: 'office', password: 'secret' } });
  await bed.configure(trunk({ peering: { type: 'address', sources: [], credentials: { username: 'office', password: 'secret' } } }));
  const asked = bed.ask();
  bed.pass();
  carrier.answer();
  bed.pass();
  expect(bed.told(asked)).toEqual(['answered']);
  expect(bed.requests('ACK', carrier.address).at(-1)).toContain(challenges === 'user' ? 'Authorization: Digest' : 'Proxy-Authorization: Digest');
});

test('wrong credentials: one more try, then the refusal is the answer', async () => {
  const bed = new TrunkBed();
  const carrier = bed.carrier({ challenges: 'user', account: { username: 'office', password: 'secret' } });
  await bed.configure(trunk({ peering: { type: 'address', sources: [], credentials: { username: 'office', password: 'wrong' } } }));
  const asked = bed.ask();
  bed.pass();
  expect(asked.released).toMatchObject({ cause: 'notAllowed', evidence: { text: '401 Unauthorized' } });
  expect(bed.requests('INVITE', carrier.address)).toHaveLength(2);
});

test('3xx is refused, and says where it would have gone', async () => {
  const bed = new TrunkBed();
  const carrier = bed.carrier();
  await bed.configure(trunk());
  const asked = bed.ask();
  bed.pass();
  carrier.incoming[0]?.refuse(302, { headers: [['Contact', '<sip:+4989333@10.1.0.1>']] });
  bed.pass();
  expect(asked.released?.evidence.text).toBe('302 Moved Temporarily, to <sip:+4989333@10.1.0.1>: not followed');
});

test('3xx is followed to a number of the trunk; to another host it is not; a circle and a sixth step end', async () => {
  const bed = new TrunkBed();
  const carrier = bed.carrier();
  await bed.configure(trunk({ redirects: 'follow' }));
  let step = 0;
  carrier.onInvite = (invite) => invite.refuse(302, { headers: [['Contact', `<sip:+49${++step}@evil.example>, <sip:+49${step}@10.1.0.1>`]] });
  const asked = bed.ask();
  bed.pass(1_000);
  expect(bed.requests('INVITE', carrier.address).map((text) => text.split(' ')[1])).toEqual(['sip:+4989222', 'sip:+491', 'sip:+492', 'sip:+493', 'sip:+494', 'sip:+495'].map((uri) => `${uri}@10.1.0.1;user=phone`));
  expect(asked.released?.evidence.text).toContain('nowhere that may be followed');

  carrier.onInvite = (invite) => invite.refuse(302, { headers: [['Contact', '<tel:+4989222>']] });
  const circle = bed.ask();
  bed.pass();
  expect(circle.released).toMatchObject({ cause: 'interworking' });
});

test('early media is heard, codecs go in the order of the trunk, and what it may not have is not offered', async () => {
  const bed = new TrunkBed();
  const carrier = bed.carrier();
  await bed.configure(trunk({ codecs: ['G722', 'PCMU'] }));
  const asked = bed.ask();
  bed.pass();
  expect(carrier.incoming[0]?.offer).toContain('RTP/AVP 9 0 101');
  carrier.take().provisional(183, { sdp: sdp(carrier.address, { formats: '0 101' }) });
  bed.pass();
  expect(asked.events).toContainEqual({ type: 'progress', media: { codecs: [{ name: 'PCMU', clockRate: 8000 }], digits: 'rtpEvent' } });
  const none = bed.ask({ media: { codecs: [{ name: 'opus', clockRate: 48_000, channels: 2 }], digits: 'rtpEvent' } });
  bed.pass();
  expect(none.released).toMatchObject({ cause: 'incompatibleDestination' });
});

test('an outbound proxy: everything goes there, with a loose route; the domain stands in the addresses', async () => {
  const bed = new TrunkBed();
  const proxy = bed.carrier({ address: '10.1.0.9' });
  await bed.configure(trunk({ server: { host: 'sip.carrier.example', port: null, transport: null }, domain: 'carrier.example', outboundProxy: { host: '10.1.0.9', port: null, transport: null } }));
  bed.ask();
  bed.pass();
  expect(proxy.invite.uri).toBe('sip:+4989222@carrier.example;user=phone');
  expect(proxy.invite.headers.get('Route')).toBe('<sip:10.1.0.9;lr>');
  expect(bed.requests('OPTIONS', '10.1.0.9')[0]).toContain('Route: <sip:10.1.0.9;lr>');
});

test('over UDP a large INVITE stays on UDP, however large: carriers drop TCP in silence', async () => {
  const bed = new TrunkBed();
  const carrier = bed.carrier();
  await bed.configure(trunk());
  bed.ask({ diversions: Array.from({ length: 9 }, (_, at) => ({ number: `+49301234567890${at}`, reason: 'unconditional' as const })) });
  bed.pass(20);
  expect(bed.requests('INVITE', carrier.address)[0]?.length).toBeGreaterThan(1300);
  expect(carrier.invite.via.transport).toBe('UDP');
});

test('the session timer is the trunk’s (RFC 4028)', async () => {
  const bed = new TrunkBed();
  const carrier = bed.carrier();
  await bed.configure(trunk({ sessionTimer: { expiresS: 600, minimumS: 120 } }));
  bed.ask();
  bed.pass();
  expect([carrier.invite.headers.get('Session-Expires'), carrier.invite.headers.get('Min-SE')]).toEqual(['600', '120']);
  carrier.answer();
  bed.pass();
  bed.pass(301_000);
  // Who began it refreshes it, at half of the time.
  expect(bed.requests('INVITE', carrier.address).length + bed.requests('UPDATE', carrier.address).length).toBe(2);
  // One that asks for less is told the least (422), and asks again.
  carrier.call('sip:+4930111@10.0.0.1', { sessionTimer: { expiresS: 100, minimumS: 90 } });
  bed.pass();
  const invites = bed.requests('INVITE', '10.0.0.1');
  expect(invites).toHaveLength(2);
  expect(invites[1]).toContain('Min-SE: 120');
});

test('kill -9 of the controller: the call over a registered trunk goes on, is counted, and its BYE can prove itself', async () => {
  const bed = new TrunkBed();
  const carrier = bed.carrier({ challenges: 'user', account: { username: 'office', password: 'secret' } });
  await bed.configure(trunk({ peering: registering }));
  const anna = bed.phone('101', '101', 11);
  bed.way('089222', { endpoints: ['trk-1'], number: '+4989222', timeoutMs: 60_000 });
  anna.call('089222');
  bed.pass();
  carrier.answer();
  bed.pass();
  const user = carrier.bindings[0]?.contact;
  bed.restart();
  await bed.settle();
  expect(bed.pbx.trunks.live('trk-1')?.calls).toEqual({ inbound: 0, outbound: 1 });
  expect(carrier.bindings.at(-1)?.contact).toBe(user);
  anna.session?.end();
  bed.pass();
  expect(carrier.session?.phase).toBe('ended');
  expect(bed.pbx.record).toMatchObject({ recovered: true });
  expect(bed.pbx.trunks.live('trk-1')?.calls).toEqual({ inbound: 0, outbound: 0 });
});

test('a trunk that is configured anew, or away: its call goes on and ends as usual', async () => {
  const bed = new TrunkBed();
  const carrier = bed.carrier();
  await bed.configure(trunk());
  const asked = bed.ask();
  bed.pass();
  carrier.answer();
  bed.pass();
  await bed.configure(trunk({ isEnabled: false }));
  expect(bed.told(asked)).toEqual(['answered']);
  await bed.configure();
  expect(bed.pbx.trunks.isTrunk('trk-1')).toBe(true);
  expect(bed.pbx.trunks.availability('trk-1')).toBeUndefined();
  asked.leg.send({ type: 'release', cause: 'normalClearing' });
  bed.pass();
  expect(carrier.session?.phase).toBe('ended');
  expect(bed.pbx.trunks.find('trk-1')).toEqual([]);
});

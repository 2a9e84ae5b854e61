import { formatReferTo, formatReplaces } from '@tipring/sip';
import type { Session } from '@tipring/sip';
import type { ContextId, DialRequest, Leg, LegEvent, LegId, LegSnapshot, Offer } from '@tipring/telephony';
import { beforeEach, expect, test } from 'vitest';
import { codecs, PhoneBed } from './phone-bed.ts';
import { legName } from './replaced-leg.ts';
import { type Phone, REALM } from './scripted-phone.ts';

/** A leg whose call is the test. */
interface Held {
  readonly leg: Leg;
  readonly events: LegEvent[];
}

let bed: PhoneBed;
let offers: Offer[];
const media = { codecs, digits: 'rtpEvent' } as const;

beforeEach(() => {
  bed = new PhoneBed();
  offers = [];
  bed.onOffer = (offer) => offers.push(offer);
});

function originate(device: string, id: LegId, more: Partial<DialRequest> = {}): Held {
  const events: LegEvent[] = [];
  const [endpoint] = bed.pbx.endpoints.find(device);
  const leg = endpoint!.originate(id, { context: `ctx-${id}`, from: { number: '100', name: 'Reception' }, number: '101', media, ...more }, (event) => events.push(event));
  bed.pass();
  return { leg, events };
}

/** A phone that was called, and talks. */
function talking(phone: Phone, id: LegId): Held & { readonly session: Session } {
  const held = originate(`d-${phone.username}`, id);
  const session = phone.take();
  phone.answer();
  bed.pass();
  return { ...held, session };
}

/** A phone that has called, and talks. */
function calling(phone: Phone, id: LegId, how: 'rings' | 'talks' = 'talks', context: ContextId = `ctx-${id}`): Held & { readonly session: Session } {
  const session = phone.call('200');
  bed.pass();
  const events: LegEvent[] = [];
  const leg = offers.at(-1)!.accept(id, context, (event) => events.push(event));
  leg.send(how === 'talks' ? { type: 'answer', media } : { type: 'alert' });
  bed.pass();
  return { leg, events, session };
}

function refer(phone: Phone, to: string, more: readonly (readonly [string, string])[] = [], session?: Session) {
  const asked = phone.ask('REFER', [['Refer-To', to], ...more], session);
  bed.pass();
  return asked.response;
}

const wanted = ({ events }: Held) => events.filter((event) => event.type === 'transferRequested').map((event) => event.to);
const ended = (phone: Phone) => phone.of('ended').length;

/** A dialog as its phone writes it in Replaces. */
function named(session: Session, how: { readonly earlyOnly?: boolean } = {}) {
  const { callId, localTag, remoteTag } = session.snapshot()!.dialog;
  return { callId, toTag: remoteTag, fromTag: localTag, ...how };
}

test('REFER asks for a transfer; how it goes is told by NOTIFY, and the BYE comes after the last one was answered (RFC 3515 2.4)', () => {
  const anna = bed.phone('101', '101', 11);
  const held = talking(anna, 'leg1');
  const response = refer(anna, `<sip:102@${REALM}>`, [['Referred-By', '<sip:101@pbx.example>']]);
  expect([response?.status, response?.headers.get('Contact')]).toEqual([202, '<sip:100@10.0.0.1:5060>']);
  expect(wanted(held)).toEqual([{ type: 'number', number: '102' }]);
  expect(held.events.flatMap((event) => (event.type === 'note' && event.evidence.kind === 'refer' ? [event.evidence.text] : []))).toEqual([`REFER to sip:102@${REALM}, by sip:101@pbx.example`]);
  held.leg.send({ type: 'transfer', is: 'trying' });
  held.leg.send({ type: 'transfer', is: 'ringing' });
  // Its answer to the first one is still on its way: the end must not be lost.
  held.leg.send({ type: 'transfer', is: 'done' });
  held.leg.send({ type: 'release', cause: 'normalClearing' });
  expect(held.events.at(-1)).toMatchObject({ type: 'released', cause: 'normalClearing' });
  bed.pass();
  expect(anna.notified).toEqual(['refer | active;expires=300 | SIP/2.0 100 Trying', 'refer | active;expires=300 | SIP/2.0 180 Ringing', 'refer | terminated;reason=noresource | SIP/2.0 200 OK']);
  expect(ended(anna)).toBe(1);
});

test('a phone that does not answer its NOTIFYs is hung up all the same', () => {
  const anna = bed.phone('101', '101', 11);
  const held = talking(anna, 'leg1');
  anna.answersNotify = 0;
  refer(anna, `<sip:102@${REALM}>`);
  held.leg.send({ type: 'transfer', is: 'done' });
  held.leg.send({ type: 'release', cause: 'normalClearing' });
  bed.pass(1_900);
  expect(ended(anna)).toBe(0);
  bed.pass(200);
  expect(ended(anna)).toBe(1);
});

test.each([['called', talking], ['calling', calling]] as const)('what a phone that was %s asks while it is being let go is answered', (_how, begun) => {
  const anna = bed.phone('101', '101', 11);
  const held = begun(anna, 'leg1');
  anna.answersNotify = 0;
  refer(anna, `<sip:102@${REALM}>`, [], held.session);
  held.leg.send({ type: 'transfer', is: 'done' });
  held.leg.send({ type: 'release', cause: 'normalClearing' });
  expect(refer(anna, `<sip:103@${REALM}>`, [], held.session)?.status).toBe(481);
  bed.pass(2_100);
  expect(ended(anna)).toBe(1);
});

test('a transfer that failed is told with its status; the call goes on, and the next REFER is told apart (RFC 3515 2.4.6)', () => {
  const anna = bed.phone('101', '101', 11);
  const held = talking(anna, 'leg1');
  refer(anna, `<sip:102@${REALM}>`);
  expect(refer(anna, `<sip:103@${REALM}>`)?.status).toBe(491);
  held.leg.send({ type: 'transfer', is: 'failed', cause: 'userBusy' });
  bed.pass();
  expect(anna.notified.at(-1)).toBe('refer | terminated;reason=noresource | SIP/2.0 486 Busy Here');
  expect(refer(anna, '<tel:+4930-123>')?.status).toBe(202);
  expect(wanted(held).at(-1)).toEqual({ type: 'number', number: '+4930123' });
  expect(anna.notified.at(-1)).toMatch(/^refer;id=\d+ \| active;expires=300 \| SIP\/2.0 100 Trying$/);
  expect(ended(anna)).toBe(0);
});

test('who wants no NOTIFY gets none (RFC 4488)', () => {
  const anna = bed.phone('101', '101', 11);
  const held = talking(anna, 'leg1');
  const response = refer(anna, `<sip:102@${REALM}>`, [['Refer-Sub', 'false'], ['Require', 'norefersub']]);
  expect([response?.status, response?.headers.get('Refer-Sub')]).toEqual([202, 'false']);
  held.leg.send({ type: 'transfer', is: 'done' });
  held.leg.send({ type: 'release', cause: 'normalClearing' });
  bed.pass();
  expect([anna.notified, ended(anna)]).toEqual([[], 1]);
});

test('Replaces names another call of the same telephone, from either end (RFC 5589 7)', () => {
  const anna = bed.phone('101', '101', 11);
  const [first, second] = [talking(anna, 'leg1'), calling(anna, 'leg2')];
  expect(refer(anna, formatReferTo(`sip:200@${REALM}`, named(second.session)), [], first.session)?.status).toBe(202);
  expect(wanted(first)).toEqual([{ type: 'leg', leg: 'leg2' }]);
  first.leg.send({ type: 'transfer', is: 'failed', cause: 'rejected' });
  bed.pass();
  // Some write the tags as they see them.
  const { toTag, fromTag, callId } = named(second.session);
  refer(anna, formatReferTo(`sip:200@${REALM}`, { callId, toTag: fromTag, fromTag: toTag }), [], first.session);
  expect(wanted(first)).toHaveLength(2);
});

test('a consultation that still rings can be named too', () => {
  const anna = bed.phone('101', '101', 11);
  const [first] = [talking(anna, 'leg1'), calling(anna, 'leg2', 'rings')];
  const { response } = anna.of('provisional').at(-1)!;
  refer(anna, formatReferTo(`sip:200@${REALM}`, { callId: response.callId, toTag: response.to.tag!, fromTag: response.from.tag! }), [], first.session);
  expect(wanted(first)).toEqual([{ type: 'leg', leg: 'leg2' }]);
});

test('nobody is transferred into a call that is not the same telephone’s, is not there, or is the same one', () => {
  const [anna, ben] = [bed.phone('101', '101', 11), bed.phone('102', '102', 12)];
  const [mine, his] = [talking(anna, 'leg1'), talking(ben, 'leg2')];
  const asked = [named(his.session), { ...named(mine.session), callId: 'unknown' }, named(mine.session)];
  for (const replaces of asked) {
    expect(refer(anna, formatReferTo(`sip:200@${REALM}`, replaces), [], mine.session)?.status).toBe(202);
    expect(anna.notified.at(-1)).toMatch(/terminated;reason=noresource \| SIP\/2.0 481 /);
    expect(refer(anna, formatReferTo(`sip:200@${REALM}`, replaces), [['Refer-Sub', 'false']], mine.session)?.status).toBe(603);
  }
  expect(wanted(mine)).toEqual([]);
});

test('a REFER that cannot be is refused, and the call goes on', () => {
  const anna = bed.phone('101', '101', 11);
  const held = talking(anna, 'leg1');
  const statuses = [
    refer(anna, 'nobody'), refer(anna, `<sip:102@${REALM};method=BYE>`), refer(anna, `<sip:102@${REALM}?Replaces=x>`), refer(anna, `<sip:102@${REALM}>`, [['Refer-To', '<sip:103@x>']]),
  ].map((response) => response?.status);
  expect(statuses).toEqual([400, 603, 400, 400]);
  const empty = anna.ask('REFER', []);
  bed.pass();
  expect(empty.response?.status).toBe(400);
  expect(refer(anna, `<sip:${REALM}>`)?.status).toBe(202);
  expect(anna.notified).toEqual(['refer | terminated;reason=noresource | SIP/2.0 404 Not Found']);
  expect([wanted(held), ended(anna)]).toEqual([[], 0]);
});

test('the subscription a REFER made can be refreshed and left; there is no other in a call (RFC 6665 4.2.1)', () => {
  const anna = bed.phone('101', '101', 11);
  const held = talking(anna, 'leg1');
  const subscribe = (event: string, expires: string) => {
    const asked = anna.ask('SUBSCRIBE', [['Event', event], ['Expires', expires]]);
    bed.pass();
    return asked.response?.status;
  };
  expect(subscribe('refer', '60')).toBe(403);
  expect(subscribe('presence', '60')).toBe(489);
  refer(anna, `<sip:102@${REALM}>`);
  expect([subscribe('refer', '60'), subscribe('refer;id=1', '60'), subscribe('refer', '0')]).toEqual([200, 403, 200]);
  expect(anna.notified.map((line) => line.split(' | ')[1])).toEqual(['active;expires=300', 'active;expires=300', 'terminated;reason=timeout']);
  held.leg.send({ type: 'transfer', is: 'done' });
  bed.pass();
  expect(anna.notified).toHaveLength(3);
});

test('a REFER outside of the call names it by Target-Dialog; NOTIFYs go in its own dialog (RFC 4538, RFC 5589 6)', () => {
  const [anna, ben] = [bed.phone('101', '101', 11), bed.phone('102', '102', 12)];
  const [mine, his] = [talking(anna, 'leg1'), talking(ben, 'leg2')];
  const target = (session: Session) => {
    const { callId, localTag, remoteTag } = session.snapshot()!.dialog;
    return ['Target-Dialog', `${callId};local-tag=${localTag};remote-tag=${remoteTag}`] as const;
  };
  expect(anna.askOutside('REFER', [['Refer-To', `<sip:102@${REALM}>`]], () => bed.pass())).toBe(403);
  expect(anna.askOutside('REFER', [['Refer-To', `<sip:102@${REALM}>`], target(his.session)], () => bed.pass())).toBe(481);
  expect(anna.askOutside('REFER', [['Refer-To', 'x'], target(mine.session)], () => bed.pass())).toBe(400);
  expect(anna.askOutside('REFER', [['Refer-To', `<sip:102@${REALM}>`], target(mine.session)], () => bed.pass())).toBe(202);
  expect(wanted(mine)).toEqual([{ type: 'number', number: '102' }]);
  mine.leg.send({ type: 'transfer', is: 'done' });
  bed.pass(1_000);
  const notifies = bed.requests('NOTIFY', anna.address);
  expect(notifies).toHaveLength(1);
  expect(notifies[0]).not.toContain(`Call-ID: ${mine.session.callId}`);
});

test('a leg that has moved acts in the other context under its new id, also after a restart of the controller', () => {
  const anna = bed.phone('101', '101', 11);
  const held = talking(anna, 'leg1');
  const move = bed.pbx.media;
  move.move('ctx-leg1', 'leg1', 'ctx-2');
  held.leg.send({ type: 'moved', leg: 'c2-1', context: 'ctx-2' });
  expect([held.leg.id, held.leg.media]).toEqual(['c2-1', 'leg1']);
  refer(anna, `<sip:102@${REALM}>`);
  bed.gateway.sent.length = 0;
  held.session.reinvite(anna.description('sendonly'));
  bed.pass();
  expect(bed.gateway.sent).toMatchObject([{ do: 'modify', context: 'ctx-2', termination: 'leg1', mode: 'sendonly' }]);
  const kept = JSON.parse(JSON.stringify(held.leg.snapshot())) as LegSnapshot;
  bed.restart();
  const events: LegEvent[] = [];
  const [endpoint] = bed.pbx.endpoints.find('d-101');
  const adopted = endpoint!.adopt('c2-1', kept, (event) => events.push(event));
  expect([adopted.id, adopted.media]).toEqual(['c2-1', 'leg1']);
  bed.gateway.sent.length = 0;
  held.session.reinvite(anna.description('sendrecv'));
  bed.pass();
  expect(bed.gateway.sent).toMatchObject([{ do: 'modify', context: 'ctx-2', termination: 'leg1', mode: 'sendrecv' }]);
  // What it asked for before is told on.
  adopted.send({ type: 'transfer', is: 'done' });
  adopted.send({ type: 'moved', leg: 'c3-1', context: 'ctx-3' });
  adopted.send({ type: 'release', cause: 'normalClearing' });
  bed.pass();
  expect(anna.notified.at(-1)).toBe('refer | terminated;reason=noresource | SIP/2.0 200 OK');
  expect([adopted.id, ended(anna)]).toEqual(['c3-1', 1]);
});

test('a leg that moves before it has media makes it where it is then', () => {
  const anna = bed.phone('101', '101', 11);
  anna.call('200');
  bed.pass();
  const leg = offers.at(-1)!.accept('leg1', 'ctx-1', () => {});
  leg.send({ type: 'moved', leg: 'c2-1', context: 'ctx-2' });
  leg.send({ type: 'answer', media });
  bed.pass();
  expect(bed.gateway.sent).toMatchObject([{ do: 'add', context: 'ctx-2', termination: 'leg1' }]);
});

test('whom a phone talks to is shown at once and in each answer to come; a withheld number only to who is trusted (RFC 3325)', () => {
  const anna = bed.phone('101', '101', 11);
  const held = talking(anna, 'leg1');
  const shown = () => bed.requests('UPDATE', anna.address).map((text) => /^P-Asserted-Identity: (.*)\r$/m.exec(text)?.[1]);
  held.leg.send({ type: 'party', party: { number: '103', name: 'Carl' } });
  bed.pass();
  held.leg.send({ type: 'party', party: { number: '104', anonymous: true } });
  bed.pass();
  held.leg.send({ type: 'party', party: { number: '' } });
  bed.pass();
  expect(shown()).toEqual([`"Carl" <sip:103@${REALM}>`, '"Anonymous" <sip:anonymous@anonymous.invalid>', '<sip:unavailable@unknown.invalid>']);
  expect(bed.requests('UPDATE', anna.address)[1]).toContain('\r\nPrivacy: id\r\n');
  // A caller that is not answered yet hears it in what it is answered.
  anna.call('200');
  bed.pass();
  const leg = offers.at(-1)!.accept('leg2', 'ctx-2', () => {});
  leg.send({ type: 'party', party: { number: '103', name: 'Carl' } });
  leg.send({ type: 'alert' });
  leg.send({ type: 'answer', media });
  bed.pass();
  expect([anna.of('provisional').at(-1), anna.of('accepted').at(-1)].map((event) => event?.response.headers.get('P-Asserted-Identity'))).toEqual([`"Carl" <sip:103@${REALM}>`, `"Carl" <sip:103@${REALM}>`]);
});

test('a phone that still rings is shown who calls it now, as when a ringing call is transferred (RFC 3311)', () => {
  const anna = bed.phone('101', '101', 11);
  const { leg, events } = originate('d-101', 'leg1');
  anna.ring();
  bed.pass();
  leg.send({ type: 'party', party: { number: '103', name: 'Carl' } });
  bed.pass();
  const [update] = bed.requests('UPDATE', anna.address);
  expect(update).toContain(`\r\nP-Asserted-Identity: "Carl" <sip:103@${REALM}>\r\n`);
  expect(update).not.toContain('m=audio');
  anna.answer();
  bed.pass();
  expect(events.filter(({ type }) => type !== 'note' && type !== 'changed').map(({ type }) => type)).toEqual(['ringing', 'answered']);
});

test('an INVITE with Replaces takes the place of a leg of the same telephone, or of one it may pick up (RFC 3891 3)', () => {
  const [anna, ben] = [bed.phone('101', '101', 11), bed.phone('102', '102', 12)];
  const talk = talking(anna, 'leg1');
  const status = (phone: Phone, ...values: string[]) => {
    const before = offers.length;
    phone.call('200', { headers: values.map((value) => ['Replaces', value] as const) });
    bed.pass();
    const offer = offers.length > before ? offers.at(-1) : undefined;
    return offer === undefined ? phone.of('rejected').at(-1)?.status : offer.replaces;
  };
  const replaces = formatReplaces(named(talk.session));
  expect(status(anna, replaces)).toBe('leg1');
  expect(status(ben, replaces)).toBe(403);
  bed.pickups.set('102', (leg) => leg === 'leg1' || leg === 'fxs-7');
  expect(status(ben, replaces)).toBe('leg1');
  expect(status(ben, formatReplaces(named(talk.session, { earlyOnly: true })))).toBe(486);
  expect(status(ben, 'unknown@x;to-tag=a;from-tag=b')).toBe(481);
  expect(status(ben, replaces, replaces)).toBe(400);
  expect(status(ben, 'x;to-tag=a')).toBe(400);
  // A leg of any kind, by the name that dialog-info gives it.
  expect(status(ben, `${legName('fxs-7', REALM)};to-tag=a;from-tag=b`)).toBe('fxs-7');
  expect(status(ben, `${legName('fxs-8', REALM)};to-tag=a;from-tag=b`)).toBe(481);
  // After it moved it is known by its new id.
  talk.leg.send({ type: 'moved', leg: 'c2-1', context: 'ctx-2' });
  bed.pickups.set('102', (leg) => leg === 'c2-1');
  expect(status(ben, replaces)).toBe('c2-1');
});

test('a phone that rings is picked up by its early dialog; a caller who waits is not to be replaced', () => {
  const [anna, ben] = [bed.phone('101', '101', 11), bed.phone('102', '102', 12)];
  originate('d-101', 'leg1');
  anna.ring();
  bed.pass();
  const ringing = bed.seen.findLast((one) => one.text.startsWith('SIP/2.0 180') && one.from === anna.address)!.text;
  const tag = (name: string) => new RegExp(`^${name}:.*;tag=([^;\\r]+)`, 'm').exec(ringing)![1]!;
  const callId = /^Call-ID: (.*)\r$/m.exec(ringing)![1]!;
  bed.pickups.set('102', () => true);
  ben.call('200', { headers: [['Replaces', `${callId};to-tag=${tag('To')};from-tag=${tag('From')};early-only`]] });
  bed.pass();
  expect(offers.at(-1)?.replaces).toBe('leg1');
  calling(anna, 'leg2', 'rings');
  const { response } = anna.of('provisional').at(-1)!;
  ben.call('200', { headers: [['Replaces', `${response.callId};to-tag=${response.to.tag!};from-tag=${response.from.tag!}`]] });
  bed.pass();
  expect(ben.of('rejected').at(-1)?.status).toBe(481);
});

test('a REFER before there is a call to transfer is refused', () => {
  const anna = bed.phone('101', '101', 11);
  const held = calling(anna, 'leg1', 'rings');
  expect(refer(anna, `<sip:102@${REALM}>`)?.status).toBe(603);
  originate('d-101', 'leg2');
  const ringing = anna.ring();
  bed.pass();
  expect(refer(anna, `<sip:102@${REALM}>`, [], ringing)?.status).toBe(603);
  expect(wanted(held)).toEqual([]);
});

import { expect, test } from 'vitest';
import { codecs as decoded, PhoneBed } from './phone-bed.ts';
import { sdp } from './scripted-phone.ts';

const opus = ['a=rtpmap:98 opus/48000/2'];

function two(how: ConstructorParameters<typeof PhoneBed>[0] = {}) {
  const bed = new PhoneBed(how);
  const [anna, ben] = [bed.phone('101', '101', 11), bed.phone('102', '102', 12)];
  const last = (phone: typeof anna, offer: Parameters<typeof sdp>[1]): string => sdp(phone.address, offer);
  return { bed, anna, ben, last };
}

/** 101 has PCMA, 102 has G722. */
function talk() {
  const parties = two();
  const { bed, anna, ben } = parties;
  anna.call('102', { offer: sdp(anna.address, { formats: '8 101' }) });
  bed.pass();
  ben.answer(sdp(ben.address, { formats: '9 101' }));
  bed.pass();
  return parties;
}

function transcodedTold(bed: PhoneBed): string[] {
  return bed.pbx.record.story.filter((entry) => entry.type === 'transcoded').map((entry) => entry.text);
}

/** Audio codecs the gateway was told last of that leg. */
function spoken(bed: PhoneBed, leg: 1 | 2): readonly string[] {
  const told = bed.gateway.sent.findLast((command) => (command.do === 'add' || command.do === 'modify') && command.termination.endsWith(`.${leg}`) && command.remote !== undefined);
  return told?.do === 'add' || told?.do === 'modify' ? (told.remote?.codecs.map(({ name }) => name) ?? []) : [];
}

test('PCMA calls G722: each is told its own codec, the gateway both, and the story says so', () => {
  const { bed, anna, ben } = talk();
  expect(ben.incoming[0]?.offer).toContain('RTP/AVP 8 0 9 101');
  expect(anna.of('accepted')[0]?.sdp).toContain('RTP/AVP 8 101');
  expect([spoken(bed, 1), spoken(bed, 2)]).toEqual([['PCMA', 'telephone-event'], ['G722', 'telephone-event']]);
  expect(anna.of('offer')).toEqual([]);
  expect(ben.of('offer')).toEqual([]);
  anna.session?.end();
  bed.pass();
  expect(transcodedTold(bed)).toEqual(['transcoded PCMA ↔ G722']);
  expect([bed.pbx.bugs, bed.pbx.exchange.size]).toEqual([[], 0]);
});

test('phones that have a codec in common use it, though the called one prefers another: it is asked to keep to it', () => {
  const { bed, anna, ben, last } = two();
  anna.call('102', { offer: last(anna, { formats: '8 101' }) });
  bed.pass();
  ben.answer(last(ben, { formats: '9 8 101' }));
  bed.pass();
  expect(anna.of('accepted')[0]?.sdp).toContain('RTP/AVP 8 101');
  expect(ben.of('offer')).toMatchObject([{ method: 'INVITE', sdp: expect.stringContaining('RTP/AVP 8 101') as string }]);
  ben.session?.answerOffer(last(ben, { formats: '8 101', version: 2 }));
  bed.pass();
  expect(spoken(bed, 2)).toEqual(['PCMA', 'telephone-event']);
  anna.session?.end();
  bed.pass();
  expect(transcodedTold(bed)).toEqual([]);
});

test('a codec that cannot be decoded passes between two that have it; one that alone has it is not put through to other codecs', () => {
  const { bed, anna, ben, last } = two({ codecs: [...decoded, { name: 'G729', clockRate: 8000 }] });
  anna.call('102', { offer: last(anna, { formats: '18 8 101' }) });
  bed.pass();
  expect(ben.incoming[0]?.offer).toContain('RTP/AVP 18 8 0 9 101');
  ben.answer(last(ben, { formats: '18 101' }));
  bed.pass();
  expect(anna.of('accepted')[0]?.sdp).toContain('RTP/AVP 18 101');
  anna.session?.end();
  bed.pass();
  anna.call('102', { offer: last(anna, { formats: '18 101' }) });
  bed.pass();
  expect(ben.incoming[1]?.offer).toContain('RTP/AVP 18 101');
  ben.incoming[1]?.refuse(488);
  bed.pass();
  expect(anna.of('rejected')).toMatchObject([{ status: 488 }]);
});

test('hold and resume of either side with different codecs, also after kill -9 of the controller', () => {
  const { bed, anna, ben } = talk();
  for (const restarted of [false, true]) {
    if (restarted) bed.restart();
    for (const [phone, formats] of [[anna, '8 101'], [ben, '9 101']] as const) {
      phone.session?.reinvite(sdp(phone.address, { formats, direction: 'sendonly', version: 2 }));
      bed.pass();
      expect(phone.of('answer').at(-1)?.sdp).toContain('a=recvonly');
      expect(bed.pbx.exchange.calls()[0]?.state).toBe('held');
      phone.session?.reinvite(sdp(phone.address, { formats, version: 3 }));
      bed.pass();
      expect(phone.of('answer').at(-1)?.sdp).toContain(`RTP/AVP ${formats}`);
      expect(bed.pbx.exchange.calls()[0]?.state).toBe('talking');
    }
  }
  ben.session?.end();
  bed.pass();
  expect(bed.pbx.record).toMatchObject({ recovered: true, cause: 'normalClearing' });
  expect(transcodedTold(bed)).toEqual(['transcoded PCMA ↔ G722']);
});

test('a re-INVITE to a codec of its own begins to transcode, one back to the common codec ends it', () => {
  const { bed, anna, ben } = two();
  anna.call('102');
  bed.pass();
  ben.answer(sdp(ben.address, { formats: '8 101' }));
  bed.pass();
  anna.session?.reinvite(sdp(anna.address, { formats: '9 101', version: 2 }));
  bed.pass();
  expect(anna.of('answer')[0]?.sdp).toContain('RTP/AVP 9 101');
  expect(spoken(bed, 1)).toEqual(['G722', 'telephone-event']);
  anna.session?.reinvite(sdp(anna.address, { formats: '9 8 101', version: 3 }));
  bed.pass();
  expect(spoken(bed, 1)).toEqual(['PCMA', 'telephone-event']);
  anna.session?.reinvite(sdp(anna.address, { formats: '18', version: 4 }));
  bed.pass();
  expect(anna.of('offerRefused')).toMatchObject([{ status: 488 }]);
  anna.session?.end();
  bed.pass();
  expect(transcodedTold(bed)).toEqual(['transcoded G722 ↔ PCMA', 'no longer transcoded: both have a codec in common again']);
});

test('an INVITE without offer: ours has what the called side took first, then what can be transcoded', () => {
  const { bed, anna, ben, last } = two();
  anna.call('102', { offer: 'none' });
  bed.pass();
  ben.answer(last(ben, { formats: '9 101' }));
  bed.pass();
  expect(anna.of('offer')[0]?.sdp).toContain('RTP/AVP 9 8 0 101');
  anna.session?.answerOffer(last(anna, { formats: '8 101' }));
  bed.pass();
  expect([spoken(bed, 1), spoken(bed, 2)]).toEqual([['PCMA', 'telephone-event'], ['G722', 'telephone-event']]);
  anna.session?.end();
  bed.pass();
  expect(transcodedTold(bed)).toEqual(['transcoded PCMA ↔ G722']);
});

test('an INVITE without offer: an answer that puts another codec before the common one is asked to keep to that', () => {
  const { bed, anna, ben, last } = two();
  anna.call('102', { offer: 'none' });
  bed.pass();
  ben.answer(last(ben, { formats: '8 101' }));
  bed.pass();
  anna.session?.answerOffer(last(anna, { formats: '9 8 101' }));
  bed.pass();
  expect(anna.of('offer')[1]).toMatchObject({ method: 'INVITE', sdp: expect.stringContaining('RTP/AVP 8 101') as string });
});

test('early media in another codec: the 183 has the codec of the caller', () => {
  const { bed, anna, ben, last } = two();
  anna.call('102', { offer: last(anna, { formats: '8 101' }) });
  bed.pass();
  ben.take().provisional(183, { sdp: last(ben, { formats: '9 101' }) });
  bed.pass();
  expect(anna.of('provisional')[0]?.sdp).toContain('RTP/AVP 8 101');
  ben.answer(last(ben, { formats: '9 101' }));
  bed.pass();
  expect(anna.of('offer')).toEqual([]);
  expect(bed.pbx.exchange.calls()[0]?.state).toBe('talking');
});

test('the gateway has no room to convert: the call ends as congestion and says why, instead of staying silent', () => {
  const { bed, anna, ben, last } = two();
  anna.call('102', { offer: last(anna, { formats: '8 101' }) });
  bed.pass();
  bed.gateway.refuseNext('topology', 'overloaded', 'no room to decode audio');
  ben.answer(last(ben, { formats: '9 101' }));
  bed.pass();
  expect([anna.session?.phase, ben.session?.phase]).toEqual(['ended', 'ended']);
  expect(bed.pbx.record).toMatchObject({ cause: 'congestion', evidence: { text: 'media gateway: no room to decode audio' } });
});

test('no room to convert after a late answer or a re-INVITE ends the call as congestion too', () => {
  const { bed, anna, ben, last } = two();
  anna.call('102', { offer: 'none' });
  bed.pass();
  ben.answer(last(ben, { formats: '9 101' }));
  bed.pass();
  bed.gateway.refuseNext('modify', 'overloaded', 'no room to decode audio');
  anna.session?.answerOffer(last(anna, { formats: '8 101' }));
  bed.pass();
  expect([anna.session?.phase, ben.session?.phase]).toEqual(['ended', 'ended']);
  expect(bed.pbx.record).toMatchObject({ cause: 'congestion' });
});

test('opus on its own clock: events are offered on it too (RFC 4733 2.1)', () => {
  const { bed, anna, ben, last } = two({ codecs: [...decoded, { name: 'opus', clockRate: 48_000, channels: 2 }] });
  anna.call('102', { offer: last(anna, { formats: '98 101', lines: opus }) });
  bed.pass();
  expect(ben.incoming[0]?.offer).toContain('opus/48000/2');
});

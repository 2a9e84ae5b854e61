import { expect, test } from 'vitest';
import { PhoneBed } from './phone-bed.ts';
import { sdp } from './scripted-phone.ts';

function talking(how: { readonly transport?: 'udp' | 'tcp' } = {}) {
  const bed = new PhoneBed();
  const [anna, ben] = [bed.phone('101', '101', 11, how), bed.phone('102', '102', 12, how)];
  anna.call('102');
  bed.pass();
  ben.ring();
  bed.pass();
  ben.answer();
  bed.pass();
  return { bed, anna, ben };
}

test('kill -9 of the controller: the call goes on, BYE from the caller works, and the record is whole', () => {
  const { bed, anna, ben } = talking();
  const id = bed.pbx.exchange.calls()[0]?.id;
  bed.restart();
  expect(bed.pbx.exchange.calls()).toMatchObject([{ id, state: 'talking', recovered: true, legs: [{ state: 'answered' }, { state: 'answered' }] }]);
  anna.session?.end();
  bed.pass();
  expect([anna.session?.phase, ben.session?.phase]).toEqual(['ended', 'ended']);
  expect(bed.pbx.record).toMatchObject({ id, recovered: true, cause: 'normalClearing', answeredBy: 'd-102' });
  expect(bed.pbx.record.story.map((entry) => entry.type)).toEqual(expect.arrayContaining(['offered', 'ringing', 'answered', 'joined', 'recovered', 'released', 'ended']));
  expect(bed.pbx.bugs).toEqual([]);
});

test('after kill -9 both sides can hold, resume and be hung up by the API', () => {
  const { bed, anna, ben } = talking();
  bed.restart();
  for (const phone of [anna, ben]) {
    phone.session?.reinvite(sdp(phone.address, { direction: 'sendonly', version: 2 }));
    bed.pass();
    expect(phone.of('answer').at(-1)?.sdp).toContain('a=recvonly');
    expect(bed.pbx.exchange.calls()[0]?.state).toBe('held');
    phone.session?.reinvite(sdp(phone.address, { version: 3 }));
    bed.pass();
    expect(bed.pbx.exchange.calls()[0]?.state).toBe('talking');
  }
  expect(anna.of('answer').at(-1)?.sdp).toMatch(/o=- \d+ 3 IN/);
  bed.pbx.exchange.hangUp(bed.pbx.exchange.calls()[0]?.id ?? '');
  bed.pass();
  expect([anna.session?.phase, ben.session?.phase]).toEqual(['ended', 'ended']);
});

test('phones over TCP are hung up after kill -9 though their connections went with the process (RFC 3263 4.3)', () => {
  const { bed, anna, ben } = talking({ transport: 'tcp' });
  bed.restart();
  bed.pass(1_000);
  bed.pbx.exchange.hangUp(bed.pbx.exchange.calls()[0]?.id ?? '');
  bed.pass();
  expect([anna.of('ended'), ben.of('ended')]).toMatchObject([[{ by: 'remote', detail: 'BYE' }], [{ by: 'remote', detail: 'BYE' }]]);
  bed.pass(40_000);
  expect([bed.pbx.exchange.size, bed.pbx.bugs.length]).toEqual([0, 0]);
});

test('a phone behind NAT that came back by another connection is hung up on that one', () => {
  const { bed, ben } = talking({ transport: 'tcp' });
  bed.restart();
  // Nobody can connect to it; it has to come by itself.
  bed.wire.unlisten({ transport: 'tcp', address: ben.address, port: 5060 });
  ben.register();
  bed.pass();
  bed.pbx.exchange.hangUp(bed.pbx.exchange.calls()[0]?.id ?? '');
  bed.pass();
  expect(ben.of('ended')).toMatchObject([{ by: 'remote', detail: 'BYE' }]);
});

test('held over a restart, and killed twice', () => {
  const { bed, anna } = talking();
  anna.session?.reinvite(sdp(anna.address, { direction: 'sendonly', version: 2 }));
  bed.pass();
  bed.restart();
  expect(bed.pbx.exchange.calls()[0]?.state).toBe('held');
  anna.session?.reinvite(sdp(anna.address, { version: 3 }));
  bed.pass();
  bed.restart();
  expect(bed.pbx.exchange.calls()[0]?.state).toBe('talking');
  anna.session?.end();
  bed.pass();
  expect(bed.pbx.record.recovered).toBe(true);
});

test('kill -9 while it rings: the phone stops ringing, the caller gets 503, the record is closed as recovered, the context released', () => {
  const bed = new PhoneBed();
  const [anna, ben] = [bed.phone('101', '101', 11), bed.phone('102', '102', 12)];
  anna.call('102');
  bed.pass();
  ben.ring();
  bed.pass();
  bed.restart();
  bed.pass();
  expect(bed.pbx.record).toMatchObject({ recovered: true, cause: 'temporaryFailure', evidence: { text: 'controller restarted during set-up' } });
  expect(bed.pbx.exchange.size).toBe(0);
  expect(bed.commands().at(-1)).toBe('release');
  expect(ben.of('ended')).toMatchObject([{ by: 'remote' }]);
  expect(anna.of('rejected')).toMatchObject([{ status: 503 }]);
});

test('a phone that answers while the controller is away is hung up when it is back', () => {
  const bed = new PhoneBed();
  const [anna, ben] = [bed.phone('101', '101', 11), bed.phone('102', '102', 12)];
  anna.call('102');
  bed.pass();
  ben.ring();
  bed.pass();
  bed.pbx.kill();
  ben.answer();
  bed.pass(1_000);
  expect(ben.session?.phase).toBe('confirmed');
  bed.restart();
  bed.pass(1_000);
  expect(ben.of('ended')).toMatchObject([{ by: 'remote' }]);
  expect([bed.pbx.exchange.size, bed.pbx.bugs.length]).toEqual([0, 0]);
});

test('the phones ring at once after a restart: registrations were kept', () => {
  const { bed, anna, ben } = talking();
  anna.session?.end();
  bed.pass();
  bed.restart();
  anna.session = ben.session = undefined;
  anna.call('102');
  bed.pass();
  ben.answer();
  bed.pass();
  expect(bed.pbx.exchange.calls()[0]?.state).toBe('talking');
});

test('kill -9 of the gateway: the terminations are made again with the same ports, joined, and the blob attached', () => {
  const { bed, anna, ben } = talking();
  const before = bed.gateway.sent.length;
  const [first, second] = [20000, 20002];
  bed.gateway.goDown();
  bed.pass(1_000);
  bed.gateway.comeUp('restarted');
  bed.pass();
  const again = bed.gateway.sent.slice(before);
  expect(again.map((command) => command.do)).toEqual(['audit', 'add', 'add', 'topology', 'attach']);
  expect(again[1]).toMatchObject({ local: { rtpPort: second }, remote: { rtp: { address: anna.address } } });
  expect(again[2]).toMatchObject({ local: { rtpPort: first }, remote: { rtp: { address: ben.address } } });
  ben.session?.end();
  bed.pass();
  expect(anna.session?.phase).toBe('ended');
  expect(bed.pbx.record.story.map((entry) => entry.type)).toContain('restored');
});

test('a gateway whose connection only broke is left as it is', () => {
  const { bed } = talking();
  const before = bed.gateway.sent.length;
  bed.gateway.goDown();
  bed.gateway.comeUp('same');
  bed.pass();
  expect(bed.gateway.sent.slice(before).map((command) => command.do)).toEqual(['audit']);
});

test('a call that ended while the gateway was away: its context is released when it is back, and it is recorded once', () => {
  const { bed, anna } = talking();
  bed.gateway.goDown();
  anna.session?.end();
  bed.pass(6_000);
  expect(bed.pbx.records).toHaveLength(1);
  bed.gateway.comeUp('same');
  bed.pass();
  expect(bed.commands().slice(-2)).toEqual(['audit', 'release']);
  expect([bed.pbx.exchange.size, bed.pbx.records.length]).toEqual([0, 1]);
});

test('drain hangs everybody up and resolves', async () => {
  const { bed, anna, ben } = talking();
  const drained = bed.pbx.exchange.drain();
  bed.pass();
  await drained;
  expect([anna.session?.phase, ben.session?.phase]).toEqual(['ended', 'ended']);
  anna.call('102');
  bed.pass();
  expect(anna.of('rejected').at(-1)).toMatchObject({ status: 503, retryAfterS: 5 });
});

import { expect, test } from 'vitest';
import { PhoneBed } from './phone-bed.ts';
import { PBX, sdp } from './scripted-phone.ts';
import { SilentEndpoint } from './silent-endpoint.ts';

/** 101 calls; `0` goes to one carrier and then to the other, `7` asks for the PIN 2580 first. */
function outside() {
  const bed = new PhoneBed();
  const [anna, first, second] = [bed.phone('101', '101', 11), bed.phone('201', '201', 21), bed.phone('202', '202', 22)];
  const attempt = (device: string) => ({ endpoints: [device], number: '0221555', timeoutMs: 30_000 });
  const route = { ok: true, route: { direction: 'outbound', attempts: [attempt('d-201'), attempt('d-202')] } } as const;
  bed.routes.set('0', () => route);
  bed.routes.set('7', ({ pin }) => (pin === '2580' ? route : { ok: false, cause: 'notAllowed', evidence: { kind: 'pin', text: 'it takes a PIN' }, asks: 'pin' }));
  return { bed, anna, first, second };
}

/** What the gateway was told to play to the caller; '': no more. */
function played(bed: PhoneBed): string[] {
  return bed.gateway.sent.flatMap((command) => {
    if (command.do !== 'signal' || !command.termination.endsWith('.1')) return [];
    return command.signal.type === 'tone' ? [command.signal.tone.segments[0]?.frequenciesHz.join('+') ?? ''] : command.signal.type === 'silence' ? [''] : [];
  });
}

test('the way dies after 183: the caller gets no second response, hears the next ring and its early media, and keeps his codec', () => {
  const { bed, anna, first, second } = outside();
  anna.call('0');
  bed.pass();
  first.take().provisional(183, { sdp: sdp(first.address, { formats: '8 101' }) });
  bed.pass();
  expect(anna.types()).toEqual(['provisional']);
  const told = anna.of('provisional')[0]?.sdp;
  expect(told).toContain('RTP/AVP 8 101');
  first.session?.reject(503, { headers: [['Reason', 'Q.850;cause=38']] });
  bed.pass();
  second.ring();
  bed.pass();
  expect(played(bed)).toEqual(['425']);
  // This one has no PCMA.
  second.session?.provisional(183, { sdp: sdp(second.address, { formats: '0 101' }) });
  bed.pass();
  expect(played(bed)).toEqual(['425', '']);
  second.session?.accept(sdp(second.address, { formats: '0 101' }));
  bed.pass();
  expect(anna.types()).toEqual(['provisional', 'accepted']);
  expect(anna.of('accepted')[0]?.sdp).toBe(told);
  expect(anna.of('offer')).toEqual([]);
  expect(bed.gateway.sent.filter((command) => command.do === 'topology').map((command) => (command.do === 'topology' ? command.joined : []))).toMatchObject([[[/\.1$/, /\.2$/]], [], [[/\.1$/, /\.3$/]]].map((joined) => joined.map((pair) => pair.map((end) => expect.stringMatching(end) as string))));
  anna.session?.end();
  bed.pass();
  expect(bed.pbx.record).toMatchObject({ answeredBy: 'd-202', attempts: [{ cause: 'networkOutOfOrder' }, { cause: 'normalClearing' }] });
  expect(bed.pbx.record.story.find(({ type }) => type === 'transcoded')?.text).toBe('transcoded PCMA ↔ PCMU');
  expect([bed.pbx.bugs, bed.pbx.media.size]).toEqual([[], 0]);
});

test('a 503 before anything was heard is not seen by the caller at all', () => {
  const { bed, anna, first, second } = outside();
  anna.call('0');
  bed.pass();
  first.ring();
  bed.pass();
  first.session?.reject(503);
  bed.pass();
  second.ring();
  bed.pass();
  second.answer();
  bed.pass();
  expect(anna.types()).toEqual(['provisional', 'accepted']);
  expect(played(bed)).toEqual([]);
});

test.each(['RFC 4733', 'INFO'] as const)('a PIN is asked for in early media, and dialled by %s', (how) => {
  const { bed, anna, first } = outside();
  const session = anna.call('7');
  bed.pass();
  expect(anna.types()).toEqual(['provisional']);
  expect(anna.of('provisional')[0]).toMatchObject({ status: 183, sdp: expect.stringContaining('m=audio 20000 RTP/AVP 8') as string });
  expect(played(bed)).toEqual(['425']);
  expect(bed.pbx.exchange.calls()).toMatchObject([{ state: 'asking' }]);
  const [call] = bed.pbx.exchange.calls();
  for (const digit of '2580#') {
    if (how === 'INFO') session.info('application/dtmf-relay', `Signal=${digit}\r\nDuration=100\r\n`);
    else bed.gateway.emit({ event: 'digit', context: call?.id ?? '', termination: `${call?.id}.1`, digit, durationMs: 100, relayed: false });
    bed.pass(20);
  }
  bed.pass();
  expect(played(bed).slice(0, 2)).toEqual(['425', '']);
  first.ring();
  bed.pass();
  expect(played(bed).at(-1)).toBe('425');
  first.answer();
  bed.pass();
  expect(played(bed).at(-1)).toBe('');
  anna.session?.end();
  bed.pass();
  expect(bed.pbx.record).toMatchObject({ cause: 'normalClearing', answeredBy: 'd-201' });
  expect(JSON.stringify([bed.pbx.record, bed.pbx.begun])).not.toMatch(/2580|digit [0-9#]/);
  expect(bed.pbx.bugs).toEqual([]);
});

test('a phone that sends digits only as sounds is listened to while it dials a PIN', () => {
  const { bed, anna, first } = outside();
  anna.call('7', { offer: sdp(anna.address, { formats: '8' }) });
  bed.pass();
  const [call] = bed.pbx.exchange.calls();
  const dial = (digits: string): void => {
    for (const digit of digits) bed.gateway.emit({ event: 'digit', context: call?.id ?? '', termination: `${call?.id}.1`, digit, durationMs: 100, relayed: false });
    bed.pass();
  };
  dial('2');
  const last = bed.gateway.sent.findLast((command) => command.do === 'signal');
  expect(last).toMatchObject({ signal: { type: 'tone', tone: { segments: [{ frequenciesHz: [], durationMs: null }] } } });
  dial('580#');
  first.answer();
  bed.pass();
  expect(played(bed)).toEqual(['425', '', '']);
  expect(bed.gateway.sent.filter((command) => command.do === 'signal' && command.signal.type === 'silence')).toHaveLength(1);
});

test('a wrong PIN three times: 403', () => {
  const { bed, anna } = outside();
  const session = anna.call('7');
  bed.pass();
  for (let tries = 0; tries < 3; tries++) {
    for (const digit of '1#') session.info('application/dtmf-relay', `Signal=${digit}\r\nDuration=100\r\n`);
    bed.pass(1_500);
  }
  expect(anna.of('rejected')).toMatchObject([{ status: 403 }]);
  expect([bed.pbx.exchange.size, bed.pbx.media.size]).toEqual([0, 0]);
});

test('a call that is taken away: the other phone hears so, and its BYE says why (RFC 4411)', () => {
  const { bed, anna, first } = outside();
  anna.call('0');
  bed.pass();
  first.answer();
  bed.pass();
  first.session?.end({ reasonHeader: 'Q.850;cause=8, preemption;cause=4;text="Non-IP Preemption"' });
  bed.pass();
  expect(played(bed)).toEqual(['440+620']);
  expect(anna.session?.phase).toBe('confirmed');
  bed.pass(1_500);
  expect(anna.of('ended')).toMatchObject([{ by: 'remote', reasonHeader: 'Q.850;cause=8, preemption;cause=1;text="UA Preemption"' }]);
  expect(bed.pbx.record.cause).toBe('preempted');
});

test('a party of our own that says nothing is rung first, and the call goes out for it', () => {
  const { bed, first, second } = outside();
  const silent = new SilentEndpoint(bed.pbx.media, bed.timers, { id: 'drill', address: PBX.address, codecs: bed.codecs });
  const id = bed.pbx.exchange.originate({ from: 'drill', first: silent, party: { number: '101' }, to: '0' });
  bed.pass();
  expect(first.incoming[0]?.offer).toContain('RTP/AVP 8 0 9 101');
  first.incoming[0]?.refuse(503);
  bed.pass();
  second.answer();
  bed.pass();
  expect(bed.pbx.exchange.call(id)).toMatchObject({ state: 'talking', legs: [{ endpoint: 'drill', role: 'caller' }, { state: 'released' }, { state: 'answered' }] });
  bed.pbx.exchange.hangUp(id);
  bed.pass();
  expect(bed.pbx.record).toMatchObject({ attempts: [{ cause: 'temporaryFailure' }, { cause: 'normalClearing' }] });
  expect([bed.pbx.exchange.size, bed.pbx.media.size, bed.pbx.bugs]).toEqual([0, 0, []]);
});

test('a party of our own for whom the gateway has no room, or that a restart outlived, is gone', () => {
  const { bed, first } = outside();
  const silent = (): SilentEndpoint => new SilentEndpoint(bed.pbx.media, bed.timers, { id: 'drill', address: PBX.address, codecs: bed.codecs });
  bed.gateway.refuseNext('add', 'noPort', 'no port left');
  bed.pbx.exchange.originate({ from: 'drill', first: silent(), party: { number: '101' }, to: '0' });
  bed.pass();
  expect(bed.pbx.record).toMatchObject({ evidence: { text: 'media gateway: no port left' }, attempts: [] });
  bed.pbx.exchange.originate({ from: 'drill', first: silent(), party: { number: '101' }, to: '0' });
  bed.pass();
  first.ring();
  bed.pass();
  bed.restart();
  bed.pass();
  expect(bed.pbx.record).toMatchObject({ recovered: true, cause: 'temporaryFailure' });
  const told: string[] = [];
  silent().adopt('leg', {}, (event) => told.push(event.type === 'released' ? event.cause : event.type));
  expect(told).toEqual([]);
  bed.pass();
  expect(told).toEqual(['temporaryFailure']);
  expect(bed.pbx.exchange.size).toBe(0);
});

test('who was rung first hears by a tone that it rings', () => {
  const { bed, anna, first } = outside();
  bed.pbx.exchange.originate({ from: 'd-101', party: { number: '101' }, to: '0' });
  bed.pass();
  anna.answer();
  bed.pass();
  first.ring();
  bed.pass();
  expect(played(bed)).toEqual(['425']);
  first.answer();
  bed.pass();
  expect(played(bed)).toEqual(['425', '']);
});

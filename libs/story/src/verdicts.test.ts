import type { CapturedLadder } from '@tipring/sip';
import type { CallRecord } from '@tipring/telephony';
import { describe, expect, test } from 'vitest';
import { attempt, failed, fine, ladder, leg, note, record, sdp, startedAt } from './case.test-support.ts';
import { isRemarkable, storyOf, verdictsOf } from './story-of.ts';

const codes = (call: CallRecord, captured?: CapturedLadder): string[] => verdictsOf(call, captured).map(({ code, severity }) => `${severity} ${code}`);
const silent = { ...fine, packetsReceived: 0, mos: null };
const inOrder = ladder(
  [0, '<', 'a', 'INVITE sip:102@pbx SIP/2.0', { body: sdp('198.51.100.7') }], [10, '>', 'b', 'INVITE sip:102@phone SIP/2.0', { body: sdp('192.0.2.1') }], [20, '<', 'b', 'SIP/2.0 180 Ringing'], [2_000, '<', 'b', 'SIP/2.0 200 OK', { body: sdp('203.0.113.9') }],
  [2_001, '>', 'b', 'ACK sip:102@phone SIP/2.0'], [2_001, '>', 'a', 'SIP/2.0 200 OK', { body: sdp('192.0.2.1'), times: 2, lastMs: 2_501 }], [2_600, '<', 'a', 'ACK sip:102@pbx SIP/2.0'], [12_000, '<', 'a', 'BYE sip:102@pbx SIP/2.0'],
  [12_000, '>', 'b', 'BYE sip:102@phone SIP/2.0'], [12_010, '<', 'b', 'SIP/2.0 200 OK', { cseq: '1 BYE' }],
);

describe('nothing was wrong', () => {
  const held = { story: [{ at: startedAt + 2_500, leg: 'cal.1', type: 'held', text: '' }, { at: startedAt + 11_500, leg: 'cal.1', type: 'resumed', text: '' }] };
  const cases: readonly (readonly [what: string, call: CallRecord, captured?: CapturedLadder])[] = [
    ['with a ladder', record(), inOrder],
    ['without one', record()],
    ['of an analog telephone and a line, of which no packets are counted', record({ legs: [leg('caller', { endpoint: 'sta_1', quality: null }), leg('called', { endpoint: 'lin_1', quality: null, evidence: { kind: 'release', text: '' } })] })],
    ['when it was too short for packets', record({ legs: [leg('caller', { endedAt: startedAt + 3_000 }), leg('called', { quality: silent, endedAt: startedAt + 3_000 })] })],
    ['when nothing came because it was on hold', record({ ...held, legs: [leg('caller', { quality: silent }), leg('called')] })],
    ['when nothing came because it only listens', record({ legs: [leg('caller', { quality: silent }), leg('called')] }), ladder([0, '<', 'a', 'INVITE sip:102@pbx SIP/2.0', { body: sdp('198.51.100.7', { direction: 'recvonly' }) }])],
    ['when a few packets were lost', record({ legs: [leg('caller', { quality: { ...fine, packetsLost: 5 } }), leg('called')] })],
    ['when a telephone was silent for a while and spoke again', record({ story: [note('cal.2', 'mediaTimeout', 6_000, { silentMs: 2_000 }), note('cal.2', 'mediaResumed', 7_000, { silentMs: 3_000 })] })],
    ['when the trunk’s SIP and media are different machines of one private network', record({ legs: [leg('caller'), leg('called', { endpoint: 'trk_b' })] }), ladder([0, '<', 'b', 'SIP/2.0 200 OK', { body: sdp('203.0.113.200') }])],
  ];
  for (const [what, call, captured] of cases) test(what, () => expect(codes(call, captured)).toEqual(['info nothingWrong']));

  test('and what looks so from the record alone is kept rather than others', () => {
    expect([isRemarkable(record()), isRemarkable(failed('userBusy', {}))]).toEqual([false, false]);
    expect([isRemarkable(record({ legs: [leg('caller', { quality: silent }), leg('called')] })), isRemarkable(failed('congestion', {})), isRemarkable(record({ recovered: true }))]).toEqual([true, true, true]);
  });
});

describe('audio', () => {
  const mute = record({ legs: [leg('caller', { quality: silent }), leg('called')] });
  const cases: readonly (readonly [what: string, code: string, call: CallRecord, captured?: CapturedLadder])[] = [
    ['nothing from behind NAT', 'error oneWayAudioNat', mute, ladder([0, '<', 'a', 'INVITE sip:102@pbx SIP/2.0', { body: sdp('192.168.1.20') }])],
    ['nothing, and its address is right', 'error oneWayAudio', mute, inOrder],
    ['nothing, and no ladder', 'error oneWayAudio', mute],
    ['nothing from either', 'error noAudio', record({ legs: [leg('caller', { quality: silent }), leg('called', { quality: silent })] })],
    ['nothing that could be used', 'error mediaDiscarded', record({ legs: [leg('caller'), leg('called', { quality: { ...silent, packetsDiscarded: 490 } })] })],
    ['lost on the way here', 'warning packetLoss', record({ legs: [leg('caller', { quality: { ...fine, packetsLost: 30 } }), leg('called')] })],
    ['lost on the way there', 'warning packetLoss', record({ legs: [leg('caller'), leg('called', { quality: { ...fine, farLost: 30 } })] })],
    ['so much lost that nobody understands', 'error packetLoss', record({ legs: [leg('caller', { quality: { ...fine, packetsLost: 130, mos: 2.2 } }), leg('called')] })],
    ['stopped, and never came back', 'warning audioStopped', record({ story: [note('cal.2', 'mediaTimeout', 9_000, { silentMs: 5_000 })] })],
    ['stopped because its telephone was gone', 'error partyVanished', record({ evidence: { kind: 'silence', text: 'no audio' }, story: [note('cal.2', 'mediaTimeout', 9_000, { silentMs: 5_000 })] })],
    ['uneven at the end', 'warning jitter', record({ legs: [leg('caller', { quality: { ...fine, jitterMs: 45, worstJitterMs: 50 } }), leg('called')] })],
    ['uneven once', 'warning jitter', record({ legs: [leg('caller', { quality: { ...fine, worstJitterMs: 90 } }), leg('called')] })],
    ['uneven on the way there', 'warning jitter', record({ legs: [leg('caller'), leg('called', { quality: { ...fine, farJitterMs: 60 } })] })],
  ];
  for (const [what, code, call, captured] of cases) test(what, () => expect(codes(call, captured)).toEqual([code]));

  test('nothing came because the gateway was restarted: that is what is said', () => {
    expect(codes({ ...mute, story: [{ at: startedAt + 5_000, type: 'restored', text: 'again' }] })).toEqual(['warning restarted']);
  });

  test('from another address than the description’s: symmetric RTP, which is fine; converted codecs are told', () => {
    const call = record({ story: [note('cal.1', 'mediaStarted', 2_100, { from: '198.51.100.99:5555' }), { at: startedAt + 2_050, type: 'transcoded', text: 'transcoded PCMA ↔ G722', data: { codecs: 'PCMA ↔ G722' } }] });
    expect(codes(call, inOrder)).toEqual(['info nothingWrong', 'info symmetricRtp', 'info transcoded']);
  });
});

describe('signalling', () => {
  const trunk = { endpoint: 'trk_carrier' };
  const challenge = (status: number): readonly string[] => [`${status === 401 ? 'WWW' : 'Proxy'}-Authenticate: Digest realm="carrier", nonce="n"`];
  const proof = { headers: ['Proxy-Authorization: Digest username="u", response="r"'], cseq: '2 INVITE' };
  const cases: readonly (readonly [what: string, expected: readonly string[], call: CallRecord, captured?: CapturedLadder])[] = [
    ['a trunk challenges again after our proof', ['error trunkAuthentication'], failed('rejected', trunk), ladder([0, '>', 'b', 'INVITE sip:1@c SIP/2.0'], [5, '<', 'b', 'SIP/2.0 407 No', { headers: challenge(407) }], [6, '>', 'b', 'INVITE sip:1@c SIP/2.0', proof], [9, '<', 'b', 'SIP/2.0 407 No', { headers: challenge(407), cseq: '2 INVITE' }])],
    ['a trunk asks for what is not set', ['error trunkAuthentication'], failed('rejected', trunk), ladder([0, '>', 'b', 'INVITE sip:1@c SIP/2.0'], [5, '<', 'b', 'SIP/2.0 401 No', { headers: challenge(401) }])],
    ['a trunk forbids', ['error trunkAuthentication'], failed('rejected', trunk), ladder([0, '>', 'b', 'INVITE sip:1@c SIP/2.0'], [5, '<', 'b', 'SIP/2.0 403 Forbidden'])],
    ['a trunk is not registered', ['error trunkAuthentication'], failed('outOfOrder', { ...trunk, evidence: { kind: 'registration', text: 'refused: 403' } })],
    ['a telephone’s 403 without any credentials is its owner’s will', ['info declined'], failed('rejected', {}), ladder([0, '>', 'b', 'INVITE sip:1@c SIP/2.0'], [5, '<', 'b', 'SIP/2.0 403 Forbidden'])],
    ['a trunk says nothing', ['error noResponse'], failed('recoveryOnTimerExpiry', { ...trunk, evidence: { kind: 'timer', text: 'no response' } }), ladder([0, '>', 'b', 'INVITE sip:1@c SIP/2.0', { times: 3, lastMs: 1_500 }])],
    ['a trunk’s connection is refused', ['error noResponse'], failed('networkOutOfOrder', { ...trunk, evidence: { kind: 'transport', text: 'connection refused' } })],
    ['a trunk’s name is not known', ['error unresolvable'], failed('networkOutOfOrder', { ...trunk, evidence: { kind: 'dns', text: 'sip.carrier.example: no such name' } })],
    ['a trunk has no channel left by its limit', ['error trunkUnavailable'], failed('noCircuit', { ...trunk, evidence: { kind: 'limit', text: 'trunk carrier has 2 of 2 calls' } })],
    ['a trunk fell silent while it rang', ['error noResponse'], failed('networkOutOfOrder', { ...trunk, evidence: { kind: 'timer', text: 'fell silent' } }), ladder([0, '>', 'b', 'INVITE sip:1@c SIP/2.0'], [5, '<', 'b', 'SIP/2.0 180 Ringing'])],
    ['a trunk is full', ['error serverFailure'], failed('congestion', trunk), ladder([0, '>', 'b', 'INVITE sip:1@c SIP/2.0'], [5, '<', 'b', 'SIP/2.0 503 Full', { headers: ['Retry-After: 5'] }])],
    ['it rang, and nobody came', ['info notAnswered'], failed('noAnswer', { evidence: { kind: 'local', text: 'CANCEL sent' } }), ladder([0, '>', 'b', 'INVITE sip:1@c SIP/2.0'], [5, '<', 'b', 'SIP/2.0 180 Ringing'])],
    ['no codec, said by the called side', ['error codecMismatch'], failed('incompatibleDestination', {}), ladder([0, '>', 'b', 'INVITE sip:1@c SIP/2.0', { body: sdp('192.0.2.1') }], [5, '<', 'b', 'SIP/2.0 488 No', { headers: ['Warning: 304 x "none"'] }])],
    ['a BYE that is not answered', ['error partyVanished'], record(), ladder([12_000, '>', 'b', 'BYE sip:b SIP/2.0', { times: 7, lastMs: 20_000 }])],
    ['a BYE that has just been sent', ['info nothingWrong'], record(), ladder([12_000, '>', 'b', 'BYE sip:b SIP/2.0'])],
    ['a session that was not refreshed', ['error partyVanished'], record({ legs: [leg('caller'), leg('called', { cause: 'recoveryOnTimerExpiry', evidence: { kind: 'timer', text: 'session timer' } })] })],
    ['an answer that nobody acknowledged', ['error ackMissing'], record({ legs: [leg('caller', { evidence: { kind: 'timer', text: 'no ACK' }, quality: silent, cause: 'recoveryOnTimerExpiry' }), leg('called')] }), ladder([2_000, '>', 'a', 'SIP/2.0 200 OK', { times: 11, lastMs: 34_000 }])],
    ['a router that rewrites in part', ['info nothingWrong', 'info sipAlg'], record(), ladder([0, '<', 'a', 'INVITE sip:102@pbx SIP/2.0', { headers: ['Via: SIP/2.0/UDP 192.168.1.20:5060;branch=z9hG4bK1', 'Contact: <sip:101@192.168.1.20>'], body: sdp('198.51.100.7') }], [9, '<', 'a', 'ACK sip:a SIP/2.0'])],
    ['a telephone behind NAT that says the same everywhere', ['info nothingWrong'], record(), ladder([0, '<', 'a', 'INVITE sip:102@pbx SIP/2.0', { headers: ['Via: SIP/2.0/UDP 192.168.1.20:5060', 'Contact: <sip:101@192.168.1.20>'], body: sdp('192.168.1.20') }])],
  ];
  for (const [what, expected, call, captured] of cases) test(what, () => expect(codes(call, captured)).toEqual(expected));

  test('a trunk failed and another took the call: told as what it was, and that the call went on', () => {
    const call = record({
      legs: [leg('caller'), leg('called', { id: 'cal.3', endpoint: 'trk_dead', reference: 'b', answeredAt: null, cause: 'recoveryOnTimerExpiry', evidence: { kind: 'timer', text: 'no response' }, quality: null }), leg('called', { reference: 'c' })],
      attempts: [attempt('trunk dead', { legs: ['cal.3'] }), attempt('trunk alive', { answeredAt: startedAt + 2_000, legs: ['cal.2'] })],
    });
    const verdicts = verdictsOf(call, ladder([0, '>', 'b', 'INVITE sip:1@c SIP/2.0', { times: 3, lastMs: 1_500 }]));
    expect(verdicts.map(({ code, severity }) => `${severity} ${code}`)).toEqual(['warning noResponse', 'info failedOver']);
    expect(verdicts[1]!.title).toBe('The call went by trunk alive, after trunk dead had failed.');
  });
});

describe('the call', () => {
  const refusedBy = (cause: CallRecord['cause'], text: string): CallRecord =>
    record({ answeredAt: null, answeredBy: null, cause, evidence: { kind: 'routing', text }, legs: [leg('caller', { answeredAt: null, cause, quality: null })], story: [{ at: startedAt, type: 'refused', text, data: { cause } }] });
  const cases: readonly (readonly [what: string, expected: readonly string[], call: CallRecord])[] = [
    ['nobody has the number', ['info unknownNumber'], refusedBy('unallocatedNumber', 'nobody has the number 9')],
    ['a permission forbids it', ['info refusedByRule'], refusedBy('notAllowed', 'extension 101 may not call abroad')],
    ['busy', ['info busy'], failed('userBusy', {})],
    ['no telephone registered', ['warning notReachable'], failed('subscriberAbsent', { evidence: { kind: 'registration', text: 'no device of it is registered' } })],
    ['given up by the caller', ['info abandoned'], failed('normalClearing', { evidence: { kind: 'local', text: 'CANCEL sent' } })],
    ['an emergency call', ['info nothingWrong', 'info emergency'], record({ emergency: '112' })],
    ['taken back after a restart', ['info nothingWrong', 'info restarted'], record({ recovered: true })],
    ['lost in a restart', ['error restarted'], failed('temporaryFailure', { evidence: { kind: 'restart', text: 'restarted' } }, { recovered: true })],
    ['a bug of ours', ['error internalError'], failed('temporaryFailure', { evidence: { kind: 'bug', text: 'bug' } }, { story: [{ at: startedAt, type: 'bug', text: 'undefined is not a function' }] })],
    ['no room in the gateway', ['error gatewayTrouble'], failed('congestion', { evidence: { kind: 'gateway', text: 'media gateway: no port' } })],
  ];
  for (const [what, expected, call] of cases) test(what, () => expect(codes(call)).toEqual(expected));
});

describe('the story', () => {
  test('has everything in one order: messages, media, wires, routing', () => {
    const call = record({
      legs: [leg('caller'), leg('called', { endpoint: 'lin_1', reference: 'SIM-1/1' })],
      story: [{ at: startedAt, leg: 'cal.1', type: 'offered', text: 'offered' }, { at: startedAt + 1, type: 'routed', text: 'routed', data: { explanation: {} } }, note('cal.2', 'polarityReversal', 2_000), note('cal.1', 'mediaStarted', 2_100, { from: '198.51.100.7:40000' }), { at: startedAt + 12_000, type: 'ended', text: 'ended' }],
    });
    const story = storyOf(call, inOrder, { nameOf: (endpoint) => (endpoint === 'lin_1' ? 'Front desk line' : undefined) });
    expect(story.timeline.map(({ kind, type }) => `${kind} ${type}`)).toEqual(['sip INVITE', 'call offered', 'routing routed', 'line note', 'sip 200', 'media note', 'sip ACK', 'sip BYE', 'call ended']);
    expect(story.legs[0]).toMatchObject({ carrier: 'device', media: { signalled: '198.51.100.7:40000', heardFrom: ['198.51.100.7:40000'], firstPacketAt: startedAt + 2_100 } });
    expect(story.legs[1]!.carrier).toBe('line');
    expect(story.timeline[0]!.message).toMatchObject({ sdp: { address: '198.51.100.7', media: [{ port: 40_000, codecs: ['PCMA/8000'], direction: 'sendrecv' }] } });
    expect(JSON.parse(JSON.stringify(story))).toEqual(story);
  });

  test('is made of whatever came, also of what is no SIP at all, and of records of former versions', () => {
    const noise = ladder([0, '<', 'a', 'INVITE', { body: 'v=0\r\nm=', cseq: 'x' }], [1, '<', 'a', 'SIP/2.0', { headers: [':', 'Via', 'Contact: <<<'] }], [2, '>', 'b', '']);
    const old = record() as unknown as Record<string, unknown>;
    delete old['attempts'];
    delete old['emergency'];
    expect(storyOf(old as unknown as CallRecord, noise).verdicts.map(({ code }) => code)).toEqual(['nothingWrong']);
    let state = 7;
    const random = (): number => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
    for (let n = 0; n < 300; n += 1) {
      const damaged = { ...inOrder, messages: inOrder.messages.map((message) => ({ ...message, bytes: message.bytes.map((byte) => (random() < 0.05 ? Math.floor(random() * 256) : byte)) })) };
      expect(storyOf(record(), damaged).verdicts.length).toBeGreaterThan(0);
    }
  });

  test('every verdict says what, why and on which facts, and what to do if somebody has to', () => {
    for (const verdict of [...verdictsOf(record({ legs: [leg('caller', { quality: silent }), leg('called', { quality: silent })] }), undefined), ...verdictsOf(failed('congestion', {}), undefined)]) {
      expect([verdict.title, verdict.cause, verdict.remedy].every((text) => text.length > 10)).toBe(true);
      expect(verdict.evidence.length).toBeGreaterThan(0);
    }
  });
});

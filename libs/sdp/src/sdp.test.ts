import { expect, test } from 'vitest';
import { phones, rfc3264Offer, rfc4317Answer, rfc4317Offer } from './phones.fixture.ts';
import { answerOffer, codecsOf, createOffer, parseSdp, readAnswer, remoteMedia, writeSdp } from './index.ts';
import type { LocalMedia, Result, SessionDescription } from './index.ts';

const local: LocalMedia = {
  codecs: [
    { name: 'opus', clockRate: 48000, channels: 2, parameters: 'useinbandfec=1' },
    { name: 'G722', clockRate: 8000 }, { name: 'PCMU', clockRate: 8000 }, { name: 'PCMA', clockRate: 8000 },
    { name: 'telephone-event', clockRate: 8000 },
  ],
  address: '192.168.1.2', rtpPort: 30_000, sessionId: '7', version: 1,
};
const g711: LocalMedia = { ...local, codecs: local.codecs.filter((codec) => codec.name !== 'opus' && codec.name !== 'G722') };

const must = <T, E>(result: Result<T, E>): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
};
const refusal = <T, E extends { kind: string }>(result: Result<T, E>): string => (result.ok ? 'accepted' : result.error.kind);
const parsed = (text: string): SessionDescription => must(parseSdp(text));
const sdp = (lines: string, session = ''): SessionDescription => parsed(`v=0\r\no=- 1 1 IN IP4 10.0.0.9\r\ns=-\r\nc=IN IP4 10.0.0.9\r\nt=0 0\r\n${session}${lines.trim().replaceAll('\n', '\r\n')}\r\n`);
const answered = (offer: SessionDescription, with_: LocalMedia = local): string => writeSdp(must(answerOffer(offer, with_)).answer);

test.each(Object.entries(phones))('the description of %s is written back byte for byte', (_name, text) => {
  expect(writeSdp(parsed(text))).toBe(text);
});

test('LF alone, a missing t= and blank lines at the end are read, and then written properly', () => {
  expect(writeSdp(parsed('v=0\no=- 1 1 IN IP4 10.0.0.9\ns=x\nc=IN IP4 10.0.0.9\nm=audio 9 RTP/AVP 0\n\n\n')))
    .toBe('v=0\r\no=- 1 1 IN IP4 10.0.0.9\r\ns=x\r\nc=IN IP4 10.0.0.9\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\n');
});

test.each([
  ['', 'version'], ['v=1\r\n', 'version'], ['o=- 1 1 IN IP4 h\r\n', 'version'], ['v=0\r\ns=-\r\n', 'origin'], ['v=0\r\no=- 1 1 IN IP4\r\n', 'origin'],
  ['v=0\r\no=- 1 1 ATM NSAP x\r\n', 'origin'], ['v=0\r\nrubbish\r\n', 'syntax'], ['v=0\r\nx=1\r\n', 'unknownLine'],
  ['v=0\r\no=- 1 1 IN IP4 h\r\nm=audio 65536 RTP/AVP 0\r\n', 'media'], ['v=0\r\no=- 1 1 IN IP4 h\r\nm=audio -1 RTP/AVP 0\r\n', 'media'],
  ['v=0\r\no=- 1 1 IN IP4 h\r\nc=IN IP5 h\r\n', 'connection'], [`v=0\r\n${'a=x\r\n'.repeat(1000)}`, 'tooLarge'], ['v=0\r\n'.padEnd(70_000, 'a=x\r\n'), 'tooLarge'],
])('a description that cannot be read is refused: %#', (text, kind) => {
  expect(refusal(parseSdp(text))).toBe(kind);
});

test('bytes are read as UTF-8 (RFC 8866 5)', () => {
  expect(must(parseSdp(new TextEncoder().encode('v=0\r\no=- 1 1 IN IP4 h\r\ns=Büro\r\n'))).name).toBe('Büro');
});

test('static payload types need no rtpmap, G722 has clock 8000, unknown dynamic ones are left out (RFC 3551 6)', () => {
  const names = codecsOf(sdp('m=audio 4000 RTP/AVP 0 3 4 8 9 13 18 96').media[0]!).map((codec) => `${codec.payloadType} ${codec.name}/${codec.clockRate}`);
  expect(names).toEqual(['0 PCMU/8000', '3 GSM/8000', '4 G723/8000', '8 PCMA/8000', '9 G722/8000', '13 CN/8000', '18 G729/8000']);
});

test('Alice of RFC 3264 10.1 gets audio, and her two videos refused in their places', () => {
  expect(answered(parsed(rfc3264Offer), g711)).toBe([
    'v=0', 'o=- 7 1 IN IP4 192.168.1.2', 's=-', 'c=IN IP4 192.168.1.2', 't=0 0', 'm=audio 30000 RTP/AVP 0', 'a=rtpmap:0 PCMU/8000', 'a=sendrecv',
    'm=video 0 RTP/AVP 31', 'm=video 0 RTP/AVP 32', '',
  ].join('\r\n'));
});

test('the offer of RFC 4317 2.1 is answered in its codec order, and its answer is read', () => {
  const offer = parsed(rfc4317Offer);
  const { remote } = must(answerOffer(offer, { ...g711, codecs: [...g711.codecs].reverse() }));
  expect(remote.codecs.map((codec) => codec.name)).toEqual(['PCMU', 'PCMA']);
  const agreed = must(readAnswer(offer, parsed(rfc4317Answer)));
  expect(agreed.remote).toMatchObject({ rtp: { address: '192.0.2.20', port: 49174 }, rtcp: { address: '192.0.2.20', port: 49175 }, codecs: [{ payloadType: 0, name: 'PCMU' }] });
  expect(agreed.direction).toBe('sendrecv');
});

test('RFC 4317 3.1: hold is offered with sendonly, and answered recvonly; unhold is sendrecv again', () => {
  const hold = must(answerOffer(sdp('m=audio 4000 RTP/AVP 0\na=sendonly'), local));
  expect([hold.remote.hold, hold.direction]).toEqual([true, 'recvonly']);
  expect(writeSdp(hold.answer)).toContain('a=recvonly\r\n');
  expect(must(answerOffer(sdp('m=audio 4000 RTP/AVP 0\na=sendrecv'), local)).direction).toBe('sendrecv');
});

test.each([
  ['sendrecv', 'sendrecv', 'sendrecv', false], ['sendrecv', 'sendonly', 'sendonly', false], ['sendonly', 'sendrecv', 'recvonly', true],
  ['sendonly', 'sendonly', 'inactive', true], ['recvonly', 'sendrecv', 'sendonly', false], ['recvonly', 'recvonly', 'inactive', false], ['inactive', 'sendrecv', 'inactive', true],
] as const)('%s offered, %s wished, %s answered (RFC 3264 6.1)', (offered, direction, expected, hold) => {
  const result = must(answerOffer(sdp(`m=audio 4000 RTP/AVP 0\na=${offered}`), { ...local, direction }));
  expect([result.direction, result.remote.hold]).toEqual([expected, hold]);
  expect(writeSdp(result.answer)).toContain(`a=${expected}\r\n`);
});

test('a direction of the session holds for its streams unless one says otherwise (RFC 8866 6.7)', () => {
  expect(must(remoteMedia(sdp('m=audio 4000 RTP/AVP 0', 'a=inactive\r\n'))).direction).toBe('inactive');
  expect(must(remoteMedia(sdp('m=audio 4000 RTP/AVP 0\na=sendrecv', 'a=inactive\r\n'))).direction).toBe('sendrecv');
});

test.each(['0.0.0.0', '::'])('the unspecified address %s is a hold, as RFC 2543 did it', (address) => {
  const held = must(remoteMedia(sdp(`m=audio 4000 RTP/AVP 0\nc=IN ${address === '::' ? 'IP6' : 'IP4'} ${address}`)));
  expect([held.hold, held.direction]).toEqual([true, 'sendonly']);
});

test('with ICE the unspecified address is no hold: Chrome says 0.0.0.0 before it knows better (RFC 8839 4.3.1)', () => {
  expect(must(remoteMedia(parsed(phones.chrome)))).toMatchObject({ hold: false, rtcpMux: true, direction: 'sendrecv' });
});

test('telephone-event is taken for each clock rate of the audio taken (RFC 4733 2.1)', () => {
  const all = must(answerOffer(parsed(phones.linphone), { ...local, codecs: [...local.codecs, { name: 'speex', clockRate: 16000 }] }));
  expect(all.remote.codecs.map((codec) => `${codec.payloadType}/${codec.clockRate}`)).toEqual(['96/48000', '97/16000', '0/8000', '8/8000', '101/48000', '99/16000', '100/8000']);
  expect(must(answerOffer(parsed(phones.linphone), g711)).remote.codecs.map((codec) => codec.payloadType)).toEqual([0, 8, 100]);
});

test('events at 8000 beside opus alone are taken for what the phone means', () => {
  const only = { ...local, codecs: local.codecs.filter((codec) => codec.name === 'opus' || codec.name === 'telephone-event') };
  expect(must(answerOffer(parsed(phones.baresip), only)).remote.codecs.map((codec) => codec.payloadType)).toEqual([96, 101]);
});

test('an event format is never a common codec by itself', () => {
  expect(refusal(answerOffer(sdp('m=audio 4000 RTP/AVP 18 101\na=rtpmap:101 telephone-event/8000'), local))).toBe('noCommonCodec');
});

test('opus keeps the offered payload type and gets our own parameters (RFC 7587 7)', () => {
  const text = answered(parsed(phones.baresip));
  expect(text).toContain('m=audio 30000 RTP/AVP 96 9 0 8 101\r\n');
  expect(text).toContain('a=rtpmap:96 opus/48000/2\r\na=fmtp:96 useinbandfec=1\r\n');
});

test('codecs whose deciding parameter differs are not the same (RFC 4867 8.1)', () => {
  const offer = sdp('m=audio 4000 RTP/AVP 97\na=rtpmap:97 AMR/8000\na=fmtp:97 mode-set=7; octet-align=1');
  const amr = (parameters: string | undefined): LocalMedia => ({ ...local, codecs: [{ name: 'amr', clockRate: 8000, ...(parameters === undefined ? {} : { parameters }) }] });
  expect(refusal(answerOffer(offer, amr(undefined)))).toBe('noCommonCodec');
  expect(refusal(answerOffer(offer, amr('octet-align=1')))).toBe('accepted');
});

test('of a secured and a plain m-line the one we can do is taken (Yealink, "optional" SRTP)', () => {
  const offer = parsed(phones.yealink);
  const plain = must(answerOffer(offer, local));
  expect([plain.remote.index, plain.answer.media.map((media) => media.port)]).toEqual([1, [0, 30_000]]);
  const attributes = [{ name: 'crypto', value: '1 AES_CM_128_HMAC_SHA1_80 inline:x' }];
  const secured = must(answerOffer(offer, { ...local, protocols: ['RTP/SAVP'], attributes }));
  expect([secured.remote.index, secured.remote.protocol, secured.answer.media[0]?.attributes.at(-1)]).toEqual([0, 'RTP/SAVP', attributes[0]]);
});

test('every m-line of Cisco keeps its place, video and fax refused', () => {
  expect(answered(parsed(phones.cisco)).split('\r\n').filter((line) => line.startsWith('m='))).toEqual([
    'm=audio 30000 RTP/AVP 0 8 9 101', 'm=video 0 RTP/AVP 126 97', 'm=image 0 udptl t38',
  ]);
});

test.each([
  ['m=video 4000 RTP/AVP 31', 'noAudio'], ['m=audio 0 RTP/AVP 0', 'noAudio'], ['m=audio 4000 RTP/AVP 18', 'noCommonCodec'], ['m=audio 4000 RTP/SAVP 0', 'noAudio'],
  ['m=audio 4000 RTP/AVP 0\nc=IN IP4 phone.example.com', 'badAddress'], ['m=audio 4000 RTP/AVP 0\nc=IN IP4 1.2.3.256', 'badAddress'], ['m=audio 4000 RTP/AVP 0\nc=IN IP6 10.0.0.1', 'badAddress'],
])('an offer without audio for us is refused: %s', (lines, kind) => {
  expect(refusal(answerOffer(sdp(lines), local))).toBe(kind);
});

test('packet time follows the offer and its maximum', () => {
  expect(answered(sdp('m=audio 4000 RTP/AVP 0\na=ptime:30'))).toContain('a=ptime:30\r\n');
  expect(answered(sdp('m=audio 4000 RTP/AVP 0\na=ptime:30\na=maxptime:20'))).toContain('a=ptime:20\r\n');
  expect(answered(sdp('m=audio 4000 RTP/AVP 0'))).not.toContain('ptime');
});

test('rtcp has its own port and address (RFC 3605), or shares the port when both want it (RFC 5761)', () => {
  const offer = sdp('m=audio 4000 RTP/AVP 0\na=rtcp:53020 IN IP4 10.0.0.10\na=rtcp-mux');
  const apart = must(answerOffer(offer, { ...local, rtcpPort: 31_000 }));
  expect(apart.remote).toMatchObject({ rtcpMux: false, rtcp: { address: '10.0.0.10', port: 53020 } });
  expect(writeSdp(apart.answer)).toContain('a=rtcp:31000\r\n');
  expect(writeSdp(apart.answer)).not.toContain('rtcp-mux');
  const shared = must(answerOffer(offer, { ...local, rtcpMux: true }));
  expect(shared.remote).toMatchObject({ rtcpMux: true, rtcp: { address: '10.0.0.9', port: 4000 } });
  expect(writeSdp(shared.answer)).toContain('a=rtcp-mux\r\n');
});

test('an answer that multiplexes unasked is not believed (RFC 5761 5.1.1)', () => {
  const answer = sdp('m=audio 4000 RTP/AVP 0\na=rtcp-mux');
  expect(must(readAnswer(createOffer(local), answer)).remote.rtcp.port).toBe(4001);
  expect(must(readAnswer(createOffer({ ...local, rtcpMux: true }), answer)).remote.rtcp.port).toBe(4000);
});

test('IPv6 on both sides', () => {
  const offer = parsed('v=0\r\no=- 1 1 IN IP6 2001:db8::9\r\ns=-\r\nc=IN IP6 2001:db8::9\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n');
  const result = must(answerOffer(offer, { ...local, address: '2001:db8::2' }));
  expect(result.remote.rtp.address).toBe('2001:db8::9');
  expect(writeSdp(result.answer)).toContain('o=- 7 1 IN IP6 2001:db8::2\r\ns=-\r\nc=IN IP6 2001:db8::2\r\n');
});

test('our offer numbers its codecs, with one event format for each audio clock rate', () => {
  const offer = createOffer({ ...local, ptimeMs: 20 });
  expect(writeSdp(offer)).toBe([
    'v=0', 'o=- 7 1 IN IP4 192.168.1.2', 's=-', 'c=IN IP4 192.168.1.2', 't=0 0', 'm=audio 30000 RTP/AVP 96 9 0 8 97 101',
    'a=rtpmap:96 opus/48000/2', 'a=fmtp:96 useinbandfec=1', 'a=rtpmap:9 G722/8000', 'a=rtpmap:0 PCMU/8000', 'a=rtpmap:8 PCMA/8000',
    'a=rtpmap:97 telephone-event/48000', 'a=fmtp:97 0-15', 'a=rtpmap:101 telephone-event/8000', 'a=fmtp:101 0-15', 'a=ptime:20', 'a=sendrecv', '',
  ].join('\r\n'));
});

test('o= version is raised only when the text changes (RFC 3264 8)', () => {
  const first = createOffer(local);
  const same = createOffer({ ...local, previous: first });
  const held = createOffer({ ...local, previous: same, direction: 'sendonly' });
  const moved = createOffer({ ...local, previous: held, direction: 'sendonly', address: '192.168.1.3' });
  expect([same === first, held.origin.version, moved.origin]).toEqual([true, '2', { ...first.origin, version: '3' }]);
  const answer = must(answerOffer(sdp('m=audio 4000 RTP/AVP 0\na=sendonly'), { ...local, previous: moved })).answer;
  expect([answer.origin.sessionId, answer.origin.version]).toEqual(['7', '4']);
});

test('a re-offer keeps the m-lines and the payload types of the session, and gives no number twice (RFC 3264 8, 8.3.2)', () => {
  const answer = must(answerOffer(sdp('m=video 0 RTP/AVP 31\nm=audio 4000 RTP/AVP 110 97\na=rtpmap:110 opus/48000/2\na=rtpmap:97 telephone-event/48000'), local)).answer;
  const again = createOffer({ ...local, previous: answer, direction: 'sendonly' });
  expect(again.media.map((media) => `${media.kind} ${media.port}`)).toEqual(['video 0', 'audio 30000']);
  const codecs = codecsOf(again.media[1]!);
  expect(codecs.map((codec) => `${codec.payloadType} ${codec.name}/${codec.clockRate}`)).toEqual([
    '110 opus/48000', '9 G722/8000', '0 PCMU/8000', '8 PCMA/8000', '97 telephone-event/48000', '101 telephone-event/8000',
  ]);
});

test.each([
  ['m=audio 4000 RTP/AVP 0\nm=video 0 RTP/AVP 31', 'mediaMismatch'], ['m=video 4000 RTP/AVP 31', 'mediaMismatch'], ['m=audio 0 RTP/AVP 0', 'refused'],
  ['m=audio 4000 RTP/AVP 18 101\na=rtpmap:101 telephone-event/8000', 'noCommonCodec'], ['m=audio 4000 RTP/SAVP 0', 'mediaMismatch'],
  ['m=audio 4000 RTP/AVP 0\nc=IN IP4 nowhere.example', 'badAddress'], ['m=audio 4000 RTP/AVPF 0', 'accepted'],
])('an answer is refused for its own reason: %s', (lines, kind) => {
  expect(refusal(readAnswer(createOffer(local), sdp(lines)))).toBe(kind);
});

test('a dynamic payload type that comes back without rtpmap means what we offered', () => {
  const agreed = must(readAnswer(createOffer(local), sdp('m=audio 4000 RTP/AVP 96 97')));
  expect(agreed.remote.codecs.map((codec) => `${codec.payloadType} ${codec.name}`)).toEqual(['96 opus', '97 telephone-event']);
});

test('a peer that renumbers keeps its own payload types', () => {
  const agreed = must(readAnswer(createOffer(local), sdp('m=audio 4000 RTP/AVP 111 99\na=rtpmap:111 OPUS/48000/2\na=rtpmap:99 telephone-event/48000')));
  expect(agreed.remote.codecs.map((codec) => codec.payloadType)).toEqual([111, 99]);
});

test('an answer that says nothing of our hold does not undo it', () => {
  expect(must(readAnswer(createOffer({ ...local, direction: 'sendonly' }), sdp('m=audio 4000 RTP/AVP 0'))).direction).toBe('sendonly');
});

test('20,000 mutants never throw, neither in reading nor in answering', () => {
  const random = mulberry(20_261_122);
  const seeds = [...Object.values(phones), rfc3264Offer, rfc4317Offer, rfc4317Answer];
  const offer = createOffer(local);
  let accepted = 0;
  for (let i = 0; i < 20_000; i += 1) {
    let text = seeds[Math.floor(random() * seeds.length)] ?? '';
    for (let edits = 1 + Math.floor(random() * 4); edits > 0; edits -= 1) text = mutate(text, random);
    const result = parseSdp(text);
    if (!result.ok) continue;
    const written = writeSdp(result.value);
    expect(writeSdp(must(parseSdp(written)))).toBe(written);
    remoteMedia(result.value);
    readAnswer(offer, result.value);
    readAnswer(result.value, offer);
    const answer = answerOffer(result.value, local);
    if (!answer.ok) continue;
    accepted += 1;
    expect(answer.value.answer.media.length).toBe(result.value.media.length);
    expect(refusal(readAnswer(result.value, answer.value.answer))).not.toBe('mediaMismatch');
    createOffer({ ...local, previous: result.value });
  }
  expect(accepted).toBeGreaterThan(5_000);
});

function mutate(text: string, random: () => number): string {
  const at = Math.floor(random() * text.length);
  const to = at + Math.floor(random() * 12);
  const noise = ['', '\0', '\r\n', ' ', ':', '/', '=', '99999999999', '-1', 'é', 'm=audio 1 RTP/AVP 0\r\n', '__proto__', 'constructor'];
  switch (Math.floor(random() * 4)) {
    case 0: return text.slice(0, at) + text.slice(to);
    case 1: return text.slice(0, at) + (noise[Math.floor(random() * noise.length)] ?? '') + text.slice(at);
    case 2: return text.slice(0, at) + String.fromCharCode(Math.floor(random() * 256)) + text.slice(at + 1);
    default: return text.slice(0, to) + text.slice(at);
  }
}

function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let z = Math.imul(state ^ (state >>> 15), 1 | state);
    z = (z + Math.imul(z ^ (z >>> 7), 61 | z)) ^ z;
    return ((z ^ (z >>> 14)) >>> 0) / 4_294_967_296;
  };
}

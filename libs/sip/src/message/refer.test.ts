import { expect, test } from 'vitest';
import { mutate, seeded } from './mutations.test-support.ts';
import { formatReferTo, formatReplaces, formatSipfrag, parseReferTo, parseSipfrag, parseTargetDialog } from './refer.ts';
import { parseReplaces } from './values.ts';

const replaces = { callId: '12@34/[5]', toTag: 'to~1', fromTag: 'from%2', earlyOnly: false };

test('Refer-To is read as phones write it (RFC 3515 2.1, RFC 3891 3)', () => {
  expect(parseReferTo('<sip:102@pbx.example>')).toEqual({ uri: 'sip:102@pbx.example', method: 'INVITE', replaces: undefined });
  expect(parseReferTo('"Ben" <sip:102;day=tue?@pbx.example;user=phone?Subject=x>')).toEqual({ uri: 'sip:102;day=tue?@pbx.example;user=phone', method: 'INVITE', replaces: undefined });
  expect(parseReferTo('sip:102@pbx.example;method=SUBSCRIBE')?.method).toBe('INVITE');
  expect(parseReferTo('<sip:102@pbx.example;method=SUBSCRIBE>')?.method).toBe('SUBSCRIBE');
  expect(parseReferTo('tel:+4930123')).toEqual({ uri: 'tel:+4930123', method: 'INVITE', replaces: undefined });
  expect(parseReferTo('sip:102@x?Replaces=a%3Bto-tag%3Dx%3Bfrom-tag%3Dy')?.replaces?.callId).toBe('a');
  expect(parseReferTo('<sip:102@10.0.0.1:5060;transport=tcp?replaces=a%40b%3bto-tag%3Dx%3Bfrom-tag%3dy%3Bearly-only&Require=replaces>')).toEqual({
    uri: 'sip:102@10.0.0.1:5060;transport=tcp', method: 'INVITE', replaces: { callId: 'a@b', toTag: 'x', fromTag: 'y', earlyOnly: true },
  });
});

test('what is written is read again as it was', () => {
  expect(parseReferTo(formatReferTo('sip:102@pbx.example', replaces))).toEqual({ uri: 'sip:102@pbx.example', method: 'INVITE', replaces });
  expect(parseReplaces(formatReplaces({ ...replaces, earlyOnly: true }))).toEqual({ ...replaces, earlyOnly: true });
  expect(parseSipfrag(formatSipfrag(486, 'Busy Here'))).toEqual({ status: 486, reason: 'Busy Here' });
});

test('a Refer-To whose URI or Replaces cannot be read is none', () => {
  const bad = [
    '', '<', '102', '<sip:>', '<sip:102@>', 'sip:102@x?Replaces=a', '<sip:102@x?Replaces=a%40b>', '<sip:102@x?Replaces=a%3Bto-tag%3Dx>', '<sip:102@x?Replaces=%>', '<sip:102@x?Replaces=>',
    '<sip:102@x?Replaces=a%3Bto-tag%3Dx%3Bfrom-tag%3Dy&Replaces=b%3Bto-tag%3Dx%3Bfrom-tag%3Dy>', '<sip:102@x?Replaces=a%3Bto-tag%3Dx%3Bfrom-tag%3Dy%0D%0AVia:%20x>', '<sip:102@x>, <sip:103@x>',
  ];
  for (const value of bad) expect([value, parseReferTo(value)]).toEqual([value, undefined]);
});

test('a sipfrag is its status line, whatever follows (RFC 3420 2)', () => {
  expect(parseSipfrag('SIP/2.0 100 Trying')).toEqual({ status: 100, reason: 'Trying' });
  expect(parseSipfrag('SIP/2.0 200\r\nVia: x\r\n')).toEqual({ status: 200, reason: '' });
  for (const bad of ['', 'SIP/2.0', 'SIP/2.0 99 x', 'SIP/2.0 700 x', 'INVITE sip:x SIP/2.0', ' SIP/2.0 200 OK', `SIP/2.0 200 ${'x'.repeat(300)}`]) expect(parseSipfrag(bad)).toBeUndefined();
});

test('Target-Dialog needs both tags (RFC 4538 7)', () => {
  expect(parseTargetDialog('fa77@x ;local-tag=a;remote-tag="b"')).toEqual({ callId: 'fa77@x', localTag: 'a', remoteTag: 'b' });
  for (const bad of ['', 'x', 'x;local-tag=a', ';local-tag=a;remote-tag=b', 'x;local-tag=;remote-tag=b', 'x y;local-tag=a;remote-tag=b']) expect(parseTargetDialog(bad)).toBeUndefined();
});

test('ten thousand damaged values: nothing throws, and what is taken is whole', () => {
  const texts = [
    formatReferTo('sip:102@pbx.example;transport=tcp', replaces), '"B" <sip:102@[2001:db8::1]:5060?Replaces=a%40b%3Bto-tag%3Dx%3Bfrom-tag%3Dy&Require=replaces>;x="y"', formatReplaces(replaces),
    'fa77@x;local-tag=a;remote-tag=b', formatSipfrag(200, 'OK'), 'tel:+1-212-555-0101;ext=5',
  ];
  const corpus = texts.map((text) => Uint8Array.from(Buffer.from(text, 'latin1')));
  const random = seeded(3515);
  let taken = 0;
  for (let count = 0; count < 10_000; count += 1) {
    const text = Buffer.from(mutate(corpus, random)).toString('latin1');
    const target = parseReferTo(text);
    parseTargetDialog(text);
    parseSipfrag(text);
    if (target?.replaces === undefined) continue;
    taken += 1;
    // Nothing of it can end a header line or begin another value when it is written again.
    expect(formatReplaces(target.replaces)).not.toMatch(/[\r\n]/);
    expect(parseReferTo(formatReferTo(target.uri, target.replaces))?.replaces).toEqual(target.replaces);
  }
  expect(taken).toBeGreaterThan(100);
});

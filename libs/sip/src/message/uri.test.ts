import { expect, test } from 'vitest';
import { escapeUser, formatUri, parseTelUri, parseUri, sameUri, unescapeUser, uriParameter, uriScheme } from './uri.ts';

test('the parts of a URI are told apart (RFC 3261 19.1.1)', () => {
  expect(parseUri('SIPS:al%69ce;d=1?x:pw,d@[2001:DB8::1]:5061;Transport=tcp;lr?Subject=a&b=')).toEqual({
    scheme: 'sips', user: 'al%69ce;d=1?x', password: 'pw,d', host: '[2001:db8::1]', port: 5061,
    parameters: [['transport', 'tcp'], ['lr', '']], headers: [['Subject', 'a'], ['b', '']],
  });
  expect(parseUri('sip:example.com')).toEqual({ scheme: 'sip', user: undefined, password: undefined, host: 'example.com', port: undefined, parameters: [], headers: [] });
  expect(parseUri('sip:*21#@pbx')?.user).toBe('*21#');
});

test.each([
  'sip:', 'sip:@x', 'sip:a@', 'sip:a@x:', 'sip:a@x:70000', 'sip:a@x:5x', 'sip:a@b@x', 'sip:a%4@x', 'sip:a%zz@x', 'sip:a@x;', 'sip:a@x;;b', 'sip:a@x;b=', 'sip:a@x?', 'sip:a@x?b',
  'sip:a@[::1', 'sip:a@[]', 'sip:a b@x', 'tel:+1', 'http://x', 'sip', '', 'sip:a@x y', 'sip:"a"@x', 'sip:a:b:c@x',
])('%s is malformed', (text) => {
  expect(parseUri(text)).toBeUndefined();
});

const same = (a: string, b: string): boolean => {
  const left = parseUri(a);
  const right = parseUri(b);
  if (left === undefined || right === undefined) throw new Error('malformed');
  expect(sameUri(right, left)).toBe(sameUri(left, right));
  return sameUri(left, right);
};

test('the examples of RFC 3261 19.1.4 compare as it says', () => {
  expect(same('sip:%61lice@atlanta.com;transport=TCP', 'sip:alice@AtLanTa.CoM;Transport=tcp')).toBe(true);
  expect(same('sip:carol@chicago.com', 'sip:carol@chicago.com;newparam=5')).toBe(true);
  expect(same('sip:carol@chicago.com;security=on', 'sip:carol@chicago.com;newparam=5')).toBe(true);
  expect(same('sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com', 'sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com')).toBe(true);
  expect(same('sip:alice@atlanta.com?subject=project%20x&priority=urgent', 'sip:alice@atlanta.com?priority=urgent&subject=project%20x')).toBe(true);
  expect(same('SIP:ALICE@AtLanTa.CoM;Transport=udp', 'sip:alice@AtLanTa.CoM;Transport=UDP')).toBe(false);
  expect(same('sip:bob@biloxi.com', 'sip:bob@biloxi.com:5060')).toBe(false);
  expect(same('sip:bob@biloxi.com', 'sip:bob@biloxi.com;transport=udp')).toBe(false);
  expect(same('sip:bob@biloxi.com', 'sip:bob@biloxi.com:6000;transport=tcp')).toBe(false);
  expect(same('sip:carol@chicago.com', 'sip:carol@chicago.com?Subject=next%20meeting')).toBe(false);
  expect(same('sip:bob@phone21.boxesbybob.com', 'sip:bob@192.0.2.4')).toBe(false);
  expect(same('sip:carol@chicago.com;security=on', 'sip:carol@chicago.com;security=off')).toBe(false);
});

test('an escape of a reserved character is not that character', () => {
  expect(same('sip:a%3Bb@x', 'sip:a;b@x')).toBe(false);
  expect(same('sip:a%3bb@x', 'sip:a%3Bb@x')).toBe(true);
  expect(same('sip:a%2541@x', 'sip:a%41@x')).toBe(false);
});

test('a user part of any text goes there and back', () => {
  for (const user of ['alice', '+49 30 1', 'a@b:c', '*21#', 'č%41', '100%']) {
    const uri = parseUri(formatUri({ user: escapeUser(user), host: '::1', port: 5060 }));
    expect(uri?.host).toBe('[::1]');
    expect(Buffer.from(unescapeUser(uri?.user ?? ''), 'latin1').toString('utf8')).toBe(user);
  }
});

test('tel URIs lose their visual separators (RFC 3966 5.1.1)', () => {
  const tel = parseTelUri('tel:+1-201-(555).0123;ext=12;phone-context=example.com');
  expect(tel?.number).toBe('+12015550123');
  expect(tel && uriParameter(tel, 'ext')).toBe('12');
  for (const bad of ['tel:', 'tel:+', 'tel:1+2', 'tel:abcg', 'sip:1@x', 'tel:1;']) expect(parseTelUri(bad)).toBeUndefined();
  expect(uriScheme('TEL:+1')).toBe('tel');
  expect(uriScheme('no scheme')).toBeUndefined();
});

import { expect, test } from 'vitest';
import { formatNameAddress, parseNameAddress } from './name-address.ts';

test.each([
  ['<sip:a@x>;tag=1', undefined, 'sip:a@x', '1'],
  ['sip:a@x;tag=1', undefined, 'sip:a@x', '1'],
  ['sip:a@x ; tag = 1', undefined, 'sip:a@x', '1'],
  ['<sip:a@x;tag=no>', undefined, 'sip:a@x;tag=no', undefined],
  ['"A \\"B\\" <c>" <sip:a@x>;TAG=1', 'A "B" <c>', 'sip:a@x', '1'],
  ['A. G. Bell <sip:a@x>', 'A. G. Bell', 'sip:a@x', undefined],
  ['caller<sip:a@x>', 'caller', 'sip:a@x', undefined],
  ['John (Sales) <sip:a@x>', 'John (Sales)', 'sip:a@x', undefined],
  ['"" <sip:a@x>', '', 'sip:a@x', undefined],
  ['<tel:+1-201-555-0123>;tag=x;q="a;tag=y"', undefined, 'tel:+1-201-555-0123', 'x'],
])('%s', (text, displayName, uri, tag) => {
  const address = parseNameAddress(text);
  expect({ displayName: address?.displayName, uri: address?.uri, tag: address?.tag }).toEqual({ displayName, uri, tag });
});

test.each([
  '', '<>', '<sip:>', 'a', '"A <sip:a@x>', '"A"', '"A" sip:a@x', '<sip:a@x', '<sip:a@x>;', '<sip:a@x>;;a', '<sip:a@x> x', '<sip:a@x>;a="b', 'Bell, A <sip:a@x>',
  '< sip:a@x >', 'sip:a@x?b=c', 'sip:a@x,b', '<sip:a @x>', '<a@x>', '<sip:a@x>>', '<sip:a@x>;=b', '<sip:a@x>;a=',
])('%s is malformed', (text) => {
  expect(parseNameAddress(text)).toBeUndefined();
});

test('parameters are found by lower-case name and unquoted', () => {
  const address = parseNameAddress('<sip:a@x>;ob;+sip.instance="<urn:uuid:\\"1\\">";reg-id=1;expires=60');
  expect(address?.parameter('ob')).toBe('');
  expect(address?.parameter('+sip.instance')).toBe('<urn:uuid:"1">');
  expect(address?.parameter('reg-id')).toBe('1');
  expect(address?.parameter('reg')).toBeUndefined();
});

test('what is written reads back', () => {
  const written = formatNameAddress({ displayName: 'A "B\\', uri: 'sip:a@x', parameters: [['tag', '1'], ['ob', ''], ['x', 'a b']] });
  expect(written).toBe('"A \\"B\\\\" <sip:a@x>;tag=1;ob;x="a b"');
  const address = parseNameAddress(written);
  expect(address?.displayName).toBe('A "B\\');
  expect(address?.parameter('x')).toBe('a b');
});

import { expect, test } from 'vitest';
import { groupsOf, sourceBlocks } from './source-blocks.ts';

test.each([
  ['192.0.2.10', '192.0.2.10', true], ['192.0.2.0/24', '192.0.2.255', true], ['192.0.2.0/24', '192.0.3.0', false], ['192.0.2.128/25', '192.0.2.127', false], ['192.0.2.128/25', '192.0.2.200', true],
  ['10.0.0.0/8', '10.255.1.2', true], ['0.0.0.0/0', '203.0.113.9', true], ['0.0.0.0/0', '2001:db8::1', false], ['192.0.2.10/32', '192.0.2.11', false],
  ['192.0.2.10', '::ffff:192.0.2.10', true], ['2001:db8::/32', '2001:db8:1::1', true], ['2001:db8::/32', '2001:db9::1', false], ['2001:db8::/33', '2001:db8:8000::', false], ['::1', '0:0:0:0:0:0:0:1', true],
  ['192.0.2.0/33', '192.0.2.1', false], ['192.0.2', '192.0.2.1', false], ['::/0', '192.0.2.1', false], ['2001:db8::1', 'nonsense', false], ['1::2::3', '1::2', false],
])('%s has %s: %s', (block, address, has) => {
  expect(sourceBlocks([block])(groupsOf(address))).toBe(has);
});

test('the first or another', () => {
  const has = sourceBlocks(['192.0.2.1', '198.51.100.0/24']);
  expect(['192.0.2.1', '198.51.100.7', '192.0.2.2'].map((address) => has(groupsOf(address)))).toEqual([true, true, false]);
});

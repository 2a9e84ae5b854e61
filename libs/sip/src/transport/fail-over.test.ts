import { expect, test } from 'vitest';
import { FailOver } from './fail-over.ts';

const hops = [1, 2, 3].map((last) => ({ transport: 'udp', address: `192.0.2.${last}`, port: 5060 }) as const);

test('a timeout, bytes that did not leave, and a 503 go on to the next hop; any other answer is the answer (RFC 3263 4.3)', () => {
  const failOver = new FailOver(hops);
  expect(failOver.hop).toBe(hops[0]);
  expect(failOver.next('timeout')).toBe(hops[1]);
  expect(failOver.next(486)).toBeUndefined();
  expect(failOver.hop).toBe(hops[1]);
  expect(failOver.next(503)).toBe(hops[2]);
  expect(failOver.next('unreachable')).toBeUndefined();
  expect(failOver.next('timeout')).toBeUndefined();
  expect(failOver.hop).toBeUndefined();
});

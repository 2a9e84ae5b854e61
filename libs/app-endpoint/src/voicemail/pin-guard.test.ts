import { expect, test } from 'vitest';
import { PinGuard } from './pin-guard.ts';

test('after five wrong ones even the right one is not taken, for longer each time; a day without a wrong one forgets them', () => {
  let now = 0;
  const guard = new PinGuard(() => now);
  const wrong = (times: number) => Array.from({ length: times }, () => guard.isRight('ann', '1111', '2580'));
  wrong(5);
  now = 59_999;
  expect(guard.isRight('ann', '2580', '2580')).toBe(false);
  now = 60_000;
  wrong(1);
  now += 119_999;
  expect(guard.isRight('ann', '2580', '2580')).toBe(false);
  now += 86_400_002;
  wrong(4);
  expect(guard.isRight('ann', '2580', '2580')).toBe(true);
});

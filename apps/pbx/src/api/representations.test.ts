import { expect, test } from 'vitest';
import { instant } from './representations.ts';

test('an instant is written as RFC 3339 in UTC with milliseconds, also the thousandth one', () => {
  for (const ms of [0, 999, 1000, 1_795_371_443_531, 1_795_371_443_007, 253_402_300_799_999]) expect(instant(ms)).toBe(new Date(ms).toISOString());
  for (let ms = 1_795_371_443_531; ms < 1_795_371_443_531 + 1_000_000; ms += 777) expect(instant(ms)).toBe(new Date(ms).toISOString());
});

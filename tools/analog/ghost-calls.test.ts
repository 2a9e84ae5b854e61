import { expect, test } from 'vitest';
import { runGhosts } from './ghost-trials.ts';

test('200 spikes, bleeds, tinkles, lamps and strokes of lightning: nobody is offered a call; who really calls then gets through', () => {
  const { disturbances, offers, rung, lines, incidents } = runGhosts(['US', 'GB', 'DE', 'JP', 'FR', 'BR', 'CN', 'AU'], 25);
  expect({ disturbances, offers, rung }).toEqual({ disturbances: 200, offers: [], rung: lines });
  // They were seen.
  expect(incidents).toBeGreaterThan(30);
});

import { expect, test } from 'vitest';
import { isUnknownRegion, regionOf } from './regions/regions.ts';
import { watchedTones } from './watched-tones.ts';

test('tones and their alternates are watched for by name, with the tolerance of what the source describes', () => {
  const region = regionOf('AU');
  if (isUnknownRegion(region)) throw new Error('Australia is unknown.');
  const watched = watchedTones(region.tones);
  const { busy, callWaiting } = region.tones;
  expect(watched.filter(({ id }) => id === 'busy')).toEqual([{ id: 'busy', tone: busy.tone, tolerance: busy.tolerance }, ...busy.alternates!.map((tone) => ({ id: 'busy', tone }))]);
  expect(watched.filter(({ id }) => id === 'callWaiting')).toEqual([{ id: 'callWaiting', tone: callWaiting!.tone }]);
  expect(watched.some(({ id }) => id === 'offHook')).toBe(false);
});

import { expect, test } from 'vitest';
import { ToneSet } from '@tipring/dsp';
import { syntheticMusic, testDsp } from '@tipring/dsp/test-support';
import { isUnknownRegion, regionOf, watchedTones } from '@tipring/line';
import { musicOnHold, speechPieces, talkOff } from './talk-off.ts';

/** A slice of what `npm run bench -- tones` goes through for two hours, and four plans of all. */
const set = new ToneSet(
  ['US', 'GB', 'DE', 'FR'].flatMap((code) => {
    const region = regionOf(code);
    if (isUnknownRegion(region)) throw new Error(`${code} is unknown.`);
    return watchedTones(region.tones).map((watched) => ({ ...watched, id: `${code} ${watched.id}` }));
  }),
);

test('no tone is recognised and none learned in speech', { timeout: 60_000 }, ({ skip }) => {
  const pieces = speechPieces(12);
  if (pieces.length === 0) return skip('needs asterisk-core-sounds-en-wav');
  expect(talkOff(testDsp(), pieces, set).falseTones).toEqual([]);
});

test('no tone is recognised and none learned in music on hold', { timeout: 60_000 }, ({ skip }) => {
  const pieces = musicOnHold().slice(0, 2);
  if (pieces.length === 0) return skip('needs asterisk-moh-opsound-wav');
  expect(talkOff(testDsp(), pieces, set).falseTones).toEqual([]);
});

test('no tone is recognised and none learned in music that keeps time as exchanges do', { timeout: 60_000 }, () => {
  expect(talkOff(testDsp(), [1, 2, 3, 4].map((seed) => ({ name: `seed ${seed}`, samples: syntheticMusic(140, seed) })), set).falseTones).toEqual([]);
});

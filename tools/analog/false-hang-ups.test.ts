import { expect, test } from 'vitest';
import { speechPieces } from '../dsp/talk-off.ts';
import { runTalks, type TalkTrial } from './false-hang-ups.ts';

/* A slice of false-hang-ups.interop.ts, where it is two hours. */

test('ten minutes of speech, music on hold and keys, some with a busy tone far away: nobody is hung up on', ({ skip }) => {
  if (speechPieces(100).length === 0) return skip('needs asterisk-core-sounds-en-wav and asterisk-moh-opsound-wav');
  const trials = ['US', 'GB', 'DE', 'BR'].flatMap((country): TalkTrial[] => [{ country, programme: 'speech', busyDbm0: null }, { country, programme: 'music', busyDbm0: null }, { country, programme: 'speech', busyDbm0: -38 }]);
  const results = runTalks(trials, 50 / 60);
  expect(results.filter(({ hungUp }) => hungUp !== '')).toEqual([]);
});

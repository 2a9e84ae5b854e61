import { expect, test } from 'vitest';
import { speechPieces } from '../dsp/talk-off.ts';
import { runTalks, type TalkTrial } from './false-hang-ups.ts';

const countries = ['US', 'GB', 'DE', 'FR', 'JP', 'BR', 'CN', 'AU', 'IT', 'IN', 'ES', 'ZA', 'SE', 'MX', 'NL', 'RU'];

test('two hours of speech, music on hold and keys on answered calls: 0 false hang-ups', { timeout: 900_000 }, ({ skip }) => {
  if (speechPieces(100).length === 0) return skip('needs asterisk-core-sounds-en-wav and asterisk-moh-opsound-wav');
  const results = runTalks(countries.flatMap((country): TalkTrial[] => [{ country, programme: 'speech', busyDbm0: null }, { country, programme: 'music', busyDbm0: null }]), 3.75);
  const wrong = results.filter(({ hungUp }) => hungUp !== '');
  console.log(`${Math.round(results.reduce((sum, { minutes }) => sum + minutes, 0))} minutes on ${results.length} lines: ${wrong.length} false hang-ups`);
  expect(wrong).toEqual([]);
});

test('two hours of speech with a busy tone in the background of the far party: 0 false hang-ups up to -35 dBm0', { timeout: 900_000 }, ({ skip }) => {
  if (speechPieces(100).length === 0) return skip('needs asterisk-core-sounds-en-wav');
  const results = runTalks(countries.flatMap((country): TalkTrial[] => [-45, -35].map((busyDbm0) => ({ country, programme: 'speech', busyDbm0 }))), 3.75, 2);
  const wrong = results.filter(({ hungUp }) => hungUp !== '');
  console.log(`${Math.round(results.reduce((sum, { minutes }) => sum + minutes, 0))} minutes on ${results.length} lines, busy tone of -45 and -35 dBm0 behind speech of -20: ${wrong.length} false hang-ups`);
  expect(wrong).toEqual([]);
});

test('louder than that it is heard by itself in the pauses: how often that is taken for a hang-up, for information', { timeout: 900_000 }, ({ skip }) => {
  if (speechPieces(100).length === 0) return skip('needs asterisk-core-sounds-en-wav');
  const results = runTalks(countries.map((country): TalkTrial => ({ country, programme: 'speech', busyDbm0: -28 })), 3.75, 3);
  const wrong = results.filter(({ hungUp }) => hungUp !== '');
  console.log(`${Math.round(results.reduce((sum, { minutes }) => sum + minutes, 0))} minutes on ${results.length} lines, busy tone of -28 dBm0: ${wrong.length} hang-ups`);
});

import { expect, test } from 'vitest';
import { aLaw, muLaw } from './g711.ts';

test.each([['µ-law', muLaw, 0xff, 0x80, 32_124], ['A-law', aLaw, 0xd5, 0xaa, 32_256]] as const)('%s: silence, the highest value, and every octet is what it is decoded to (G.711)', (_name, law, silence, highest, peak) => {
  expect(law.encode(0)).toBe(silence);
  expect(law.encode(32_767)).toBe(highest);
  expect(law.decode(highest)).toBe(peak);
  // µ-law has two zeros.
  for (let octet = 0; octet < 256; octet += 1) expect(law.encode(law.decode(octet))).toBe(law === muLaw && octet === 0x7f ? 0xff : octet);
});

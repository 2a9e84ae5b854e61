import { expect, test } from 'vitest';
import { companding } from '../simulated/companding.ts';
import { gainTable } from './gain-table.ts';

test.each(['PCMA', 'PCMU'] as const)('without gain every octet of %s stays what it is', (law) => {
  expect([...gainTable(law, 0)]).toEqual(Array.from({ length: 256 }, (_, octet) => octet));
});

test.each(['PCMA', 'PCMU'] as const)('6 dB of %s are a factor of two, and what is too loud is as loud as can be', (law) => {
  const { decoded, encoded } = companding(law);
  const louder = gainTable(law, 20 * Math.log10(2));
  for (const value of [1_000, -4_000]) expect(decoded[louder[encoded[32_768 + value]!]!]! / decoded[encoded[32_768 + value]!]!).toBeCloseTo(2, 1);
  expect(decoded[louder[encoded[32_768 + 30_000]!]!]).toBe(Math.max(...decoded));
});

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { companding } from '../simulated/companding.ts';

const agent = join(import.meta.dirname, '../../agent');

/** What the agent makes of each octet of one law for a port of the other. */
function converted(from: 'LAW_MULAW' | 'LAW_ALAW', to: 'LAW_MULAW' | 'LAW_ALAW'): number[] {
  const folder = mkdtempSync(join(tmpdir(), 'tipring-g711-'));
  try {
    writeFileSync(join(folder, 'g711-print.c'), `#include <stdio.h>\n#include "g711.h"\nint main(void) { for (int n = 0; n < 256; n++) { uint8_t from = (uint8_t)n, to; g711_convert(&to, &from, 1, ${from}, ${to}); printf("%d ", to); } return 0; }\n`);
    execFileSync(process.env['CC'] || 'cc', ['-std=c11', '-I', agent, '-o', join(folder, 'g711-print'), join(folder, 'g711-print.c'), join(agent, 'g711.c')]);
    return execFileSync(join(folder, 'g711-print'), { encoding: 'utf8' }).trim().split(' ').map(Number);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const compiler = (process.env['TIPRING_CARD_AGENT_LOOP'] ?? '') !== '';

// Without a C compiler there is nothing to hold to it.
test.runIf(compiler).each([
  ['PCMA', 'LAW_ALAW', 'PCMU', 'LAW_MULAW'],
  ['PCMU', 'LAW_MULAW', 'PCMA', 'LAW_ALAW'],
] as const)('an octet of %s becomes the one of the other law that is nearest to it', (law, from, otherLaw, to) => {
  const values = [...companding(law).decoded];
  const others = [...companding(otherLaw).decoded];
  const nearest = (value: number): number => Math.min(...others.map((other) => Math.abs(other - value)));
  for (const [octet, other] of converted(from, to).entries()) expect(Math.abs(others[other]! - values[octet]!)).toBe(nearest(values[octet]!));
});

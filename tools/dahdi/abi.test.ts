import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../launcher/places.mjs';
import { abiAssertions, header } from './abi-assertions.ts';

const agent = join(root, 'libs/cards/agent');

/** What the compiler says against it; empty when it takes it. */
function compile(source: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'tipring-abi-'));
  try {
    writeFileSync(join(folder, 'abi.c'), source);
    execFileSync(process.env['CC'] || 'cc', ['-std=c11', '-Wall', '-Wextra', '-Werror', '-fsyntax-only', '-I', agent, join(folder, 'abi.c')], { stdio: 'pipe' });
    return '';
  } catch (error) {
    return String((error as { stderr?: unknown }).stderr ?? error);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('every number of the agent\'s header is DAHDI\'s, on this machine', () => {
  const { source, count } = abiAssertions();
  expect(count).toBeGreaterThan(200);
  expect(compile(source)).toBe('');
});

test('one that is wrong is found', () => {
  const { source } = abiAssertions();
  expect(compile(source.replace('sizeof(struct dahdi_params)) == 136', 'sizeof(struct dahdi_params)) == 140'))).toContain('sizeof(struct dahdi_params)');
});

// What makes the numbers of one machine those of another: no type in the header has another size or alignment there.
test('the header has no type but those of one size and alignment on every machine', () => {
  const types = [...header.matchAll(/^ {2}(\w+) /gm)].map(([, type]) => type);
  expect([...new Set(types)].sort()).toEqual(['char', 'int32_t', 'uint32_t', 'uint8_t']);
});

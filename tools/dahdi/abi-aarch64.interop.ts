import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Exit, commands, runLLVM } from '@yowasp/clang';
import { beforeAll, expect, test } from 'vitest';
import { root } from '../launcher/places.mjs';
import { abiAssertions } from './abi-assertions.ts';

/**
 * npm's clang checks the assertions as a compiler for aarch64 Linux lays structs out; nothing is run. It proves the layout and the
 * numbers, as far as the kernel encodes requests on aarch64 as it does on x86_64, which dahdi-abi.json was measured to hold for.
 */
async function compileFor(target: string, source: string): Promise<string> {
  const said: Uint8Array[] = [];
  const listen = (bytes: Uint8Array | null): void => void (bytes !== null && said.push(bytes));
  const files = { 'abi.c': source, 'dahdi-abi.h': readFileSync(join(root, 'libs/cards/agent/dahdi-abi.h'), 'utf8') };
  try {
    await commands['clang']!([`--target=${target}`, '-std=c11', '-ffreestanding', '-fsyntax-only', 'abi.c'], files, { stdout: listen, stderr: listen });
    return '';
  } catch (error) {
    if (!(error instanceof Exit)) throw error;
    return Buffer.concat(said).toString();
  }
}

// Its first call reads 100 MB of itself, and would tell.
beforeAll(() => runLLVM(null as never, {}, { fetchProgress: () => {} }));

test.each(['aarch64-linux-gnu', 'x86_64-linux-gnu'])('every number of the agent\'s header is DAHDI\'s for %s', async (target) => {
  expect(await compileFor(target, abiAssertions().source)).toBe('');
});

test('a wrong one is found', async () => {
  expect(await compileFor('aarch64-linux-gnu', abiAssertions().source.replace('== 136LL', '== 140LL'))).toContain('static assertion failed');
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exploreCall } from './call-graph.ts';
import { machinesDocument } from './machines-document.ts';

test('docs/machines.md is what the machines do; if not, run npm run docs and look at the difference', () => {
  expect(readFileSync(join(import.meta.dirname, '../../docs/machines.md'), 'utf8')).toBe(machinesDocument());
});

test('the exploration reaches every state of a call, and its end from each of them', () => {
  const text = exploreCall().graph.diagram();
  for (const state of ['first', 'setup, silent', 'setup, ringing', 'setup, early', 'setup, committed', 'talking', 'talking, held', 'releasing', 'measuring', 'ended']) {
    expect(text).toContain(`"${state}"`);
  }
  expect(text.match(/--> \[\*\]/g)).toHaveLength(1);
});

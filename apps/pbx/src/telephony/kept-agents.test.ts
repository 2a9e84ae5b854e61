import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { keptAgents } from './kept-agents.ts';

let folder: string;
const log = pino({ level: 'silent' });
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tipring-agents-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('who has logged out is so in the next process, also when it was said twice in a row', async () => {
  const kept = keptAgents(folder, log);
  expect(kept.load().size).toBe(0);
  kept.save(new Map([['que_1/ext_1', 'loggedIn']]));
  kept.save(new Map([['que_1/ext_1', 'loggedOut']]));
  await vi.waitFor(() => expect(readFileSync(join(folder, 'agents.json'), 'utf8')).toContain('loggedOut'));
  expect([...keptAgents(folder, log).load()]).toEqual([['que_1/ext_1', 'loggedOut']]);
});

test('a file that is none of ours is none', () => {
  writeFileSync(join(folder, 'agents.json'), '{');
  expect(keptAgents(folder, log).load().size).toBe(0);
});

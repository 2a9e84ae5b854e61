import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { identify, isAlive, lockOwner, takeLock } from './process-lock.mjs';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tipring-lock-'));
  path = join(folder, 'lock');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a lock is held once, tells about its owner, and is free after release', () => {
  const lock = takeLock(path, { apiUrl: 'none yet' });
  expect(lock.held).toBe(true);
  if (!lock.held) return;
  lock.update({ apiUrl: 'http://here' });
  expect(takeLock(path)).toMatchObject({ held: false, owner: { pid: process.pid, apiUrl: 'http://here' } });
  lock.release();
  expect(lockOwner(path)).toBeUndefined();
  expect(readdirSync(folder)).toEqual([]);
});

test('the lock of a killed process is taken over', async () => {
  const program = `import { takeLock } from ${JSON.stringify(join(import.meta.dirname, 'process-lock.mjs'))};
    takeLock(${JSON.stringify(path)}); console.log('taken'); setInterval(() => {}, 1000);`;
  const other = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(other.stdout, 'data');
  expect(takeLock(path)).toMatchObject({ held: false, owner: { pid: other.pid } });
  other.kill('SIGKILL');
  await once(other, 'exit');
  expect(takeLock(path).held).toBe(true);
});

test('a recycled pid and an earlier boot are not the owner', () => {
  const me = identify(process.pid);
  expect(me && isAlive(me)).toBe(true);
  for (const stranger of [{ ...me, startTime: '1' }, { ...me, bootId: 'another' }]) {
    writeFileSync(path, JSON.stringify(stranger));
    const lock = takeLock(path);
    expect(lock.held).toBe(true);
    if (lock.held) lock.release();
  }
});

test('a lock file cut off by a full disk is stale', () => {
  writeFileSync(path, '{"pid":');
  expect(takeLock(path).held).toBe(true);
});

test('of many who want a stale lock at once, one gets it', async () => {
  writeFileSync(path, JSON.stringify({ ...identify(process.pid), startTime: '1' }));
  const program = `import { takeLock } from ${JSON.stringify(join(import.meta.dirname, 'process-lock.mjs'))};
    process.stdout.write(takeLock(${JSON.stringify(path)}).held ? 'held' : 'refused'); process.stdin.resume();`;
  const rivals = Array.from({ length: 6 }, () => spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['pipe', 'pipe', 'inherit'] }));
  const answers = await Promise.all(rivals.map(async ({ stdout }) => String((await once(stdout, 'data'))[0])));
  for (const { stdin } of rivals) stdin.end();
  expect(answers.sort()).toEqual(['held', ...Array.from({ length: 5 }, () => 'refused')]);
});

import { closeSync, mkdtempSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { logFile } from './log-file.mjs';

test('a log is rotated under the hands of its writer, and old ones go', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tipring-log-'));
  const log = logFile(folder, 'pbx', { limitBytes: 1000, generations: 2 });
  const writer = log.open();
  const fill = (letter: string) => {
    writeSync(writer, letter.repeat(1000));
    log.rotate();
  };
  fill('a');
  expect(statSync(log.path).size).toBe(0);
  fill('b');
  fill('c');
  writeSync(writer, 'now');
  log.rotate();

  expect(readFileSync(log.path, 'utf8')).toBe('now');
  expect(readFileSync(`${log.path}.1`, 'utf8')).toBe('c'.repeat(1000));
  expect(readFileSync(`${log.path}.2`, 'utf8')).toBe('b'.repeat(1000));
  expect(() => statSync(`${log.path}.3`)).toThrow();
  closeSync(writer);
  rmSync(folder, { recursive: true });
});

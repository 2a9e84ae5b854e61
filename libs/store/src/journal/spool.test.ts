import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

test('of a line that a full disk takes only a part of nothing is left: the next one would go on in it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tipring-spool-'));
  const program = `
    import { Spool } from '${import.meta.dirname}/spool.ts';
    const faults = [];
    const spool = new Spool({ folder: '${folder}', log: (_level, event) => faults.push(event), payloadOf: () => null, save: () => Promise.resolve(), isUnacceptable: () => false });
    for (let line = 0; line < 20; line++) spool.write('B ' + String(line).padStart(300, '0'));
    process.stdout.write(JSON.stringify(faults));
    process.exit(0);`;
  // No file may grow beyond some blocks: as on a disk without more of them.
  const { stdout, stderr } = spawnSync('sh', ['-c', 'ulimit -f 4; exec "$0" "$@"', process.execPath, '--conditions=@tipring/source', '--input-type=module-typescript', '-e', program], { encoding: 'utf8' });
  try {
    expect([stderr, new Set(JSON.parse(stdout) as string[])]).toEqual(['', new Set(['journalNotWritten'])]);
    const written = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8')).join('');
    expect(written).toMatch(/^(B [0-9]{300}\n){2,}$/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

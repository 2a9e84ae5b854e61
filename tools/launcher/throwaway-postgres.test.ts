import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { expect, test } from 'vitest';
import { identify } from './process-lock.mjs';
import { throwawayPostgres } from './throwaway-postgres.mjs';

test('a throw-away server can be killed and restarted, and leaves nothing', { timeout: 60_000 }, async () => {
  const postgres = await throwawayPostgres({ durable: false });
  expect(foldersOf(process.pid)).toHaveLength(1);
  expect(await ask(postgres.url('tipring'))).toBe('tipring');
  const { pid } = postgres;
  process.kill(pid, 'SIGKILL');
  await postgres.restart();
  expect(postgres.pid).not.toBe(pid);
  expect(await ask(postgres.url('postgres'))).toBe('postgres');
  const last = postgres.pid;
  await postgres.stop();
  expect(identify(last)).toBeUndefined();
  expect(foldersOf(process.pid)).toEqual([]);
});

test('what a killed run left behind is removed by the next one', { timeout: 60_000 }, async () => {
  const program = `import { throwawayPostgres } from ${JSON.stringify(import.meta.resolve('./throwaway-postgres.mjs'))};
    const { pid } = await throwawayPostgres({ durable: false }); console.log(pid);`;
  const run = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const orphan = Number((await once(run.stdout, 'data'))[0]);
  expect(existsSync(`/proc/${orphan}`)).toBe(true);
  run.kill('SIGKILL');
  await once(run, 'exit');

  await (await throwawayPostgres({ durable: false })).stop();
  expect(identify(orphan)).toBeUndefined();
});

/** Others may be making and removing theirs at this moment. */
function foldersOf(pid: number): string[] {
  return readdirSync(tmpdir()).filter((name) => {
    if (!name.startsWith('tipring-postgres-')) return false;
    try {
      return (JSON.parse(readFileSync(join(tmpdir(), name, 'owner'), 'utf8')) as { pid: number }).pid === pid;
    } catch {
      return false;
    }
  });
}

async function ask(connectionString: string): Promise<unknown> {
  const client = new Client({ connectionString });
  await client.connect();
  const { rows } = await client.query('select current_database() as name');
  await client.end();
  return (rows[0] as { name: string }).name;
}

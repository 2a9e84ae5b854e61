import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DigestServer, ReplayRows } from '@tipring/sip';

/** Which counts of which nonces were used: kept over an orderly restart, so that phones need not be challenged again. */
export function keepReplayWindows(dataFolder: string, digest: DigestServer): void {
  const path = pathIn(dataFolder);
  writeFileSync(`${path}.new`, JSON.stringify(digest.exportReplay()), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** Once, and then they are gone: after a kill, old windows would let a recorded message in again. */
export function takeReplayWindows(dataFolder: string, digest: DigestServer): void {
  const path = pathIn(dataFolder);
  let rows: ReplayRows;
  try {
    rows = JSON.parse(readFileSync(path, 'utf8')) as ReplayRows;
    rmSync(path);
  } catch {
    // No orderly end before this start: every nonce of the run before is stale, which phones answer by themselves.
    return;
  }
  digest.importReplay(rows);
}

function pathIn(dataFolder: string): string {
  return join(dataFolder, 'nonces.json');
}

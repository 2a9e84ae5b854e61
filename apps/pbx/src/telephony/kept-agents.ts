import { readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeptPresences, Presence } from '@tipring/app-endpoint';
import type { Logger } from 'pino';

/** Which agents have logged in and out, in a file: a restart sends nobody home. What changes while it is written is written after it. */
export function keptAgents(dataFolder: string, log: Logger): KeptPresences {
  const path = join(dataFolder, 'agents.json');
  let latest: string | null = null;
  let isWriting = false;
  const write = async (): Promise<void> => {
    isWriting = true;
    try {
      for (let text = latest; text !== null; text = latest) {
        latest = null;
        await writeFile(`${path}.new`, text, { mode: 0o600 });
        await rename(`${path}.new`, path);
      }
    } catch (error) {
      log.warn({ err: error }, 'agentsNotWritten');
    }
    isWriting = false;
  };
  return {
    load() {
      try {
        return new Map(Object.entries(JSON.parse(readFileSync(path, 'utf8')) as Record<string, Presence>));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') log.warn({ err: error }, 'agentsNotRead');
        return new Map();
      }
    },
    save(presences) {
      latest = JSON.stringify(Object.fromEntries(presences));
      if (!isWriting) void write();
    },
  };
}

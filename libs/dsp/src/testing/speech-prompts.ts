import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The WAVE files of Debian's packages `asterisk-core-sounds-*-wav` (8 kHz speech): a talk-off corpus. Empty where they are not
 * installed; a test then skips with the reason `needs asterisk-core-sounds-*-wav`.
 */
export function speechPrompts(): readonly string[] {
  const found: string[] = [];
  const visit = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) visit(path);
      else if (entry.name.endsWith('.wav')) found.push(path);
    }
  };
  if (existsSync(installed)) visit(installed);
  return found.sort();
}

const installed = '/usr/share/asterisk/sounds';

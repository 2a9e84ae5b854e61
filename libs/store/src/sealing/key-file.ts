import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * The key that secrets are sealed with, 32 bytes; made when there is none. Of two processes that make it at once one is first. Rejects when what
 * is there is no key.
 */
export async function keyFrom(path: string): Promise<Buffer> {
  const known = await keyIn(path);
  if (known !== undefined) return known;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomBytes(6).toString('hex')}.new`;
  const file = await open(draft, 'w', 0o600);
  await file.writeFile(`${randomBytes(32).toString('base64url')}\n`);
  await file.sync();
  await file.close();
  // Whole or not at all, and never in place of another one.
  await link(draft, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(draft);
  const made = await keyIn(path);
  if (made === undefined) throw new Error(`${path} was taken away while it was made.`);
  return made;
}

async function keyIn(path: string): Promise<Buffer | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const key = Buffer.from(text.trim(), 'base64url');
  if (key.length !== 32) throw new Error(`${path} is not a key of Tipring: put the file back from the backup. Without it the secrets in the database cannot be read.`);
  return key;
}

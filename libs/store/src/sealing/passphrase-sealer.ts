import { scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import type { Sealer } from '@tipring/config';
import { KeySealer } from './key-sealer.ts';

/** Seals so that whoever knows the passphrase can open it, on any system. `salt`: the `salt` of this system’s own sealer. */
export async function passphraseSealer(passphrase: string, salt: string): Promise<Sealer> {
  // RFC 7914; 32 MiB and some 60 ms, in a thread of Node’s pool.
  const key = (await slowHash(passphrase.normalize('NFKC'), Buffer.from(salt, 'base64url'), 32, { N: 32_768, r: 8, p: 1, maxmem: 64 * 1024 * 1024 })) as Buffer;
  return new KeySealer(key, 'export', `p1:${salt}`);
}

/**
 * Opens what in this text was sealed with the passphrase. An export has one salt; of more than four the others are left alone, for each costs
 * time and memory.
 */
export async function passphraseOpener(passphrase: string, text: string): Promise<Sealer> {
  const salts = new Set<string>();
  for (const [, salt = ''] of text.matchAll(/sealed:p1:([A-Za-z0-9_-]{22}):/g)) {
    salts.add(salt);
    if (salts.size === 4) break;
  }
  const sealers = await Promise.all([...salts].map((salt) => passphraseSealer(passphrase, salt)));
  return {
    seal: () => {
      throw new Error('it only opens');
    },
    open: (sealed, context) => sealers.map((sealer) => sealer.open(sealed, context)).find((opened) => opened !== undefined),
  };
}

const slowHash = promisify<string, Buffer, number, object, unknown>(scrypt);

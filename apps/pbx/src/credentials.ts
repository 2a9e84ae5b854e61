import { createHash, randomInt } from 'node:crypto';
import type { DigestSecrets } from '@tipring/config';

/** 20 characters of 32: 100 bits, and nothing that is mistaken for something else when typed from paper into a phone. */
export function newPassword(): string {
  let password = '';
  for (let place = 0; place < 20; place += 1) password += alphabet[randomInt(alphabet.length)];
  return password;
}

/** RFC 7616 3.4.2: H(username ":" realm ":" password). */
export function digestSecrets(username: string, realm: string, password: string): DigestSecrets {
  const text = `${username}:${realm}:${password}`;
  return { MD5: createHash('md5').update(text).digest('hex'), 'SHA-256': createHash('sha256').update(text).digest('hex') };
}

const alphabet = 'abcdefghijkmnpqrstuvwxyz23456789';

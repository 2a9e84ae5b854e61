import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { type SecretContext, sealedPrefix, type Sealer } from '@tipring/config';

/** What a key is for: sealed for one of them, it does not open for the other. */
export type SealingPurpose = 'export' | 'rest';

/**
 * Seals by AES-256-GCM. The nonce is a MAC over context and text (as in RFC 5297, SIV): the same text gives the same sealed string, so that an export does
 * not change by itself, and two texts never meet under one nonce. What this gives away is that two secrets are equal.
 * Texts are filled up to 16 bytes, so that the length of a PIN is not to be seen.
 */
export class KeySealer implements Sealer {
  /** For passphrases that seal exports of this system: the same each time, another one elsewhere. 16 bytes, base64url. */
  readonly salt: string;
  readonly #mark: string;
  // As key objects: bytes would be made into one at each use, which takes three times as long as the rest.
  readonly #encryption: KeyObject;
  readonly #authentication: KeyObject;

  /** `key`: 32 bytes. `mark`: stands behind `sealed:`, says how the key is found. */
  constructor(key: Uint8Array, purpose: SealingPurpose, mark = '1') {
    this.#mark = `${sealedPrefix}${mark}:`;
    this.#encryption = createSecretKey(derived(key, `tipring ${purpose} encryption`));
    this.#authentication = createSecretKey(derived(key, `tipring ${purpose} authentication`));
    this.salt = derived(key, `tipring ${purpose} salt`).subarray(0, 16).toString('base64url');
  }

  seal(text: string, context: SecretContext): string {
    const nonce = createHmac('sha256', this.#authentication).update(`${context}\0${text}`).digest().subarray(0, nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', this.#encryption, nonce).setAAD(Buffer.from(context));
    const sealed = Buffer.concat([nonce, cipher.update(filled(text)), cipher.final(), cipher.getAuthTag()]);
    return this.#mark + sealed.toString('base64url');
  }

  open(sealed: string, context: SecretContext): string | undefined {
    if (!sealed.startsWith(this.#mark)) return undefined;
    const bytes = Buffer.from(sealed.slice(this.#mark.length), 'base64url');
    if (bytes.length < nonceBytes + tagBytes) return undefined;
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#encryption, bytes.subarray(0, nonceBytes)).setAAD(Buffer.from(context));
      decipher.setAuthTag(bytes.subarray(-tagBytes));
      const text = Buffer.concat([decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()]);
      return text.subarray(0, text.lastIndexOf(0x80)).toString();
    } catch {
      // Another key, another context, or changed on the way.
      return undefined;
    }
  }
}

/** ISO/IEC 9797-1, padding method 2: a mark and as many zeros as it takes. UTF-8 never ends in that mark followed by zeros but by us. */
function filled(text: string): Buffer {
  const bytes = Buffer.from(text);
  const whole = Buffer.alloc(Math.ceil((bytes.length + 1) / 16) * 16);
  bytes.copy(whole);
  whole[bytes.length] = 0x80;
  return whole;
}

function derived(key: Uint8Array, info: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, '', info, 32));
}

const nonceBytes = 12;
const tagBytes = 16;

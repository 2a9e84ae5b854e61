/**
 * The hash functions this folder needs; node's are in transport/node/node-hashing.ts. Text is latin1 (one character is
 * one byte), as messages hold it; digests are lower-case hexadecimal.
 */
export interface Hashing {
  md5(text: string): string;
  sha256(text: string): string;
  /** base64url without padding. */
  hmacSha256(key: string, text: string): string;
}

/** RFC 7616 3.3 algorithms we do; the session variants and SHA-512/256 are never offered. */
export type DigestAlgorithm = 'MD5' | 'SHA-256';

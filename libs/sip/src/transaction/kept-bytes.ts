import { decodeLatin1, encodeLatin1 } from '../message/latin1.ts';

/**
 * A written message kept for half a minute in case it must go again. As text, since its bytes are a slice of a pool:
 * keeping one would keep its neighbours, and thousands linger.
 */
export type KeptBytes = string;

export function keep(bytes: Uint8Array): KeptBytes {
  return decodeLatin1(bytes, 0, bytes.length);
}

export function restore(kept: KeptBytes): Uint8Array {
  return encodeLatin1(kept, 0);
}

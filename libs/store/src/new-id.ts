import { randomFillSync } from 'node:crypto';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const pool = new Uint8Array(4096);
let used = pool.length;

/**
 * A new opaque id: kind, underscore, 10 characters of time, 16 random ones (80 bits). Ids made later sort later, so that
 * the newest rows lie together in an index; two ids of one millisecond are told apart by chance, across processes too.
 */
export function newId(kind: string): string {
  if (used + 16 > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  let time = '';
  for (let rest = Date.now(), place = 0; place < 10; place += 1, rest = Math.floor(rest / 32)) time = alphabet[rest % 32] + time;
  let random = '';
  for (let place = 0; place < 16; place += 1) random += alphabet[(pool[used + place] ?? 0) & 31];
  used += 16;
  return `${kind}_${time}${random}`;
}

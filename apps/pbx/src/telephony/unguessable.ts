import { randomFillSync } from 'node:crypto';

/** Numbers in [0, 1) from the system's generator, many at a time: tags and branches are made of them. */
export function unguessable(): number {
  if (drawn === pool.length) {
    randomFillSync(pool);
    drawn = 0;
  }
  const value = (pool[drawn] ?? 0) / 2 ** 32;
  drawn += 1;
  return value;
}

const pool = new Uint32Array(1024);
let drawn = pool.length;

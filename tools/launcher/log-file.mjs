import { copyFileSync, existsSync, openSync, renameSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A log that a child process writes to by itself, so that neither a slow nor a killed launcher holds it up. Opened for
 * appending, it may be cut to nothing under the writer's hands: that is how it is rotated.
 * @param {string} folder
 * @param {string} name
 * @param {{ limitBytes: number, generations: number }} [bounds]
 */
export function logFile(folder, name, { limitBytes, generations } = { limitBytes: 16 * 1024 * 1024, generations: 3 }) {
  const path = join(folder, `${name}.log`);
  const rotate = () => {
    if (!existsSync(path) || statSync(path).size < limitBytes) return;
    for (let age = generations - 1; age >= 1; age -= 1) {
      if (existsSync(`${path}.${age}`)) renameSync(`${path}.${age}`, `${path}.${age + 1}`);
    }
    copyFileSync(path, `${path}.1`);
    truncateSync(path);
  };
  return {
    path,
    rotate,
    /** @returns {number} a descriptor for the child's stderr; the caller closes it */
    open() {
      rotate();
      return openSync(path, 'a', 0o600);
    },
  };
}

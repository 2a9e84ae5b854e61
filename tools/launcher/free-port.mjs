import { createServer } from 'node:net';

/**
 * A TCP port on the loopback address that nobody uses at this moment.
 * @param {number} [wish] taken when it is free
 * @returns {Promise<number>}
 */
export function freePort(wish = 0) {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) => {
      if (wish === 0) reject(error);
      else resolve(freePort());
    });
    probe.listen({ port: wish, host: '127.0.0.1' }, () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (probe.address());
      probe.close(() => resolve(port));
    });
  });
}

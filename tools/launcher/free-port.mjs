import { createServer } from 'node:net';

/**
 * A TCP port on the loopback address that nobody uses at this moment. It lies below Linux's ephemeral range (32768 and up), so
 * that no outgoing connection takes it between this look and its use, nor while its server is started again.
 * @param {number} [wish] taken when it is free
 * @returns {Promise<number>}
 */
export async function freePort(wish = 0) {
  for (let port = wish; ; port = first + Math.floor(Math.random() * count)) {
    if (port !== 0 && (await isFree(port))) return port;
  }
}

/** @param {number} port @returns {Promise<boolean>} */
function isFree(port) {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (/** @type {NodeJS.ErrnoException} */ error) => (error.code === 'EADDRINUSE' ? resolve(false) : reject(error)));
    probe.listen({ port, host: '127.0.0.1' }, () => probe.close(() => resolve(true)));
  });
}

/** Beside the PBX's own ports, and above its range for RTP. */
const first = 30_000;
const count = 2_700;

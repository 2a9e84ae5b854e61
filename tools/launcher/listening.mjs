import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { Refusal } from './progress.mjs';

/** What the PBX listens on: variable → default port and protocols. */
export const listeners = {
  TIPRING_SIP_PORT: { port: 5060, what: 'SIP', protocols: ['udp', 'tcp'] },
  TIPRING_SIPS_PORT: { port: 5061, what: 'SIP over TLS', protocols: ['tcp'] },
  TIPRING_WS_PORT: { port: 5066, what: 'SIP over WebSocket', protocols: ['tcp'] },
  TIPRING_WSS_PORT: { port: 5067, what: 'SIP over secure WebSocket', protocols: ['tcp'] },
  TIPRING_HTTP_PORT: { port: 8080, what: 'the API', protocols: ['tcp'] },
};

/** The listeners' part of the programs' environment. @returns {Record<string, string>} */
export function listenerEnvironment() {
  const ports = Object.entries(listeners).map(([name, { port }]) => [name, process.env[name] || String(port)]);
  return {
    ...Object.fromEntries(ports),
    TIPRING_BIND: process.env['TIPRING_BIND'] || 'auto',
    TIPRING_RTP_PORTS: process.env['TIPRING_RTP_PORTS'] || '20000-29999',
  };
}

/**
 * Tries each port before anything is started, so that a taken one is named together with the way out.
 * @param {Record<string, string>} environment
 */
export async function requireFreePorts(environment) {
  const bind = environment['TIPRING_BIND'] ?? 'auto';
  const addresses = bind === 'auto' ? ['0.0.0.0'] : bind.split(',').map((address) => address.trim());
  const faults = [...(await Promise.all(bind === 'auto' ? [] : addresses.map(bindFault))), rtpPortsFault(environment['TIPRING_RTP_PORTS'] ?? '')].filter((one) => one !== undefined);
  // With a wrong address every port of it would be named too.
  if (faults.length > 0) throw new Refusal(faults.join('\n'));
  for (const [variable, { what, protocols }] of Object.entries(listeners)) {
    const port = Number(environment[variable]);
    if (!Number.isInteger(port) || port < 0 || port > 65535) {
      faults.push(`${variable}=${environment[variable]} is not a port.`);
      continue;
    }
    for (const address of addresses) {
      for (const protocol of protocols) {
        const code = await tryPort(protocol, address, port);
        if (code !== undefined) faults.push(fault(code, { variable, what, protocol, address, port }));
      }
    }
  }
  if (faults.length > 0) throw new Refusal(faults.join('\n'));
}

/** @param {string} address @returns {Promise<string | undefined>} */
async function bindFault(address) {
  const example = 'TIPRING_BIND takes addresses of this machine with commas between them, or auto';
  if (isIP(address) === 0) return `TIPRING_BIND: "${address}" is not an IP address. ${example}.`;
  if ((await tryPort('udp', address, 0)) !== 'EADDRNOTAVAIL') return undefined;
  const own = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map((one) => one.address));
  return `TIPRING_BIND: ${address} is not an address of this machine. It has ${own.filter((one) => !one.startsWith('fe80:')).join(', ')}. ${example}.`;
}

/** As apps/media/src/settings.ts reads it. @param {string} text @returns {string | undefined} */
function rtpPortsFault(text) {
  const [, first, last] = (/^(\d{1,5})-(\d{1,5})$/.exec(text) ?? []).map(Number);
  if (first !== undefined && last !== undefined && first >= 1024 && last <= 65_535 && last > first) return undefined;
  return `TIPRING_RTP_PORTS=${text} is not a range of ports. Give the first and the last one, between 1024 and 65535: TIPRING_RTP_PORTS=20000-29999 npm start`;
}

/** @param {string} code @param {{ variable: string, what: string, protocol: string, address: string, port: number }} where */
function fault(code, { variable, what, protocol, address, port }) {
  const place = `${protocol.toUpperCase()} port ${port}${address === '0.0.0.0' ? '' : ` of ${address}`}`;
  const other = `Choose another one: ${variable}=${port < 1024 ? 5060 : port + 10} npm start`;
  if (code === 'EADDRINUSE') return `${place}, for ${what}, is taken by another program. ${other}`;
  if (code === 'EACCES') return `${place}, for ${what}, may not be opened by this user. ${other}`;
  return `${place}, for ${what}, cannot be opened (${code}). ${other}`;
}

/** @param {string} protocol @param {string} address @param {number} port @returns {Promise<string | undefined>} the error's code */
async function tryPort(protocol, address, port) {
  const probe = protocol === 'udp' ? createSocket(address.includes(':') ? 'udp6' : 'udp4') : createServer();
  try {
    const listening = once(probe, 'listening');
    if ('bind' in probe) probe.bind({ port, address });
    else probe.listen({ port, host: address });
    await listening;
    const closed = once(probe, 'close');
    probe.close();
    await closed;
    return undefined;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code ?? String(error);
  }
}

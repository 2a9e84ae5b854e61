import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';

export interface MediaSettings {
  /** The control socket's path. */
  readonly socket: string;
  /** Path of packet-io.node, '' for the TypeScript fallback. */
  readonly native: string;
  readonly firstPort: number;
  readonly lastPort: number;
  /** Where a termination is put whose controller asks for no address. */
  readonly address: string;
  readonly workers: number;
  /** Path of the DSP module (native-dsp). */
  readonly dsp: string;
  /** The folder of what is played and recorded. */
  readonly sounds: string;
  /** Ends whose audio each worker can decode at a time. */
  readonly bridgedEnds: number;
  readonly mediaTimeoutMs: number;
  /** What cards there are: of these one at most. `file`: path of a `SimulatorPlan`; `agent`: of the card agent's socket. */
  readonly cards: { readonly are: 'none' } | { readonly are: 'demo' } | { readonly are: 'simulated'; readonly file: string } | { readonly are: 'dahdi'; readonly agent: string };
  /** After so long without a controller lines that are held for nobody go on hook; 0: never. */
  readonly portsOrphanMs: number;
}

/** From the environment; an unusable value is an Error whose text names the variable. */
export function readSettings(env: Readonly<Record<string, string | undefined>>): MediaSettings {
  const socket = env['TIPRING_GATEWAY_SOCKET'];
  if (socket === undefined || socket === '') throw new Error('TIPRING_GATEWAY_SOCKET must name the control socket');
  const ports = env['TIPRING_RTP_PORTS'] || '20000-29999';
  const [first, last, ...rest] = ports.split('-').map(Number);
  if (first === undefined || last === undefined || rest.length > 0 || !Number.isInteger(first) || !Number.isInteger(last) || first < 1024 || last > 65_535 || last < first + 1) {
    throw new Error(`TIPRING_RTP_PORTS must be a range as 20000-29999, and is ${ports}`);
  }
  return {
    socket,
    native: env['TIPRING_NATIVE'] ?? '',
    // RFC 3550 11: pairs begin on an even port.
    firstPort: first + (first % 2),
    lastPort: last,
    address: env['TIPRING_RTP_ADDRESS'] || '127.0.0.1',
    workers: wholeNumber(env, 'TIPRING_MEDIA_WORKERS', Math.max(1, availableParallelism() - 1), 64),
    dsp: env['TIPRING_DSP'] ?? '',
    sounds: env['TIPRING_SOUNDS'] || join(env['TIPRING_DATA'] || dirname(socket), 'sounds'),
    bridgedEnds: wholeNumber(env, 'TIPRING_BRIDGED_ENDS', 512, 4096),
    mediaTimeoutMs: wholeNumber(env, 'TIPRING_MEDIA_TIMEOUT_MS', 30_000, 86_400_000),
    cards: cards(env['TIPRING_SIMULATOR'] ?? '', env['TIPRING_CARD_AGENT'] ?? ''),
    portsOrphanMs: 1000 * wholeNumber(env, 'TIPRING_PORTS_ORPHAN_S', 60, 86_400, 0),
  };
}

function cards(simulator: string, agent: string): MediaSettings['cards'] {
  const isOff = simulator === '' || simulator === 'off';
  if (agent !== '' && !isOff) throw new Error('TIPRING_SIMULATOR and TIPRING_CARD_AGENT exclude each other: cards are simulated, or they are not');
  if (agent !== '') return { are: 'dahdi', agent };
  if (isOff) return { are: 'none' };
  return simulator === 'demo' ? { are: 'demo' } : { are: 'simulated', file: simulator };
}

function wholeNumber(env: Readonly<Record<string, string | undefined>>, name: string, preset: number, most: number, least = 1): number {
  const text = env[name];
  if (text === undefined || text === '') return preset;
  const number = Number(text);
  if (!Number.isInteger(number) || number < least || number > most) throw new Error(`${name} must be ${least} to ${most}, and is ${text}`);
  return number;
}

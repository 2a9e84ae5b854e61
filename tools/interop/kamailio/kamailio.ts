import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../launcher/places.mjs';
import { waitFor } from '../wait-for.ts';

export interface KamailioOptions {
  readonly address: string;
  readonly port: number;
  readonly domain: string;
  readonly username: string;
  readonly password: string;
  /** What has the numbers: where its calls come from, and where calls out go. */
  readonly switch: { readonly address: string; readonly port: number };
}

/** Debian's Kamailio as a carrier (carrier.cfg): UDP and TCP on one address. */
export class Kamailio {
  readonly #process: ChildProcess;
  readonly #folder: string;
  readonly #said: string[] = [];

  /** Until it answers OPTIONS. */
  static async start(options: KamailioOptions): Promise<Kamailio> {
    const folder = mkdtempSync(join(tmpdir(), 'tipring-kamailio-'));
    const { address, port, domain, username, password } = options;
    const listen = ['udp', 'tcp'].flatMap((transport) => ['-l', `${transport}:${address}:${port}`]);
    const process_ = spawn('kamailio', ['-f', join(root, 'tools/interop/kamailio/carrier.cfg'), '-DD', '-E', '-m', '16', '-M', '4', '-Y', folder, '-w', folder, ...listen], {
      env: {
        ...process.env,
        KAMAILIO_DOMAIN: domain, KAMAILIO_USER: username, KAMAILIO_PASSWORD: password,
        KAMAILIO_SWITCH_ADDRESS: options.switch.address, KAMAILIO_SWITCH_PORT: String(options.switch.port),
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const kamailio = new Kamailio(process_, folder);
    try {
      await waitFor(() => `Kamailio to answer; it said ${kamailio.said()}`, async () => {
        if (process_.exitCode !== null) throw new Error(`Kamailio ended: ${kamailio.said()}`);
        return (await answersOptions(address, port)) || undefined;
      });
    } catch (error) {
      await kamailio.stop();
      throw error;
    }
    return kamailio;
  }

  private constructor(process: ChildProcess, folder: string) {
    this.#process = process;
    this.#folder = folder;
    process.stderr?.on('data', (data) => this.#said.push(String(data)));
  }

  said(): string {
    return this.#said.join('').trimEnd().split('\n').slice(-20).join('\n');
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      this.#process.kill('SIGTERM');
      await once(this.#process, 'exit');
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

async function answersOptions(address: string, port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const own = `127.0.0.1:${socket.address().port}`;
  socket.send(
    [`OPTIONS sip:${address}:${port} SIP/2.0`, `Via: SIP/2.0/UDP ${own};branch=z9hG4bKprobe${Math.random()}`, 'Max-Forwards: 70', `From: <sip:probe@${own}>;tag=1`, `To: <sip:${address}>`, `Call-ID: ${Math.random()}`,
      'CSeq: 1 OPTIONS', 'Content-Length: 0', '', ''].join('\r\n'),
    port, address,
  );
  const answered = await Promise.race([once(socket, 'message').then(() => true), new Promise<boolean>((resume) => setTimeout(resume, 200, false))]);
  socket.close();
  return answered;
}

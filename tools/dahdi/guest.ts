import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { constants, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePorts } from '../testbed/ports.ts';
import { guestImage } from './guest-image.ts';

/**
 * A machine under QEMU (in software, so it needs no KVM) with the genuine DAHDI modules, two spans of eight ports back to back, and the
 * card agent. The agent's socket is a UNIX socket here, for `DahdiCards` or, as TIPRING_CARD_AGENT, for a whole PBX:
 *
 *   const guest = await startGuest();
 *   await guest.startAgent();
 *   const cards = new DahdiCards(nodeTimers(), guest.socket);
 *   … cards.port(guestFxo(1)) is wired to cards.port(guestFxs(1)), 2 to 2, up to 8 …
 *   await guest.stop();
 *
 * Time in the guest is the time outside, as well as the emulator can; ask the agent for it (`DahdiCards.clock`).
 */
export interface Guest {
  readonly socket: string;
  /** What its console and the agent have said. */
  readonly log: readonly string[];
  /** With these settings besides its socket; returns when it listens. */
  startAgent(settings?: readonly string[]): Promise<void>;
  /** A line for the guest's shell. @returns what it printed @throws {Error} when it fails */
  run(command: string): Promise<readonly string[]>;
  stop(): Promise<void>;
}

/**
 * With two local spans; or, where a socket of a simulated card (card/tdm400p.c) is given, with that card and no other.
 * @throws {NoGuest} where there can be none, with why
 */
export async function startGuest(card: string | null = null): Promise<Guest> {
  const { kernel, initrd, qemu, environment } = await guestImage(card === null ? 'own' : 'backports');
  const [port] = (await freePorts(1)) as [number];
  const network = ['-netdev', `user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:${port}-10.0.2.15:5000`, '-device', 'virtio-net-pci,netdev=net,romfile='];
  // A device outside of the emulator reads and writes the guest's memory.
  const shared = ['-object', 'memory-backend-memfd,id=memory,size=256M,share=on', '-machine', 'pc,memory-backend=memory'];
  const device = ['-device', JSON.stringify({ driver: 'vfio-user-pci', socket: { type: 'unix', path: card } })];
  const machine = ['-accel', process.env['TIPRING_QEMU_ACCEL'] ?? 'tcg', '-cpu', 'max', '-m', '256', '-smp', '1', '-nographic', '-no-reboot', '-nodefaults', '-serial', 'stdio'];
  const boot = ['-kernel', kernel, '-initrd', initrd, '-append', `console=ttyS0 panic=-1 quiet tipring=${card === null ? 'spans' : 'card'}`];
  const [program, ...first] = qemu;
  const emulator = spawn(program, [...first, ...machine, ...(card === null ? ['-machine', 'pc'] : [...shared, ...device]), ...network, ...boot], { env: { ...process.env, ...environment }, stdio: ['pipe', 'pipe', 'pipe'] });
  favour(emulator.pid);
  const guest = new QemuGuest(emulator, port);
  await guest.ready;
  return guest;
}

export const guestFxo = (port: number): { readonly card: string; readonly port: number } => ({ card: 'DYN-loc-1:0', port });
export const guestFxs = (port: number): { readonly card: string; readonly port: number } => ({ card: 'DYN-loc-1:1', port });

class QemuGuest implements Guest {
  readonly socket: string;
  readonly log: string[] = [];
  readonly ready: Promise<void>;
  readonly #folder = mkdtempSync(join(tmpdir(), 'tipring-guest-'));
  readonly #qemu: ChildProcess;
  readonly #relay: Server;
  readonly #connections = new Set<Socket>();
  readonly #ended: Promise<void>;
  #printed: string[] = [];
  #listener: ((line: string | null) => void) | null = null;

  constructor(qemu: ChildProcess, port: number) {
    this.#qemu = qemu;
    this.socket = join(this.#folder, 'card-agent.sock');
    this.#ended = new Promise((resolve) => qemu.on('exit', () => resolve()));
    void this.#ended.then(() => this.#listener?.(null));
    qemu.on('error', (error) => this.log.push(String(error)));
    qemu.stdin!.on('error', () => {});
    createInterface(qemu.stdout!).on('line', (line) => this.#line(line));
    createInterface(qemu.stderr!).on('line', (line) => this.log.push(line));
    this.#relay = createServer((near) => this.#join(near, port));
    this.ready = this.#until('GUEST ready').then(() => new Promise((resolve) => this.#relay.listen(this.socket, resolve)));
  }

  async startAgent(settings: readonly string[] = []): Promise<void> {
    await this.run(`card-agent --socket /run/card-agent.sock ${settings.map((setting) => `'${setting}'`).join(' ')} &`);
    await this.run('for n in 1 2 3 4 5 6 7 8 9 10; do [ -S /run/card-agent.sock ] && break; usleep 100000; done; [ -S /run/card-agent.sock ]');
  }

  async run(command: string): Promise<readonly string[]> {
    this.#printed = [];
    const done = this.#until('GUEST done');
    this.#qemu.stdin!.write(`${command}\n`);
    const code = (await done).split(' ').at(-1);
    if (code !== '0') throw new Error(`In the guest "${command}" ended with ${code}:\n${this.#printed.join('\n')}`);
    return this.#printed;
  }

  async stop(): Promise<void> {
    for (const connection of this.#connections) connection.destroy();
    this.#relay.close();
    this.#qemu.kill('SIGKILL');
    await this.#ended;
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #line(text: string): void {
    const line = text.replaceAll('\r', '');
    this.log.push(line);
    this.#printed.push(line);
    this.#listener?.(line);
  }

  #until(beginning: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const waited = setTimeout(() => this.#listener?.(null), mostMs);
      this.#listener = (line) => {
        if (line !== null && !line.includes(beginning)) return;
        clearTimeout(waited);
        this.#listener = null;
        if (line === null) reject(new Error(`The guest did not say "${beginning}":\n${this.log.slice(-30).join('\n')}`));
        else resolve(line.slice(line.indexOf(beginning)));
      };
    });
  }

  #join(near: Socket, port: number): void {
    const far = connect({ host: '127.0.0.1', port, noDelay: true });
    for (const [from, to] of [[near, far], [far, near]] as const) {
      this.#connections.add(from);
      from.on('error', () => {});
      from.on('close', () => {
        this.#connections.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  }
}

/** A guest that is kept waiting hears itself stutter. Where it is allowed, it comes before the rest. */
function favour(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_HIGH);
  } catch {
    // Not root.
  }
}

/** To boot on a busy machine. */
const mostMs = 120_000;

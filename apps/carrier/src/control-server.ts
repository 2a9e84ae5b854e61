import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { type CarrierReply, maximumRequestLength, readCarrierRequest } from '@tipring/carrier-control';
import { LineFramer } from '@tipring/gateway';
import type { SimulatedCarrier } from './simulated-carrier.ts';

/** The carrier's control socket: any number of clients, requests answered one after the other. */
export class ControlServer {
  readonly #carrier: SimulatedCarrier;
  readonly #server: Server;
  readonly #clients = new Set<Socket>();

  constructor(carrier: SimulatedCarrier) {
    this.#carrier = carrier;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  /** In place of a socket file that an earlier carrier has left. */
  async listen(path: string): Promise<void> {
    rmSync(path, { force: true });
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(path, resolve);
    });
    chmodSync(path, 0o600);
  }

  close(): void {
    for (const client of this.#clients) client.destroy();
    this.#server.close();
  }

  #accept(socket: Socket): void {
    if (this.#clients.size >= mostClients) {
      socket.destroy();
      return;
    }
    this.#clients.add(socket);
    const framer = new LineFramer(maximumRequestLength);
    let answering = Promise.resolve();
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      framer.push(text, (line) => {
        // Who does not wait for answers is answered in order all the same.
        answering = answering.then(async () => {
          const reply = await this.#answer(line);
          if (!socket.destroyed) socket.write(`${JSON.stringify(reply)}\n`);
        });
      });
    });
    socket.on('error', () => {});
    socket.on('close', () => this.#clients.delete(socket));
  }

  async #answer(line: string | null): Promise<CarrierReply> {
    const read = line === null ? { ok: false as const, n: null, text: 'the line is too long' } : readCarrierRequest(line);
    if (!read.ok) return { n: read.n, refusal: { code: 'badRequest', text: read.text } };
    const { request } = read;
    const { n } = request;
    if ('act' in request) {
      const outcome = await this.#carrier.act(request.act);
      return outcome.ok ? { n, reply: outcome.value } : { n, refusal: outcome.refusal };
    }
    return { n, reply: request.ask === 'state' ? this.#carrier.state() : this.#carrier.messages(request.after) };
  }
}

const mostClients = 20;

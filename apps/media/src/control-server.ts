import { type GatewayEvent, LineFramer, maximumCommandLength, type PlayerGatewayEvent, type PortGatewayEvent, readCommand, writeBye, writeEvent, writeRefusal, writeReply } from '@tipring/gateway';
import { chmodSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { MediaGateway } from './media-gateway.ts';

/**
 * The gateway's door: one controller at a time. A newer one takes over, because a controller that was restarted must not be
 * kept out by the connection of its dead predecessor; the older is told so and closed. Without a controller everything goes on.
 */
export class ControlServer {
  readonly #gateway: MediaGateway;
  readonly #path: string;
  readonly #server: Server;
  #controller: Controller | null = null;

  constructor(gateway: MediaGateway, path: string) {
    this.#gateway = gateway;
    this.#path = path;
    this.#server = createServer((socket) => this.#accept(socket));
    gateway.onEvent = (event) => this.#controller?.tell(event);
  }

  /** Resolves when controllers can connect. A socket file whose gateway is dead is replaced; a living one is an error. */
  async listen(): Promise<void> {
    if (await isAnswering(this.#path)) throw new Error(`another media gateway is running at ${this.#path}`);
    rmSync(this.#path, { force: true });
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#path, resolve);
    });
    // Who can write here commands all calls.
    chmodSync(this.#path, 0o600);
  }

  close(): void {
    this.#controller?.end('stopping', 'the media gateway is stopping');
    this.#server.close();
  }

  #accept(socket: Socket): void {
    this.#controller?.end('replaced', 'another controller has taken over');
    const controller = new Controller(socket, this.#gateway);
    this.#controller = controller;
    this.#gateway.controllerCame();
    socket.on('close', () => {
      if (this.#controller !== controller) return;
      this.#controller = null;
      this.#gateway.controllerLeft();
    });
  }
}

/** One controller's connection: commands in, replies in their order and events out. */
class Controller {
  readonly #socket: Socket;
  readonly #gateway: MediaGateway;
  /** Replies in the order of their commands; null while one is not there yet. */
  #replies: (string | null)[] = [];
  #answered = 0;
  #outgoing = '';
  #flushing = false;

  constructor(socket: Socket, gateway: MediaGateway) {
    this.#socket = socket;
    this.#gateway = gateway;
    const framer = new LineFramer(maximumCommandLength);
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => framer.push(text, this.#take));
    // `close` follows and says all there is to say: contexts live on.
    socket.on('error', () => {});
  }

  tell(event: GatewayEvent | PlayerGatewayEvent | PortGatewayEvent): void {
    this.#write(writeEvent(event));
  }

  end(reason: string, text: string): void {
    this.#write(writeBye(reason, text));
    this.#flush();
    this.#socket.removeAllListeners('data');
    this.#socket.end();
    this.#socket.destroySoon();
  }

  #take = (line: string | null): void => {
    if (line === null) return this.#write(writeRefusal(null, { code: 'badCommand', text: `a line has at most ${maximumCommandLength} characters` }));
    const { n, command, refusal } = readCommand(line);
    if (command === undefined) return this.#reply(this.#replies.push(null) - 1 + this.#answered, writeRefusal(n, refusal));
    const place = this.#replies.push(null) - 1 + this.#answered;
    this.#gateway.execute(command, (outcome) => {
      this.#reply(place, outcome.refusal === undefined ? writeReply(n, outcome.reply) : writeRefusal(n, outcome.refusal));
    });
  };

  /** `place`: how many commands came before it on this connection. */
  #reply(place: number, line: string): void {
    this.#replies[place - this.#answered] = line;
    for (let first = this.#replies[0]; first !== null && first !== undefined; first = this.#replies[0]) {
      this.#replies.shift();
      this.#answered++;
      this.#write(first);
    }
  }

  #write(line: string): void {
    this.#outgoing += line;
    if (this.#flushing) return;
    this.#flushing = true;
    setImmediate(this.#flush);
  }

  #flush = (): void => {
    this.#flushing = false;
    if (this.#outgoing.length === 0 || !this.#socket.writable) return;
    this.#socket.write(this.#outgoing);
    this.#outgoing = '';
    // A controller that no longer reads must not fill our memory; it audits when it comes back.
    if (this.#socket.writableLength > mostUnread) this.#socket.destroy();
  };
}

function isAnswering(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

const mostUnread = 256 * 1024 * 1024;

import { connect, type Socket } from 'node:net';
import { LineFramer } from '@tipring/gateway';
import type { CarrierAct } from './carrier-act.ts';
import type { CarriedMessage, CarrierState } from './carrier-state.ts';
import { type Acted, type CarrierOutcome, type CarrierReply, type CarrierRequest, maximumReplyLength } from './wire.ts';

/**
 * Asks and tells a carrier by its control socket. Connects when there is something to ask, and anew when the carrier was started again; never
 * throws: a carrier that is not there is `unreachable`.
 *
 *   const carrier = new CarrierClient('/run/tipring/carrier.sock');
 *   const outcome = await carrier.act({ do: 'fail', failure: { is: 'blackHole' } });
 */
export class CarrierClient {
  readonly #path: string;
  readonly #patienceMs: number;
  #socket: Socket | null = null;
  #lastNumber = 0;
  #waiting = new Map<number, { readonly done: (outcome: CarrierOutcome<never>) => void; readonly late: NodeJS.Timeout }>();

  constructor(path: string, patienceMs = 3_000) {
    this.#path = path;
    this.#patienceMs = patienceMs;
  }

  state(): Promise<CarrierOutcome<CarrierState>> {
    return this.#ask((n) => ({ n, ask: 'state' }));
  }

  messages(after = 0): Promise<CarrierOutcome<readonly CarriedMessage[]>> {
    return this.#ask((n) => ({ n, ask: 'messages', after }));
  }

  act(act: CarrierAct): Promise<CarrierOutcome<Acted>> {
    return this.#ask((n) => ({ n, act }));
  }

  /** What is not answered is `unreachable`. It connects again when it is asked again. */
  close(): void {
    this.#socket?.destroy();
    this.#lost('the connection was closed');
  }

  #ask<Value>(requestOf: (n: number) => CarrierRequest): Promise<CarrierOutcome<Value>> {
    const n = ++this.#lastNumber;
    if (this.#waiting.size >= mostWaiting) return Promise.resolve(unreachable('too many requests wait for the carrier'));
    return new Promise((resolve) => {
      const late = setTimeout(() => this.#answer(n, unreachable(`the carrier did not answer within ${this.#patienceMs} ms`)), this.#patienceMs);
      this.#waiting.set(n, { done: resolve, late });
      this.#socket ??= this.#connect();
      this.#socket.write(`${JSON.stringify(requestOf(n))}\n`);
    });
  }

  #connect(): Socket {
    const socket = connect({ path: this.#path });
    const framer = new LineFramer(maximumReplyLength);
    let why = 'the carrier closed the connection';
    socket.setEncoding('utf8');
    // Nobody is to live on because of a simulation.
    socket.unref();
    socket.on('data', (text: string) => framer.push(text, (line) => this.#take(line)));
    socket.on('error', (error) => (why = error.message));
    socket.on('close', () => {
      if (socket === this.#socket) this.#lost(why);
    });
    return socket;
  }

  #take(line: string | null): void {
    const reply = line === null ? undefined : readReply(line);
    if (reply === undefined || reply.n === null) return;
    this.#answer(reply.n, 'refusal' in reply ? { ok: false, refusal: reply.refusal } : { ok: true, value: reply.reply as never });
  }

  #answer(n: number, outcome: CarrierOutcome<never>): void {
    const waiting = this.#waiting.get(n);
    this.#waiting.delete(n);
    if (waiting === undefined) return;
    clearTimeout(waiting.late);
    waiting.done(outcome);
  }

  #lost(why: string): void {
    this.#socket = null;
    for (const n of [...this.#waiting.keys()]) this.#answer(n, unreachable(why));
  }
}

function unreachable(text: string): CarrierOutcome<never> {
  return { ok: false, refusal: { code: 'unreachable', text } };
}

function readReply(line: string): CarrierReply | undefined {
  try {
    return JSON.parse(line) as CarrierReply;
  } catch {
    return undefined;
  }
}

const mostWaiting = 100;

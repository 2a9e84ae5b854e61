import { connect, type Socket } from 'node:net';
import type { Timer, Timers } from '@tipring/clock';
import { refusal } from '../command-check.ts';
import type { PortRefusal } from '../contract.ts';
import { ask, FrameReader, FrameWriter, say } from './frames.ts';

export interface LinkListener {
  /** Cards follow, and then `ready`. */
  up(echoDelayMs: number): void;
  ready(): void;
  /** The agent is gone, or could not be reached; what was asked has been refused. */
  down(): void;
  /** Everything else: `payload` is good until return, from `at`, so many octets. */
  frame(type: number, channel: number, payload: Buffer, at: number, length: number): void;
}

/** The answer to a question: a reading, or null; or a refusal. Never called inside the call that asked. */
export type Answer = (payload: Buffer | null, refused: PortRefusal | null) => void;

interface Asked {
  readonly id: number;
  /** Whose question it is: `refuse` finds it by that. */
  readonly owner: object | null;
  readonly done: Answer;
  answer: { readonly payload: Buffer | null; readonly refused: PortRefusal | null } | null;
}

/**
 * The connection to the agent: made again whenever it is lost, after 0.1 s, then twice as long each time, at most 5 s. Answers
 * are given in the order of asking, whoever gives them.
 */
export class AgentLink {
  readonly #path: string;
  readonly #timers: Timers;
  readonly #listener: LinkListener;
  readonly #reader = new FrameReader((type, channel, payload, at, length) => this.#frame(type, channel, payload, at, length));
  readonly #writer = new FrameWriter();
  readonly #asked: Asked[] = [];
  readonly #pings: ((ms: number | null) => void)[] = [];
  #socket: Socket | null = null;
  #state: 'down' | 'connecting' | 'up' | 'closed' = 'down';
  #attempt = 0;
  #retry: Timer | null = null;
  #beat: Timer | null = null;
  #heardMs = 0;
  #lastId = 0;
  #flushing: 'no' | 'soon' | 'atEnd' = 'no';
  #delivering = false;
  #agentMs = 0;

  constructor(path: string, timers: Timers, listener: LinkListener) {
    this.#path = path;
    this.#timers = timers;
    this.#listener = listener;
    this.#connect();
  }

  /** The agent's clock when it was last heard. */
  get agentMs(): number {
    return this.#agentMs;
  }

  /** Null: no question for the agent, it is refused as it stands. */
  ask(owner: object, type: number, channel: number, payload: Uint8Array, refused: PortRefusal | null, done: Answer): void {
    const id = ++this.#lastId;
    const here = refused ?? (this.#state === 'up' ? null : agentGone);
    this.#asked.push({ id, owner, done, answer: here === null ? null : { payload: null, refused: here } });
    if (here === null) {
      this.#writer.addNumbered(type, channel, id, payload);
      this.#flushSoon();
    } else queueMicrotask(() => this.#deliver());
  }

  /** What this one asked and what is not answered yet. */
  refuse(owner: object, refused: PortRefusal): void {
    for (const asked of this.#asked) if (asked.owner === owner && asked.answer === null) asked.answer = { payload: null, refused };
    queueMicrotask(() => this.#deliver());
  }

  /** No answer is expected. */
  tell(type: number, channel: number, number: number, payload: Uint8Array): void {
    if (this.#state !== 'up') return;
    this.#writer.addNumbered(type, channel, number, payload);
    this.#flushSoon();
  }

  /** The agent's monotonic clock, after everything that it said before; null: it is gone. */
  clock(done: (ms: number | null) => void): void {
    if (this.#state !== 'up') return queueMicrotask(() => done(null));
    this.#pings.push(done);
    this.#writer.add(ask.ping, 0, nothing);
    this.#flushSoon();
  }

  close(): void {
    this.#state = 'closed';
    this.#retry?.stop();
    this.#beat?.stop();
    this.#flush();
    this.#socket?.end();
    this.#socket = null;
    this.#refuseAll();
  }

  #connect(): void {
    this.#state = 'connecting';
    const buffer = Buffer.allocUnsafe(64 * 1024);
    const socket = connect({
      path: this.#path,
      onread: {
        buffer,
        callback: (count: number) => {
          if (this.#socket === socket) this.#read(buffer, count);
          return true;
        },
      },
    });
    this.#socket = socket;
    socket.on('connect', () => {
      this.#reader.reset();
      const version = Buffer.alloc(4);
      version.writeUInt32LE(protocolVersion);
      this.#writer.add(ask.hello, 0, version);
      this.#flush();
      this.#heardMs = this.#timers.now();
    });
    // What went wrong is the same for us: `close` follows.
    socket.on('error', () => {});
    socket.on('close', () => {
      if (this.#socket === socket) this.#lost();
    });
  }

  #read(buffer: Buffer, count: number): void {
    this.#heardMs = this.#timers.now();
    this.#flushing = 'atEnd';
    const framed = this.#reader.take(buffer, count);
    this.#flushing = 'no';
    this.#flush();
    if (!framed) this.#socket?.destroy();
  }

  #frame(type: number, channel: number, payload: Buffer, at: number, length: number): void {
    switch (type) {
      case say.hello:
        this.#state = 'up';
        this.#attempt = 0;
        this.#agentMs = msOf(payload, at + 6);
        this.#keepAlive();
        return this.#listener.up(payload.readUInt16LE(at + 4));
      case say.ready:
        return this.#listener.ready();
      case say.pong:
        this.#agentMs = msOf(payload, at);
        return this.#pings.shift()?.(this.#agentMs);
      case say.answer:
        return this.#answered(payload.readUInt32LE(at), { payload: null, refused: refusals[payload[at + 4]!] ?? null });
      case say.reading:
        return this.#answered(payload.readUInt32LE(at), { payload: Buffer.from(payload.subarray(at + 4, at + length)), refused: null });
      case say.refused:
        return void this.#socket?.destroy();
      case say.event:
      case say.block:
        this.#agentMs = msOf(payload, at);
    }
    this.#listener.frame(type, channel, payload, at, length);
  }

  #answered(id: number, answer: NonNullable<Asked['answer']>): void {
    const asked = this.#asked.find((one) => one.id === id);
    if (asked !== undefined) asked.answer ??= answer;
    this.#deliver();
  }

  #deliver(): void {
    // What a listener asks while it is answered waits for its turn.
    if (this.#delivering) return;
    this.#delivering = true;
    try {
      for (let first = this.#asked[0]; first !== undefined && first.answer !== null; first = this.#asked[0]) {
        this.#asked.shift();
        first.done(first.answer.payload, first.answer.refused);
      }
    } finally {
      this.#delivering = false;
    }
  }

  /** The agent lets a silent client go after 5 s, and is let go likewise. */
  #keepAlive(): void {
    this.#beat?.stop();
    this.#beat = this.#timers.start(beatMs, () => {
      if (this.#timers.now() - this.#heardMs > silenceMs) return void this.#socket?.destroy();
      this.clock(() => {});
      this.#keepAlive();
    });
  }

  #lost(): void {
    if (this.#state === 'closed') return;
    this.#state = 'down';
    this.#socket = null;
    this.#beat?.stop();
    this.#reader.reset();
    this.#writer.flush(() => true);
    this.#refuseAll();
    this.#retry = this.#timers.start(Math.min(longestPauseMs, firstPauseMs * 2 ** this.#attempt++), () => this.#connect());
    this.#listener.down();
  }

  #refuseAll(): void {
    for (const asked of this.#asked) asked.answer ??= { payload: null, refused: agentGone };
    queueMicrotask(() => this.#deliver());
    for (const done of this.#pings.splice(0)) queueMicrotask(() => done(null));
  }

  #flushSoon(): void {
    if (this.#flushing !== 'no') return;
    this.#flushing = 'soon';
    queueMicrotask(() => {
      if (this.#flushing !== 'soon') return;
      this.#flushing = 'no';
      this.#flush();
    });
  }

  #flush(): void {
    const socket = this.#socket;
    if (this.#writer.empty || socket === null) return;
    this.#writer.flush((octets) => {
      socket.write(octets);
      if (socket.writableLength > mostUnread) socket.destroy();
      return socket.writableLength === 0;
    });
  }
}

export function msOf(payload: Buffer, at: number): number {
  return (payload.readUInt32LE(at) + payload.readUInt32LE(at + 4) * 2 ** 32) / 1e6;
}

const agentGone = refusal('absent', 'The card agent is not there.');

/** By the agent's numbers; 0 is done. */
const refusals: readonly (PortRefusal | null)[] = [
  null,
  refusal('unsupported', 'The hardware cannot do this.'),
  refusal('badCommand', 'The agent does not take this for a command.'),
  refusal('wrongState', 'Not in the state that the port is in.'),
  refusal('busy', 'The port is open already.'),
  refusal('closed', 'The port is not open.'),
  refusal('absent', 'The card is not there.'),
  refusal('hardware', 'The driver of the card has failed.'),
];

const protocolVersion = 1;
const nothing = new Uint8Array(0);
const beatMs = 1_000;
const silenceMs = 5_000;
const firstPauseMs = 100;
const longestPauseMs = 5_000;
const mostUnread = 1 << 20;

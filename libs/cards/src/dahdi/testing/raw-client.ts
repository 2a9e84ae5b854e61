import { connect, type Socket } from 'node:net';
import { blockSamples } from '../../contract.ts';
import { ask, FrameReader, FrameWriter, say } from '../frames.ts';

export interface Said {
  readonly type: number;
  readonly channel: number;
  readonly payload: Buffer;
}

/** A client that does what it likes. */
export class RawClient {
  readonly said: Said[] = [];
  /** Null: it answers no block. */
  answers: ((channel: number, number: number) => boolean) | null = null;
  readonly closed: Promise<void>;
  readonly #socket: Socket;
  readonly #writer = new FrameWriter();

  constructor(path: string) {
    this.#socket = connect(path);
    const reader = new FrameReader((type, channel, payload, at, length) => this.#take({ type, channel, payload: Buffer.from(payload.subarray(at, at + length)) }));
    this.#socket.on('data', (octets: Buffer) => reader.take(octets, octets.length));
    this.#socket.on('error', () => {});
    this.closed = new Promise((resolve) => this.#socket.on('close', () => resolve()));
  }

  send(type: number, channel: number, payload: Uint8Array): void {
    this.#writer.add(type, channel, payload);
    this.#writer.flush((octets) => this.#socket.write(Buffer.from(octets)));
  }

  raw(octets: Uint8Array): void {
    this.#socket.write(octets);
  }

  hello(version = 1): void {
    this.send(ask.hello, 0, u32(version));
  }

  of(type: number): readonly Said[] {
    return this.said.filter((one) => one.type === type);
  }

  end(): void {
    this.#socket.destroy();
  }

  #take(said: Said): void {
    if (said.type !== say.block) return void this.said.push(said);
    const number = said.payload.readUInt32LE(8);
    if (this.answers?.(said.channel, number) === true) this.send(ask.block, said.channel, Buffer.concat([u32(number), Buffer.alloc(blockSamples, 0x2a)]));
  }
}

export function u32(value: number): Buffer {
  const octets = Buffer.alloc(4);
  octets.writeUInt32LE(value);
  return octets;
}

import { createRequire } from 'node:module';
import { getSystemErrorName } from 'node:util';
import { batchSize, layout, type PacketIo, receivedWords, sendWords, slotSize } from './packet-io.ts';

/** native/packet-io.c, as it says itself. Results are 0 or -errno where they can fail. */
interface Addon {
  setup(memory: ArrayBuffer, clock: number, received: number, toSend: number, slots: number, slotSize: number, batch: number, sockets: number): number;
  open(socket: number, address: string, port: number): number;
  close(socket: number): void;
  setRemote(socket: number, address: string, port: number, multicastTtl: number): number;
  poll(timeoutMs: number): number;
  source(i: number): string;
  flush(count: number): number;
  waitUntil(microseconds: number): void;
  setRealtime(): number;
  wake(handle: number): void;
}

function load(path: string): Addon {
  return createRequire(import.meta.url)(path) as Addon;
}

/** Ends the `poll` of the worker that gave this handle, from another thread. */
export function wakeNative(path: string): (handle: number) => void {
  return load(path).wake;
}

/**
 * Packet I/O through the addon. `run` keeps the thread: the event loop of its worker does not turn meanwhile.
 * There is one in a thread; making another closes the sockets of the former.
 */
export class NativePacketIo implements PacketIo {
  readonly kind = 'native';
  readonly bytes: Uint8Array;
  readonly received: Int32Array;
  readonly wakeHandle: number;
  packetsSent = 0;
  sendErrors = 0;

  readonly #addon: Addon;
  readonly #clock: Float64Array;
  readonly #toSend: Int32Array;
  #queued = 0;
  #scratchUsed = 0;
  #stopped = false;

  /** `sockets`: socket numbers are below it. */
  constructor(path: string, sockets: number) {
    const memory = new ArrayBuffer(layout.size);
    this.#addon = load(path);
    this.bytes = new Uint8Array(memory);
    this.received = new Int32Array(memory, layout.received, batchSize * receivedWords);
    this.#clock = new Float64Array(memory, layout.clock, 1);
    this.#toSend = new Int32Array(memory, layout.toSend, layout.sendCapacity * sendWords);
    const handle = this.#addon.setup(memory, layout.clock, layout.received, layout.toSend, layout.slots, slotSize, batchSize, sockets);
    if (handle < 0) throw new Error(`packet I/O: ${getSystemErrorName(handle)}`);
    this.wakeHandle = handle;
  }

  nowUs(): number {
    return this.#clock[0] as number;
  }

  open(socket: number, address: string, port: number): string | null {
    return errorName(this.#addon.open(socket, address, port));
  }

  close(socket: number): void {
    // What is queued was meant to leave by it.
    this.#flush();
    this.#addon.close(socket);
  }

  setRemote(socket: number, address: string | null, port: number, multicastTtl = 1): void {
    // What is queued was meant for where it sent to until now.
    this.#flush();
    this.#addon.setRemote(socket, address ?? '', address === null ? 0 : port, multicastTtl);
  }

  sourceAddress(i: number): string {
    return this.#addon.source(i);
  }

  send(socket: number, offset: number, length: number): void {
    if (this.#queued === layout.sendCapacity) this.#flush();
    const at = this.#queued++ * sendWords;
    this.#toSend[at] = socket;
    this.#toSend[at + 1] = offset;
    this.#toSend[at + 2] = length;
  }

  scratch(): number {
    if (this.#scratchUsed === layout.scratchSlots) this.#flush();
    return layout.scratch + this.#scratchUsed++ * slotSize;
  }

  run(round: (packets: number) => number): Promise<void> {
    let lastUs = 0;
    this.#addon.poll(0);
    let wait = round(0);
    this.#flush();
    while (!this.#stopped) {
      const packets = this.#addon.poll(wait);
      const startedUs = this.#clock[0] as number;
      wait = round(packets);
      this.#flush();
      if (packets === 0) continue;
      // Where packets are dense, waking for each costs more than relaying it. Under full load this sleep is over before it begins.
      if (startedUs - lastUs < denseUs) this.#addon.waitUntil(startedUs + gatherUs);
      lastUs = startedUs;
    }
    return Promise.resolve();
  }

  stop(): void {
    this.#stopped = true;
  }

  setRealtime(): string | null {
    return errorName(this.#addon.setRealtime());
  }

  #flush(): void {
    this.#scratchUsed = 0;
    if (this.#queued === 0) return;
    this.packetsSent += this.#queued;
    this.sendErrors += this.#addon.flush(this.#queued);
    this.#queued = 0;
  }
}

function errorName(result: number): string | null {
  return result === 0 ? null : getSystemErrorName(result);
}

/** Batches that follow each other this closely say that packets are dense; then the next batch is gathered for so long. */
const denseUs = 500;
const gatherUs = 250;

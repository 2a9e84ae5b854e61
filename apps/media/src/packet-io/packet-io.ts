/**
 * How a worker reaches its sockets: batches of packets in and out of one block of memory, without an object per packet.
 * Two implementations, one conformance suite: the addon (native/packet-io.c) and plain dgram.
 *
 * A socket is a small number that the caller chooses. A round is: packets of a batch are in `slotAt(0)`, `slotAt(1)` …;
 * the caller rewrites them where they are, hands offsets to `send`, and the batch leaves when the round returns.
 */
export interface PacketIo {
  /** All packet memory. */
  readonly bytes: Uint8Array;
  /** `receivedWords` for each packet of the batch: socket, length, 1 when it came from where the socket sends to, source port. */
  readonly received: Int32Array;
  readonly kind: 'native' | 'fallback';
  /** For the other thread's `wakeNative`; null when a message to the worker's port wakes it. */
  readonly wakeHandle: number | null;
  readonly packetsSent: number;
  /** Of these, the ones the kernel did not take. */
  readonly sendErrors: number;

  /** Monotonic microseconds when this batch was received. */
  nowUs(): number;
  /** Null when it worked, else the error's code (`EADDRINUSE`). */
  open(socket: number, address: string, port: number): string | null;
  close(socket: number): void;
  /** Where the socket sends to; null is nowhere. `multicastTtl`: of what it sends to a group, which leaves by the interface of its address; 1 when absent. */
  setRemote(socket: number, address: string | null, port: number, multicastTtl?: number): void;
  /** Where packet `i` of the batch came from. Not for every packet: it makes a string. */
  sourceAddress(i: number): string;
  /** Queues `length` octets at `offset` of `bytes`. They must stay as they are until the round returns. */
  send(socket: number, offset: number, length: number): void;
  /** A free place of `slotSize` octets for a packet of our own, until the round returns; -1 when there is none left. */
  scratch(): number;
  /** Runs rounds until `stop`. `round` gets the number of packets and returns after how many milliseconds it wants to be called at the latest. */
  run(round: (packets: number) => number): Promise<void>;
  stop(): void;
  /** Null when this thread got real-time priority, else why not. */
  setRealtime(): string | null;
}

export const receivedWords = 4;
export const sendWords = 3;
/** RFC 3550 packets of one Ethernet frame fit; what is longer is cut and then refused as malformed or dropped by the far end. */
export const slotSize = 2048;
export const batchSize = 256;
const scratchSlots = 256;
const sendCapacity = 1024;

/** Where things are in the block. */
export const layout = {
  clock: 0,
  received: 64,
  toSend: 64 + batchSize * receivedWords * 4,
  slots: 64 + batchSize * receivedWords * 4 + sendCapacity * sendWords * 4,
  scratch: 64 + batchSize * receivedWords * 4 + sendCapacity * sendWords * 4 + batchSize * slotSize,
  scratchSlots,
  sendCapacity,
  size: 64 + batchSize * receivedWords * 4 + sendCapacity * sendWords * 4 + (batchSize + scratchSlots) * slotSize,
} as const;

/** Where packet `i` of a batch starts in `bytes`. */
export function slotAt(i: number): number {
  return layout.slots + i * slotSize;
}

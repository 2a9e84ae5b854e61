import { isMulticast } from '@tipring/gateway';
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { constants, setPriority } from 'node:os';
import { batchSize, layout, type PacketIo, receivedWords, slotAt, slotSize } from './packet-io.ts';

interface Port {
  readonly socket: Socket;
  remoteAddress: string | null;
  remotePort: number;
}

/** Packet I/O with what Node has: works everywhere, at about twice the cost a packet. Runs on its worker's event loop. */
export class DgramPacketIo implements PacketIo {
  readonly kind = 'fallback';
  readonly wakeHandle = null;
  readonly bytes = new Uint8Array(layout.size);
  readonly received = new Int32Array(batchSize * receivedWords);
  packetsSent = 0;
  sendErrors = 0;

  readonly #ports: (Port | undefined)[] = [];
  readonly #sources: string[] = [];
  #packets = 0;
  #scratchUsed = 0;
  #nowUs = 0;
  #round: ((packets: number) => number) | null = null;
  #roundIsDue = false;
  #timer: NodeJS.Timeout | null = null;
  #stopped: (() => void) | null = null;

  nowUs(): number {
    return this.#nowUs;
  }

  open(socket: number, address: string, port: number): string | null {
    if (this.#ports[socket] !== undefined) return 'EINVAL';
    const made = isIPv6(address) ? createSocket({ type: 'udp6', ipv6Only: true, lookup: literal }) : createSocket({ type: 'udp4', lookup: literal });
    let error: string | null = null;
    made.on('error', (problem: NodeJS.ErrnoException) => {
      error = problem.code ?? 'EIO';
    });
    // With literals only, binding is done when bind() returns, and so is its error.
    made.bind({ address, port, exclusive: true });
    if (error !== null) {
      made.close();
      return error;
    }
    made.on('message', (packet, from) => this.#receive(socket, packet, from));
    this.#ports[socket] = { socket: made, remoteAddress: null, remotePort: 0 };
    return null;
  }

  close(socket: number): void {
    this.#ports[socket]?.socket.close();
    this.#ports[socket] = undefined;
  }

  setRemote(socket: number, address: string | null, port: number, multicastTtl = 1): void {
    const found = this.#ports[socket];
    if (found === undefined) return;
    found.remoteAddress = address;
    found.remotePort = port;
    if (address === null || !isMulticast(address)) return;
    found.socket.setMulticastTTL(multicastTtl);
    // Of IPv6 the routing table knows better: an interface is no address there.
    if (!isIPv6(address)) found.socket.setMulticastInterface(found.socket.address().address);
  }

  sourceAddress(i: number): string {
    return this.#sources[i] ?? '';
  }

  send(socket: number, offset: number, length: number): void {
    const port = this.#ports[socket];
    this.packetsSent++;
    if (port === undefined || port.remoteAddress === null) {
      this.sendErrors++;
      return;
    }
    // Copied: when the kernel's queue is full libuv sends later, and the memory is another packet's then.
    const packet = Buffer.from(this.bytes.subarray(offset, offset + length));
    port.socket.send(packet, port.remotePort, port.remoteAddress, (error) => {
      if (error !== null) this.sendErrors++;
    });
  }

  scratch(): number {
    // Sent packets are copied at once, so any of these is free again when it was sent.
    this.#scratchUsed = (this.#scratchUsed + 1) % layout.scratchSlots;
    return layout.scratch + this.#scratchUsed * slotSize;
  }

  run(round: (packets: number) => number): Promise<void> {
    this.#round = round;
    this.wake();
    return new Promise((resolve) => {
      this.#stopped = resolve;
    });
  }

  /** A round now, whatever the timer says. */
  wake(): void {
    if (this.#roundIsDue) return;
    this.#roundIsDue = true;
    // The check phase comes after the sockets of this turn, so a round takes all that has arrived.
    setImmediate(this.#runRound);
  }

  stop(): void {
    this.#round = null;
    if (this.#timer !== null) clearTimeout(this.#timer);
    for (let i = 0; i < this.#ports.length; i++) this.close(i);
    this.#stopped?.();
  }

  setRealtime(): string | null {
    try {
      setPriority(constants.priority.PRIORITY_HIGHEST);
      return 'only a higher nice level; real-time priority needs the addon';
    } catch (error) {
      return (error as NodeJS.ErrnoException).code ?? 'EPERM';
    }
  }

  #receive(socket: number, packet: Buffer, from: RemoteInfo): void {
    if (this.#packets === batchSize) this.#runRound();
    const port = this.#ports[socket];
    if (port === undefined) return;
    const i = this.#packets++;
    const length = Math.min(packet.length, slotSize);
    this.bytes.set(length === packet.length ? packet : packet.subarray(0, length), slotAt(i));
    const words = i * receivedWords;
    this.received[words] = socket;
    this.received[words + 1] = length;
    this.received[words + 2] = from.port === port.remotePort && from.address === port.remoteAddress ? 1 : 0;
    this.received[words + 3] = from.port;
    this.#sources[i] = from.address;
    this.wake();
  }

  #runRound = (): void => {
    this.#roundIsDue = false;
    const packets = this.#packets;
    this.#packets = 0;
    if (this.#round === null) return;
    this.#nowUs = performance.now() * 1000;
    const wait = this.#round(packets);
    if (this.#round === null) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#timeout, wait);
  };

  #timeout = (): void => this.wake();
}

/** Addresses are literals here; a look-up in the thread pool for each packet is not wanted. */
function literal(hostname: string, _options: unknown, done: (error: null, address: string, family: number) => void): void {
  done(null, hostname, isIPv6(hostname) ? 6 : 4);
}

import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import type { Flow, ListenAddress } from '@tipring/sip';

/**
 * Measures how long a datagram waits before this process reads it. A UDP server does not see its own queue, which stands
 * in the kernel; so datagrams of our own join it, one on every address, and tell their age when they are read.
 */
export class QueueProbe {
  readonly #sockets: { readonly socket: Socket; readonly port: number; readonly target: ListenAddress; sentAt: number | undefined }[] = [];
  readonly #onWait: (ms: number) => void;
  /** Probes that came back: what was received and is no message. */
  taken = 0;
  #pacing: NodeJS.Timeout | undefined;
  #longest = 0;

  /** `onWait` is told every `INTERVAL_MS` the longest wait of the last round, ms. */
  static async start(listening: readonly ListenAddress[], onWait: (ms: number) => void): Promise<QueueProbe> {
    const probe = new QueueProbe(onWait);
    for (const target of listening) {
      if (target.transport !== 'udp') continue;
      const socket = createSocket(target.address.includes(':') ? 'udp6' : 'udp4');
      // A port that is unreachable would say so here; the probe that never returns says it too.
      socket.on('error', () => undefined);
      socket.bind(0, target.address);
      await once(socket, 'listening');
      socket.unref();
      probe.#sockets.push({ socket, port: socket.address().port, target, sentAt: undefined });
    }
    probe.#pacing = setInterval(() => probe.#round(), INTERVAL_MS).unref();
    return probe;
  }

  private constructor(onWait: (ms: number) => void) {
    this.#onWait = onWait;
  }

  /** Takes the datagram if it is a probe of ours. */
  takes(flow: Flow): boolean {
    if (flow.transport !== 'udp') return false;
    for (const one of this.#sockets) {
      if (flow.remote.port !== one.port || flow.remote.address !== one.target.address || flow.local.address !== one.target.address) continue;
      if (one.sentAt !== undefined) this.#longest = Math.max(this.#longest, performance.now() - one.sentAt);
      one.sentAt = undefined;
      this.taken += 1;
      return true;
    }
    return false;
  }

  close(): void {
    clearInterval(this.#pacing);
    for (const { socket } of this.#sockets) socket.close();
  }

  /** A probe that has not come back is as old as it is; after a second it is taken for lost in a full queue, and a new one is sent. */
  #round(): void {
    const now = performance.now();
    let waitMs = this.#longest;
    this.#longest = 0;
    for (const one of this.#sockets) {
      const age = one.sentAt === undefined ? 0 : now - one.sentAt;
      waitMs = Math.max(waitMs, age);
      if (one.sentAt !== undefined && age < LOST_AFTER_MS) continue;
      one.sentAt = now;
      one.socket.send(PROBE, one.target.port, one.target.address);
    }
    this.#onWait(waitMs);
  }
}

/** Not a SIP message, and not a keepalive. */
const PROBE = Buffer.from('probe');
const INTERVAL_MS = 20;
const LOST_AFTER_MS = 1000;

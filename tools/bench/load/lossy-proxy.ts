import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/**
 * Stands between one UDP peer and the PBX and loses datagrams both ways. The losses come from a seed: the same datagrams
 * in the same order are lost in each run.
 */
export class LossyProxy {
  /** 0…1, of each direction. */
  loss = 0;
  lost = 0;
  passed = 0;
  readonly #near: Socket;
  readonly #far: Socket;
  #peerPort = 0;
  #seed: number;

  static async start(host: string, pbxPort: number, seed: number): Promise<LossyProxy> {
    const near = createSocket({ type: 'udp4', recvBufferSize: 4_000_000 });
    const far = createSocket({ type: 'udp4', recvBufferSize: 4_000_000 });
    for (const socket of [near, far]) {
      socket.bind(0, host);
      await once(socket, 'listening');
    }
    return new LossyProxy(near, far, { host, pbxPort, seed });
  }

  private constructor(near: Socket, far: Socket, { host, pbxPort, seed }: { host: string; pbxPort: number; seed: number }) {
    this.#near = near;
    this.#far = far;
    this.#seed = seed;
    near.on('message', (bytes, from) => {
      this.#peerPort = from.port;
      if (this.#passes()) far.send(bytes, pbxPort, host, () => {});
    });
    far.on('message', (bytes) => {
      if (this.#peerPort !== 0 && this.#passes()) near.send(bytes, this.#peerPort, host, () => {});
    });
  }

  /** Where the peer is to send. */
  get port(): number {
    return this.#near.address().port;
  }

  close(): void {
    this.#near.close();
    this.#far.close();
  }

  #passes(): boolean {
    const passes = this.#random() >= this.loss;
    if (passes) this.passed += 1;
    else this.lost += 1;
    return passes;
  }

  /** mulberry32. */
  #random(): number {
    this.#seed = (this.#seed + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#seed ^ (this.#seed >>> 15), 1 | this.#seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }
}

import { markerOf, payloadTypeOf, sequenceOf, ssrcOf, timestampOf, writeHeader } from '@tipring/rtp';
import { createSocket, type Socket } from 'node:dgram';

export interface HeardPacket {
  readonly payloadType: number;
  readonly marker: boolean;
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
  readonly payload: Buffer;
}

/** A far end for tests: sends what it is told and remembers what it hears. */
export class RtpPhone {
  readonly address: string;
  readonly heard: HeardPacket[] = [];
  readonly rtcpHeard: Buffer[] = [];
  sequence = 0;
  timestamp = 0;
  ssrc: number;
  readonly #rtp: Socket;
  readonly #rtcp: Socket;
  #target = { address: '', rtpPort: 0 };
  #changed: () => void = () => {};

  /** Use `openPhone`. */
  constructor(rtp: Socket, rtcp: Socket, ssrc: number) {
    this.#rtp = rtp;
    this.#rtcp = rtcp;
    this.ssrc = ssrc;
    this.address = rtp.address().address;
    rtp.on('message', (packet) => {
      this.heard.push({ payloadType: payloadTypeOf(packet, 0), marker: markerOf(packet, 0), sequence: sequenceOf(packet, 0), timestamp: timestampOf(packet, 0) >>> 0, ssrc: ssrcOf(packet, 0) >>> 0, payload: Buffer.from(packet.subarray(12)) });
      this.#changed();
    });
    rtcp.on('message', (packet) => {
      this.rtcpHeard.push(packet);
      this.#changed();
    });
  }

  get port(): number {
    return this.#rtp.address().port;
  }

  get rtcpPort(): number {
    return this.#rtcp.address().port;
  }

  /** The gateway's end it talks to. */
  talkTo(local: { readonly address: string; readonly rtpPort: number }): void {
    this.#target = local;
  }

  /** Sends the next packet of its stream; `jump` changes what the header would say. */
  say(payload: Uint8Array, payloadType = 0, jump: { readonly marker?: boolean; readonly timestamp?: number } = {}): void {
    const packet = Buffer.alloc(12 + payload.length);
    writeHeader(packet, 0, jump.marker ?? false, payloadType, this.sequence, jump.timestamp ?? this.timestamp, this.ssrc);
    packet.set(payload, 12);
    this.sequence = (this.sequence + 1) & 0xffff;
    this.timestamp = (this.timestamp + 160) | 0;
    this.sendRaw(packet);
  }

  sendRaw(packet: Uint8Array): void {
    this.#rtp.send(packet, this.#target.rtpPort, this.#target.address);
  }

  sendRtcp(packet: Uint8Array): void {
    this.#rtcp.send(packet, this.#target.rtpPort + 1, this.#target.address);
  }

  /** Resolves when `holds` does; looked at after every packet. */
  async until(holds: (phone: RtpPhone) => boolean): Promise<void> {
    while (!holds(this)) await new Promise<void>((resolve) => (this.#changed = resolve));
  }

  close(): void {
    this.#rtp.close();
    this.#rtcp.close();
  }
}

export async function openPhone(ssrc: number, address = '127.0.0.1'): Promise<RtpPhone> {
  const open = async (): Promise<Socket> => {
    const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
    await new Promise<void>((resolve) => socket.bind(0, address, resolve));
    return socket;
  };
  return new RtpPhone(await open(), await open(), ssrc);
}

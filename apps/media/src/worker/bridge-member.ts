import { type AudioCodec, rtpUnits } from '@tipring/dsp';
import { JitterBuffer, rtpHeaderLength } from '@tipring/rtp';

/** One end's audio in a bridge: its packets become 20 ms of samples a tick, and samples become packets. */
export class BridgeMember {
  readonly channel: number;
  readonly #jitter = new JitterBuffer();
  /** Decoded and not yet taken, from the first on; at the codec's rate. */
  readonly #decoded: Int16Array;
  #codec: AudioCodec | undefined;
  #left = 0;
  #perPacket = 0;
  #concealed = 0;
  #sequence = 0;
  #timestamp = 0;
  /** Views of the places where payloads are written: there are few. */
  readonly #places = new Map<number, Uint8Array>();

  /** `decoded`: room for 200 ms at 16 kHz, in the Dsp's memory. */
  constructor(channel: number, decoded: Int16Array) {
    this.channel = channel;
    this.#decoded = decoded;
  }

  begin(codec: AudioCodec): void {
    this.#codec = codec;
    this.#jitter.reset();
    this.#left = 0;
    this.#perPacket = codec.sampleRateHz / 50;
    this.#concealed = mostConcealed;
  }

  end(): void {
    this.#codec = undefined;
  }

  get codec(): AudioCodec {
    if (this.#codec === undefined) throw new Error('this member of a bridge has not begun');
    return this.#codec;
  }

  /** A payload that came, at `at` of the packet memory. */
  push(bytes: Uint8Array, at: number, length: number, ssrc: number, sequence: number): void {
    this.#jitter.push(bytes, at, length, ssrc, sequence);
  }

  /** Fills `row`, 20 ms at the codec's rate. Where nothing came it is made up for 200 ms, then silent. */
  speak(row: Int16Array): void {
    while (this.#left < row.length) this.#more(row.length);
    row.set(this.#decoded.subarray(0, row.length));
    this.#left -= row.length;
    if (this.#left > 0) this.#decoded.copyWithin(0, row.length, row.length + this.#left);
  }

  /** Writes the payload for `row` behind the header of a packet at `at`. @returns its octets */
  hear(row: Int16Array, bytes: Uint8Array, at: number, room: number): number {
    let place = this.#places.get(at);
    if (place === undefined) this.#places.set(at, (place = bytes.subarray(at + rtpHeaderLength, at + room)));
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#timestamp = (this.#timestamp + rtpUnits(this.codec, row.length)) | 0;
    return this.codec.encode(row, place);
  }

  /** Of the packet last written; the stream it goes into has numbers of its own. */
  get sequence(): number {
    return this.#sequence;
  }

  get timestamp(): number {
    return this.#timestamp;
  }

  #more(tick: number): void {
    const { codec } = this;
    const pulled = this.#jitter.pull();
    if (pulled === 'packet' || pulled === 'excess') {
      const into = this.#left === 0 ? this.#decoded : this.#decoded.subarray(this.#left);
      const samples = codec.decode(this.#jitter.payload(), into);
      if (samples > 0) {
        this.#concealed = 0;
        this.#perPacket = Math.min(samples, longestMs * (codec.sampleRateHz / 1000));
        // Left out only where nobody misses it.
        if (pulled === 'excess' && isQuiet(into, samples)) this.#jitter.leftOut();
        else this.#left += samples;
        return;
      }
    }
    const samples = pulled === 'none' ? tick - this.#left : this.#perPacket;
    const into = this.#decoded.subarray(this.#left, this.#left + samples);
    this.#concealed += samples;
    if (this.#concealed > mostConcealed) into.fill(0);
    else codec.conceal(into, pulled === 'lost' ? this.#jitter.peek() : undefined);
    this.#left += samples;
  }
}

function isQuiet(samples: Int16Array, count: number): boolean {
  let energy = 0;
  for (let n = 0; n < count; n++) energy += samples[n]! * samples[n]!;
  return energy < count * quietRms * quietRms;
}

/** Samples at 16 kHz: 200 ms. */
const mostConcealed = 3200;
/** Some -45 dBm0. */
const quietRms = 90;
/** A packet of more is played, but not concealed at once. */
const longestMs = 60;
/** Samples a member has to have room for: what is left of a tick and the longest packet, at 16 kHz. */
export const memberSamples = 3200;

import type { Address, AudioRows, Dsp } from './dsp.ts';

/**
 * N−1 mixes of a worker's conferences, all of one sampling rate. A channel is a row of audio: what it speaks is in the row of that
 * number of one block, what it is given in that of another. Sums that would not fit are limited, not clipped.
 */
export class Mixer {
  readonly #c: MixerExports;
  readonly #mixer: Address;
  readonly #dsp: Dsp;
  /** Of the room that is mixed: channels, and whether each speaks. */
  readonly #channels: Int32Array;
  readonly #speaks: Int32Array;

  /** `rate`: 8000, 16000 or 48000 Hz. */
  constructor(dsp: Dsp, { channels, rate = 8_000 }: { readonly channels: number; readonly rate?: number }) {
    this.#c = dsp.exports as MixerExports;
    this.#dsp = dsp;
    this.#mixer = dsp.allocate(this.#c.mixer_size(channels));
    this.#c.mixer_init(this.#mixer, channels, rate);
    this.#channels = dsp.int32(dsp.allocate(channels * 4), channels);
    this.#speaks = dsp.int32(dsp.allocate(channels * 4), channels);
  }

  /** Room for a conference of up to `capacity` members, empty. To be kept and used again: memory is not given back. */
  group(capacity: number): MixGroup {
    const address = this.#dsp.allocate(this.#c.mixer_group_size(capacity));
    return new MixGroup(this.#c, this.#mixer, address, capacity);
  }

  /** One tick of `group`: its members' rows of `given` are written. Blocks must be two, with rows of one length, at most 20 ms. */
  mix(group: MixGroup, spoken: AudioRows, given: AudioRows): void {
    this.#c.mixer_mix(this.#mixer, group.address, spoken.address, given.address, spoken.samples, spoken.samples);
  }

  /** Before a channel takes part in something else: its limiter rests. */
  reset(channel: number): void {
    this.#c.mixer_reset(this.#mixer, channel);
  }

  /** One more for the next `mixRoom`, as its `index`-th. */
  place(index: number, channel: number, speaks: boolean): void {
    this.#channels[index] = channel;
    this.#speaks[index] = speaks ? 1 : 0;
  }

  /** One tick of a room of the first `count` that were placed: each hears all that speak, and not itself. Blocks as of `mix`. */
  mixRoom(count: number, spoken: AudioRows, given: AudioRows): void {
    this.#c.mixer_room(this.#mixer, this.#channels.byteOffset, this.#speaks.byteOffset, count, spoken.address, given.address, spoken.samples, spoken.samples);
  }
}

/** Who is in a conference, and who hears whom. */
export class MixGroup {
  readonly #c: MixerExports;
  readonly #mixer: Address;
  readonly address: Address;
  readonly capacity: number;

  /** By Mixer.group only. */
  constructor(c: MixerExports, mixer: Address, address: Address, capacity: number) {
    this.#c = c;
    this.#mixer = mixer;
    this.address = address;
    this.capacity = capacity;
    this.clear();
  }

  /** Everybody leaves. */
  clear(): void {
    this.#c.mixer_group_init(this.address, this.capacity);
  }

  /** `channel` takes `seat` (0 … capacity − 1): it hears all others and is heard by them. Its limiter begins anew. */
  seat(seat: number, channel: number): void {
    this.#c.mixer_reset(this.#mixer, channel);
    this.#c.mixer_group_seat(this.address, seat, channel);
  }

  leave(seat: number): void {
    this.#c.mixer_group_seat(this.address, seat, -1);
  }

  /** One direction: the member on seat `listener` hears the one on seat `speaker` from now on. */
  connect(listener: number, speaker: number): void {
    this.#c.mixer_group_hear(this.address, listener, speaker, 1);
  }

  disconnect(listener: number, speaker: number): void {
    this.#c.mixer_group_hear(this.address, listener, speaker, 0);
  }
}

interface MixerExports {
  mixer_size(channels: number): number;
  mixer_init(mixer: Address, channels: number, rate: number): void;
  mixer_reset(mixer: Address, channel: number): void;
  mixer_group_size(capacity: number): number;
  mixer_group_init(group: Address, capacity: number): void;
  mixer_group_seat(group: Address, seat: number, channel: number): void;
  mixer_group_hear(group: Address, listener: number, speaker: number, heard: 0 | 1): void;
  mixer_room(mixer: Address, channels: Address, speaks: Address, count: number, spoken: Address, given: Address, stride: number, samples: number): void;
  mixer_mix(mixer: Address, group: Address, spoken: Address, given: Address, stride: number, count: number): void;
}

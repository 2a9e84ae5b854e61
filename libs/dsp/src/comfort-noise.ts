import type { Address, Dsp } from './dsp.ts';

/** Describes the background of one channel for RFC 3389 payloads. */
export class NoiseProfile {
  readonly #c: NoiseExports;
  readonly #profile: Address;
  readonly #payload: Uint8Array;

  constructor(dsp: Dsp) {
    this.#c = dsp.exports as NoiseExports;
    this.#profile = dsp.allocate(this.#c.noise_profile_size());
    this.#payload = dsp.bytes(dsp.allocate(longestDescription), longestDescription);
    this.reset();
  }

  reset(): void {
    this.#c.noise_profile_init(this.#profile);
  }

  /** `samples` of background at this address of the Dsp, no speech: about 200 ms of it are remembered. */
  listen(audio: Address, samples: number): void {
    this.#c.noise_profile_listen(this.#profile, audio, samples);
  }

  /** RFC 3389 3: the level and at most `order` (10) reflection coefficients. @returns bytes written to `payload` */
  describe(payload: Uint8Array, order: number = largestOrder): number {
    const bytes = this.#c.noise_profile_describe(this.#profile, this.#payload.byteOffset, Math.min(order, payload.length - 1));
    for (let at = 0; at < bytes; at++) payload[at] = this.#payload[at]!;
    return bytes;
  }
}

/** Makes the background of one channel from RFC 3389 payloads. */
export class ComfortNoise {
  readonly #c: NoiseExports;
  readonly #noise: Address;
  readonly #payload: Uint8Array;

  /** Channels of the same seed make the same noise. */
  constructor(dsp: Dsp, seed: number) {
    this.#c = dsp.exports as NoiseExports;
    this.#noise = dsp.allocate(this.#c.comfort_noise_size());
    this.#payload = dsp.bytes(dsp.allocate(longestDescription), longestDescription);
    this.reset(seed);
  }

  /** Silent until it is told what to follow. */
  reset(seed: number): void {
    this.#c.comfort_noise_init(this.#noise, seed);
  }

  /** Any bytes. The first description is taken at once, later ones are reached in about 20 ms. */
  follow(payload: Uint8Array): void {
    const bytes = Math.min(payload.length, longestDescription);
    for (let at = 0; at < bytes; at++) this.#payload[at] = payload[at]!;
    this.#c.comfort_noise_follow(this.#noise, this.#payload.byteOffset, bytes);
  }

  /** The next `samples` of noise, at this address of the Dsp. */
  fill(audio: Address, samples: number): void {
    this.#c.comfort_noise_fill(this.#noise, audio, samples);
  }
}

/** RFC 3551 table 4: static payload type of comfort noise at 8 kHz. */
export const comfortNoisePayloadType = 13;

const largestOrder = 10;
const longestDescription = 1 + largestOrder;

interface NoiseExports {
  noise_profile_size(): number;
  noise_profile_init(profile: Address): void;
  noise_profile_listen(profile: Address, samples: Address, count: number): void;
  noise_profile_describe(profile: Address, payload: Address, order: number): number;
  comfort_noise_size(): number;
  comfort_noise_init(noise: Address, seed: number): void;
  comfort_noise_follow(noise: Address, payload: Address, bytes: number): void;
  comfort_noise_fill(noise: Address, samples: Address, count: number): void;
}

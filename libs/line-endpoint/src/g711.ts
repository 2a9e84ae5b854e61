import type { PortCodec } from '@tipring/gateway';
import type { Codec, MediaProfile } from '@tipring/telephony';

/** What a port can speak, the law of its country first. Digits go as events: the gateway hears them, and plays what comes. */
export function portProfile(first: PortCodec): MediaProfile {
  return profiles[first];
}

/** The first of these that a port speaks; undefined: none. */
export function portCodec({ codecs }: MediaProfile): PortCodec | undefined {
  for (const { name, clockRate } of codecs) {
    const upper = name.toUpperCase();
    if (clockRate === 8000 && (upper === 'PCMA' || upper === 'PCMU')) return upper;
  }
  return undefined;
}

/** In use, as legs tell it. */
export function inUse(codec: PortCodec): MediaProfile {
  return { codecs: [codecs[codec]], digits: 'rtpEvent' };
}

const codecs: Readonly<Record<PortCodec, Codec>> = { PCMA: { name: 'PCMA', clockRate: 8000 }, PCMU: { name: 'PCMU', clockRate: 8000 } };

const profiles: Readonly<Record<PortCodec, MediaProfile>> = {
  PCMA: { codecs: [codecs.PCMA, codecs.PCMU], digits: 'rtpEvent' },
  PCMU: { codecs: [codecs.PCMU, codecs.PCMA], digits: 'rtpEvent' },
};

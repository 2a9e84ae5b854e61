import { parseSdp } from '@tipring/sdp';
import type { SessionDescription } from '@tipring/sdp';
import type { Codec, MediaProfile } from '@tipring/telephony';
import { offeredProfile } from './leg-media.ts';

/** What an INVITE that arrives brings. */
export interface ReadOffer {
  readonly media: MediaProfile;
  /** Undefined: the INVITE brought none, or none that can be read. */
  readonly description: SessionDescription | undefined;
  readonly fault: string | undefined;
}

/** `codecs`: those that may pass. */
export function readOffer(text: string | undefined, codecs: readonly Codec[]): ReadOffer {
  // RFC 3261 13.2.1: the offer comes in our 2xx, so the called side may be asked for all that may pass.
  if (text === undefined) return { media: { codecs, digits: 'rtpEvent' }, description: undefined, fault: undefined };
  const parsed = parseSdp(text);
  if (!parsed.ok) return { media: nothing, description: undefined, fault: `session description, line ${parsed.error.line}: ${parsed.error.text}` };
  const media = offeredProfile(parsed.value, codecs);
  if (media === undefined) return { media: nothing, description: parsed.value, fault: 'no audio codec that may pass' };
  return { media, description: parsed.value, fault: undefined };
}

const nothing: MediaProfile = { codecs: [], digits: 'inBand' };

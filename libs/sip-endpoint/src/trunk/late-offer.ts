import { parseSdp } from '@tipring/sdp';
import type { Codec, MediaProfile } from '@tipring/telephony';
import { type LegMedia, offeredProfile } from '../leg-media.ts';

export type LateAnswer = { readonly ok: true; readonly sdp: string; readonly profile: MediaProfile } | { readonly ok: false; readonly text: string };

/** Our answer to an offer that came in a response to our INVITE (RFC 3261 13.2.1, RFC 3262 5). */
export function answerLateOffer(media: LegMedia, sdp: string, codecs: readonly Codec[], done: (answer: LateAnswer) => void): void {
  const offer = parseSdp(sdp);
  if (!offer.ok) return done({ ok: false, text: `session description, line ${offer.error.line}: ${offer.error.text}` });
  media.answer(offer.value, codecs, (answer) => {
    const profile = offeredProfile(offer.value, media.spoken);
    if (answer.ok && profile !== undefined) done({ ok: true, sdp: answer.value, profile });
    else done({ ok: false, text: answer.ok ? 'no codec in common' : answer.error.text });
  });
}

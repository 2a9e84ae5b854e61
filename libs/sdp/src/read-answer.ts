import type { Agreement, MediaRefusal } from './agreement.ts';
import { commonCodecs } from './answer.ts';
import { codecsOf } from './codecs.ts';
import type { Result, SessionDescription } from './description.ts';
import { directionOf, narrow, reverse } from './direction.ts';
import { readStream, withoutMux } from './remote-media.ts';

/** Reads an answer against our offer (RFC 3264 7). What is refused here ends or never starts the audio; the call decides. */
export function readAnswer(offer: SessionDescription, answer: SessionDescription): Result<Agreement, MediaRefusal> {
  if (answer.media.length !== offer.media.length) {
    return refuse('mediaMismatch', `${offer.media.length} m-lines offered, ${answer.media.length} answered`);
  }
  const index = offer.media.findIndex((media) => media.kind === 'audio' && media.port !== 0);
  const offered = offer.media[index];
  const answered = answer.media[index];
  if (offered === undefined || answered === undefined) return refuse('noAudio', 'no audio was offered');
  for (let i = 0; i < offer.media.length; i += 1) {
    if (offer.media[i]?.kind !== answer.media[i]?.kind) return refuse('mediaMismatch', `m-line ${i}: ${offer.media[i]?.kind} offered, ${answer.media[i]?.kind} answered`);
  }
  if (answered.port === 0) return refuse('refused', 'the audio m-line has port 0');
  // A plain answer to a secured offer would send the audio in the clear; AVP for AVPF (RFC 4585) is harmless and met.
  if (isSecured(answered.protocol) !== isSecured(offered.protocol)) {
    return refuse('mediaMismatch', `${offered.protocol} offered, ${answered.protocol} answered`);
  }
  const ours = codecsOf(offered);
  // RFC 3264 6.1: the numbers of the offer should come back; one that comes without rtpmap means the same as in the offer.
  const common = commonCodecs(codecsOf(answered, ours), ours);
  if (common === undefined) return refuse('noCommonCodec', `answered: ${answered.formats.join(' ')}`);
  const read = readStream(answer, answered, index, common);
  if (!read.ok) return read;
  const muxOffered = offered.attributes.some((attribute) => attribute.name === 'rtcp-mux');
  const remote = muxOffered ? read.value : withoutMux(read.value, answered);
  return { ok: true, value: { remote, direction: narrow(directionOf(offer, offered), reverse(remote.direction)) } };
}

function isSecured(protocol: string): boolean {
  return protocol.includes('SAVP');
}

function refuse(kind: MediaRefusal['kind'], text: string): { readonly ok: false; readonly error: MediaRefusal } {
  return { ok: false, error: { kind, text } };
}

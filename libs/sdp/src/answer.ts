import type { Agreement, LocalMedia, MediaRefusal } from './agreement.ts';
import { audioLine, DEFAULT_EVENTS, description, refusedLine } from './audio-line.ts';
import { codecsOf, isCompanion, isTelephoneEvent, sameCodec } from './codecs.ts';
import type { MediaDescription, PayloadCodec, Result, SessionDescription } from './description.ts';
import { narrow, reverse } from './direction.ts';
import { readStream, withoutMux } from './remote-media.ts';
import { revise } from './revise.ts';

/**
 * Answers an offer (RFC 3264 6): the first audio m-line we can do is accepted, every other is refused in its place. The
 * offer's codec order and payload types are kept.
 */
export function answerOffer(offer: SessionDescription, local: LocalMedia): Result<{ readonly answer: SessionDescription } & Agreement, MediaRefusal> {
  let refusal: MediaRefusal = { kind: 'noAudio', text: 'no audio m-line that we can do' };
  for (let index = 0; index < offer.media.length; index += 1) {
    const media = offer.media[index];
    if (media === undefined || media.kind !== 'audio' || media.port === 0) continue;
    if (!(local.protocols ?? PLAIN).includes(media.protocol)) continue;
    const common = commonCodecs(codecsOf(media), local.codecs);
    if (common === undefined) {
      refusal = { kind: 'noCommonCodec', text: `offered: ${media.formats.join(' ')}` };
      continue;
    }
    const read = readStream(offer, media, index, common);
    if (read.ok) return accept(offer, media, read.value, local);
    refusal = read.error;
  }
  return { ok: false, error: refusal };
}

function accept(
  offer: SessionDescription, media: MediaDescription, offered: Agreement['remote'], local: LocalMedia,
): Result<{ readonly answer: SessionDescription } & Agreement, MediaRefusal> {
  const remote = local.rtcpMux === true ? offered : withoutMux(offered, media);
  const direction = narrow(reverse(remote.direction), local.direction ?? 'sendrecv');
  const line = audioLine(local, {
    protocol: media.protocol,
    codecs: remote.codecs.map((codec) => withOurParameters(codec, local.codecs)),
    direction,
    rtcpMux: remote.rtcpMux,
    ptimeMs: answeredPtime(remote, local),
  });
  // RFC 3264 6: as many m-lines as the offer, in its order, and its t=.
  const lines = offer.media.map((one, index) => (index === remote.index ? line : refusedLine(one)));
  return { ok: true, value: { answer: revise(local.previous, description(local, offer.timing, lines)), remote, direction } };
}

/** What both have, in the order of `theirs`, companions last; undefined when there is no audio codec among it. */
export function commonCodecs(theirs: readonly PayloadCodec[], ours: LocalMedia['codecs']): PayloadCodec[] | undefined {
  const common = theirs.filter((codec) => !isCompanion(codec) && ours.some((one) => sameCodec(one, codec)));
  if (common.length === 0) return undefined;
  const audio = common.length;
  const onAudioClock = (codec: PayloadCodec): boolean => {
    for (let i = 0; i < audio; i += 1) if (common[i]?.clockRate === codec.clockRate) return true;
    return false;
  };
  if (ours.some(isTelephoneEvent)) {
    const events = theirs.filter(isTelephoneEvent);
    const matching = events.filter(onAudioClock);
    // Many phones offer wideband audio with events at 8000 only, and mean them for whatever is spoken.
    common.push(...(matching.length > 0 ? matching : events.slice(0, 1)));
  }
  common.push(...theirs.filter((codec) => isCompanion(codec) && !isTelephoneEvent(codec) && onAudioClock(codec) && ours.some((one) => sameCodec(one, codec))));
  return common;
}

/** fmtp says what its writer wants to receive: ours where we have a wish, else the offer's, echoed. */
function withOurParameters(codec: PayloadCodec, ours: LocalMedia['codecs']): PayloadCodec {
  const event = isTelephoneEvent(codec);
  const mine = ours.find((one) => (event ? isTelephoneEvent(one) : sameCodec(one, codec)))?.parameters;
  const parameters = mine ?? (event ? DEFAULT_EVENTS : undefined);
  return parameters === undefined ? codec : { ...codec, parameters };
}

/** RFC 8866 6.4, RFC 3264 6.1: our wish, else the same packet time as theirs; never more than they can take. */
function answeredPtime(remote: Agreement['remote'], local: LocalMedia): number | undefined {
  const wish = local.ptimeMs ?? remote.ptimeMs;
  if (wish === undefined || wish === 0) return undefined;
  return remote.maxptimeMs !== undefined && remote.maxptimeMs > 0 && remote.maxptimeMs < wish ? remote.maxptimeMs : wish;
}

const PLAIN: readonly string[] = ['RTP/AVP', 'RTP/AVPF'];

import type { LocalMedia } from './agreement.ts';
import { audioLine, DEFAULT_EVENTS, description, refusedLine } from './audio-line.ts';
import { codecsOf, isTelephoneEvent, isCompanion, sameCodec, staticPayloadType } from './codecs.ts';
import type { Codec, MediaDescription, PayloadCodec, SessionDescription } from './description.ts';
import { revise } from './revise.ts';

/** An offer of one audio stream (RFC 3264 5). With `previous` it is a re-offer: same m-lines, all others at port 0 (8). */
export function createOffer(local: LocalMedia): SessionDescription {
  const former = local.previous?.media ?? [];
  const place = audioPlace(former);
  const inUse = former[place];
  const line = audioLine(local, {
    protocol: inUse?.protocol ?? local.protocols?.[0] ?? 'RTP/AVP',
    codecs: numbered(withEvents(local.codecs), inUse === undefined ? [] : codecsOf(inUse)),
    direction: local.direction ?? 'sendrecv',
    rtcpMux: local.rtcpMux === true,
    ptimeMs: local.ptimeMs,
  });
  const media: MediaDescription[] = former.map((one, index) => (index === place ? line : refusedLine(one)));
  if (place === former.length) media.push(line);
  return revise(local.previous, description(local, local.previous?.timing ?? ['t=0 0'], media));
}

/** Where our audio stream stands: its live m-line, or one that ended and may be taken again (RFC 3264 8.1), or a new one. */
function audioPlace(media: readonly MediaDescription[]): number {
  const live = media.findIndex((one) => one.kind === 'audio' && one.port !== 0);
  if (live >= 0) return live;
  const ended = media.findIndex((one) => one.kind === 'audio');
  return ended >= 0 ? ended : media.length;
}

/** RFC 4733 2.1: events run on the clock of the audio they interrupt, so there is one format for each clock rate. */
function withEvents(codecs: LocalMedia['codecs']): LocalMedia['codecs'] {
  const events = codecs.filter(isTelephoneEvent);
  const [first] = events;
  if (first === undefined) return codecs;
  const audio = codecs.filter((codec) => !isTelephoneEvent(codec));
  const rates = new Set(audio.filter((codec) => !isCompanion(codec)).map((codec) => codec.clockRate));
  return [...audio, ...[...rates].map((clockRate) => events.find((event) => event.clockRate === clockRate)
    ?? { name: first.name, clockRate, parameters: first.parameters ?? DEFAULT_EVENTS })];
}

/**
 * A payload type for each codec: the one it had in this session (RFC 3264 8.3.2: never given to another), the one asked
 * for, its static one, or a free dynamic one. A codec for which no number is left is not offered.
 */
function numbered(codecs: LocalMedia['codecs'], former: readonly PayloadCodec[]): PayloadCodec[] {
  const taken = new Set(former.map((codec) => codec.payloadType));
  const wished = codecs.map((codec) => {
    const wish = former.find((one) => sameCodec(one, codec))?.payloadType;
    if (wish !== undefined) return wish;
    const other = codec.payloadType ?? staticPayloadType(codec);
    if (other === undefined || taken.has(other)) return undefined;
    taken.add(other);
    return other;
  });
  const list: PayloadCodec[] = [];
  codecs.forEach((codec, index) => {
    const payloadType = wished[index] ?? freePayloadType(codec, taken);
    if (payloadType === undefined || list.some((one) => one.payloadType === payloadType)) return;
    taken.add(payloadType);
    const parameters = codec.parameters ?? (isTelephoneEvent(codec) ? DEFAULT_EVENTS : undefined);
    list.push({
      payloadType, name: codec.name, clockRate: codec.clockRate,
      ...(codec.channels === undefined ? undefined : { channels: codec.channels }),
      ...(parameters === undefined ? undefined : { parameters }),
    });
  });
  return list;
}

function freePayloadType(codec: Codec, taken: ReadonlySet<number>): number | undefined {
  // Old equipment takes 101 for events without reading the rtpmap.
  if (isTelephoneEvent(codec) && codec.clockRate === 8000 && !taken.has(101)) return 101;
  for (let payloadType = 96; payloadType <= 127; payloadType += 1) if (payloadType !== 101 && !taken.has(payloadType)) return payloadType;
  return undefined;
}

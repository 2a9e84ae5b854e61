import type { LocalMedia } from './agreement.ts';
import type { Attribute, Connection, Direction, MediaDescription, PayloadCodec, SessionDescription } from './description.ts';

interface AudioLine {
  readonly protocol: string;
  readonly codecs: readonly PayloadCodec[];
  readonly direction: Direction;
  readonly rtcpMux: boolean;
  readonly ptimeMs: number | undefined;
}

/** Our audio m-line: rtpmap for every codec, also the static ones (RFC 8866 6.6 permits it, some phones need it). */
export function audioLine(local: LocalMedia, line: AudioLine): MediaDescription {
  const attributes: Attribute[] = [];
  const formats: string[] = [];
  for (const codec of line.codecs) {
    const format = String(codec.payloadType);
    formats.push(format);
    attributes.push({ name: 'rtpmap', value: `${format} ${codec.name}/${codec.clockRate}${codec.channels === undefined || codec.channels === 1 ? '' : `/${codec.channels}`}` });
    if (codec.parameters !== undefined) attributes.push({ name: 'fmtp', value: `${format} ${codec.parameters}` });
  }
  if (line.ptimeMs !== undefined) attributes.push({ name: 'ptime', value: String(line.ptimeMs) });
  // RFC 3605 2.1: only when RTCP is not on the next port. RFC 5761 5.1.1: a multiplexed answer needs none.
  const rtcpPort = local.rtcpPort ?? local.rtpPort + 1;
  if (rtcpPort !== local.rtpPort + 1) attributes.push({ name: 'rtcp', value: String(rtcpPort) });
  if (line.rtcpMux) attributes.push({ name: 'rtcp-mux' });
  attributes.push({ name: line.direction });
  if (local.attributes !== undefined) attributes.push(...local.attributes);
  return { kind: 'audio', port: local.rtpPort, protocol: line.protocol, formats, connection: undefined, information: [], attributes };
}

/** RFC 3264 6: a refused m-line keeps its place, and still lists a format. */
export function refusedLine(media: MediaDescription): MediaDescription {
  return { kind: media.kind, port: 0, protocol: media.protocol, formats: media.formats, connection: undefined, information: [], attributes: [] };
}

export function description(local: LocalMedia, timing: readonly string[], media: readonly MediaDescription[]): SessionDescription {
  const address: Connection = { family: local.address.includes(':') ? 'IP6' : 'IP4', address: local.address };
  return {
    origin: { username: '-', sessionId: local.sessionId, version: String(local.version), address },
    name: '-', connection: address, information: [], timing, attributes: [], media,
  };
}

export const DEFAULT_EVENTS = '0-15';

import type { MediaAddress, MediaRefusal, RemoteMedia } from './agreement.ts';
import { codecsOf } from './codecs.ts';
import type { Connection, MediaDescription, PayloadCodec, Result, SessionDescription } from './description.ts';
import { deaf, directionOf, listens } from './direction.ts';
import { fields, parseNumber } from './parse.ts';

/** What our gateway needs of the first live audio m-line. */
export function remoteMedia(description: SessionDescription): Result<RemoteMedia, MediaRefusal> {
  let refused = false;
  for (let index = 0; index < description.media.length; index += 1) {
    const media = description.media[index];
    if (media === undefined || media.kind !== 'audio') continue;
    if (media.port !== 0) return readStream(description, media, index, codecsOf(media));
    refused = true;
  }
  return refused
    ? { ok: false, error: { kind: 'refused', text: 'every audio m-line has port 0' } }
    : { ok: false, error: { kind: 'noAudio', text: 'no audio m-line' } };
}

/** One m-line as the far end's media, with codecs already chosen. */
export function readStream(
  description: SessionDescription, media: MediaDescription, index: number, codecs: readonly PayloadCodec[],
): Result<RemoteMedia, MediaRefusal> {
  const connection = media.connection ?? description.connection;
  if (connection === undefined) return badAddress('no c= for the audio m-line');
  if (!isAddress(connection)) return badAddress(`c= is no ${connection.family} address: ${connection.address}`);

  let rtcp: MediaAddress | undefined;
  let rtcpMux = false;
  let ice = false;
  let ptimeMs: number | undefined;
  let maxptimeMs: number | undefined;
  for (const attribute of media.attributes) {
    switch (attribute.name) {
      case 'rtcp': rtcp = parseRtcp(attribute.value ?? '', connection.address); break;
      case 'rtcp-mux': rtcpMux = true; break;
      case 'ice-ufrag': ice = true; break;
      case 'ptime': ptimeMs = parseNumber((attribute.value ?? '').trim(), 1_000); break;
      case 'maxptime': maxptimeMs = parseNumber((attribute.value ?? '').trim(), 1_000); break;
      default:
    }
  }
  ice ||= description.attributes.some((attribute) => attribute.name === 'ice-ufrag');

  // RFC 2543's hold, still understood by RFC 3264 8.4. With ICE the unspecified address only means "see the candidates" (RFC 8839 4.3.1).
  const nowhere = !ice && isUnspecified(connection.address);
  const said = directionOf(description, media);
  const direction = nowhere ? deaf(said) : said;
  const rtp = { address: connection.address, port: media.port };
  return {
    ok: true,
    value: {
      index, rtp,
      rtcp: rtcpMux ? rtp : rtcp ?? rtcpBeside(rtp),
      rtcpMux, codecs, direction, hold: !listens(direction), protocol: media.protocol, ptimeMs, maxptimeMs,
    },
  };
}

/** The far end offered to multiplex and we do not: its RTCP is where it would be without (RFC 5761 5.1.1). */
export function withoutMux(remote: RemoteMedia, media: MediaDescription): RemoteMedia {
  if (!remote.rtcpMux) return remote;
  const written = media.attributes.find((attribute) => attribute.name === 'rtcp')?.value;
  const rtcp = written === undefined ? undefined : parseRtcp(written, remote.rtp.address);
  return { ...remote, rtcpMux: false, rtcp: rtcp ?? rtcpBeside(remote.rtp) };
}

/** RFC 3605 2.1: `port [IN IP4|IP6 address]`. */
function parseRtcp(text: string, defaultAddress: string): MediaAddress | undefined {
  const [ports, network, family, address] = fields(text);
  const port = ports === undefined ? undefined : parseNumber(ports, 65_535);
  if (port === undefined || port === 0) return undefined;
  if (network !== 'IN' || (family !== 'IP4' && family !== 'IP6') || address === undefined || !isAddress({ family, address })) {
    return { address: defaultAddress, port };
  }
  return { address, port };
}

function rtcpBeside(rtp: MediaAddress): MediaAddress {
  return { address: rtp.address, port: Math.min(rtp.port + 1, 65_535) };
}

/** Not a host name: nothing here resolves names. */
function isAddress(connection: Connection): boolean {
  const { address } = connection;
  if (connection.family === 'IP4') {
    const octets = address.split('.');
    return octets.length === 4 && octets.every((octet) => octet.length <= 3 && parseNumber(octet, 255) !== undefined);
  }
  if (address.length < 2 || address.length > 45 || !address.includes(':')) return false;
  for (let i = 0; i < address.length; i += 1) if (!IPV6_CHARACTERS.includes(address.charAt(i))) return false;
  return true;
}

function isUnspecified(address: string): boolean {
  if (address === '0.0.0.0' || address === '::') return true;
  for (let i = 0; i < address.length; i += 1) {
    const character = address.charCodeAt(i);
    if (character !== 48 && character !== 58) return false;
  }
  return true;
}

function badAddress(text: string): { readonly ok: false; readonly error: MediaRefusal } {
  return { ok: false, error: { kind: 'badAddress', text } };
}

const IPV6_CHARACTERS = '0123456789abcdefABCDEF:.';

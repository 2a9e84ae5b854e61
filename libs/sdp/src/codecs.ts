import type { Attribute, Codec, MediaDescription, PayloadCodec } from './description.ts';
import { parseNumber } from './parse.ts';

/**
 * The codecs of an m-line in its order, with rtpmap and fmtp applied. A static payload type needs no rtpmap; a dynamic
 * one without rtpmap is looked up in `known` (an answer that only names the number) and otherwise left out.
 */
export function codecsOf(media: MediaDescription, known: readonly PayloadCodec[] = []): PayloadCodec[] {
  const codecs: PayloadCodec[] = [];
  for (const format of media.formats) {
    const payloadType = parseNumber(format, 127);
    if (payloadType === undefined || codecs.some((codec) => codec.payloadType === payloadType)) continue;
    const rtpmap = formatAttribute(media.attributes, 'rtpmap', format);
    const codec = (rtpmap === undefined ? undefined : parseRtpmap(rtpmap))
      ?? STATIC[payloadType]
      ?? known.find((one) => one.payloadType === payloadType);
    if (codec === undefined) continue;
    const parameters = formatAttribute(media.attributes, 'fmtp', format);
    codecs.push({
      payloadType,
      name: codec.name,
      clockRate: codec.clockRate,
      ...(codec.channels === undefined ? undefined : { channels: codec.channels }),
      ...(parameters === undefined ? undefined : { parameters }),
    });
  }
  return codecs;
}

/** RFC 3551 6, table 4: those that are met in telephony. */
export function staticCodec(payloadType: number): Codec | undefined {
  return STATIC[payloadType];
}

/** The static payload type of a codec, if it has one. */
export function staticPayloadType(codec: Codec): number | undefined {
  for (const [payloadType, known] of STATIC_ENTRIES) if (sameEncoding(codec, known)) return payloadType;
  return undefined;
}

/**
 * One encoding by name, clock rate and channels (RFC 3264 6.1), and by the parameters that change the bits on the wire;
 * all other parameters are each end's own wish.
 */
export function sameCodec(a: Codec, b: Codec): boolean {
  if (!sameEncoding(a, b)) return false;
  const decisive = DECISIVE.get(a.name.toLowerCase());
  return decisive === undefined || (formatParameter(a, decisive.name) ?? decisive.absent) === (formatParameter(b, decisive.name) ?? decisive.absent);
}

/** Telephone-event (RFC 4733) and comfort noise (RFC 3389) go along with audio; alone they are no conversation. */
export function isCompanion(codec: Codec): boolean {
  return isTelephoneEvent(codec) || (codec.name.length === 2 && codec.name.toUpperCase() === 'CN');
}

export function isTelephoneEvent(codec: Codec): boolean {
  return codec.name.length === 15 && codec.name.toLowerCase() === 'telephone-event';
}

/** Value of one `name=value` of the fmtp parameters, names compared without case. */
export function formatParameter(codec: Codec, name: string): string | undefined {
  if (codec.parameters === undefined) return undefined;
  for (const part of codec.parameters.split(';')) {
    const equals = part.indexOf('=');
    if (equals > 0 && part.slice(0, equals).trim().toLowerCase() === name) return part.slice(equals + 1).trim();
  }
  return undefined;
}

function sameEncoding(a: Codec, b: Codec): boolean {
  return a.clockRate === b.clockRate && (a.channels ?? 1) === (b.channels ?? 1)
    && (a.name === b.name || (a.name.length === b.name.length && a.name.toLowerCase() === b.name.toLowerCase()));
}

/** RFC 8866 6.6: `name/clock[/channels]`. */
function parseRtpmap(text: string): Codec | undefined {
  const slash = text.indexOf('/');
  if (slash <= 0) return undefined;
  const name = text.slice(0, slash);
  const second = text.indexOf('/', slash + 1);
  const rate = second < 0 ? text.slice(slash + 1) : text.slice(slash + 1, second);
  const clockRate = parseNumber(rate.trimEnd(), 1_000_000);
  if (clockRate === undefined || clockRate === 0) return undefined;
  if (second < 0) return { name, clockRate };
  const channels = parseNumber(text.slice(second + 1).trimEnd(), 255);
  // `/1` says what its absence says.
  return channels === undefined ? undefined : channels === 1 ? { name, clockRate } : { name, clockRate, channels };
}

/** What follows `a=rtpmap:PT ` or `a=fmtp:PT `. */
function formatAttribute(attributes: readonly Attribute[], name: string, format: string): string | undefined {
  for (const attribute of attributes) {
    const { value } = attribute;
    if (value === undefined || attribute.name !== name || !value.startsWith(format) || value.charCodeAt(format.length) !== SPACE) continue;
    return value.slice(format.length + 1).trim();
  }
  return undefined;
}

const SPACE = 32;

const STATIC: Readonly<Record<number, Codec>> = {
  0: { name: 'PCMU', clockRate: 8000 },
  3: { name: 'GSM', clockRate: 8000 },
  4: { name: 'G723', clockRate: 8000 },
  8: { name: 'PCMA', clockRate: 8000 },
  // RFC 3551 4.5.2: samples at 16 kHz, but its RTP clock was set to 8000 by mistake and stays.
  9: { name: 'G722', clockRate: 8000 },
  13: { name: 'CN', clockRate: 8000 },
  18: { name: 'G729', clockRate: 8000 },
};

const STATIC_ENTRIES: readonly (readonly [payloadType: number, codec: Codec])[] = Object.entries(STATIC).map(([payloadType, codec]) => [Number(payloadType), codec]);

/** RFC 4867 8.1, RFC 5577 4.2: these do not interoperate when they differ. */
const DECISIVE: ReadonlyMap<string, { readonly name: string; readonly absent: string }> = new Map([
  ['amr', { name: 'octet-align', absent: '0' }],
  ['amr-wb', { name: 'octet-align', absent: '0' }],
  ['g7221', { name: 'bitrate', absent: '' }],
]);

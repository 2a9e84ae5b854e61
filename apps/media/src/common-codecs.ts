import { type EncodingName, encodings } from '@tipring/dsp';
import type { PayloadCodec } from '@tipring/gateway';
import type { RtpEnd } from './context.ts';
import { isAudio } from './plane-remote.ts';

/** Whether packets of audio can pass from one to the other as they are: they share a codec, and neither sends another that the other end has not. */
export function shareCodec(a: RtpEnd, b: RtpEnd): boolean {
  const theirs = b.remote?.codecs ?? [];
  return isTaken(a, b) && isTaken(b, a) && (a.remote?.codecs ?? []).some((codec) => isAudio(codec) && theirs.some((other) => isSameCodec(codec, other)));
}

/** How the payload types of the two correspond, for everything both know. */
export function correspondence(from: RtpEnd, to: RtpEnd): [number, number][] {
  const pairs: [number, number][] = [];
  for (const codec of from.remote?.codecs ?? []) {
    const same = to.remote?.codecs.find((candidate) => isSameCodec(candidate, codec));
    if (same !== undefined) pairs.push([codec.payloadType, same.payloadType]);
  }
  return pairs;
}

/** The codec that is spoken with this end: the one that comes from it, else the first of its audio codecs; as far as we know them. */
export function spoken({ remote, heard }: RtpEnd): { readonly encoding: EncodingName; readonly payloadType: number; readonly clockRate: number } | undefined {
  let first: ReturnType<typeof spoken>;
  for (const codec of remote?.codecs ?? []) {
    const encoding = isAudio(codec) ? encodingOf(codec) : undefined;
    if (encoding === undefined || (first !== undefined && codec.payloadType !== heard)) continue;
    first = { encoding, payloadType: codec.payloadType, clockRate: codec.clockRate };
  }
  return first;
}

/** What comes from `speaker`, as far as that is known, is a codec of `hearer`. */
function isTaken(speaker: RtpEnd, hearer: RtpEnd): boolean {
  const codec = speaker.heard === null ? undefined : speaker.remote?.codecs.find(({ payloadType }) => payloadType === speaker.heard);
  return codec === undefined || (hearer.remote?.codecs.some((other) => isSameCodec(codec, other)) ?? false);
}

function encodingOf({ name, clockRate }: PayloadCodec): EncodingName | undefined {
  const found = Object.values(encodings).find((encoding) => encoding.name.toLowerCase() === name.toLowerCase());
  return found?.rtpClockHz === clockRate ? found.name : undefined;
}

/** RFC 3551 6: encoding names are compared without case; clock rate and channels are part of the encoding. */
function isSameCodec(a: PayloadCodec, b: PayloadCodec): boolean {
  return a.clockRate === b.clockRate && (a.channels ?? 1) === (b.channels ?? 1) && (a.name === b.name || a.name.toLowerCase() === b.name.toLowerCase());
}

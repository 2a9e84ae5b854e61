import type { Codec, MediaProfile } from './media.ts';

/* Which codecs the two sides of a call are given. Nothing is allocated where they have what they need in common. */

/** What the called side is offered: what the caller would take, in its order, then what can be transcoded for it; that only when the caller has such a codec as well. */
export function offerable(caller: MediaProfile, transcoded: readonly Codec[]): MediaProfile {
  const { codecs } = caller;
  if (!codecs.some((codec) => has(transcoded, codec))) return caller;
  const further = transcoded.filter((codec) => !has(codecs, codec));
  return further.length === 0 ? caller : { ...caller, codecs: [...codecs, ...further] };
}

/** What the caller is given when the called side took `took`: what both have, in that order, else its own first codec that can be transcoded. */
export function givenToCaller(took: MediaProfile, caller: MediaProfile, transcoded: readonly Codec[]): MediaProfile {
  const { codecs } = caller;
  if (took.codecs.every((codec) => has(codecs, codec))) return took;
  const common = took.codecs.filter((codec) => has(codecs, codec));
  if (common.length > 0) return { ...took, codecs: common };
  const own = codecs.find((codec) => has(transcoded, codec));
  return own === undefined ? took : { ...took, codecs: [own] };
}

/** What a caller is given who is to hear us before anybody else: its first codec that can be converted into that of whoever comes, else all it has. */
export function spokenByCaller(caller: MediaProfile, transcoded: readonly Codec[]): MediaProfile {
  const own = caller.codecs.find((codec) => has(transcoded, codec));
  return own === undefined ? caller : { ...caller, codecs: [own] };
}

/** What a caller would take after it was told `given`: only that, when all of it can be converted; its far end cannot be told otherwise before the answer. */
export function keptTo(given: MediaProfile, caller: MediaProfile, transcoded: readonly Codec[]): MediaProfile {
  return given.codecs.length > 0 && given.codecs.every((codec) => has(transcoded, codec)) ? { ...caller, codecs: given.codecs } : caller;
}

/** What the called side is to keep to, when it put a codec first that the caller does not have though it took one that both have; undefined: what it took is well. */
export function narrowed(took: MediaProfile, given: MediaProfile): MediaProfile | undefined {
  const [first] = took.codecs;
  if (took === given || first === undefined || has(given.codecs, first)) return undefined;
  return given.codecs.some((codec) => has(took.codecs, codec)) ? given : undefined;
}

/** The codecs in use when the two share none, as people write it; undefined while they share one or one is unknown. */
export function transcoding(a: readonly Codec[], b: readonly Codec[]): string | undefined {
  const [first, other] = [a[0], b[0]];
  if (first === undefined || other === undefined || sameCodec(first, other) || a.some((codec) => has(b, codec))) return undefined;
  return `${first.name} ↔ ${other.name}`;
}

function has(codecs: readonly Codec[], codec: Codec): boolean {
  for (const one of codecs) if (sameCodec(one, codec)) return true;
  return false;
}

/** RFC 3551 6: names are compared without case. */
function sameCodec(a: Codec, b: Codec): boolean {
  return a.clockRate === b.clockRate && (a.name === b.name || a.name.toLowerCase() === b.name.toLowerCase());
}

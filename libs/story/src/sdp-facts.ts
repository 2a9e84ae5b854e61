import { codecsOf, directionOf, parseSdp } from '@tipring/sdp';
import type { Direction } from '@tipring/sdp';

/** What a session description says that calls fail by. */
export interface SdpFacts {
  /** c= of the session; null: each stream has its own. */
  readonly address: string | null;
  readonly media: readonly SdpMediaFacts[];
}

export interface SdpMediaFacts {
  readonly kind: string;
  readonly protocol: string;
  readonly address: string | null;
  /** 0: refused. */
  readonly port: number;
  /** As `PCMA/8000`, in order of preference. */
  readonly codecs: readonly string[];
  readonly direction: Direction;
}

/** Null: not a session description that can be read. */
export function sdpFacts(body: string): SdpFacts | null {
  if (!body.startsWith('v=')) return null;
  const parsed = parseSdp(body);
  if (!parsed.ok) return null;
  const description = parsed.value;
  const address = description.connection?.address ?? null;
  return {
    address,
    media: description.media.map((media) => ({
      kind: media.kind,
      protocol: media.protocol,
      address: media.connection?.address ?? address,
      port: media.port,
      codecs: codecsOf(media).map(({ name, clockRate }) => `${name}/${clockRate}`),
      direction: directionOf(description, media),
    })),
  };
}

import type { Codec } from '@tipring/telephony';

/** Of what a caller offers, what the gateway decodes, in the caller's order (RFC 3551 6: names without case). */
export function usable(offered: readonly Codec[], decoded: readonly Codec[]): readonly Codec[] {
  return offered.filter((codec) => decoded.some((one) => one.clockRate === codec.clockRate && one.name.toLowerCase() === codec.name.toLowerCase()));
}
